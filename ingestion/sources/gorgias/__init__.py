"""Gorgias' REST API: tickets, their messages, customers and satisfaction surveys."""

"""Gorgias' REST API: tickets, messages, customers and satisfaction surveys."""

from sandbox.vendors.gorgias.app import API_KEY, VENDOR, agent_email

__all__ = ["API_KEY", "VENDOR", "agent_email"]

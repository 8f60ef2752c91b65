"""Typeform: forms, their questions, and what people answered."""

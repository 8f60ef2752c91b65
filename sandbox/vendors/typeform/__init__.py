"""Typeform's API: forms and their responses."""

from sandbox.vendors.typeform.app import VENDOR, token_of

__all__ = ["VENDOR", "token_of"]

"""HubSpot's CRM API v3: contacts by search, and the archive."""

from sandbox.vendors.hubspot.app import TOKEN, VENDOR

__all__ = ["TOKEN", "VENDOR"]

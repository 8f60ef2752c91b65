"""Klaviyo's API, revision 2026-07-15: profiles, events, campaigns, flows, lists and segments."""

from sandbox.vendors.klaviyo.app import KEYS, VENDOR

__all__ = ["KEYS", "VENDOR"]

"""Recharge's API, version 2021-11: subscriptions, customers, charges and events."""

from sandbox.vendors.recharge.app import TOKENS, VENDOR

__all__ = ["TOKENS", "VENDOR"]

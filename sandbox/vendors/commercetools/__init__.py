"""commercetools' HTTP API: tokens, and lists by predicate."""

from sandbox.vendors.commercetools.app import CLIENT_ID, CLIENT_SECRET, VENDOR

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "VENDOR"]

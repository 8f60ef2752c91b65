"""Instagram's Graph API: an account, its posts, and the insights of both."""

from sandbox.vendors.instagram.app import ACCESS_TOKEN, VENDOR

__all__ = ["ACCESS_TOKEN", "VENDOR"]

"""Meta's Marketing API v26.0: insights, sync and async, and the lists of ads."""

from sandbox.vendors.meta_ads.app import META_TOKEN, VENDOR

__all__ = ["META_TOKEN", "VENDOR"]

"""The Google Ads API v26 over REST: search and searchStream with the query language."""

from sandbox.vendors.google_ads.app import (
    CLIENT_ID,
    CLIENT_SECRET,
    DEVELOPER_TOKEN,
    MANAGER,
    REFRESH_TOKEN,
    VENDOR,
)

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "DEVELOPER_TOKEN", "MANAGER", "REFRESH_TOKEN", "VENDOR"]

"""Pinterest's API v5: ad accounts, campaigns, ad groups, ads, analytics and reports."""

from sandbox.vendors.pinterest_ads.app import APP_ID, APP_SECRET, REFRESH_TOKEN, VENDOR

__all__ = ["APP_ID", "APP_SECRET", "REFRESH_TOKEN", "VENDOR"]

"""TikTok's API for Business v1.3: advertisers, campaigns, ad groups, ads and reports."""

from sandbox.vendors.tiktok_ads.app import TIKTOK_TOKEN, VENDOR

__all__ = ["TIKTOK_TOKEN", "VENDOR"]

"""TikTok's API for Business: advertisers, campaigns, ad groups, ads and their daily reports."""

"""Google Ads: accounts, campaigns, ad groups, ads and their daily performance."""

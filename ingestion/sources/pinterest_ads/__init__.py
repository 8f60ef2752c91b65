"""Pinterest's API: ad accounts, campaigns, ad groups, ads and their daily analytics."""

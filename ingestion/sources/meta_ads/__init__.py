"""Meta's Marketing API: ad accounts, campaigns, ad sets, ads and their daily insights."""

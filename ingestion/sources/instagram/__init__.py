"""Instagram's Graph API: posts and what they reached, the account day by day."""

"""What customers will buy, and what it is worth: purchases, spend, lifetime value."""

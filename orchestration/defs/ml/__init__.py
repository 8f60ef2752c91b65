"""What the models say, as assets."""

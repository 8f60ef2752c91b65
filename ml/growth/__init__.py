"""How many customers there will be, and what they will bring."""

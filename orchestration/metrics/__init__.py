"""The metrics: their definitions, what is written from them, and how they are asked."""

"""Measured speed: ours beside a peer or the floor, in one run, as a ratio."""

"""Recharge: subscriptions, what happened to them, and their charges."""

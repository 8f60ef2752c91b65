"""Klaviyo: profiles with its predictions, events, campaigns, flows, lists and segments."""

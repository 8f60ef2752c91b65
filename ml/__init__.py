"""Estimators over frames: archetypes, churn, lifetime value, growth."""

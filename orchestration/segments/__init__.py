"""Segments: rules in YAML that become SQL, and what is asked of them."""

"""One package a source: `spec.py` has its facts, `client.py` speaks its protocol."""

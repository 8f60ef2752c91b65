"""Loads every source into its staging schema `raw_<source>`; knows nothing of what comes after."""

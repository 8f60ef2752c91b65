"""Checks on what arrived, beside those that dbt tests become."""

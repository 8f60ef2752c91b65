"""Shopify's Admin GraphQL API: shops, customers, catalogue, orders and what they own."""

"""Shopify's Admin GraphQL API: shops, customers, catalogue, orders with all that belongs to them."""

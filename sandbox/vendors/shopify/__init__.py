"""Shopify's Admin GraphQL API 2026-10: paged queries, their cost, and bulk operations."""

from sandbox.vendors.shopify.app import VENDOR

__all__ = ["VENDOR"]

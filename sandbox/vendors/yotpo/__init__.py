"""Yotpo's two APIs: reviews and questions, loyalty and referrals."""

from sandbox.vendors.yotpo.app import VENDOR, loyalty_keys, review_keys

__all__ = ["VENDOR", "loyalty_keys", "review_keys"]

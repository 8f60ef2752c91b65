"""WooCommerce's REST API wc/v3, a site a shop."""

from sandbox.vendors.woocommerce.app import VENDOR, consumer_key, consumer_secret

__all__ = ["VENDOR", "consumer_key", "consumer_secret"]

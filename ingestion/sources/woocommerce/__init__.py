"""WooCommerce: shops on WordPress, by the REST API wc/v3."""

"""The euro's reference exchange rates, as the European Central Bank publishes them."""

"""The simulated shop and its vendors' APIs: the other side of the wire."""

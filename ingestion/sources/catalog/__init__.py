"""A product catalogue as a feed: JSON or CSV, over HTTP or from a file."""

"""One module a command; heavy libraries are imported where a command needs them."""

"""Models, their tests as checks, and the docs site."""

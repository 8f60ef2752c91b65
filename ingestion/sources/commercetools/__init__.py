"""commercetools: projects, by the HTTP API."""

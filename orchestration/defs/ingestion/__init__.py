"""Raw tables: one step a source, made from the registry."""

"""A shop's own database: any schema, brought to the seam by a mapping."""

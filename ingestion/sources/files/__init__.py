"""Files of any shop: CSV, JSON lines and Parquet, brought to the seam by a mapping."""

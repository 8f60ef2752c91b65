"""What Dagster shows: assets, checks, the schedule and the sensors, made from the settings."""

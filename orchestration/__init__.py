"""The command line and Dagster: the one room that knows all the others."""

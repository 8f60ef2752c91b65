"""What commands and Dagster definitions share; every piece can be used and tested without both."""

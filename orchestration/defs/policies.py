"""Retries, partitions and turns: one place, so that every asset follows the same rules."""

from __future__ import annotations

import dagster as dg

from ingestion.settings import Settings

# Vendors and servers that did not answer are asked again after half a minute, then a minute;
# what can never succeed (credentials, settings) fails at once.
LOAD_RETRIES = dg.RetryPolicy(
    max_retries=2, delay=30, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)

# The days of reports and event exports; today counts, it is loaded while it lasts.
DAYS = dg.DailyPartitionsDefinition(start_date="2020-01-01", timezone="UTC", end_offset=1)

# More days than this are a first load: the range stands in the metadata, not day by day.
MAX_MARKED_DAYS = 62


def warehouse_pool(settings: Settings) -> str | None:
    """The pool of steps that must take turns: a DuckDB file has one writer, a server has many."""
    return "duckdb" if settings.warehouse == "duckdb" else None

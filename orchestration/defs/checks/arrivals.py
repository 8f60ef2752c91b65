"""Whether what arrived could be read: rows that were rejected, cells of another type."""

from __future__ import annotations

import dagster as dg

from ingestion.spec import SourceSpec
from ingestion.summary import LoadSummary

ROWS_FIT = "rows_fit"


def rows_fit_spec(spec: SourceSpec, table: str) -> dg.AssetCheckSpec:
    """The check of a source; it stands at the source's first table.

    Args:
        spec: The source.
        table: Its first table.
    """
    return dg.AssetCheckSpec(
        ROWS_FIT,
        asset=dg.AssetKey([spec.name, table]),
        description="No row was rejected, and every cell fits the type of its column.",
    )


def rows_fit(summary: LoadSummary, table: str) -> dg.AssetCheckResult:
    """What the load found; a warning, because everything else was loaded.

    Args:
        summary: What the load did.
        table: The source's first table.
    """
    return dg.AssetCheckResult(
        asset_key=dg.AssetKey([summary.source, table]),
        check_name=ROWS_FIT,
        passed=not summary.rejected_rows and not summary.variant_columns,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "rejected_rows": summary.rejected_rows,
            "cells_of_another_type": ", ".join(summary.variant_columns) or "none",
            "undeclared_columns": ", ".join(summary.new_columns) or "none",
        },
    )

"""MetricFlow in process: a query takes milliseconds here, its command line takes seconds.

The way in is no public interface of MetricFlow; `tests/integration/metrics` holds it, and
`pyproject.toml` the version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from metricflow.data_table.mf_table import MetricFlowDataTable
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow.sql.render.postgres import PostgresSQLSqlPlanRenderer
from metricflow.sql.render.snowflake import SnowflakeSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from ingestion.settings import Engine

_DIALECTS = {
    "duckdb": (SqlEngine.DUCKDB, DuckDbSqlPlanRenderer),
    "postgres": (SqlEngine.POSTGRES, PostgresSQLSqlPlanRenderer),
    "snowflake": (SqlEngine.SNOWFLAKE, SnowflakeSqlPlanRenderer),
}


class _Client:
    """What MetricFlow runs its SQL with, on a connection of ours; it binds no parameters."""

    def __init__(self, connection: Any, engine: Engine) -> None:
        self._connection = connection
        self.sql_engine_type, renderer = _DIALECTS[engine]
        self.sql_plan_renderer = renderer()

    def query(self, stmt: str, **_: Any) -> MetricFlowDataTable:
        cursor = self._connection.cursor()
        cursor.execute(stmt)
        names = [column[0].lower() for column in cursor.description]
        return MetricFlowDataTable.create_from_rows(names, cursor.fetchall())

    def execute(self, stmt: str, **_: Any) -> None:
        self._connection.cursor().execute(stmt)

    def dry_run(self, stmt: str, **_: Any) -> None:
        self._connection.cursor().execute(f"explain {stmt}")

    def close(self) -> None:
        self._connection.close()

    def render_bind_parameter_key(self, key: str) -> str:
        raise NotImplementedError(f"no parameters are bound, {key} neither")


class SemanticLayer:
    """Asks metrics of a warehouse.

    Args:
        manifest: dbt's `semantic_manifest.json`, parsed for this warehouse.
        connection: DB-API; on PostgreSQL with autocommit, or one failed query blocks the next.
        engine: What it is connected to.
    """

    def __init__(self, manifest: Path, connection: Any, engine: Engine) -> None:
        parsed = parse_manifest_from_dbt_generated_manifest(manifest.read_text())
        client: Any = _Client(connection, engine)
        self._engine = MetricFlowEngine(SemanticManifestLookup(parsed), client)
        self.metric_names = frozenset(metric.name for metric in parsed.metrics)

    def ask(
        self,
        keys: Sequence[str],
        *,
        by: Sequence[str] = (),
        start: dt.date | None = None,
        end: dt.date | None = None,
        where: Sequence[str] = (),
    ) -> MetricFlowDataTable:
        """The values of metrics.

        Args:
            keys: Of the metrics.
            by: Dimensions, and `metric_time__<grain>`.
            start: First day; None leaves it open.
            end: Last day, which counts.
            where: Conditions in MetricFlow's form.

        Returns:
            A table with `column_names` and `rows`, in no order.
        """
        table = self._engine.query(self._request(keys, by, start, end, where)).result_df
        assert table is not None, "a query gives a table"
        return table

    def sql(
        self,
        keys: Sequence[str],
        *,
        by: Sequence[str] = (),
        start: dt.date | None = None,
        end: dt.date | None = None,
        where: Sequence[str] = (),
    ) -> str:
        """The SQL that `ask` would run."""
        request = self._request(keys, by, start, end, where)
        return self._engine.explain(request).sql_statement.sql

    @staticmethod
    def _request(
        keys: Sequence[str],
        by: Sequence[str],
        start: dt.date | None,
        end: dt.date | None,
        where: Sequence[str],
    ) -> MetricFlowQueryRequest:
        first, last = (dt.datetime.combine(day, dt.time()) if day else None for day in (start, end))
        return MetricFlowQueryRequest.create(
            metric_names=list(keys),
            group_by_names=list(by) or None,
            time_constraint_start=first,
            time_constraint_end=last,
            where_constraints=list(where) or None,
        )

"""Copies what people read into a file of their own, so that the writer never waits for a reader.

The file is written beside and renamed: whoever has the old one open keeps reading it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.destinations import Warehouse
from ingestion.settings import Settings
from ingestion.turns import turn
from orchestration.lib.planner import Manifest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PUBLISHED_FILE = "basketline.duckdb"
SCHEMAS = ("marts", "reports", "functions")


def publish(settings: Settings, manifest: Manifest) -> Path | None:
    """Replaces `basketline.duckdb` in DATA_DIR by marts, reports and functions as they are now.

    Args:
        settings: Name the warehouse.
        manifest: dbt's, for what DuckDB does not tell of a function: its default arguments.

    Returns:
        The file; None where the warehouse is a server, which people read directly.

    Raises:
        WarehouseBusyError: Another program writes to the warehouse.
    """
    if settings.warehouse != "duckdb":
        return None
    warehouse = Warehouse(settings)
    target = published_path(settings)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    for leftover in target.parent.glob(f".{target.name}.*"):
        leftover.unlink()
    copy = _Copy(settings.duckdb_path, beside, [warehouse.schema(name) for name in SCHEMAS])
    try:
        with turn(warehouse, to_read=True):
            # Opened and closed only to fail in one clear line where another program holds it.
            warehouse.connect().close()
            copy.write(manifest)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return target


def published_path(settings: Settings) -> Path:
    """The file that BI tools open."""
    return settings.data_dir / PUBLISHED_FILE


class _Copy:
    """Copies some schemas of one DuckDB file into a new one."""

    def __init__(self, source: Path, target: Path, schemas: list[str]) -> None:
        self._source = source.resolve()
        self._target = target
        self._schemas = schemas

    def write(self, manifest: Manifest) -> None:
        import duckdb

        with duckdb.connect(str(self._target)) as connection:
            path = str(self._source).replace("'", "''")
            connection.execute(f"attach '{path}' as warehouse (read_only)")
            for schema in self._schemas:
                connection.execute(f'create schema "{schema}"')
                self._copy_tables(connection, schema)
            for schema in self._schemas:
                self._copy_functions(connection, schema, manifest)
            connection.execute("detach warehouse")

    def _copy_tables(self, connection: DuckDBPyConnection, schema: str) -> None:
        found = connection.execute(
            "select table_name from information_schema.tables"
            " where table_catalog = 'warehouse' and table_schema = ? order by table_name",
            [schema],
        )
        for (name,) in found.fetchall():
            connection.execute(
                f'create table "{schema}"."{name}" as from warehouse."{schema}"."{name}"'
            )

    def _copy_functions(
        self, connection: DuckDBPyConnection, schema: str, manifest: Manifest
    ) -> None:
        found = connection.execute(
            "select function_name, function_type, parameters, macro_definition"
            " from duckdb_functions() where database_name = 'warehouse' and schema_name = ?"
            " and function_type in ('macro', 'table_macro') order by function_oid",
            [schema],
        )
        for name, kind, parameters, body in found.fetchall():
            defaults = _default_arguments(manifest, name)
            arguments = ", ".join(
                f"{each} := {defaults[each]}" if each in defaults else each for each in parameters
            )
            table = "table " if kind == "table_macro" else ""
            connection.execute(
                f'create macro "{schema}"."{name}"({arguments}) as {table}{self._unbound(body)}'
            )

    def _unbound(self, body: str) -> str:
        """A function's body without the name of the file it was made in."""
        database = re.escape(self._source.stem)
        schemas = "|".join(re.escape(schema) for schema in self._schemas)
        return re.sub(rf'"?\b{database}"?\.("?(?:{schemas})"?\.)', r"\1", body)


def _default_arguments(manifest: Manifest, function: str) -> dict[str, str]:
    """Argument to its default, as SQL, of a function that dbt builds."""
    return {
        argument["name"]: str(argument["default_value"])
        for node in manifest.get("functions", {}).values()
        if node["name"] == function
        for argument in node.get("arguments", ())
        if argument.get("default_value") is not None
    }

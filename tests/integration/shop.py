"""A shop written by hand: raw tables of the `files` source, a dbt build, and the marts to ask.

The raw tables have the columns of the seam's contracts, so that a row is what a mapping would have
loaded. Amounts are decimals with more digits than any model keeps, times have a zone, as ingestion
writes them.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import duckdb
import psycopg2
import yaml

DBT = Path(__file__).parents[2] / "dbt_project"
RAW_TYPES = {
    "varchar": "varchar",
    "boolean": "boolean",
    "bigint": "bigint",
    "date": "date",
    "timestamp": "timestamp with time zone",
    "double precision": "double precision",
}
RAW_DECIMAL = "decimal(38,9)"
NAMING_SETTINGS = (
    *("WAREHOUSE", "SOURCES", "SCHEMA_PREFIX"),
    *("POSTGRES_DATABASE", "SNOWFLAKE_DATABASE"),
)

Row = Mapping[str, Any]


class Warehouse(Protocol):
    """An engine: what dbt needs to find it, and a way to write and ask."""

    environment: dict[str, str]

    def execute(self, sql: str, rows: Sequence[Sequence[Any]] = ()) -> None: ...

    def execute_all(self, statements: Iterable[str]) -> None: ...

    def query(self, sql: str) -> list[tuple[Any, ...]]: ...

    def reading(self) -> Any: ...


@dataclass
class DuckDBWarehouse:
    path: Path
    environment: dict[str, str] = field(init=False)
    placeholder = "?"

    def __post_init__(self) -> None:
        self.environment = {"WAREHOUSE": "duckdb", "DUCKDB_PATH": str(self.path)}

    def execute(self, sql: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            if rows:
                connection.executemany(sql, rows)
            else:
                connection.execute(sql)

    def execute_all(self, statements: Iterable[str]) -> None:
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.begin()
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.path)) as connection:
            return connection.execute(sql).fetchall()

    def reading(self) -> Any:
        """A connection for many questions; whoever asks for it closes it."""
        return duckdb.connect(str(self.path), read_only=True)


@dataclass
class PostgresWarehouse:
    """A new database of the server at `uri`, in place of an older one of that name.

    The zone of its sessions is not UTC, on purpose.
    """

    uri: str
    database: str
    environment: dict[str, str] = field(init=False)
    placeholder = "%s"

    def __post_init__(self) -> None:
        parts = urlsplit(self.uri)
        host = parse_qs(parts.query).get("host", [parts.hostname])[0]
        self.environment = {
            "WAREHOUSE": "postgres",
            "POSTGRES_HOST": str(host),
            "POSTGRES_USER": parts.username or "postgres",
            "POSTGRES_DATABASE": self.database,
        }
        with closing(self._connection(parts.path.strip("/"))) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(f"drop database if exists {self.database} with (force)")
            cursor.execute(f"create database {self.database}")
            cursor.execute(f"alter database {self.database} set timezone = 'Asia/Tokyo'")

    @property
    def url(self) -> str:
        """Of the database, for those who are told a place by an address."""
        return urlsplit(self.uri)._replace(path=f"/{self.database}").geturl()

    def _connection(self, database: str) -> Any:
        environment = self.environment
        return psycopg2.connect(
            host=environment["POSTGRES_HOST"], user=environment["POSTGRES_USER"], dbname=database
        )

    def execute(self, sql: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        with closing(self._connection(self.database)) as connection, connection:
            cursor = connection.cursor()
            if rows:
                cursor.executemany(sql, rows)
            else:
                cursor.execute(sql)

    def execute_all(self, statements: Iterable[str]) -> None:
        with closing(self._connection(self.database)) as connection, connection:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(self._connection(self.database)) as connection, connection:
            cursor = connection.cursor()
            cursor.execute(sql)
            return cursor.fetchall()

    def reading(self) -> Any:
        """A connection for many questions; whoever asks for it closes it."""
        connection = self._connection(self.database)
        connection.autocommit = True
        return connection


@cache
def contract(entity: str) -> dict[str, str]:
    """Raw column -> type of an entity: the seam's columns without the keys that it makes."""
    name = f"int_{entity}_unioned"
    for file in DBT.glob("models/intermediate/*/_int_*__models.yml"):
        for model in yaml.safe_load(file.read_text())["models"]:
            if model["name"] == name:
                columns = {c["name"]: c["data_type"] for c in model["columns"]}
                own = {"source_name", "account_id"}
                return {
                    column: RAW_TYPES.get(kind, RAW_DECIMAL)
                    for column, kind in columns.items()
                    if column not in own and not column.endswith("_key")
                }
    raise LookupError(f"no contract {name}")


@cache
def entities(source: str) -> list[str]:
    """What a source gives to the seam."""
    project = yaml.safe_load((DBT / "dbt_project.yml").read_text())
    return project["vars"]["source_entities"][source]


def load(
    warehouse: Warehouse,
    tables: Mapping[str, Iterable[Row]],
    *,
    source: str = "files",
    account: str = "shop",
) -> None:
    """Replace the raw tables of a source: those named have these rows, the others none.

    A row may name its `_account_id`; without one it is `account`'s.
    """
    unknown = set(tables) - set(entities(source))
    if unknown:
        raise ValueError(f"{source} has no {', '.join(sorted(unknown))}")
    warehouse.execute(f"create schema if not exists raw_{source}")
    for entity in entities(source):
        columns = {"_account_id": "varchar", **contract(entity)}
        columns["_loaded_at"] = "timestamp with time zone"
        table = f"raw_{source}.{entity}"
        definition = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        # Kept, not made anew: PostgreSQL would drop the views on it.
        warehouse.execute(f"create table if not exists {table} ({definition})")
        warehouse.execute(f"delete from {table}")
        defaults = {"_account_id": account, "_loaded_at": "2026-01-01T00:00:00+00:00"}
        rows = [{**defaults, **row} for row in tables.get(entity, ())]
        for row in rows:
            if not set(row) <= set(columns):
                raise ValueError(f"{entity} has no {', '.join(sorted(set(row) - set(columns)))}")
        if rows:
            marks = ", ".join([warehouse.placeholder] * len(columns))
            values = [[row.get(name) for name in columns] for row in rows]
            warehouse.execute(f"insert into {table} values ({marks})", values)


def build(
    warehouse: Warehouse,
    scratch: Path,
    *arguments: str,
    command: str = "build",
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run dbt on the warehouse; `environment` are settings such as SOURCES or AS_OF.

    Returns:
        The finished process; its output is dbt's.
    """
    profiles = scratch / "profiles"
    profiles.mkdir(parents=True, exist_ok=True)
    example = (DBT.parent / "profiles.yml.example").read_text()
    (profiles / "profiles.yml").write_text(example)
    settings = {"SOURCES": "files", **warehouse.environment, **environment}
    return subprocess.run(
        [
            *(sys.executable, "-m", "tests.integration.parsed_dbt", parsed(settings, arguments)),
            *("--quiet", command, *arguments),
            *("--project-dir", str(DBT), "--profiles-dir", str(profiles)),
            *("--target-path", str(scratch / "target"), "--log-path", str(scratch / "logs")),
        ],
        env={**os.environ, **settings},
        cwd=DBT.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def parsed(settings: Mapping[str, str], arguments: Sequence[str]) -> str:
    """File of the manifest that runs of the same project share in this session.

    Of the settings only those that a node's name, place or switch follows from tell them apart:
    the others are read when a node is compiled.
    """
    told_apart = [settings.get(name) for name in NAMING_SETTINGS]
    told_apart.append(Path(settings.get("DUCKDB_PATH", "")).stem)
    files = [
        (str(file), file.stat().st_mtime_ns)
        for folder in ("models", "macros", "seeds", "tests", "snapshots", "functions")
        for file in (DBT / folder).rglob("*.*")
    ]
    variables = arguments[arguments.index("--vars") + 1] if "--vars" in arguments else ""
    content = repr((told_apart, variables, sorted(files)))
    name = hashlib.sha256(content.encode()).hexdigest()
    return str(Path(os.environ["PARSED_PROJECTS"]) / f"{name}.msgpack")

"""Reads tables and queries of a database in chunks, as Arrow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import sqlalchemy as sa
from dlt.common.libs.pyarrow import PyToArrowConversionException
from dlt.sources.sql_database.arrow_helpers import row_tuples_to_arrow
from dlt.sources.sql_database.helpers import TableLoader
from sqlalchemy import exc

from ingestion.columns import as_text
from ingestion.errors import (
    CredentialsError,
    IngestionError,
    RequestRefusedError,
    SettingsError,
    VendorUnavailableError,
)

DRIVERS = {
    "postgres": "postgresql+psycopg2",
    "postgresql": "postgresql+psycopg2",
    "mysql": "mysql+pymysql",
    "mssql": "mssql+pymssql",
}
"""Where the address names none."""

CHUNK_ROWS = 20_000
ATTEMPTS = 5
BASE_SECONDS = 0.5
_PASSING_SIGNS = (
    "locked",
    "connection",
    "timeout",
    "timed out",
    "deadlock",
    "gone away",
    "terminat",
    "shutting down",
    "starting up",
)
_REFUSED = re.compile(
    r"password|access denied|login failed|authentication|permission denied|unknown database"
    r"|unable to open database|(?:database|role) \S+ does not exist",
    re.IGNORECASE,
)


class Database:
    """A connection to one database.

    Args:
        url: Where it is, with the password.
        where: What to call it in messages.
        hint: The variable that has the address.
        sleep: Waits so many seconds.
    """

    def __init__(self, url: str, *, where: str, hint: str, sleep: Callable[[float], None]) -> None:
        self._where, self._hint, self._sleep = where, hint, sleep
        try:
            parts = sa.make_url(url)
            driver = DRIVERS.get(parts.drivername, parts.drivername)
            self._engine = sa.create_engine(parts.set(drivername=driver))
        except (exc.ArgumentError, exc.NoSuchModuleError, ImportError) as error:
            raise SettingsError(
                f"The address names a database that cannot be spoken to: {_first_line(error)}",
                where=where,
                remedy=f"Correct {hint} in .env; MySQL needs the extra mysql, SQL Server mssql",
            ) from None

    def read(self, statement: sa.Select[Any], origin: str) -> Iterator[pa.Table]:
        """The rows of a statement, in chunks; after a fault that passes, from the start again.

        Args:
            statement: What to ask.
            origin: The table or query, for messages.

        Raises:
            CredentialsError: The database refuses the user.
            RequestRefusedError: It has no such table or column.
            VendorUnavailableError: It does not answer, after all attempts.
        """
        for attempt in range(ATTEMPTS):
            try:
                yield from self._chunks(statement)
            except exc.DBAPIError as error:
                if not _passes(error):
                    raise self._explain(error, origin) from None
                if attempt + 1 == ATTEMPTS:
                    raise self._give_up(error) from None
                self._sleep(BASE_SECONDS * 2**attempt)
            else:
                return

    def one(self, statement: sa.Select[Any], origin: str) -> Any:
        """The first cell of the first row; None where there is no row."""
        for rows in self.read(statement.limit(1), origin):
            return rows.column(0)[0].as_py() if rows.num_columns and rows.num_rows else None
        return None

    def close(self) -> None:
        """Gives connections back."""
        self._engine.dispose()

    def _chunks(self, statement: sa.Select[Any]) -> Iterator[pa.Table]:
        loader = _ArrowLoader(
            self._engine,
            "pyarrow",
            sa.Table("unused", sa.MetaData()),
            columns={},
            chunk_size=CHUNK_ROWS,
            query_adapter_callback=lambda _query, _table: statement,
        )
        yield from loader.load_rows()

    def _explain(self, error: exc.DBAPIError, origin: str) -> IngestionError:
        words = _first_line(error.orig or error)
        if _REFUSED.search(words):
            return CredentialsError(
                f"The database refuses: {words}",
                where=self._where,
                remedy=f"Check {self._hint} in .env, and the rights of its user",
            )
        return RequestRefusedError(
            f"{origin} cannot be read: {words}",
            where=self._where,
            remedy="Correct the table, the query or the cursor in the mapping",
        )

    def _give_up(self, error: exc.DBAPIError) -> VendorUnavailableError:
        return VendorUnavailableError(
            f"The database failed {ATTEMPTS} times; the last time: {_first_line(error.orig)}",
            where=self._where,
            remedy=f"Look whether it runs, and at {self._hint} in .env, then start again",
        )


class _ArrowLoader(TableLoader):
    """dlt's loader; a column whose cells are of several types, as in SQLite, comes as text."""

    def _convert_result(self, result: Any, backend_kwargs: dict[str, Any]) -> Iterator[Any]:
        del backend_kwargs
        columns = {name: {"name": name} for name in result.keys()}  # noqa: SIM118 - no mapping
        for rows in result.partitions(size=self.chunk_size):
            try:
                yield row_tuples_to_arrow(rows, columns=columns, tz="UTC")  # type: ignore[arg-type]
            except (pa.ArrowException, PyToArrowConversionException):
                cells = zip(*rows, strict=True)
                texts = [
                    [None if cell is None else as_text(cell) for cell in each] for each in cells
                ]
                yield pa.table(
                    {
                        name: pa.array(text, pa.string())
                        for name, text in zip(columns, texts, strict=True)
                    }
                )


def select(table: str | None, query: str | None, columns: tuple[str, ...] = ()) -> sa.Select[Any]:
    """A statement over a table or a query.

    Args:
        table: The table, with its schema in front where it has one.
        query: The query instead.
        columns: The columns; none are all.
    """
    named: list[Any] = [sa.column(name) for name in columns]
    wanted = named or [sa.text("*")]
    if query:
        return sa.select(*wanted).select_from(sa.text(f"({query.strip().rstrip(';')}) as source"))
    schema, _, name = (table or "").rpartition(".")
    return sa.select(*wanted).select_from(sa.table(name, schema=schema or None))


def as_stored(moment: dt.datetime, sample: Any, zone: str | None) -> Any:
    """A moment in the way a column holds them.

    Args:
        moment: With its zone.
        sample: A value of the column.
        zone: IANA zone of times that name none.

    Raises:
        TypeError: The column holds no times.
    """
    local = moment.astimezone(ZoneInfo(zone or "UTC")).replace(tzinfo=None)
    if isinstance(sample, dt.datetime):
        return local if sample.tzinfo is None else moment
    if isinstance(sample, dt.date):
        return local.date()
    if isinstance(sample, str):
        text = local.isoformat(sep="T" if "T" in sample else " ", timespec="seconds")
        return text[:10] if len(sample) == len("2026-01-01") else text
    raise TypeError(sample)


def _passes(error: exc.DBAPIError) -> bool:
    words = str(error.orig).lower()
    if _REFUSED.search(words):
        return False
    return error.connection_invalidated or any(sign in words for sign in _PASSING_SIGNS)


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().split("\n", maxsplit=1)[0]

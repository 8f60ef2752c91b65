"""The one place that knows the warehouses: where dlt loads to, where dbt builds, how to read."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from ingestion.errors import (
    IngestionError,
    SettingsError,
    WarehouseBusyError,
    WarehouseUnreachableError,
    causes,
)
from ingestion.settings import Engine, Settings

CONNECT_TIMEOUT_SECONDS = 10
_BUSY_SIGNS = ("could not set lock", "conflicting lock", "being used by another process")
_UNREACHABLE_SIGNS = (
    "connection refused",
    "could not connect",
    "connection failed",
    "could not translate host",
    "no such file or directory",
    "timeout expired",
    "connection timed out",
    "server closed the connection",
    "250001",
)
_REFUSED = re.compile(
    r"authentication failed|no password supplied|incorrect username or password"
    r"|(?:database|role) \S+ does not exist"
)


@dataclass(frozen=True)
class Warehouse:
    """A warehouse that the settings name.

    Attributes:
        settings: The settings.
    """

    settings: Settings

    @property
    def engine(self) -> Engine:
        """Which of the three it is; also the name of dbt's target."""
        return self.settings.warehouse

    @property
    def label(self) -> str:
        """Where it is, for people: never with a password."""
        if self.engine == "duckdb":
            return str(self.settings.duckdb_path)
        if self.engine == "postgres":
            parts = _postgres_parts(self.settings)
            return f"{parts['host']}:{parts['port']}/{parts['dbname']}"
        return f"{self.settings.snowflake.account}/{self.settings.snowflake.database}"

    @property
    def identity(self) -> str:
        """A short name of this warehouse and environment, for folders of its own."""
        place = self.label
        if self.engine == "duckdb":
            place = str(self.settings.duckdb_path.resolve())
        digest = hashlib.sha256(f"{place}|{self.settings.warehouse_env}".encode()).hexdigest()
        return f"{self.engine}_{digest[:8]}"

    def schema(self, name: str) -> str:
        """A schema's name with the prefix of the environment: `dev_anna_marts`."""
        prefix = self.settings.warehouse_env
        return f"{prefix}_{name}" if prefix else name

    @property
    def loader_file_format(self) -> Literal["parquet", "csv"]:
        """What dlt hands over: never insert statements, which are ten times slower."""
        return "csv" if self.engine == "postgres" else "parquet"

    def dlt_destination(self) -> Any:
        """Where dlt loads to."""
        # A second to import, which whoever only reads does not need.
        import dlt

        if self.engine == "duckdb":
            self.settings.duckdb_path.parent.mkdir(parents=True, exist_ok=True)
            return dlt.destinations.duckdb(str(self.settings.duckdb_path))
        if self.engine == "postgres":
            # A unique index on dlt's row ids would refuse for ever the rows of a job that a killed
            # run had written and not yet noted as done.
            return dlt.destinations.postgres(dlt_postgres_url(self.settings), create_indexes=False)
        return dlt.destinations.snowflake(_dlt_snowflake_url(self.settings))

    def dbt_environment(self) -> dict[str, str]:
        """The variables that `dbt_project` and `profiles.yml` read."""
        salt = self.settings.privacy_salt
        shared = {
            "WAREHOUSE": self.engine,
            "SCHEMA_PREFIX": self.schema(""),
            "SOURCES": ",".join(self.settings.sources),
            "REPORTING_CURRENCY": self.settings.reporting_currency,
            "PRIVACY_SALT": salt.get_secret_value() if salt else "",
            "AS_OF": self.settings.as_of.isoformat() if self.settings.as_of else "",
        }
        if self.engine == "duckdb":
            return shared | {"DUCKDB_PATH": str(self.settings.duckdb_path.resolve())}
        if self.engine == "postgres":
            names = {"dbname": "DATABASE"}
            parts = _postgres_parts(self.settings)
            return shared | {
                f"POSTGRES_{names.get(name, name.upper())}": value for name, value in parts.items()
            }
        given = self.settings.snowflake
        return shared | {
            "SNOWFLAKE_ACCOUNT": given.account,
            "SNOWFLAKE_USER": given.user,
            "SNOWFLAKE_PASSWORD": given.password.get_secret_value(),
            "SNOWFLAKE_ROLE": given.role,
            "SNOWFLAKE_DATABASE": given.database,
            "SNOWFLAKE_WAREHOUSE": given.warehouse,
            "SNOWFLAKE_HOST": given.host,
            "SNOWFLAKE_PORT": str(given.port),
            "SNOWFLAKE_PROTOCOL": given.protocol,
        }

    def connect(self, *, read_only: bool = True) -> Any:
        """Opens a DB-API connection.

        Args:
            read_only: Whether nothing will be written.

        Returns:
            The connection; the caller closes it.

        Raises:
            WarehouseBusyError: Another process holds the DuckDB file.
            WarehouseUnreachableError: It does not answer.
            SettingsError: It refuses the credentials, or there is no file to read.
        """
        try:
            return self._open(read_only=read_only)
        except IngestionError:
            raise
        except Exception as error:
            known = self.explain(error)
            if known is None:
                raise
            raise known from None

    def _open(self, *, read_only: bool) -> Any:
        if self.engine == "duckdb":
            return _open_duckdb(self.settings.duckdb_path, read_only=read_only)
        if self.engine == "postgres":
            import psycopg2.extensions

            parts = _postgres_parts(self.settings)
            options = {**parts, "connect_timeout": str(CONNECT_TIMEOUT_SECONDS)}
            connection = psycopg2.connect(psycopg2.extensions.make_dsn(**options))
            connection.set_session(readonly=read_only, autocommit=read_only)
            return connection
        return _open_snowflake(self.settings)

    def explain(self, error: BaseException) -> IngestionError | None:
        """One clear line for a driver's complaint, or None where it is not about reaching it."""
        text = " ".join(str(part).lower() for part in causes(error))
        if any(sign in text for sign in _BUSY_SIGNS):
            return WarehouseBusyError(
                f"The warehouse file {self.label} is held by another process",
                remedy="Close it there (a BI tool, a notebook, dbt, another run) and start again",
            )
        names = {"duckdb": "DUCKDB_PATH", "postgres": "POSTGRES_URL", "snowflake": "SNOWFLAKE__*"}
        variable = names[self.engine]
        if self.engine != "duckdb" and _REFUSED.search(text):
            return SettingsError(
                f"{self.engine} at {self.label} refuses the connection",
                remedy=f"Check user, password and database in {variable}",
            )
        if any(sign in text for sign in _UNREACHABLE_SIGNS):
            return WarehouseUnreachableError(
                f"{self.engine} at {self.label} does not answer",
                remedy=f"Start it, or correct {variable} in .env",
            )
        return None


def _open_duckdb(path: Path, *, read_only: bool) -> Any:
    import duckdb

    if read_only and not path.exists():
        raise SettingsError(
            f"There is no warehouse at {path}",
            remedy="Load something first, or correct DUCKDB_PATH in .env",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(str(path), read_only=read_only)


def _open_snowflake(settings: Settings) -> Any:
    try:
        from snowflake.connector import connect
    except ImportError:
        raise SettingsError(
            "Snowflake's driver is not installed",
            remedy="Install it with: pip install 'basketline[snowflake]'",
        ) from None
    given = settings.snowflake
    return connect(
        account=given.account,
        user=given.user,
        password=given.password.get_secret_value(),
        database=given.database,
        login_timeout=CONNECT_TIMEOUT_SECONDS,
        **_snowflake_extras(settings),
    )


def _dlt_snowflake_url(settings: Settings) -> str:
    given = settings.snowflake
    user, password = quote(given.user), quote(given.password.get_secret_value(), safe="")
    query = urlencode(_snowflake_extras(settings))
    return f"snowflake://{user}:{password}@{given.account}/{given.database}?{query}"


def _snowflake_extras(settings: Settings) -> dict[str, str]:
    """What is given beside the account: a host of its own is that of an emulator."""
    given = settings.snowflake
    extras = {"warehouse": given.warehouse, "role": given.role}
    if given.host:
        extras |= {"host": given.host, "port": str(given.port), "protocol": given.protocol}
    return {name: value for name, value in extras.items() if value}


def _postgres_parts(settings: Settings) -> dict[str, str]:
    """Host, port, user, password and database of POSTGRES_URL."""
    url = urlsplit(settings.postgres_url.get_secret_value())
    if url.scheme not in ("postgresql", "postgres"):
        raise SettingsError(
            "POSTGRES_URL is not an address of PostgreSQL",
            remedy="Let it begin with postgresql:// (see .env.example)",
        )
    socket_folder = parse_qs(url.query).get("host", [""])[0]
    return {
        "host": socket_folder or url.hostname or "localhost",
        "port": str(url.port or 5432),
        "user": unquote(url.username or "postgres"),
        "password": unquote(url.password or ""),
        "dbname": url.path.lstrip("/") or "postgres",
    }


def dlt_postgres_url(settings: Settings) -> str:
    """Dlt wants host and password also where a socket needs neither."""
    parts = _postgres_parts(settings)
    is_socket = parts["host"].startswith("/")
    host = "localhost" if is_socket else parts["host"]
    user, password = quote(parts["user"]), quote(parts["password"] or "none", safe="")
    url = f"postgresql://{user}:{password}@{host}:{parts['port']}/{parts['dbname']}"
    query = {"connect_timeout": str(CONNECT_TIMEOUT_SECONDS)}
    if is_socket:
        query["host"] = parts["host"]
    return url + "?" + "&".join(f"{name}={value}" for name, value in query.items())

"""An emulated Snowflake: the server as a process of its own, and databases in it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

EMULATOR = Path(__file__).with_name("emulator.py")
START_SECONDS = 60
STATEMENT_SECONDS = 120


@contextmanager
def run_emulator(folder: Path) -> Iterator[int]:
    """Starts the emulator on a free port, gives the port, and stops it again."""
    port = free_port()
    environment = {"PATH": "/usr/bin:/bin", "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}
    with (folder / "emulator.log").open("w") as log:
        command = [sys.executable, str(EMULATOR), str(port)]
        with subprocess.Popen(command, stdout=log, stderr=log, env=environment) as process:
            try:
                wait_for(port, process, folder / "emulator.log")
                yield port
            finally:
                process.terminate()


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when the server answers, be it with 404."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the emulator did not start:\n{log.read_text()[-2000:]}")


@dataclass
class SnowflakeWarehouse:
    """A database of the emulator at `port`; the zone of its sessions is the account's default."""

    port: int
    database: str
    environment: dict[str, str] = field(init=False)
    placeholder = "%s"

    def __post_init__(self) -> None:
        self.environment = {
            "WAREHOUSE": "snowflake",
            **{f"SNOWFLAKE_{name.upper()}": str(value) for name, value in self.place().items()},
        }

    def place(self) -> dict[str, str | int]:
        """How it is reached; also the section `snowflake` of the settings."""
        return {
            "account": "fakesnow",
            "user": "fake",
            "password": "snow",
            "role": "R",
            "database": self.database,
            "warehouse": "W",
            "host": "127.0.0.1",
            "port": self.port,
            "protocol": "http",
        }

    def execute(self, sql: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        with self.connection() as connection:
            cursor = connection.cursor()
            if rows:
                cursor.executemany(sql, rows)
            else:
                cursor.execute(sql)

    def execute_all(self, statements: Iterable[str]) -> None:
        with self.connection() as connection:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with self.connection() as connection:
            return list(connection.cursor().execute(sql).fetchall())

    def connection(self) -> Any:
        """A connection to the database; the caller closes it."""
        from snowflake.connector import connect

        # A statement that the emulator cannot answer would be repeated for ever.
        return connect(**self.place(), schema="PUBLIC", network_timeout=STATEMENT_SECONDS)

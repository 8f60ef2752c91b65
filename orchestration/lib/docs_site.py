"""The dbt docs as one page that needs no network: every model, its columns, tests and lineage."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ingestion.errors import IngestionError
from ingestion.settings import Settings
from orchestration.lib.build_state import BuildStore
from orchestration.lib.dbt import run_dbt
from orchestration.lib.environment import target_dir
from orchestration.lib.ports import claim_port

PAGE = "index.html"


def docs_dir(settings: Settings) -> Path:
    """The folder of the site."""
    return settings.data_dir / "docs"


def write_docs(settings: Settings) -> Path:
    """Writes the site, unless it shows the last build already.

    Args:
        settings: Name the warehouse.

    Returns:
        The page.

    Raises:
        IngestionError: dbt cannot read the project or the warehouse.
    """
    page = docs_dir(settings) / PAGE
    if _is_current(settings, page):
        return page
    # The build has compiled what it built; compiling everything again would double the time.
    run_dbt(settings, ["docs", "generate", "--static", "--no-compile"])
    page.parent.mkdir(parents=True, exist_ok=True)
    beside = page.with_suffix(".new")
    beside.write_bytes((target_dir(settings) / "static_index.html").read_bytes())
    beside.replace(page)
    return page


@contextmanager
def docs_beside(settings: Settings) -> Iterator[None]:
    """Writes the site while the block runs, so that it is there when somebody asks for it.

    What goes wrong is left to `write_docs`, which whoever asks for the site calls.

    Args:
        settings: Name the warehouse.
    """

    def write() -> None:
        with suppress(IngestionError, OSError):
            write_docs(settings)

    beside = threading.Thread(target=write)
    beside.start()
    try:
        yield
    finally:
        beside.join()


def serve_docs(settings: Settings, port: int) -> ThreadingHTTPServer:
    """A server of the site, on this machine only.

    Args:
        settings: Name the warehouse.
        port: Where it listens.

    Returns:
        The server; `serve_forever` starts it.

    Raises:
        PortInUseError: Another program listens there.
    """
    claim_port(port)
    handler = partial(_Quiet, directory=str(docs_dir(settings)))
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line a request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def _is_current(settings: Settings, page: Path) -> bool:
    last = BuildStore(settings).last()
    if last is None or not page.exists():
        return False
    return page.stat().st_mtime > (last.state_dir / "manifest.json").stat().st_mtime

"""Sources that load side by side, each in a process of its own: as if one after the other."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psutil
import pytest

from ingestion.errors import FileInputError
from ingestion.run import ingest
from ingestion.settings import load_settings
from orchestration.lib.load_processes import load_processes

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("shop")]

SOURCES = ("catalog", "files", "web_events")
MAPPING = """
files: {type: csv}
entities:
  - entity: orders
    columns: {order_id: order, customer_id: who}
"""
EVENT = '{"type":"page","messageId":"%s","anonymousId":"a","timestamp":"2026-01-05T10:00:00Z"}'
KILLED_AFTER = (1.2, 2.0, 2.8)
RUN = """
import signal
# As in a terminal, whatever this was started from: a shell's background jobs do not hear it.
signal.signal(signal.SIGINT, signal.default_int_handler)
from ingestion.settings import load_settings
from orchestration.lib.load_processes import load_processes
with load_processes(load_settings(env_file=None)) as loads:
    loads.begin(("catalog", "files", "web_events"))
    print("begun", flush=True)
    for source in ("catalog", "files", "web_events"):
        loads.summary(source)
"""


VARIABLES = {
    "SOURCES": ",".join(SOURCES),
    "FILES__FEEDS__0__MAPPING": "shop.yml",
    "FILES__FEEDS__0__PATH": "orders.csv",
    "WEB_EVENTS__STREAMS__0__NAME": "shop",
    "WEB_EVENTS__STREAMS__0__PATH": "events",
    "CATALOG__FEEDS__0__NAME": "shop",
    "CATALOG__FEEDS__0__URL": "products.json",
    "CATALOG__FEEDS__0__CURRENCY": "EUR",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """What three sources read."""
    folder = tmp_path_factory.mktemp("side_by_side")
    rows = [f"{n},{n % 70}" for n in range(5_000)]
    (folder / "orders.csv").write_text("\n".join(["order,who", *rows]))
    (folder / "shop.yml").write_text(MAPPING)
    (folder / "events").mkdir()
    lines = (EVENT % n for n in range(500))
    (folder / "events/2026-01-05.jsonl").write_text("\n".join(lines))
    (folder / "products.json").write_text('[{"id": "1", "title": "Cup", "price": "3.00"}]')
    return folder


@pytest.fixture
def shop(folder, monkeypatch) -> None:
    """Makes it the shop that settings mean."""
    enter(folder, monkeypatch)


def enter(folder: Path, patch: pytest.MonkeyPatch) -> None:
    for name, value in VARIABLES.items():
        patch.setenv(name, value)
    patch.chdir(folder)


@pytest.fixture(scope="module")
def expected(folder) -> dict[str, list[tuple]]:
    """The tables of loads one after the other."""
    with pytest.MonkeyPatch.context() as patch:
        enter(folder, patch)
        assert all(load_one_by_one("alone").values())
        return tables("alone")


def settings(name: str, **values):
    return load_settings(
        env_file=None, data_dir=Path(name), duckdb_path=Path(name) / "w.duckdb", **values
    )


def tables(name: str) -> dict[str, list[tuple]]:
    """Every raw table, without what only dlt and the load know."""
    with duckdb.connect(f"{name}/w.duckdb", read_only=True) as connection:
        found = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema like 'raw_%' and table_name not like '\\_dlt%' escape '\\'"
            " and table_schema not like '%_staging' order by 1"
        ).fetchall()
        return {table: _rows(connection, table) for (table,) in found}


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple]:
    columns = [name for name, *_ in connection.execute(f"describe {table}").fetchall()]
    # A catalogue tells when it was seen, not when it changed.
    own = ", ".join(name for name in columns if not name.startswith("_") and name != "seen_at")
    return sorted(connection.execute(f"select {own} from {table}").fetchall(), key=repr)


@contextmanager
def begun(name: str, sources=SOURCES, **values):
    with load_processes(settings(name, **values)) as loads:
        loads.begin(sources)
        yield loads


def load_one_by_one(name: str) -> dict[str, int]:
    return {source: ingest(settings(name), source).loaded_rows for source in SOURCES}


def test_side_by_side_is_as_one_after_the_other(expected):
    with begun("together") as loads:
        assert all(loads.summary(source).loaded_rows for source in SOURCES)
        assert not _children()  # what follows has their memory
    assert tables("together") == expected


def test_a_source_that_fails_does_not_lose_the_others(monkeypatch):
    monkeypatch.setenv("FILES__FEEDS__0__PATH", "gone.csv")
    with begun("some") as loads:
        assert loads.summary("catalog").loaded_rows
        with pytest.raises(FileInputError) as caught:
            loads.summary("files")
        assert loads.summary("web_events").loaded_rows
    with pytest.raises(FileInputError) as told:
        ingest(settings("some"), "files")
    assert str(caught.value) == str(told.value)


def test_a_killed_process_is_made_up_for(expected):
    with begun("hurt") as loads:
        _children()[0].send_signal(signal.SIGKILL)
        assert all(loads.summary(source).loaded_rows for source in SOURCES)
    assert tables("hurt") == expected


def test_one_source_needs_no_process():
    with begun("one", ["files"]) as loads:
        assert not _children()
        assert loads.summary("files").loaded_rows
    with begun("one_at_once", loads_at_once=1):
        assert not _children()


def test_an_interrupt_ends_all_and_only_the_run_says_so():
    """Ctrl-C in a terminal goes to every process of it, those that are just starting too."""
    with subprocess.Popen(
        [sys.executable, "-c", RUN],
        env=os.environ | {"DATA_DIR": "stopped", "DUCKDB_PATH": "stopped/w.duckdb"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as run:
        assert run.stdout
        assert run.stdout.readline() == b"begun\n"
        loads = psutil.Process(run.pid).children(recursive=True)
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=20)
    _, alive = psutil.wait_procs(loads, timeout=10)
    assert loads
    assert not alive
    assert said.count(b"Traceback") == 1, said.decode()


@pytest.mark.pitfall(29)
def test_killed_with_all_its_processes(expected, monkeypatch):
    """`kill -9` of the run: its loads end with it, and a further run gives the same tables."""
    monkeypatch.setenv("DATA_DIR", "killed")
    monkeypatch.setenv("DUCKDB_PATH", "killed/w.duckdb")
    for seconds in KILLED_AFTER:
        with subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE) as run:
            assert run.stdout
            assert run.stdout.readline() == b"begun\n"
            time.sleep(seconds)
            loads = psutil.Process(run.pid).children(recursive=True)
            run.kill()
        _, alive = psutil.wait_procs(loads, timeout=10)
        assert not alive
    load_one_by_one("killed")
    assert tables("killed") == expected


def _children() -> list[psutil.Process]:
    """The processes that load; Python's own tracker of resources is none."""
    found = psutil.Process(os.getpid()).children(recursive=True)
    return [each for each in found if "spawn_main" in " ".join(each.cmdline())]

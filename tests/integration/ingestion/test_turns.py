"""Turns at a DuckDB file: the project's processes wait for each other, and a killed one lets go."""

import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import pytest

from ingestion.destinations import Warehouse
from ingestion.errors import WarehouseBusyError
from ingestion.run import ingest
from ingestion.settings import Settings
from ingestion.sources.files.spec import FilesSettings
from ingestion.summary import Progress
from ingestion.turns import turn

pytestmark = [pytest.mark.integration, pytest.mark.pitfall(27)]

HOLD = """
import sys
from pathlib import Path
from ingestion.destinations import Warehouse
from ingestion.settings import Settings
from ingestion.turns import turn
with turn(Warehouse(Settings(_env_file=None, duckdb_path=Path(sys.argv[1])))):
    print("held", flush=True)
    input()
"""


OPEN = "import duckdb, sys; duckdb.connect(sys.argv[1]).close()"
MAPPING = """
files: {type: csv}
entities:
  - entity: orders
    columns: {order_id: order, customer_id: who}
"""


@pytest.fixture
def warehouse(tmp_path) -> Warehouse:
    return Warehouse(Settings(_env_file=None, duckdb_path=tmp_path / "w.duckdb"))


@pytest.fixture
def holder(warehouse):
    """Another process that has its turn until it is told to end."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(warehouse.settings.duckdb_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_whoever_is_patient_comes_after(warehouse, holder):
    ended = []
    timer = threading.Timer(0.3, lambda: (ended.append(True), holder.kill()))
    timer.start()
    with turn(warehouse):
        assert ended
    timer.join()


@pytest.mark.usefixtures("holder")
def test_whoever_is_not_is_told(warehouse):
    with pytest.raises(WarehouseBusyError, match="load or build under way"), ExitStack() as stack:
        stack.enter_context(turn(warehouse, patience=0.1))


def test_a_killed_process_gives_its_turn_back(warehouse, holder):
    holder.send_signal(signal.SIGKILL)
    started = time.monotonic()
    with turn(warehouse, patience=5):
        assert time.monotonic() - started < 5


def test_readers_have_their_turn_together(warehouse):
    with ExitStack() as stack:
        stack.enter_context(turn(warehouse, to_read=True))
        stack.enter_context(turn(warehouse, to_read=True, patience=0))
        with pytest.raises(WarehouseBusyError):
            stack.enter_context(turn(warehouse, patience=0))


def test_the_first_writers_of_a_new_folder_take_turns_too(tmp_path):
    settings = Settings(_env_file=None, duckdb_path=tmp_path / "new" / "w.duckdb")
    with turn(Warehouse(settings)), pytest.raises(WarehouseBusyError), ExitStack() as stack:
        stack.enter_context(turn(Warehouse(settings), patience=0))


def test_whoever_reads_a_folder_that_is_not_there_makes_none(tmp_path):
    settings = Settings(_env_file=None, duckdb_path=tmp_path / "new" / "w.duckdb")
    with turn(Warehouse(settings), to_read=True):
        assert not (tmp_path / "new").exists()


def test_a_load_has_its_turn_to_write_only(warehouse, tmp_path):
    """While a source is asked, and its rows are prepared, others have the file."""
    (tmp_path / "orders.csv").write_text("order,who\n1,a\n")
    (tmp_path / "shop.yml").write_text(MAPPING)
    feed = {"mapping": str(tmp_path / "shop.yml"), "path": str(tmp_path / "orders.csv")}
    steps = []

    def look(progress: Progress) -> None:
        with turn(warehouse, patience=0):
            subprocess.run([sys.executable, "-c", OPEN, str(warehouse.label)], check=True)
        steps.append(progress.step)

    settings = warehouse.settings.model_copy(update={"data_dir": tmp_path / "data"})
    section = FilesSettings(_env_file=None, feeds=[feed])
    assert ingest(settings, "files", section=section, progress=look).loaded_rows == 1
    assert "load" in steps


@pytest.mark.usefixtures("holder")
def test_servers_know_no_turns(tmp_path, warehouse):
    settings = warehouse.settings.model_copy(update={"warehouse": "postgres"})
    with turn(Warehouse(settings), patience=0), turn(Warehouse(settings), patience=0):
        assert not list(tmp_path.glob("*.duckdb"))

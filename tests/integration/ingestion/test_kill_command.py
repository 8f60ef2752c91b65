"""`kill -9` at ten random moments of `basketline ingest`: in the end, one clean run's tables."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from ingestion.destinations import Warehouse
from ingestion.settings import load_settings
from sandbox.vendors.shopify import VENDOR as SHOPIFY
from tests.integration.ingestion.place import OWN, Place
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration
COMMAND = Path(sys.executable).with_name("basketline")
KILLS = 10
RUN_SECONDS = 120
MAPPING = """
entities:
  - entity: order_lines
    columns:
      line_id: {template: "{_source_file}:{_source_line}"}
      order_id: order
      quantity: units
  - entity: customers
    key: customer_id
    keep: {first: day}
    columns: {customer_id: who, created_at: day}
"""


@dataclass
class Runs:
    """Runs of one source by the command, each warehouse in a folder of its own.

    Attributes:
        source: What is loaded.
        variables: The settings of the source.
        folder: Where the warehouses lie.
    """

    source: str
    variables: dict[str, str]
    folder: Path
    warehouses: int = 0

    def new_warehouse(self) -> Place:
        """An empty one."""
        self.warehouses += 1
        data = self.folder / f"data{self.warehouses}"
        return Place(load_settings(env_file=None, data_dir=data, duckdb_path=data / "w.duckdb"))

    def start(self, place: Place) -> subprocess.Popen[bytes]:
        """Starts `basketline ingest`, where no other settings are."""
        own = {
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(place.settings.data_dir),
            "DUCKDB_PATH": str(place.settings.duckdb_path),
        }
        return subprocess.Popen(
            [COMMAND, "ingest", self.source],
            cwd=self.folder,
            env=own | self.variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def finish(self, place: Place) -> float:
        """One undisturbed run; returns how many seconds it was in its load."""
        process = self.start(place)
        wait_for_load(process, self.source)
        begun = time.monotonic()
        assert process.wait(RUN_SECONDS) == 0
        return time.monotonic() - begun


@pytest.fixture(scope="module")
def shopify_variables(tmp_path_factory) -> Iterator[dict[str, str]]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield SHOPIFY.settings(running.url("shopify"))


@pytest.fixture
def files_variables(tmp_path: Path) -> dict[str, str]:
    feed = tmp_path / "feed"
    feed.mkdir()
    (tmp_path / "lines.yml").write_text(MAPPING)
    for number in range(12):
        rows = [f"{n},{n % 7},2026-01-{19 - number:02},{n % 5}" for n in range(1_500)]
        (feed / f"{number}.csv").write_text("\n".join(["order,who,day,units", *rows]))
    return {
        "FILES__FEEDS__0__MAPPING": str(tmp_path / "lines.yml"),
        "FILES__FEEDS__0__PATH": str(feed),
    }


def is_loading(process: subprocess.Popen[bytes], source: str) -> bool:
    """Whether a run has its lock file open, as it has from its first to its last step.

    Asking for the lock itself would turn the run away that comes for it at that moment.
    """
    try:
        files = psutil.Process(process.pid).open_files()
    except psutil.NoSuchProcess:
        return False
    return any(Path(file.path).name == f"{source}.lock" for file in files)


def wait_for_load(process: subprocess.Popen[bytes], source: str) -> None:
    while process.poll() is None and not is_loading(process, source):
        time.sleep(0.005)


def tables(place: Place, schema: str) -> dict[str, list[dict[str, object]]]:
    """Every raw table, without what only dlt and the load know."""
    with Warehouse(place.settings).connect(read_only=True) as connection:
        found = connection.execute(
            "select table_name from information_schema.tables where table_schema = ?", [schema]
        ).fetchall()
    names = sorted(name for (name,) in found if not name.startswith("_dlt"))
    own = OWN | {"_dlt_id", "_dlt_load_id"}
    return {name: place.rows(f"{schema}.{name}", drop=own) for name in names}


@pytest.mark.pitfall(29)
@pytest.mark.parametrize("source", ["files", "shopify"])
def test_killed_at_ten_random_moments(source, request, tmp_path):
    runs = Runs(source, request.getfixturevalue(f"{source}_variables"), tmp_path)
    clean = runs.new_warehouse()
    seconds = runs.finish(clean)
    expected = tables(clean, f"raw_{source}")
    assert any(expected.values())

    chance, killed, place = random.Random(11), 0, runs.new_warehouse()
    while killed < KILLS:
        process = runs.start(place)
        wait_for_load(process, source)
        time.sleep(chance.uniform(0, seconds))
        if is_loading(process, source):
            process.send_signal(signal.SIGKILL)
        if process.wait(RUN_SECONDS) == -signal.SIGKILL:
            killed += 1
            continue
        # This run came through before its moment: it is a "further run", and the next is clean.
        assert process.returncode == 0
        assert tables(place, f"raw_{source}") == expected
        place = runs.new_warehouse()
    runs.finish(place)
    assert tables(place, f"raw_{source}") == expected

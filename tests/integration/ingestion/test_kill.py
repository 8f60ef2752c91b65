"""kill -9 at a named step, then one more run: the same tables as one clean run."""

from __future__ import annotations

import functools
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.seam import read_entities
from ingestion.sources.files.spec import FilesSettings
from tests.integration.ingestion.conftest import new_place

pytestmark = pytest.mark.integration
SCRIPT = Path(__file__).parent / "killed_load.py"
ROOT = Path(__file__).parents[3]
STEPS = (
    "extracting",
    "extracted",
    "normalized",
    "statement3",
    "statement12",
    "statement30",
    "state_written",
    "loaded",
    "unsettled",
)
CASES = [("duckdb", step) for step in STEPS] + [
    pytest.param("postgres", step, marks=pytest.mark.postgres)
    for step in ("normalized", "statement12", "statement30", "state_written")
]
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


@pytest.fixture(scope="module")
def feed(tmp_path_factory) -> FilesSettings:
    home = tmp_path_factory.mktemp("feed")
    folder = home / "feed"
    folder.mkdir()
    (home / "lines.yml").write_text(MAPPING)
    for number in range(6):
        rows = [f"{n},{n % 7},2026-01-{9 - number:02},{n % 5}" for n in range(400)]
        (folder / f"{number}.csv").write_text("\n".join(["order,who,day,units", *rows]))
    feeds = [{"mapping": str(home / "lines.yml"), "path": str(folder)}]
    return FilesSettings(_env_file=None, feeds=feeds)


@pytest.fixture(scope="module")
def clean_tables(feed, request, tmp_path_factory):
    """What one clean run gives, by engine."""

    @functools.cache
    def load(engine: str):
        place = new_place(request, tmp_path_factory.mktemp("clean"), engine)
        place.load("files", feed)
        return tables(place)

    return load


def start(place, feed, step: str) -> subprocess.Popen[bytes]:
    settings = place.settings
    is_postgres = settings.warehouse == "postgres"
    target = settings.postgres_url.get_secret_value() if is_postgres else settings.duckdb_path
    one = feed.feeds[0]
    return subprocess.Popen(
        [sys.executable, SCRIPT, settings.warehouse, str(target), str(settings.data_dir),
         settings.warehouse_env, one.mapping, one.path, step],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def tables(place):
    names = [*read_entities(place.settings, "files"), "_rejected"]
    return place.everything("raw_files", names)


@pytest.mark.pitfall(29)
@pytest.mark.parametrize(("place", "step"), CASES, indirect=["place"])
def test_killed_at_a_step_and_started_again(place, feed, step, clean_tables):
    process = start(place, feed, step)
    assert process.wait(60) == -signal.SIGKILL
    place.load("files", feed)
    expected = clean_tables(place.settings.warehouse)
    assert len(expected["order_lines"]) == 2400
    assert tables(place) == expected
    assert place.load("files", feed).extracted_rows == 0
    assert tables(place) == expected

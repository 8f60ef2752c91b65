"""kill -9 in the middle, then one more run: the same tables as one clean run."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingestion.seam import read_entities
from ingestion.sources.files.spec import FilesSettings

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
    "loaded",
    "unsettled",
)
CASES = [("duckdb", step) for step in STEPS] + [
    pytest.param("postgres", step, marks=pytest.mark.postgres)
    for step in ("normalized", "statement12", "statement30")
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


@pytest.fixture
def feed(tmp_path: Path) -> FilesSettings:
    folder = tmp_path / "feed"
    folder.mkdir()
    (tmp_path / "lines.yml").write_text(MAPPING)
    for number in range(6):
        rows = [f"{n},{n % 7},2026-01-{9 - number:02},{n % 5}" for n in range(400)]
        (folder / f"{number}.csv").write_text("\n".join(["order,who,day,units", *rows]))
    feeds = [{"mapping": str(tmp_path / "lines.yml"), "path": str(folder)}]
    return FilesSettings(_env_file=None, feeds=feeds)


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


def check_same_as_a_clean_run(place, feed) -> None:
    found = tables(place)
    assert len(found["order_lines"]) == 2400
    assert len({row["line_id"] for row in found["order_lines"]}) == 2400
    assert len(found["customers"]) == 7
    assert {row["_source_file"] for row in found["customers"]} == {"5.csv"}
    assert place.load("files", feed).extracted_rows == 0
    assert tables(place) == found


@pytest.mark.pitfall(29)
@pytest.mark.parametrize(("place", "step"), CASES, indirect=["place"])
def test_killed_at_a_step_and_started_again(place, feed, step):
    process = start(place, feed, step)
    assert process.wait(60) == -signal.SIGKILL
    place.load("files", feed)
    check_same_as_a_clean_run(place, feed)


def test_killed_at_ten_random_moments_and_started_again(duckdb_place, feed):
    chance = random.Random(7)
    killed = 0
    for _ in range(10):
        process = start(duckdb_place, feed, "never")
        time.sleep(chance.uniform(0.8, 3.5))
        process.kill()
        killed += process.wait(60) == -signal.SIGKILL
    assert killed
    duckdb_place.load("files", feed)
    check_same_as_a_clean_run(duckdb_place, feed)

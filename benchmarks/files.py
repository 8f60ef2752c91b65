"""A real gift shop's invoices into DuckDB, beside the floor: DuckDB reading the files alone."""

import os
import time
from pathlib import Path

import duckdb

from benchmarks.measure import Row
from ingestion.run import ingest
from ingestion.settings import Settings
from ingestion.sources.files.spec import Feed, FilesSettings

DATA = Path(os.environ.get("SAMPLE_DATA") or "../shared/data") / "online_retail"


def measure(folder: Path) -> list[Row]:
    """Loads the files by the mapping, then reads them with nothing around it."""
    if not DATA.is_dir():
        return []
    start = time.perf_counter()
    settings = Settings(data_dir=folder, duckdb_path=folder / "retail.duckdb", sources=("files",))
    feed = Feed(mapping="online_retail", path=str(DATA))
    ingest(settings, "files", section=FilesSettings(feeds=(feed,)))
    ours = time.perf_counter() - start
    floor, lines = read_alone(folder)
    return [Row(f"files: {lines:,} invoice lines", ours, "s", "DuckDB's CSV reader alone", floor)]


def read_alone(folder: Path) -> tuple[float, int]:
    """Seconds and rows of the same files as one table of text."""
    start = time.perf_counter()
    with duckdb.connect(str(folder / "floor.duckdb")) as connection:
        connection.execute(
            "create table lines as select * from read_csv(?, header = true, all_varchar = true)",
            [str(DATA / "*.csv.gz")],
        )
        (lines,) = connection.execute("select count(*) from lines").fetchone() or (0,)
    return time.perf_counter() - start, int(lines)

"""One day's increment: the incremental models beside their own full refresh, in one warehouse.

The simulated shop is loaded and built, a day passes, what is new of it is loaded and built again.
Beside the models stand the wall time of that whole build and the part of it that is dbt's own:
starting, reading the project, talking of models, and not running them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.measure import Row, Run, run
from benchmarks.simulated import simulated_shop

SIZE = "bench"
SOURCES = ("shopify", "fx_rates", "meta_ads", "ga4_events", "web_events", "klaviyo")
TARGET_SHARE = 0.15
DBT_THREADS = 2


@dataclass(frozen=True)
class Build:
    """A `dbt run` of everything.

    Attributes:
        wall: Seconds from start to end.
        incremental: Seconds of each incremental model.
        models: Seconds of all models together.
    """

    wall: float
    incremental: Mapping[str, float]
    models: float

    @property
    def together(self) -> float:
        """Seconds of the incremental models."""
        return sum(self.incremental.values())

    @property
    def own_share(self) -> float:
        """Seconds that were dbt's own: the models ran side by side."""
        return self.wall - self.models / DBT_THREADS


def measure(folder: Path) -> list[Row]:
    """Both builds, and every incremental model in both."""
    with simulated_shop(folder / "state", "--size", SIZE) as variables:
        shop = _Shop(folder, variables)
        shop.load()
        whole = shop.build("--full-refresh")
        shop.pass_day()
        shop.load()
        day = shop.build()
    rows = [
        Row("incremental models, one day", day.together, "s", "their full refresh",
            whole.together, target=TARGET_SHARE * whole.together),
        Row("the whole build of that day", day.wall, "s", "a whole full refresh", whole.wall),
        Row("dbt's own share of it", day.own_share, "s", "of the full refresh", whole.own_share),
    ]  # fmt: skip
    rows += [
        Row(f"{name}, one day", day.incremental[name], "s", "its full refresh", seconds)
        for name, seconds in whole.incremental.items()
    ]
    return rows


class _Shop:
    """A warehouse of its own in a folder, loaded from the simulated shop."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self._folder = folder
        place = {"DATA_DIR": str(folder / "data"), "DUCKDB_PATH": str(folder / "w.duckdb")}
        own = {"PATH": os.environ["PATH"], "SOURCES": ",".join(SOURCES)}
        self._environment = {**variables, **own, **place}
        self._state = folder / "state"

    def load(self) -> None:
        """Every source."""
        for source in SOURCES:
            self._basketline("ingest", source)

    def pass_day(self) -> None:
        """The simulated shop's clock moves on."""
        port = urlsplit(self._environment["FX_RATES__BASE_URL"]).port
        place = ("--port", str(port), "--state", str(self._state))
        command = [sys.executable, "-m", "sandbox", "advance", "--days", "1", *place]
        run(command, cwd=Path.cwd(), env=self._environment)

    def build(self, *arguments: str) -> Build:
        """Seeds and models, without tests."""
        self._basketline("dbt", "seed")
        wall = self._basketline("dbt", "run", *arguments).seconds
        (target,) = (self._folder / "data" / "dbt").iterdir()
        nodes = json.loads((target / "manifest.json").read_text())["nodes"]
        results = json.loads((target / "run_results.json").read_text())["results"]
        seconds = {result["unique_id"]: result["execution_time"] for result in results}
        return Build(
            wall,
            {
                nodes[name]["name"]: taken
                for name, taken in seconds.items()
                if nodes[name]["config"]["materialized"] == "incremental"
            },
            sum(seconds.values()),
        )

    def _basketline(self, *arguments: str) -> Run:
        command = str(Path(sys.executable).parent / "basketline")
        return run([command, *arguments], cwd=self._folder, env=self._environment)

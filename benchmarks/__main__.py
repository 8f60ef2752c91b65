"""`make bench [ONLY=name]`: every benchmark, one table, written to benchmarks/results/.

A choice of them is only printed.
"""

import argparse
import datetime as dt
import importlib
import pkgutil
import platform
import subprocess
import tempfile
from pathlib import Path

import psutil
from rich.console import Console

import benchmarks
from benchmarks.measure import GIB, Row

RESULTS = Path(__file__).parent / "results"
NOT_BENCHMARKS = {"__main__", "builds", "measure", "raw_rows", "simulated"}


def names() -> list[str]:
    """The benchmarks: every module here that has a `measure`."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(set(found) - NOT_BENCHMARKS)


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| what | ours | unit | beside | theirs | ratio | target | |",
        "| --- | ---: | --- | --- | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        cells = [
            row.what,
            f"{row.ours:,.2f}",
            row.unit,
            row.beside,
            "" if row.theirs is None else f"{row.theirs:,.2f}",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            "" if row.target is None else f"{row.target:,.0f}",
            row.verdict,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def header() -> str:
    """Where and when: date, commit, machine."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    memory = psutil.virtual_memory().total / GIB
    return (
        f"# Measured {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC\n\n"
        f"Commit {commit}; {psutil.cpu_count()} cores, {memory:.0f} GiB, "
        f"Python {platform.python_version()}.\n"
    )


def main() -> None:
    """Runs the benchmarks that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", help=f"of {', '.join(names())}; default: all")
    chosen = parser.parse_args().only or names()
    if unknown := set(chosen) - set(names()):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    console = Console()
    rows: list[Row] = []
    for name in chosen:
        console.print(f"… {name}")
        with tempfile.TemporaryDirectory(prefix="basketline-bench-") as folder:
            rows += importlib.import_module(f"benchmarks.{name}").measure(Path(folder))
    page = f"{header()}\n{table(rows)}\n"
    if chosen == names():
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "latest.md").write_text(page)
    console.print(page, markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()

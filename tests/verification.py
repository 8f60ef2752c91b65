"""Runs suites by their make targets and writes what came of each to `docs/verification.md`.

`make test-all` runs every suite; `python -m tests.verification test-snowflake` one of them. The
rows of suites that are not run stay as they are.
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).parent.parent
PAGE = PROJECT / "docs/verification.md"
# Parts of `test`, and this script itself.
NO_SUITES = {"test-unit", "test-integration", "test-e2e", "test-all"}
HEAD = """# What was run, and what came of it

Written by `make test-all`: one row a suite, of its last run.

| suite | date | commit | seconds | passed | failed | skipped |
| --- | --- | --- | ---: | ---: | ---: | ---: |
"""
COUNTED = re.compile(r"(\d+) (passed|failed|error|skipped)")


def suites() -> list[str]:
    """The make targets that are suites: `test`, and those that are too slow for it."""
    targets = re.findall(r"^(test[a-z-]*):", (PROJECT / "Makefile").read_text(), flags=re.MULTILINE)
    return [target for target in targets if target not in NO_SUITES]


def run(suite: str, today: dt.date) -> tuple[str, bool]:
    """Runs a suite, showing what it prints; gives its row, and whether it went well."""
    ran_on, started, lines = commit(), time.monotonic(), []
    with subprocess.Popen(
        ["make", suite], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            lines.append(line)
    went_well = process.returncode == 0
    cells = [suite, str(today), ran_on, f"{time.monotonic() - started:.0f}"]
    cells += [str(count) for count in counts(lines, went_well=went_well)]
    return f"| {' | '.join(cells)} |", went_well


def counts(lines: list[str], *, went_well: bool) -> tuple[int, int, int]:
    """How many tests passed, failed and were skipped; a suite that cannot even start has failed."""
    found = dict.fromkeys(("passed", "failed", "skipped"), 0)
    summary = next((line for line in reversed(lines) if COUNTED.search(line)), "")
    for count, outcome in COUNTED.findall(summary):
        found["failed" if outcome == "error" else outcome] += int(count)
    failed = found["failed"] or int(not went_well)
    return found["passed"], failed, found["skipped"]


def commit() -> str:
    """The commit, with a star where files differ from it; the page itself does not count."""
    name = _git("rev-parse", "--short=7", "HEAD")
    page = str(PAGE.relative_to(PROJECT))
    return name + "*" * bool(_git("status", "--porcelain", "--", ".", f":!{page}"))


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.strip()


def written() -> dict[str, str]:
    """The rows of the page, by suite."""
    text = PAGE.read_text() if PAGE.exists() else ""
    return {row.split(" | ")[0].strip("| "): row for row in text.splitlines() if "| test" in row}


def main(chosen: list[str]) -> int:
    """Runs the chosen suites, or all; 1 where one failed."""
    unknown = set(chosen) - set(suites())
    if unknown:
        sys.exit(f"No suite {', '.join(sorted(unknown))}; there are {', '.join(suites())}")
    failed = False
    for suite in chosen or suites():
        row, went_well = run(suite, dt.datetime.now(dt.UTC).date())
        failed |= not went_well
        rows = {**written(), suite: row}
        ordered = [rows[name] for name in suites() if name in rows]
        PAGE.write_text(HEAD + "\n".join(ordered) + "\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

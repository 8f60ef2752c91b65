"""`make demo` from nothing, and once more with nothing new; beside them the targets."""

import os
import sys
from pathlib import Path

from benchmarks.measure import GIB, Row, Run, run

FIRST_SECONDS, SECOND_SECONDS, PEAK_GIB = 300, 60, 4


def measure(folder: Path) -> list[Row]:
    """Runs the demo twice in a folder of its own."""
    first, second = demo(folder), demo(folder)
    return [
        Row("demo, 5,000 customers and two years", first.seconds, "s", target=FIRST_SECONDS),
        Row("its peak memory", first.peak_bytes / GIB, "GiB", target=PEAK_GIB),
        Row("second demo, nothing new", second.seconds, "s", target=SECOND_SECONDS),
    ]


def demo(folder: Path) -> Run:
    """One `basketline demo`, with settings of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = Path(sys.executable).parent / "basketline"
    return run([str(command), "demo"], cwd=folder, env=kept)

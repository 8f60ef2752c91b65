"""What a benchmark gives back, and how a command is measured."""

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.2
GIB = 1024**3


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: What was measured, with its size.
        ours: The figure.
        unit: Its unit.
        beside: What stands beside it: a peer, the floor, or nothing.
        theirs: The figure of that, from the same run.
        target: The figure that was promised; its sign says on which side of it is good.
        smaller_is_better: Whether it is a time or a size.
    """

    what: str
    ours: float
    unit: str
    beside: str = ""
    theirs: float | None = None
    target: float | None = None
    smaller_is_better: bool = True

    @property
    def ratio(self) -> float | None:
        """Ours over theirs."""
        return self.ours / self.theirs if self.theirs else None

    @property
    def verdict(self) -> str:
        """Whether the target is met."""
        if self.target is None:
            return ""
        met = self.ours <= self.target if self.smaller_is_better else self.ours >= self.target
        return "met" if met else "missed"


@dataclass(frozen=True)
class Run:
    """A command that was measured.

    Attributes:
        seconds: Wall time.
        peak_bytes: Largest resident memory of the command and its children together.
        output: What it printed.
    """

    seconds: float
    peak_bytes: int
    output: str


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Run:
    """Runs a command to its end and watches its memory.

    Raises:
        subprocess.CalledProcessError: Where it fails.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    peaks: list[int] = [0]
    watcher = threading.Thread(target=_watch, args=(process, peaks), daemon=True)
    watcher.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - start
    watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Run(seconds, max(peaks), output)


def _watch(process: "subprocess.Popen[str]", peaks: list[int]) -> None:
    while process.poll() is None:
        peaks.append(_resident(process.pid))
        time.sleep(SAMPLE_SECONDS)


def _resident(pid: int) -> int:
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total

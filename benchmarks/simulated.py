"""A simulated shop for a benchmark, and the settings that point to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.lib.ports import free_port
from orchestration.lib.simulated_shop import running, settings_of


@contextmanager
def simulated_shop(folder: Path, *options: str) -> Iterator[dict[str, str]]:
    """A sandbox of the demo's size as long as the block runs.

    Args:
        folder: Its state folder.
        *options: For `python -m sandbox`, for example `--now`.

    Yields:
        The variables that point the product to it.
    """
    port = free_port()
    with running(port, folder, "--size", "demo", *options):
        lines = settings_of(port, folder).splitlines()
        yield dict(line.split("=", 1) for line in lines if "=" in line)

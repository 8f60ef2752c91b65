"""Files that are put in their place whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def write(path: Path, writer: Callable[[Path], object]) -> None:
    """Write a file beside its place and put it there whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    writer(beside)
    os.replace(beside, path)  # noqa: PTH105 - atomic, and says so


def write_text(path: Path, text: str) -> bool:
    """Write a text file if its content is new; returns whether it was."""
    if path.exists() and path.read_text("utf-8") == text:
        return False
    write(path, lambda beside: beside.write_text(text, "utf-8"))
    return True

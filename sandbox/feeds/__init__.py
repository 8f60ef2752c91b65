"""Sources that are read as files from the state folder.

A feed is a module here, or beside its vendor, with a module-level ``FEED = Feed(...)``: it is
found by itself, written at the start and on every advance, and its settings are told.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sandbox import vendors
from sandbox.world.ledger import Ledger


@dataclass(frozen=True)
class Feed:
    """One source that is read as files.

    Attributes:
        name: The product's word for the source.
        settings: The product's settings that read it, from the state folder.
        publish: Writes its files as of the clock; returns those that changed, relative to the
            folder.
    """

    name: str
    settings: Callable[[Path], dict[str, str]]
    publish: Callable[[Ledger, pd.Timestamp, Path], list[str]]


def feeds() -> Iterator[Feed]:
    """Every feed, by name of its module."""
    for package in (__name__, vendors.__name__):
        folder = importlib.import_module(package).__path__
        for module in sorted(pkgutil.iter_modules(folder), key=lambda found: found.name):
            feed = getattr(importlib.import_module(f"{package}.{module.name}"), "FEED", None)
            if isinstance(feed, Feed):
                yield feed

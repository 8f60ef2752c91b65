"""The state folder: which world it holds, its clock, and the generated tables."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sandbox import world
from sandbox.clock import Clock
from sandbox.feeds import feeds
from sandbox.world.generate import generate
from sandbox.world.ledger import Ledger
from sandbox.world.presets import PRESETS
from sandbox.world.schema import TABLES
from sandbox.world.world import World
from sandbox.writing import write, write_text

NOON = pd.Timedelta(hours=12)
"""A date given as the clock means noon UTC: the day before is then complete in every zone."""


class StateError(Exception):
    """What was asked for does not go together with the world; the message says how to mend it."""


@dataclass
class Store:
    """A state folder.

    Attributes:
        folder: Where it lies.
    """

    folder: Path

    def open(self, size: str, seed: int, now: pd.Timestamp | None) -> World:
        """The world of a size and seed, generated or read again, at the right time.

        Args:
            size: Key of ``PRESETS``.
            seed: Seed of the world.
            now: The clock; ``None``: where it was left, or the preset's.

        Raises:
            StateError: The clock lies outside the world.
        """
        known = self._known()
        if {"size": size, "seed": seed, "code": fingerprint()}.items() <= known.items():
            ledger = self._read()
            left = pd.Timestamp(known["now"])
        else:
            self._clear()
            ledger = generate(size, seed)
            self._keep(ledger)
            left = pd.Timestamp(PRESETS[size].now, tz="UTC") + NOON
        clock = Clock(now if now is not None else left)
        opened = World(ledger, clock, size, seed)
        check_clock(size, clock.now)
        self.save(opened)
        return opened

    def save(self, opened: World) -> None:
        """Remember the world and its clock."""
        state = {
            "size": opened.size,
            "seed": opened.seed,
            "code": fingerprint(),
            "now": opened.clock.now.isoformat(),
        }
        write_text(self.folder / "state.json", json.dumps(state, indent=2) + "\n")

    def _known(self) -> dict[str, object]:
        path = self.folder / "state.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else {}

    def _clear(self) -> None:
        """Remove what belongs to another world; nothing but the sandbox's own."""
        (self.folder / "state.json").unlink(missing_ok=True)
        for name in ("world", "truth", *(feed.name for feed in feeds())):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def _keep(self, ledger: Ledger) -> None:
        for name, frame in ledger.tables().items():
            path = self.folder / f"world/{name}.parquet"
            write(path, lambda beside, frame=frame: frame.to_parquet(beside, compression="lz4"))

    def _read(self) -> Ledger:
        folder = self.folder / "world"
        return Ledger(**{name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES})


def check_clock(size: str, now: pd.Timestamp) -> None:
    """Refuse a time before or after the world.

    Raises:
        StateError: With the limits.
    """
    preset = PRESETS[size]
    first, last = (pd.Timestamp(day, tz="UTC") for day in (preset.start, preset.end))
    if not first <= now <= last:
        raise StateError(
            f"the clock cannot stand at {now:%Y-%m-%d}: the {size} world goes from "
            f"{preset.start} to {preset.end}; choose --now between them"
        )


def fingerprint() -> str:
    """Tells the code that made a world apart from a later one."""
    digest = hashlib.sha256()
    for path in sorted(Path(world.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

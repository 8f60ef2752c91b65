"""The world: one generated ledger, and views of it behind the clock."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from sandbox.clock import Clock
from sandbox.world.ledger import Ledger


@dataclass
class World:
    """A generated world.

    Attributes:
        ledger: Everything, the future included; vendors must not read it.
        clock: Behind it nothing is visible.
        size: Preset it was generated with.
        seed: Seed it was generated with.
    """

    ledger: Ledger
    clock: Clock
    size: str
    seed: int
    _views: dict[pd.Timestamp, Ledger] = field(default_factory=dict)

    def view(self) -> Ledger:
        """The ledger as of the clock; the same object until the clock moves."""
        now = self.clock.now
        if now not in self._views:
            self._views = {now: self.ledger.as_of(now)}
        return self._views[now]

"""The world's time, and the seconds that rate limits count.

Both are virtual: the world stands still until it is advanced, and a limiter's bucket refills by
the requests that pass and by the waits it asks for, so that a test waits for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

SECONDS_PER_REQUEST = 0.05


@dataclass
class Clock:
    """The sandbox's clock.

    Attributes:
        now: The world's time (UTC); nothing later is visible.
        seconds: Virtual seconds for rate limits; only ever grows.
    """

    now: pd.Timestamp
    seconds: float = field(default=0.0)

    def advance(self, by: pd.Timedelta) -> None:
        """Move the world's time on."""
        self.now = self.now + by
        self.seconds += by.total_seconds()

    def request(self) -> float:
        """Count one request; returns the virtual seconds at which it is served."""
        self.seconds += SECONDS_PER_REQUEST
        return self.seconds

    def wait(self, seconds: float) -> None:
        """Let the wait that a refused client is told of pass at once."""
        self.seconds += seconds

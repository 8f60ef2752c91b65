"""A vendor's limit of so many requests in so many seconds, on the virtual clock."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sandbox.clock import Clock


@dataclass
class RequestLimit:
    """Windows of a fixed length, one for each account, that start with its first request.

    Attributes:
        clock: The virtual clock.
        requests: So many requests
        seconds: in so many virtual seconds.
    """

    clock: Clock
    requests: int
    seconds: float
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def take(self, account: str) -> int | None:
        """Count a request.

        Args:
            account: Whose.

        Returns:
            None where it is allowed, else the whole seconds to wait; they then pass at once.
        """
        now = self.clock.request()
        start, used = self._windows.get(account, (now, 0))
        if now - start >= self.seconds:
            start, used = now, 0
        if used >= self.requests:
            wait = math.ceil(self.seconds - (now - start))
            self.clock.wait(wait)
            return wait
        self._windows[account] = (start, used + 1)
        return None

    def used(self, account: str) -> int:
        """How many requests of the window are gone."""
        return self._windows.get(account, (0.0, 0))[1]

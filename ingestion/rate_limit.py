"""Keeps a client below a vendor's limit, so that it is not told to wait."""

from __future__ import annotations

from collections.abc import Callable

from ingestion.spec import RateLimit


class Limiter:
    """A bucket of requests that fills at the vendor's rate.

    Args:
        limit: The vendor's limit; None lets everything through.
        clock: Seconds, from any start.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        limit: RateLimit | None,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._limit = limit
        self._clock = clock
        self._sleep = sleep
        self._tokens = limit.requests if limit else 0.0
        self._at = clock()

    def acquire(self) -> None:
        """Waits until one more request is allowed, and counts it."""
        if self._limit is None:
            return
        per_second = self._limit.requests / self._limit.seconds
        self._fill(per_second)
        if self._tokens < 1:
            self._sleep((1 - self._tokens) / per_second)
            self._fill(per_second)
        self._tokens -= 1

    def _fill(self, per_second: float) -> None:
        now = self._clock()
        assert self._limit is not None
        gained = max(now - self._at, 0.0) * per_second
        self._tokens = min(self._limit.requests, self._tokens + gained)
        self._at = now

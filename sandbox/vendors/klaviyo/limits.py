"""Klaviyo's rate limits: windows of a second and of a minute for each operation and account."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.request_limit import RequestLimit
from sandbox.vendors.klaviyo.errors import throttled

SECOND, MINUTE = 1.0, 60.0


@dataclass
class Limits:
    """How often every operation may be asked for.

    Attributes:
        clock: The virtual clock.
        scale: So many times what Klaviyo allows.
    """

    clock: Clock
    scale: int = 1
    _windows: dict[tuple[str, float], RequestLimit] = field(default_factory=dict)

    def count(self, account: str, operation: str, burst: int, steady: int) -> dict[str, str]:
        """Count a request and return the headers that tell what is left.

        Args:
            account: Whose key.
            operation: What was asked for.
            burst: Requests a second.
            steady: Requests a minute.

        Raises:
            KlaviyoError: 429; the wait that it asks for then passes at once.
        """
        for seconds, most in ((MINUTE, steady), (SECOND, burst)):
            wait = self._window(operation, seconds, most).take(account)
            if wait is not None:
                raise throttled(max(1, wait))
        used = self._window(operation, SECOND, burst).used(account)
        return {
            "RateLimit-Limit": f"{burst}, {burst};w=1, {steady};w=60",
            "RateLimit-Remaining": str(burst * self.scale - used),
            "RateLimit-Reset": "1",
        }

    def _window(self, operation: str, seconds: float, most: int) -> RequestLimit:
        key = (operation, seconds)
        if key not in self._windows:
            self._windows[key] = RequestLimit(self.clock, most * self.scale, seconds)
        return self._windows[key]

"""Pinterest's limits: so many requests a minute by category, on the virtual clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.vendors.pinterest_ads.errors import too_many

MINUTE = 60.0


@dataclass
class Limits:
    """Requests of the last minute.

    Attributes:
        clock: The virtual clock.
        a_minute: Most of them by category.
    """

    clock: Clock
    a_minute: dict[str, int] = field(
        default_factory=lambda: {"ads_read": 1_000, "ads_analytics": 300}
    )
    _seen: dict[str, list[float]] = field(default_factory=dict)

    def use(self, category: str) -> dict[str, str]:
        """Count a request; returns the headers that tell what is left.

        Raises:
            PinterestError: Too many; the wait then passes at once.
        """
        now, most = self.clock.request(), self.a_minute[category]
        recent = [then for then in self._seen.get(category, []) if now - then < MINUTE]
        self._seen[category] = [*recent, now]
        if len(recent) >= most:
            self.clock.wait(MINUTE)
            raise too_many()
        return {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(most - len(recent) - 1),
            "X-RateLimit-Reset": str(int(MINUTE)),
        }

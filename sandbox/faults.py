"""Faults on request: what a vendor does wrong with its next requests.

``POST /_sandbox/faults`` with ``{"vendor": "shopify", "kind": "throttle", "count": 3}`` lets the
next three requests of that vendor fail in that way; kinds queue up and never happen by chance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What can go wrong."""

    THROTTLE = "throttle"  # the vendor's own 429 or throttle error
    SERVER_ERROR = "server_error"  # 5xx with the vendor's body
    TIMEOUT = "timeout"  # no answer until the client gives up
    CUT_CONNECTION = "cut_connection"  # headers, then the socket closes
    CUT_JSON = "cut_json"  # status 200, half of the body
    DUPLICATE_PAGE = "duplicate_page"  # the page before is sent again
    SHIFTING_PAGE = "shifting_page"  # a row moves to the next page between two requests
    BULK_FAILED = "bulk_failed"  # the next bulk operation stops half-way
    LATE_UPDATE = "late_update"  # an old row changes while it is being read


@dataclass
class Faults:
    """The faults still to come, by vendor, first in first out.

    Attributes:
        timeout_seconds: How long a timed-out request is held before the socket closes.
    """

    timeout_seconds: float = 2.0
    pending: dict[str, list[Fault]] = field(default_factory=dict)

    def schedule(self, vendor: str, kind: Fault, count: int = 1) -> None:
        """Let the next ``count`` requests of ``vendor`` fail as ``kind``."""
        self.pending.setdefault(vendor, []).extend([kind] * count)

    def take(self, vendor: str, *kinds: Fault) -> Fault | None:
        """The vendor's next fault if it is one of ``kinds``; it is then used up."""
        queue = self.pending.get(vendor, [])
        if queue and queue[0] in kinds:
            return queue.pop(0)
        return None

    def clear(self) -> None:
        """Forget all faults."""
        self.pending.clear()

"""Shopify's leaky bucket of query cost, as every answer tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

BACK_OFF_FROM = 0.8
DEFAULT_WAIT_SECONDS = 1.0
_LATER_CODES = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE"})


class CostBucket:
    """Waits before a request rather than being refused.

    Args:
        clock: Seconds, from any start.
        sleep: Waits so many seconds.
    """

    def __init__(self, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._status: Mapping[str, float] = {}
        self._seen_at = 0.0

    def observe(self, body: Any) -> None:
        """Takes the state of the bucket from an answer."""
        status = _cost(body).get("throttleStatus")
        if status:
            self._status = status
            self._seen_at = self._clock()

    def wait(self) -> None:
        """Waits until less than 80 % of the bucket is used."""
        if not self._status:
            return
        maximum, rate = self._status["maximumAvailable"], self._status["restoreRate"]
        restored = max(self._clock() - self._seen_at, 0.0) * rate
        available = min(self._status["currentlyAvailable"] + restored, maximum)
        floor = maximum * (1 - BACK_OFF_FROM)
        if available < floor:
            self._sleep((floor - available) / rate)


def seconds_to_wait(_status: int, body: Any) -> float | None:
    """Recognises "later" in an answer with status 200.

    Args:
        _status: The HTTP status; throttling has 200 too.
        body: The decoded body.

    Returns:
        Seconds until the bucket holds what the query asks for; None where nothing is to wait for.
    """
    codes = {error_code(error) for error in errors_of(body)}
    if "THROTTLED" in codes:
        cost = _cost(body)
        status = cost.get("throttleStatus") or {}
        missing = (cost.get("requestedQueryCost") or 0) - (status.get("currentlyAvailable") or 0)
        rate = status.get("restoreRate") or 0
        return max(missing / rate, 0.0) if rate else DEFAULT_WAIT_SECONDS
    return DEFAULT_WAIT_SECONDS if codes & _LATER_CODES else None


def errors_of(body: Any) -> list[Mapping[str, Any]]:
    """The errors of an answer; Shopify sends some as plain text."""
    errors = body.get("errors") if isinstance(body, dict) else None
    if isinstance(errors, str):
        return [{"message": errors}]
    return [error for error in errors or [] if isinstance(error, dict)]


def error_code(error: Mapping[str, Any]) -> str:
    """What kind of error it is; empty where Shopify does not say."""
    return str((error.get("extensions") or {}).get("code") or "")


def _cost(body: Any) -> Mapping[str, Any]:
    extensions = body.get("extensions") if isinstance(body, dict) else None
    return (extensions or {}).get("cost") or {}

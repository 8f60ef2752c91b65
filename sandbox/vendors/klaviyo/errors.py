"""Klaviyo's error bodies."""

from __future__ import annotations

from typing import Any

ERROR_ID = "5d0c3f2e-8f6a-4f0e-9c1b-7a2b1c3d4e5f"


class KlaviyoError(Exception):
    """A request that Klaviyo refuses.

    Attributes:
        status: HTTP status.
        code: Klaviyo's word for it.
        title: What it says first.
        parameter: The parameter that is wrong, or empty.
        retry_after: Seconds, of a 429.
    """

    def __init__(
        self,
        detail: str,
        *,
        status: int = 400,
        code: str = "invalid",
        title: str = "Invalid input.",
        parameter: str = "",
        retry_after: int = 0,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.title = status, code, title
        self.parameter, self.retry_after = parameter, retry_after

    def body(self) -> dict[str, Any]:
        """The JSON that Klaviyo sends."""
        error: dict[str, Any] = {
            "id": ERROR_ID,
            "status": self.status,
            "code": self.code,
            "title": self.title,
            "detail": str(self),
            "source": {"pointer": "/data/"},
        }
        if self.parameter:
            error["source"] = {"parameter": self.parameter}
        return {"errors": [error]}


def bad_key() -> KlaviyoError:
    """401."""
    return KlaviyoError(
        "Missing or invalid private key.",
        status=401,
        code="not_authenticated",
        title="Authentication credentials were not provided.",
    )


def throttled(seconds: int) -> KlaviyoError:
    """429."""
    return KlaviyoError(
        f"Request was throttled. Expected available in {seconds} second"
        f"{'s' if seconds != 1 else ''}.",
        status=429,
        code="throttled",
        title="Request was throttled.",
        retry_after=seconds,
    )


def not_found() -> KlaviyoError:
    """404."""
    return KlaviyoError(
        "The path or the object does not exist.",
        status=404,
        code="not_found",
        title="Not found.",
    )

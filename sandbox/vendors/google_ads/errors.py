"""Google's error bodies: those of all its APIs, with Google Ads' own failures inside."""

from __future__ import annotations

from typing import Any

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
}
MESSAGES = {
    400: "Request contains an invalid argument.",
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login"
    " cookie or other valid authentication credential.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    429: "Resource has been exhausted (e.g. check quota).",
    500: "Internal error encountered.",
}
FAILURE = "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure"
REQUEST_ID = "sandbox-request-id"


class AdsError(Exception):
    """A request that Google refuses.

    Attributes:
        status: HTTP status.
        kind: Field of ErrorCode, such as ``queryError``.
        name: The error's name.
        details: Further fields of the error.
    """

    def __init__(
        self, status: int, kind: str, name: str, message: str, details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.kind, self.name, self.details = status, kind, name, details

    def body(self) -> dict[str, Any]:
        """The JSON that Google sends."""
        error: dict[str, Any] = {"errorCode": {self.kind: self.name}, "message": str(self)}
        if self.details:
            error["details"] = self.details
        failure = {"@type": FAILURE, "errors": [error], "requestId": REQUEST_ID}
        return {
            "error": {
                "code": self.status,
                "message": MESSAGES[self.status],
                "status": STATUSES[self.status],
                "details": [failure],
            }
        }


def bad_query(name: str, message: str) -> AdsError:
    """A query that cannot be answered."""
    return AdsError(400, "queryError", name, f"Error in query: {message}")


def bad_request(name: str, message: str) -> AdsError:
    """A request that cannot be answered."""
    return AdsError(400, "requestError", name, message)


def exhausted(seconds: int) -> AdsError:
    """Too many operations."""
    details = {
        "quotaErrorDetails": {
            "rateScope": "DEVELOPER",
            "rateName": "Number of operations for basic access",
            "retryDelay": f"{seconds}s",
        }
    }
    message = f"Too many requests. Retry in {seconds} seconds."
    return AdsError(429, "quotaError", "RESOURCE_EXHAUSTED", message, details)

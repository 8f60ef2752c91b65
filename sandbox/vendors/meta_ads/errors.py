"""Meta's error bodies."""

from __future__ import annotations

from typing import Any

TRACE = "AbCsandboxTRACE"


class GraphError(Exception):
    """A request that Meta refuses.

    Attributes:
        status: HTTP status.
        code: Meta's code: 4, 17, 613 too many calls, 100 bad parameter, 190 bad token.
        subcode: Its subcode, or 0.
    """

    def __init__(self, message: str, code: int, subcode: int = 0, *, status: int = 400) -> None:
        super().__init__(message)
        self.status, self.code, self.subcode = status, code, subcode

    def body(self) -> dict[str, Any]:
        """The JSON that Meta sends."""
        error: dict[str, Any] = {
            "message": str(self),
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": TRACE,
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
            error["error_user_title"] = "Request not possible"
            error["error_user_msg"] = str(self)
        return {"error": error}


def bad_parameter(message: str, subcode: int = 0) -> GraphError:
    """Code 100."""
    return GraphError(f"(#100) {message}", 100, subcode)


def bad_token() -> GraphError:
    """Code 190."""
    return GraphError("Invalid OAuth access token - Cannot parse access token", 190)


def too_much_data() -> GraphError:
    """Code 100, subcode 1487534: ask for less, or asynchronously."""
    message = "Please reduce the amount of data you're asking for, then retry your request"
    return GraphError(message, 100, 1487534, status=500)


def user_limit() -> GraphError:
    """Code 17: too many calls for the ad account's objects."""
    return GraphError("(#17) User request limit reached.", 17, 2446079)


def account_limit() -> GraphError:
    """Code 613: too many insights calls of the ad account."""
    message = "(#613) There have been too many calls from this ad-account. Wait a bit and try again"
    return GraphError(message, 613, 1487742)


def app_limit() -> GraphError:
    """Code 4: too many calls of the app."""
    return GraphError("(#4) Application request limit reached", 4, 1504022)

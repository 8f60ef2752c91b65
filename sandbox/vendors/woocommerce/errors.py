"""Errors as WordPress writes them."""

from __future__ import annotations

from typing import Any


class RestError(Exception):
    """A request that is refused.

    Attributes:
        status: HTTP status.
        code: WordPress's code of the error.
        data: Further facts in `data`.
        headers: Beside the usual ones.
    """

    def __init__(self, status: int, code: str, message: str, **data: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.data = status, code, data
        self.headers: list[tuple[str, str]] = []

    def body(self) -> dict[str, Any]:
        """The JSON that WordPress sends."""
        return {
            "code": self.code,
            "message": str(self),
            "data": {"status": self.status, **self.data},
        }


def no_route() -> RestError:
    """Nothing answers there."""
    message = "No route was found matching the URL and request method."
    return RestError(404, "rest_no_route", message)


def invalid_id(kind: str) -> RestError:
    """There is no object of that number."""
    return RestError(404, f"woocommerce_rest_{kind}_invalid_id", "Invalid ID.")


def cannot_view() -> RestError:
    """Nobody is logged in."""
    return RestError(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")


def bad_authentication(message: str) -> RestError:
    """The key is known, what proves it is wrong."""
    return RestError(401, "woocommerce_rest_authentication_error", message)


def invalid_params(found: dict[str, tuple[str, str]]) -> RestError:
    """Parameters that do not fit.

    Args:
        found: From a parameter's name to the code and message of what is wrong with it.
    """
    details = {
        name: {"code": code, "message": message, "data": None}
        for name, (code, message) in found.items()
    }
    return RestError(
        400,
        "rest_invalid_param",
        f"Invalid parameter(s): {', '.join(found)}",
        params={name: message for name, (_, message) in found.items()},
        details=details,
    )

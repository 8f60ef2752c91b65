"""Errors as commercetools writes them."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A request that is refused.

    Attributes:
        status: HTTP status.
        code: commercetools' code of the error.
        more: Further parts of the body.
    """

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.more = status, code, more

    def body(self) -> dict[str, Any]:
        """The JSON that is sent."""
        return {
            "statusCode": self.status,
            "message": str(self),
            "errors": [{"code": self.code, "message": str(self)}],
            **self.more,
        }


def invalid_input(message: str) -> ApiError:
    """A parameter that does not fit."""
    return ApiError(400, "InvalidInput", message)


def not_found(what: str) -> ApiError:
    """Nothing is there."""
    return ApiError(404, "ResourceNotFound", f"The Resource with key '{what}' was not found.")


def invalid_token() -> ApiError:
    """The token has ended, or never was one."""
    return ApiError(401, "invalid_token", "invalid_token", error="invalid_token")


def invalid_client() -> ApiError:
    """Id or secret of the API client are wrong."""
    message = "Please provide valid client credentials using HTTP Basic Authentication."
    return ApiError(401, "invalid_client", message, error="invalid_client",
                    error_description=message)  # fmt: skip

"""Pinterest's errors: a code of its own, and words."""

from __future__ import annotations


class PinterestError(Exception):
    """A request that Pinterest refuses.

    Attributes:
        status: HTTP status.
        code: Pinterest's code.
    """

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code

    def body(self) -> dict[str, object]:
        """The JSON that Pinterest sends."""
        return {"code": self.code, "message": str(self)}


def bad_parameter(message: str) -> PinterestError:
    """A parameter that does not do."""
    return PinterestError(400, 1, message)


def too_many() -> PinterestError:
    """Over the limit of a category."""
    return PinterestError(429, 8, "You have exceeded your rate limit. Try again later.")

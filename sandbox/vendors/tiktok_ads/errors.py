"""TikTok's answers: always status 200, the outcome stands in `code`."""

from __future__ import annotations

from typing import Any

REQUEST_ID = "202606300000000000000000000000SANDBOX"


class TikTokError(Exception):
    """A request that TikTok refuses.

    Attributes:
        code: TikTok's code: 40002 parameters, 40001 permission, 40100 too many, 40105 bad token.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def told(data: dict[str, Any], code: int = 0, message: str = "OK") -> dict[str, Any]:
    """The envelope of every answer."""
    return {"code": code, "message": message, "request_id": REQUEST_ID, "data": data}


def bad_parameter(message: str) -> TikTokError:
    """Code 40002."""
    return TikTokError(40002, message)


def too_many() -> TikTokError:
    """Code 40100."""
    return TikTokError(40100, "Too many requests. Please retry in some time.")

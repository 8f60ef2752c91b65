"""Keeps a walk through pages from standing still."""

from __future__ import annotations

from ingestion.errors import VendorUnavailableError

MOST_REPEATS = 10


class PageTurns:
    """Watches where the pages of one list say that they go on.

    A page that goes on where it was asked for is a page that came twice: it is asked for again,
    since to stop there would leave out all that follows.

    Args:
        where: Source and account, for the message.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._last: str | None = None
        self._repeats = 0

    def go_on(self, token: str) -> str:
        """Takes the place that a page names as the next one.

        Args:
            token: The vendor's cursor or token.

        Returns:
            The token.

        Raises:
            VendorUnavailableError: The list has gone on at the same place too often.
        """
        self._repeats = self._repeats + 1 if token == self._last else 0
        self._last = token
        if self._repeats > MOST_REPEATS:
            raise VendorUnavailableError(
                "the vendor answers with the same page over and over",
                where=self._where,
                remedy="Run the load again later; it begins where it was",
            )
        return token

"""Asks the bank for the short file where it reaches far enough back, else for the long one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from ingestion.columns import Rows
from ingestion.http import VendorHttp
from ingestion.sources.fx_rates.parsing import Row, read_history, read_recent
from ingestion.sources.fx_rates.settings import Publisher
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

HISTORY = "eurofxref-hist.zip"
RECENT = "eurofxref-hist-90d.xml"
DAILY = "eurofxref-daily.xml"


class FxRatesClient:
    """The bank's files.

    Args:
        publisher: Where they lie.
        context: What a client may use.
    """

    def __init__(self, publisher: Publisher, context: ClientContext) -> None:
        self._http = VendorHttp(context, base_url=publisher.base_url, account=publisher.account_id)

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """The rates of the days that a window asks for.

        Args:
            stream: `fx_rates`, the only one.
            window: The days.

        Yields:
            Rates, all in one batch.
        """
        rows = [row for row in self._rates(window.first_day) if _is_asked(row, window)]
        if rows:
            yield stream, rows

    def check(self) -> None:
        """Asks for the newest day."""
        self._read(DAILY, read_recent)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _rates(self, first_day: dt.date | None) -> list[Row]:
        """From the short file, unless the first day asked for lies before its own."""
        if first_day is not None:
            recent = self._read(RECENT, read_recent)
            if min(row["rate_date"] for row in recent) <= first_day.isoformat():
                return recent
        return self._read(HISTORY, read_history)

    def _read(self, name: str, parse: Callable[[bytes], list[Row]]) -> list[Row]:
        rows: list[Row] = self._http.read(name, lambda answer: parse(answer.content))
        return rows


def connect(account: Publisher, context: ClientContext) -> FxRatesClient:
    """Makes the client."""
    return FxRatesClient(account, context)


def _is_asked(row: Row, window: Window) -> bool:
    day = row["rate_date"]
    first, last = window.first_day, window.last_day
    is_late_enough = first is None or day >= first.isoformat()
    return is_late_enough and (not window.is_explicit or day <= last.isoformat())

"""What the Marketing API has beyond the Graph API: reports that are made in the background."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ingestion.errors import IngestionError, RequestRefusedError, VendorUnavailableError
from ingestion.http import VendorHttp
from ingestion.meta_graph import MetaGraph, encoded, words_of
from ingestion.spec import ClientContext

PAGE_ROWS = 500
TOO_MUCH_DATA = 1487534
REPORT_SECONDS = 3600.0
FIRST_POLL_SECONDS, LONGEST_POLL_SECONDS = 0.2, 30.0


class TooMuchDataError(RequestRefusedError):
    """One report asks for more rows than Meta puts into one."""


class GraphApi(MetaGraph):
    """One ad account's API.

    Args:
        http: The session; the token is in its headers, so that no address carries it.
        context: Clock and sleep.
        account_id: The ad account, for messages.
        api_version: The version that is spoken.
    """

    def __init__(
        self, http: VendorHttp, context: ClientContext, *, account_id: str, api_version: str
    ) -> None:
        super().__init__(
            http,
            context,
            account_id=account_id,
            api_version=api_version,
            permission="ads_read",
            prefix="META_ADS__",
            page_rows=PAGE_ROWS,
        )
        self._context = context

    def order_report(self, path: str, **params: Any) -> str:
        """Has a report made in the background; returns its number.

        Args:
            path: Of the insights.
            **params: What the report is to tell.
        """
        answer = self._http.post(
            f"{self._version}/{path}", data=encoded(params), throttled=self._judge
        )
        return str(answer["report_run_id"])

    def read_report(self, number: str) -> Iterator[list[dict[str, Any]]]:
        """Waits for a report and reads it.

        Args:
            number: As `order_report` gave it.

        Raises:
            TooMuchDataError: Meta gave the report up, which is what it does to large ones.
        """
        self._wait_for(number)
        yield from self.pages(f"{number}/insights")

    def _wait_for(self, run_id: str) -> None:
        waited, pause = 0.0, FIRST_POLL_SECONDS
        while waited < REPORT_SECONDS:
            run = self.node(run_id, fields="async_status,async_percent_completion")
            status = str(run.get("async_status"))
            if status == "Job Completed":
                return
            if status in ("Job Failed", "Job Skipped"):
                raise TooMuchDataError(
                    f"the report was given up by Meta ({status})",
                    where=self._where,
                    remedy="Start again; if it stays, ask for fewer days with --from and --to",
                )
            self._context.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, LONGEST_POLL_SECONDS)
        raise VendorUnavailableError(
            "a report was not ready after an hour",
            where=self._where,
            remedy="Start again later",
        )

    def _refusal(self, code: int, subcode: int, error: Mapping[str, Any]) -> IngestionError:
        if subcode == TOO_MUCH_DATA:
            return TooMuchDataError(words_of(error), where=self._where, remedy="Ask for fewer days")
        return super()._refusal(code, subcode, error)

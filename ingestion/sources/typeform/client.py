"""Reads one token's forms: what they ask, and what was answered since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ingestion.columns import Rows
from ingestion.http import VendorHttp
from ingestion.page_turns import PageTurns
from ingestion.sources.typeform.rows import answer_rows, field_rows, form_row, response_row
from ingestion.sources.typeform.settings import TypeformAccountSettings
from ingestion.sources.typeform.spec import SPEC
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

PAGE_FORMS, PAGE_RESPONSES = 200, 1000
SECOND = dt.timedelta(seconds=1)


def connect(account: TypeformAccountSettings, context: ClientContext) -> TypeformClient:
    """Makes the client of one token; asks nothing yet."""
    return TypeformClient(account, context)


class TypeformClient:
    """One token.

    Args:
        account: Its settings.
        context: Clock and sleep.
    """

    def __init__(self, account: TypeformAccountSettings, context: ClientContext) -> None:
        self._account = account
        self._http = VendorHttp(
            context,
            base_url=account.base_url,
            account=account.account_id,
            headers={"Authorization": f"Bearer {account.token.get_secret_value()}"},
            credentials_hint="TYPEFORM__ACCOUNTS__…__TOKEN",
            limit=SPEC.rate_limit,
        )
        self._form_ids: tuple[str, ...] | None = account.forms or None

    def check(self) -> None:
        """Asks for one form."""
        self._http.get("forms", params={"page": 1, "page_size": 1})

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads forms whole, or responses of the moments asked for.

        Args:
            stream: forms or responses.
            window: The moments, for responses.

        Yields:
            Rows by table.
        """
        for form_id in self._forms():
            if stream == "forms":
                form = self._http.get(f"forms/{form_id}")
                yield "forms", [form_row(form)]
                yield "form_fields", list(field_rows(form, self._account))
                continue
            for page in self._responses(form_id, window):
                yield "responses", [response_row(one, form_id, self._account) for one in page]
                yield (
                    "response_answers",
                    [row for one in page for row in answer_rows(one, form_id)],
                )

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _forms(self) -> tuple[str, ...]:
        """The forms of the settings, or all; asked once."""
        if self._form_ids is None:
            self._form_ids = tuple(self._all_forms())
        return self._form_ids

    def _all_forms(self) -> Iterator[str]:
        number = 1
        while True:
            answer = self._http.get("forms", params={"page": number, "page_size": PAGE_FORMS})
            yield from (form["id"] for form in answer.get("items") or ())
            if number >= int(answer.get("page_count") or 1):
                return
            number += 1

    def _responses(self, form_id: str, window: Window) -> Iterator[list[dict[str, Any]]]:
        """Pages, newest first: each next one is what came before the last token."""
        query: dict[str, Any] = {"page_size": PAGE_RESPONSES}
        if window.since is not None:
            query["since"] = _in_seconds(window.since)
        if window.until is not None:
            query["until"] = _in_seconds(window.until - SECOND)
        turns = PageTurns(f"typeform {self._account.account_id}")
        while True:
            answer = self._http.get(f"forms/{form_id}/responses", params=query)
            found: list[dict[str, Any]] = answer.get("items") or []
            yield [one for one in found if one.get("submitted_at")]
            if len(found) < PAGE_RESPONSES:
                return
            query["before"] = turns.go_on(found[-1]["token"])


def _in_seconds(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")

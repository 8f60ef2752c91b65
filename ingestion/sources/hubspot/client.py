"""Reads the contacts of one portal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ingestion.columns import Rows
from ingestion.errors import CredentialsError, RequestRefusedError
from ingestion.http import VendorHttp
from ingestion.page_turns import PageTurns
from ingestion.rate_limit import Limiter
from ingestion.sources.hubspot.settings import HubspotAccountSettings
from ingestion.sources.hubspot.spec import PROPERTIES, SEARCH_LIMIT, SPEC
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

CONTACTS_PATH = "crm/v3/objects/contacts"
MODIFIED, ID = "lastmodifieddate", "hs_object_id"
SEARCH_ROWS, LIST_ROWS = 200, 100
# A search answers so many rows at most, however it is paged.
SEARCH_CAP = 10_000
Contact = dict[str, Any]
Filter = dict[str, str]


def connect(account: HubspotAccountSettings, context: ClientContext) -> HubspotClient:
    """Makes the client of one portal; asks nothing yet."""
    return HubspotClient(account, context)


class HubspotClient:
    """One portal.

    Args:
        account: Its settings.
        context: Clock and sleep.
    """

    def __init__(self, account: HubspotAccountSettings, context: ClientContext) -> None:
        self._where = f"{context.source} {account.account_id}"
        token = account.access_token.get_secret_value()
        self._http = VendorHttp(
            context,
            base_url=account.base_url,
            account=account.account_id,
            headers={"Authorization": f"Bearer {token}"},
            limit=SPEC.rate_limit,
        )
        self._searches = Limiter(
            SEARCH_LIMIT, clock=lambda: context.clock().timestamp(), sleep=context.sleep
        )

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads contacts that changed, or the list of archived ones.

        Args:
            stream: contacts or archived_contacts.
            window: What is asked for, of contacts.

        Yields:
            Rows by table.
        """
        if stream == "archived_contacts":
            for page in self._archived():
                yield stream, [_archived_row(contact) for contact in page]
            return
        for page in self._changed(window):
            yield stream, [_contact_row(contact) for contact in page]

    def check(self) -> None:
        """Tests the token with one cheap call."""
        self._http.get(CONTACTS_PATH, params={"limit": 1}, throttled=self._judge)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _archived(self) -> Iterator[list[Contact]]:
        asked: dict[str, Any] = {"archived": "true", "limit": LIST_ROWS}
        turns = PageTurns(self._where)
        while True:
            answer = self._http.get(CONTACTS_PATH, params=asked, throttled=self._judge)
            yield answer.get("results") or []
            after = _after(answer)
            if not after:
                return
            asked = asked | {"after": turns.go_on(after)}

    def _changed(self, window: Window) -> Iterator[list[Contact]]:
        """Walks through the changes by their time, one search after the other.

        A search is cut at its cap, so the next begins at the newest time seen. Where a whole search
        has one time only, the contacts of that time are walked through by their id.
        """
        since = _milliseconds(window.since) if window.since else 0
        until = [_filter(MODIFIED, "LT", _milliseconds(window.until))] if window.until else []
        while True:
            count, newest = 0, since
            for page in self._search([_filter(MODIFIED, "GTE", since), *until], MODIFIED):
                yield page
                count += len(page)
                newest = max([newest, *(_modified(contact) for contact in page)])
            if count < SEARCH_CAP:
                return
            if newest == since:
                yield from self._changed_at(since)
                newest += 1
            since = newest

    def _changed_at(self, moment: int) -> Iterator[list[Contact]]:
        last = 0
        while True:
            count = 0
            conditions = [_filter(MODIFIED, "EQ", moment), _filter(ID, "GT", last)]
            for page in self._search(conditions, ID):
                yield page
                count += len(page)
                last = max([last, *(int(contact["id"]) for contact in page)])
            if count < SEARCH_CAP:
                return

    def _search(self, filters: list[Filter], sort: str) -> Iterator[list[Contact]]:
        """One search, to its end or its cap."""
        body: dict[str, Any] = {
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": sort, "direction": "ASCENDING"}],
            "properties": list(PROPERTIES),
            "limit": SEARCH_ROWS,
        }
        turns = PageTurns(self._where)
        while True:
            self._searches.acquire()
            answer = self._http.post(f"{CONTACTS_PATH}/search", json=body, throttled=self._judge)
            yield answer.get("results") or []
            after = _after(answer)
            if not after or int(after) >= SEARCH_CAP:
                return
            body = body | {"after": turns.go_on(after)}

    def _judge(self, status: int, body: Any) -> float | None:
        """Raises HubSpot's refusals in its words; everything else is left to the session."""
        if not 400 <= status < 500:
            return None
        told = body if isinstance(body, dict) else {}
        words = str(told.get("message") or "no reason given")[:200]
        if status in (401, 403):
            raise CredentialsError(
                f"HubSpot refuses the credentials (status {status}): {words}",
                where=self._where,
                remedy="Put the token of a private app with the scope crm.objects.contacts.read"
                " into HUBSPOT__ACCOUNTS__…__ACCESS_TOKEN",
            )
        raise RequestRefusedError(
            f"HubSpot refuses the request (status {status}): {words}",
            where=self._where,
            remedy="Check the account's address in .env",
        )


def _contact_row(contact: Contact) -> dict[str, Any]:
    properties = contact.get("properties") or {}
    row = {"id": contact["id"], **{name: properties.get(name) for name in PROPERTIES}}
    row[MODIFIED] = row[MODIFIED] or contact.get("updatedAt")
    row["createdate"] = row["createdate"] or contact.get("createdAt")
    return row


def _archived_row(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact["id"],
        "archived_at": contact.get("archivedAt"),
        "created_at": contact.get("createdAt"),
        "updated_at": contact.get("updatedAt"),
    }


def _modified(contact: Contact) -> int:
    return _milliseconds(dt.datetime.fromisoformat(_contact_row(contact)[MODIFIED]))


def _milliseconds(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def _filter(name: str, operator: str, value: int) -> Filter:
    return {"propertyName": name, "operator": operator, "value": str(value)}


def _after(answer: dict[str, Any]) -> str | None:
    return ((answer.get("paging") or {}).get("next") or {}).get("after")

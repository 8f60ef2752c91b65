"""Asks Klaviyo's API: pages by cursor, a rate limit an operation, errors in its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ingestion.errors import CredentialsError, IngestionError, RequestRefusedError
from ingestion.http import VendorHttp
from ingestion.page_turns import PageTurns
from ingestion.rate_limit import Limiter
from ingestion.sources.klaviyo.settings import KlaviyoAccountSettings
from ingestion.sources.klaviyo.spec import OPERATIONS
from ingestion.spec import ClientContext

CURSOR = "page[cursor]"


class KlaviyoApi:
    """One account's API.

    Args:
        account: Its settings.
        context: Clock and sleep.
        revision: The revision that is spoken.
    """

    def __init__(
        self, account: KlaviyoAccountSettings, context: ClientContext, *, revision: str
    ) -> None:
        self._where = f"{context.source} {account.account_id}"
        self._http = VendorHttp(
            context,
            base_url=account.base_url,
            account=account.account_id,
            headers={
                "Authorization": f"Klaviyo-API-Key {account.api_key.get_secret_value()}",
                "Accept": "application/vnd.api+json",
                "revision": revision,
            },
        )
        self._limiters = {
            name: Limiter(
                operation.limit, clock=lambda: context.clock().timestamp(), sleep=context.sleep
            )
            for name, operation in OPERATIONS.items()
        }

    def pages(self, operation: str, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Reads a list to its last page.

        Only the cursor of `links.next` is taken: the key goes nowhere but to the account's address.

        Args:
            operation: A name in `OPERATIONS`: its limits and its page size.
            path: Below `/api`.
            **params: Of the query, as `filter` or `page__size` for `page[size]`.

        Yields:
            Whole documents, with `data` and `included`.
        """
        query = {_bracketed(name): value for name, value in params.items()}
        if size := OPERATIONS[operation].page_size:
            query["page[size]"] = size
        cursor, turns = "", PageTurns(self._where)
        while True:
            self._limiters[operation].acquire()
            asked = query | ({CURSOR: cursor} if cursor else {})
            document = self._http.get(f"api/{path}", params=asked, throttled=self._judge)
            yield document
            following = _cursor((document.get("links") or {}).get("next"))
            if not following:
                return
            cursor = turns.go_on(following)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _judge(self, status: int, body: Any) -> float | None:
        """Raises Klaviyo's refusals in its own words; everything else is left to the session."""
        errors = body.get("errors") if isinstance(body, dict) else None
        if status >= 400 and status != 429 and errors:
            raise self._refusal(status, errors[0])
        return None

    def _refusal(self, status: int, error: Mapping[str, Any]) -> IngestionError:
        words = str(error.get("detail") or error.get("title") or error.get("code"))[:200]
        if status in (401, 403):
            return CredentialsError(
                f"Klaviyo refuses the credentials (status {status}): {words}",
                where=self._where,
                remedy="Put a private key with the read scopes of accounts, campaigns, events,"
                " flows, lists, metrics, profiles and segments into KLAVIYO__ACCOUNTS__…__API_KEY",
            )
        return RequestRefusedError(
            f"Klaviyo refuses the request (status {status}): {words}",
            where=self._where,
            remedy="Check KLAVIYO__REVISION and the account's address in .env",
        )


def _bracketed(name: str) -> str:
    """`page__size` is `page[size]`; a hyphen cannot stand in a Python name, so `_` gives it."""
    family, _, member = name.partition("__")
    return f"{family.replace('_', '-')}[{member.replace('_', '-')}]" if member else family


def _cursor(link: str | None) -> str:
    return parse_qs(urlsplit(link or "").query).get(CURSOR, [""])[0]

"""Asks Pinterest's API: access tokens, pages, reports made in the background."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from ingestion.errors import (
    CredentialsError,
    IngestionError,
    RequestRefusedError,
    VendorUnavailableError,
)
from ingestion.http import VendorHttp
from ingestion.oauth import AccessToken, Grant, grant_of
from ingestion.sources.pinterest_ads.settings import AdAccountSettings, PinterestAdsSettings
from ingestion.sources.pinterest_ads.spec import SPEC
from ingestion.spec import ClientContext

PAGE_ROWS = 250
EXPIRY_NOTICE = dt.timedelta(days=14)
REPORT_SECONDS = 3600.0
FIRST_POLL_SECONDS, LONGEST_POLL_SECONDS = 0.2, 30.0
TOKEN_REMEDY = (
    "Make a new PINTEREST_ADS__REFRESH_TOKEN with the scope ads:read (it lives 60 days), and check"
    " PINTEREST_ADS__APP_ID and PINTEREST_ADS__APP_SECRET in .env"
)


class PinterestApi:
    """One ad account's API.

    Args:
        section: Credentials and address.
        account: The account.
        context: Clock, sleep.
    """

    def __init__(
        self, section: PinterestAdsSettings, account: AdAccountSettings, context: ClientContext
    ) -> None:
        self._section = section
        self._context = context
        self._where = f"{context.source} {account.account_id}"
        self._path = f"{section.api_version}/ad_accounts/{account.account_id}"
        self._http = VendorHttp(
            context,
            base_url=section.base_url,
            account=account.account_id,
            credentials_hint="PINTEREST_ADS__REFRESH_TOKEN",
            limit=SPEC.rate_limit,
        )
        app = f"{section.app_id}:{section.app_secret.get_secret_value()}"
        self._tokens = VendorHttp(
            context,
            base_url=section.base_url,
            account=account.account_id,
            headers={"Authorization": f"Basic {base64.b64encode(app.encode()).decode()}"},
        )
        self._files = VendorHttp(context, base_url=section.base_url, account=account.account_id)
        self._token = AccessToken(self._http, self._fetch_token, context.clock)

    def get(self, path: str = "", **params: Any) -> Any:
        """Reads what stands below the account.

        Args:
            path: Below the account; empty for itself.
            **params: The query; a list is repeated.
        """
        self._token.ensure()
        return self._http.get(
            f"{self._path}/{path}".rstrip("/"), params=params, throttled=self._judge
        )

    def pages(self, path: str, **params: Any) -> Iterator[list[dict[str, Any]]]:
        """Reads a list to its last page, which has no bookmark.

        Args:
            path: Below the account.
            **params: The query.

        Yields:
            Items, in pages of up to 250.
        """
        after: dict[str, str] = {}
        while True:
            page = self.get(path, **params, page_size=PAGE_ROWS, **after)
            yield page.get("items") or []
            bookmark = page.get("bookmark")
            if not bookmark or bookmark == after.get("bookmark"):
                return
            after = {"bookmark": bookmark}

    def report(self, question: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Has a report made in the background, waits for it and reads it.

        Args:
            question: What it is to tell.

        Yields:
            Its entries; the file has them in lists by id.
        """
        self._token.ensure()
        ordered = self._http.post(f"{self._path}/reports", json=question, throttled=self._judge)
        url = self._wait_for(str(ordered["token"]))
        # The address carries its own permission, and the file lies with another host.
        entries = self._files.get(url)
        for listed in entries.values():
            yield from listed

    def close(self) -> None:
        """Closes the connections."""
        for session in (self._http, self._tokens, self._files):
            session.close()

    def _wait_for(self, token: str) -> str:
        waited, pause = 0.0, FIRST_POLL_SECONDS
        while waited < REPORT_SECONDS:
            report = self.get("reports", token=token)
            status = report.get("report_status")
            if status == "FINISHED":
                return str(report["url"])
            if status != "IN_PROGRESS":
                raise VendorUnavailableError(
                    f"the report was given up by Pinterest ({status})",
                    where=self._where,
                    remedy="Start again; if it stays, ask for fewer days with --from and --to",
                )
            self._context.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, LONGEST_POLL_SECONDS)
        raise VendorUnavailableError(
            "a report was not ready after an hour", where=self._where, remedy="Start again later"
        )

    def _fetch_token(self) -> Grant:
        secret = self._section.refresh_token.get_secret_value()
        answer = self._tokens.post(
            f"{self._section.api_version}/oauth/token",
            data={"grant_type": "refresh_token", "refresh_token": secret, "scope": "ads:read"},
            throttled=self._judge_token,
        )
        self._note_expiry(answer)
        return grant_of(answer, where=self._where, remedy=TOKEN_REMEDY)

    def _note_expiry(self, answer: Mapping[str, Any]) -> None:
        """Refresh tokens end too, and only a person can make another."""
        seconds = answer.get("refresh_token_expires_in")
        if seconds and dt.timedelta(seconds=seconds) < EXPIRY_NOTICE:
            day = (self._context.now + dt.timedelta(seconds=seconds)).date()
            self._context.note(f"PINTEREST_ADS__REFRESH_TOKEN ends on {day}: make a new one")

    def _judge_token(self, status: int, body: Any) -> float | None:
        if status < 400:
            return None
        raise CredentialsError(
            f"Pinterest gives no access token ({_words(status, body)})",
            where=self._where,
            remedy=TOKEN_REMEDY,
        )

    def _judge(self, status: int, body: Any) -> float | None:
        """Renews a token that was refused; all other refusals are raised."""
        if status < 400:
            self._token.accepted()
            return None
        if status == 401 and self._token.replace_refused():
            return 0.0
        raise self._refusal(status, _words(status, body))

    def _refusal(self, status: int, words: str) -> IngestionError:
        if status in (401, 403):
            return CredentialsError(
                f"Pinterest refuses the credentials ({words})",
                where=self._where,
                remedy="Give the token's user access to the ad account, and the scope ads:read",
            )
        return RequestRefusedError(
            f"Pinterest refuses the request ({words})",
            where=self._where,
            remedy="Check the account's number and PINTEREST_ADS__API_VERSION in .env",
        )


def _words(status: int, body: Any) -> str:
    """Pinterest's own code and message."""
    if not isinstance(body, Mapping):
        return f"status {status}"
    return f"code {body.get('code', status)}: {str(body.get('message'))[:200]}"

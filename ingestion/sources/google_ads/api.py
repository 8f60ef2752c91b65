"""Asks the Google Ads API: access tokens, pages, Google's errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ingestion.errors import CredentialsError, IngestionError, RequestRefusedError
from ingestion.http import VendorHttp
from ingestion.oauth import AccessToken, Grant, grant_of
from ingestion.sources.google_ads.settings import CustomerSettings, GoogleAdsSettings
from ingestion.sources.google_ads.spec import SPEC
from ingestion.spec import ClientContext

TOKEN_REMEDY = (
    "Make a new GOOGLE_ADS__REFRESH_TOKEN with the scope adwords, and check"
    " GOOGLE_ADS__CLIENT_ID and GOOGLE_ADS__CLIENT_SECRET in .env"
)
ACCESS_REMEDY = (
    "Check GOOGLE_ADS__DEVELOPER_TOKEN, that the token's user may see the account, and"
    " LOGIN_CUSTOMER_ID where it is reached through a manager account"
)


class GoogleAdsApi:
    """One account's API.

    Args:
        section: Credentials and addresses.
        customer: The account.
        context: Clock, sleep.
    """

    def __init__(
        self, section: GoogleAdsSettings, customer: CustomerSettings, context: ClientContext
    ) -> None:
        self._section = section
        self._where = f"{context.source} {customer.account_id}"
        self._path = f"{section.api_version}/customers/{customer.account_id}/googleAds:search"
        headers = {"developer-token": section.developer_token.get_secret_value()}
        if customer.login_customer_id:
            headers["login-customer-id"] = customer.login_customer_id
        account = customer.account_id
        self._http = VendorHttp(
            context,
            base_url=section.base_url,
            account=account,
            headers=headers,
            credentials_hint="GOOGLE_ADS__DEVELOPER_TOKEN and GOOGLE_ADS__REFRESH_TOKEN",
            limit=SPEC.rate_limit,
        )
        self._tokens = VendorHttp(context, base_url=section.token_url, account=account)
        self._token = AccessToken(self._http, self._fetch_token, context.clock)

    def pages(self, query: str) -> Iterator[list[dict[str, Any]]]:
        """Reads what a query gives, to the last page.

        Args:
            query: In Google's query language.

        Yields:
            Results, in pages of up to 10,000.
        """
        asked: dict[str, str] = {"query": query}
        while True:
            self._token.ensure()
            answer = self._http.post(self._path, json=asked, throttled=self._judge)
            yield answer.get("results") or []
            following = answer.get("nextPageToken")
            if not following or following == asked.get("pageToken"):
                return
            asked = {"query": query, "pageToken": following}

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()
        self._tokens.close()

    def _fetch_token(self) -> Grant:
        section = self._section
        answer = self._tokens.post(
            section.token_url,
            data={
                "grant_type": "refresh_token",
                "client_id": section.client_id,
                "client_secret": section.client_secret.get_secret_value(),
                "refresh_token": section.refresh_token.get_secret_value(),
            },
            throttled=self._judge_token,
        )
        return grant_of(answer, where=self._where, remedy=TOKEN_REMEDY)

    def _judge_token(self, status: int, body: Any) -> float | None:
        """A refusal of the token endpoint tells its reason in `error`."""
        if status < 400:
            return None
        reason = body.get("error") if isinstance(body, dict) else None
        raise CredentialsError(
            f"Google gives no access token ({reason or f'status {status}'})",
            where=self._where,
            remedy=TOKEN_REMEDY,
        )

    def _judge(self, status: int, body: Any) -> float | None:
        """Seconds to wait where asking again helps; final refusals are raised."""
        if status < 400:
            self._token.accepted()
            return None
        if status == 401 and self._token.replace_refused():
            return 0.0
        error = body.get("error") if isinstance(body, dict) else None
        if not isinstance(error, dict):
            return None
        raise self._refusal(status, _reasons(error), error)

    def _refusal(self, status: int, reasons: list[str], error: Mapping[str, Any]) -> IngestionError:
        told = ", ".join(reasons) or str(error.get("status") or status)
        if status in (401, 403):
            return CredentialsError(
                f"Google refuses the credentials ({told})", where=self._where, remedy=ACCESS_REMEDY
            )
        return RequestRefusedError(
            f"Google refuses the request ({told}): {_words(error)}",
            where=self._where,
            remedy="Check the account's number and GOOGLE_ADS__API_VERSION in .env",
        )


def _failures(error: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What went wrong, in Google Ads' own words beside those of all Google APIs."""
    for detail in error.get("details") or ():
        yield from detail.get("errors") or ()


def _reasons(error: Mapping[str, Any]) -> list[str]:
    """Kinds and names, as `queryError.UNRECOGNIZED_FIELD`."""
    codes = [failure.get("errorCode") or {} for failure in _failures(error)]
    return [f"{kind}.{name}" for code in codes for kind, name in code.items()]


def _words(error: Mapping[str, Any]) -> str:
    told = [str(failure.get("message")) for failure in _failures(error) if failure.get("message")]
    return (told[0] if told else str(error.get("message") or "no reason given"))[:200]

"""Asks TikTok's API: pages, and errors that come with HTTP status 200."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ingestion.errors import CredentialsError, IngestionError, RequestRefusedError
from ingestion.http import VendorHttp
from ingestion.sources.tiktok_ads.settings import AdvertiserSettings, TikTokAdsSettings
from ingestion.sources.tiktok_ads.spec import SPEC
from ingestion.spec import ClientContext

PAGE_ROWS = 1000
# Too many requests of the app, or of the advertiser.
THROTTLE_CODES = frozenset({40100, 40132})
# A system error, which passes.
PASSING_CODES = frozenset({50000})
# No permission; token expired, empty, invalid.
CREDENTIAL_CODES = {
    40001: "a permission is missing",
    40102: "the token has expired",
    40104: "the token is empty",
    40105: "the token is not valid",
}
THROTTLE_SECONDS = 10.0
PASSING_SECONDS = 5.0


class TikTokApi:
    """One advertiser's API.

    Args:
        section: Address and version.
        advertiser: The account.
        context: Clock, sleep.
    """

    def __init__(
        self, section: TikTokAdsSettings, advertiser: AdvertiserSettings, context: ClientContext
    ) -> None:
        self._where = f"{context.source} {advertiser.account_id}"
        self._version = section.api_version
        self._http = VendorHttp(
            context,
            base_url=section.base_url,
            account=advertiser.account_id,
            headers={"Access-Token": advertiser.access_token.get_secret_value()},
            credentials_hint="TIKTOK_ADS__ACCOUNTS__…__ACCESS_TOKEN",
            limit=SPEC.rate_limit,
        )

    def data(self, path: str, **params: Any) -> dict[str, Any]:
        """Asks once; lists and objects among the parameters go as JSON.

        Args:
            path: Below the version.
            **params: The query.

        Returns:
            What stands in `data`.
        """
        asked = {
            name: orjson.dumps(value).decode() if isinstance(value, list | dict) else value
            for name, value in params.items()
        }
        answer = self._http.get(
            f"open_api/{self._version}/{path}/", params=asked, throttled=self._judge
        )
        found: dict[str, Any] = answer.get("data") or {}
        return found

    def pages(self, path: str, **params: Any) -> Iterator[list[dict[str, Any]]]:
        """Reads a list to its last page.

        Args:
            path: Below the version.
            **params: The query, without the page.

        Yields:
            Entries, in pages of up to 1,000.
        """
        page, last = 1, 1
        while page <= last:
            found = self.data(path, **params, page=page, page_size=PAGE_ROWS)
            yield found.get("list") or []
            last = int((found.get("page_info") or {}).get("total_page") or 0)
            page += 1

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _judge(self, status: int, body: Any) -> float | None:
        """Seconds to wait where TikTok says "later"; final refusals are raised by their code."""
        if not isinstance(body, Mapping) or body.get("code") is None:
            return None
        code = int(body["code"])
        if code == 0:
            return None
        if code in THROTTLE_CODES:
            return THROTTLE_SECONDS
        if code in PASSING_CODES or status >= 500:
            return PASSING_SECONDS
        raise self._refusal(code, str(body.get("message") or "no reason given")[:200])

    def _refusal(self, code: int, words: str) -> IngestionError:
        if code in CREDENTIAL_CODES:
            return CredentialsError(
                f"TikTok refuses the credentials: {CREDENTIAL_CODES[code]} (code {code})",
                where=self._where,
                remedy="Authorise the app for this account again and put its token into"
                " TIKTOK_ADS__ACCOUNTS__…__ACCESS_TOKEN",
            )
        return RequestRefusedError(
            f"TikTok refuses the request (code {code}): {words}",
            where=self._where,
            remedy="Check the account's number and TIKTOK_ADS__API_VERSION in .env",
        )

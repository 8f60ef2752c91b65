"""Asks the API of loyalty & referrals: a product of its own, with its own host and keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingestion.http import VendorHttp
from ingestion.page_turns import PageTurns
from ingestion.sources.yotpo.settings import YotpoSettings, YotpoStoreSettings
from ingestion.spec import ClientContext, RateLimit

PAGE_ROWS = 250


class LoyaltyApi:
    """The loyalty programme of one store.

    Args:
        store: Its settings.
        context: Clock and sleep.
        section: The source's section of the settings.
    """

    def __init__(
        self, store: YotpoStoreSettings, context: ClientContext, section: YotpoSettings
    ) -> None:
        self._where = f"yotpo {store.account_id}"
        self._http = VendorHttp(
            context,
            base_url=f"{store.loyalty_url}/api/v2",
            account=store.account_id,
            headers={
                "x-guid": store.loyalty_guid,
                "x-api-key": store.loyalty_api_key.get_secret_value(),
            },
            credentials_hint="YOTPO__STORES__…__LOYALTY_GUID and …__LOYALTY_API_KEY",
            limit=RateLimit(section.loyalty_requests_per_second),
        )

    def members(self) -> Iterator[dict[str, Any]]:
        """Every member's summary, to the last page."""
        token: str | None = None
        turns = PageTurns(self._where)
        while True:
            query = {"per_page": PAGE_ROWS} | ({"page_info": token} if token else {})
            answer = self._http.get("customers/recent", params=query)
            yield from answer.get("customers") or ()
            following = (answer.get("metadata") or {}).get("next_page_info")
            if not following:
                return
            token = turns.go_on(following)

    def details(self, member: dict[str, Any]) -> dict[str, Any]:
        """A member with the points history and the referral code.

        Args:
            member: The summary.
        """
        number = member.get("third_party_id") or member.get("thirty_party_id")
        who = {"customer_id": number} if number else {"customer_email": member.get("email")}
        answer = self._http.get(
            "customers", params={**who, "with_history": "true", "with_referral_code": "true"}
        )
        return {**member, **answer}

    def check(self) -> None:
        """Asks for one member."""
        self._http.get("customers/recent", params={"per_page": 1})

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

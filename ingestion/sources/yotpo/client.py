"""Reads one store: reviews by their last change, members by what changed since they were seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ingestion.columns import Rows
from ingestion.sources.yotpo.loyalty import LoyaltyApi
from ingestion.sources.yotpo.reviews import ReviewsApi
from ingestion.sources.yotpo.rows import (
    click_count,
    click_rows,
    digest,
    event_rows,
    friend_rows,
    media_rows,
    member_row,
    question_row,
    review_row,
    seen_as,
)
from ingestion.sources.yotpo.settings import YotpoSettings, YotpoStoreSettings
from ingestion.sources.yotpo.spec import LOYALTY_MEMBERS
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window


def connect(account: YotpoStoreSettings, context: ClientContext) -> YotpoClient:
    """Makes the client of one store; asks nothing yet."""
    return YotpoClient(account, context)


class YotpoClient:
    """One store.

    Args:
        account: Its settings.
        context: Clock, sleep, notes, and what was seen of each member.
    """

    def __init__(self, account: YotpoStoreSettings, context: ClientContext) -> None:
        section = context.section
        assert isinstance(section, YotpoSettings)
        self._section = section
        self._now = context.now
        self._state = context.state
        self._reviews = ReviewsApi(account, context) if account.store_id else None
        self._loyalty = LoyaltyApi(account, context, section) if account.loyalty_guid else None

    def check(self) -> None:
        """Tries the credentials of both products, where they are set."""
        for api in (self._reviews, self._loyalty):
            if api is not None:
                api.check()

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads one of the products; one that is not set has no rows.

        Args:
            stream: reviews, questions or loyalty.
            window: The moments asked for, of reviews.

        Yields:
            Rows by table.
        """
        if stream == "reviews" and self._reviews is not None:
            yield from self._read_reviews(self._reviews, window)
        elif stream == "questions" and self._reviews is not None:
            yield from self._read_questions(self._reviews)
        elif stream == "loyalty" and self._loyalty is not None:
            yield from self._read_loyalty(self._loyalty, window)

    def close(self) -> None:
        """Closes the connections."""
        for api in (self._reviews, self._loyalty):
            if api is not None:
                api.close()

    def _read_reviews(self, api: ReviewsApi, window: Window) -> Iterator[tuple[str, Rows]]:
        asked = {"deleted": "true"}
        if window.since is not None:
            asked["since_updated_at"] = window.since.strftime("%Y-%m-%dT%H:%M:%SZ")
        for page in api.pages("reviews", "reviews", **asked):
            rows = [one for one in page if _is_before(one.get("updated_at"), window.until)]
            yield "reviews", [review_row(review) for review in rows]
            yield "review_media", [media for review in rows for media in media_rows(review)]

    def _read_questions(self, api: ReviewsApi) -> Iterator[tuple[str, Rows]]:
        """Questions can only be asked for product by product."""
        for page in api.pages("products", "products"):
            for product in page:
                product_id = str(product.get("external_product_id") or product.get("id"))
                for questions in api.questions(product_id):
                    yield (
                        "questions",
                        [question_row(one, product_id=product_id) for one in questions],
                    )

    def _read_loyalty(self, api: LoyaltyApi, window: Window) -> Iterator[tuple[str, Rows]]:
        """Members whose summary changed, and now and then all of them, in every detail."""
        known: dict[str, list[Any]] = self._state.setdefault("members", {})
        is_first = not self._state.get("details_on")
        asks_all = is_first or window.is_full or self._is_due()
        for summary in api.members():
            key, told = seen_as(summary), digest(summary)
            before, clicks, version = known.get(key, ("", 0, ""))
            if before == told and not asks_all:
                continue
            customer = api.details(summary)
            row = member_row(customer, LOYALTY_MEMBERS.columns, observed_at=self._now)
            if digest(row) != version:
                yield "loyalty_members", [row]
            yield "loyalty_events", list(event_rows(customer))
            counted_at = None if is_first else self._now
            yield "referral_clicks", click_rows(customer, known=clicks, counted_at=counted_at)
            yield "referred_friends", friend_rows(customer)
            known[key] = [told, max(click_count(customer), clicks), digest(row)]
        if asks_all:
            self._state["details_on"] = self._now.date().isoformat()

    def _is_due(self) -> bool:
        last = dt.date.fromisoformat(self._state["details_on"])
        return (self._now.date() - last).days >= self._section.details_every_days


def _is_before(text: str | None, until: dt.datetime | None) -> bool:
    if until is None or not text:
        return True
    moment = dt.datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)) < until

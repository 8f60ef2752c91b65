"""Events as the collectors wrote them: messages in Segment's form, and GA4's daily exports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd

NAMES = {
    "Product Viewed": "view_item",
    "Product Added": "add_to_cart",
    "Checkout Started": "begin_checkout",
    "Signed Up": "sign_up",
    "Order Completed": "purchase",
}
CLICK_IDS = {
    "gclid": "google",
    "gbraid": "google",
    "wbraid": "google",
    "msclkid": "microsoft",
    "ttclid": "tiktok",
    "epik": "pinterest",
    "fbclid": "meta",
}
"""Parameter of a link -> who put it there; the first one counts."""


def first_party_events(folder: Path) -> pd.DataFrame:
    """Events of all streams of a collector: a folder a stream, JSON lines in it."""
    told = [
        event(stream.name, json.loads(line))
        for stream in sorted(folder.iterdir())
        if stream.is_dir()
        for file in sorted(stream.glob("*.jsonl"))
        for line in file.read_text().splitlines()
    ]
    # A message that is sent again is the same message.
    return pd.DataFrame(told).drop_duplicates(["stream", "event_id"], keep="last")


def event(stream: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """A message as a row."""
    context, properties = message["context"], message.get("properties", {})
    page, campaign = context.get("page", {}), context.get("campaign", {})
    consent = context.get("consent", {}).get("categoryPreferences", {})
    is_page = message["type"] == "page"
    name = "page_view" if is_page else NAMES.get(message.get("event", ""), "other")
    return {
        "stream": stream,
        "event_id": message["messageId"],
        "visitor": message.get("anonymousId"),
        "session": context.get("sessionId"),
        "name": name,
        "at": _moment(message),
        "url": page.get("url") or "",
        "referrer": page.get("referrer") or "",
        "source": campaign.get("source"),
        "medium": campaign.get("medium"),
        "campaign": campaign.get("name"),
        "campaign_id": campaign.get("id"),
        "click_id": _click_id(page.get("url") or ""),
        "order_id": properties.get("order_id"),
        "engaged_ms": properties.get("engagement_msec"),
        "agent": context.get("userAgent") or "",
        "has_consent": consent.get("Analytics", True),
    }


def ga4_events(folder: Path) -> pd.DataFrame:
    """Events of all streams of GA4: a folder a stream, a Parquet file a day in it."""
    days = [
        pd.read_parquet(file).assign(stream=stream.name)
        for stream in sorted(folder.iterdir())
        if stream.is_dir()
        for file in sorted(stream.glob("*.parquet"))
    ]
    told = pd.concat(days, ignore_index=True)
    return pd.DataFrame(
        {
            "stream": told["stream"],
            "visitor": told["user_pseudo_id"],
            "session": [_parameter(each, "ga_session_id") for each in told["event_params"]],
            "name": told["event_name"],
            "at": pd.to_datetime(told["event_timestamp"], unit="us", utc=True),
        }
    )


def _moment(message: Mapping[str, Any]) -> pd.Timestamp:
    """By the collector's clock: what the device's was off by shows when it sent the message."""
    told = pd.Timestamp(message["originalTimestamp"])
    return told + (pd.Timestamp(message["receivedAt"]) - pd.Timestamp(message["sentAt"]))


def _click_id(url: str) -> str | None:
    given = parse_qs(urlsplit(url).query)
    return next((platform for name, platform in CLICK_IDS.items() if name in given), None)


def _parameter(parameters: Iterator[Mapping[str, Any]], key: str) -> int | None:
    found = (each["value"]["int_value"] for each in parameters if each["key"] == key)
    value = next(found, None)
    return None if value is None else int(value)

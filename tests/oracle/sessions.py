"""Sessions from events alone.

A visit ends after thirty minutes without an event, neither at midnight nor on a new campaign;
where a collector tells its own session, that one is kept. A visit belongs to the day of its first
event in the store's zone, and to the first source that one of its events names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

TIMEOUT = pd.Timedelta(minutes=30)
ROBOTS = r"bot|crawl|spider|headless|lighthouse"
SEARCH = ("google", "bing", "duckduckgo", "ecosia", "yahoo")
PAYMENT = ("paypal", "stripe", "klarna")
VISITOR = ["stream", "visitor"]


def measured(events: pd.DataFrame) -> pd.DataFrame:
    """Events of people who agreed to be counted, an order only where it was told first.

    Of events at one instant the page view comes first: the others happened on its page.
    """
    events = events[~events["agent"].str.contains(ROBOTS, case=False)]
    is_later = events["name"].ne("page_view")
    events = events.assign(is_later=is_later).sort_values([*VISITOR, "at", "is_later", "event_id"])
    told = events[events["name"].eq("purchase")].sort_values("at")
    again = told.index[told.duplicated(["stream", "order_id"]) & told["order_id"].notna()]
    events = events.assign(is_order=events["name"].eq("purchase") & ~events.index.isin(again))
    return events[events["has_consent"] & events["visitor"].notna()]


def by_gap(events: pd.DataFrame) -> pd.DataFrame:
    """Measured events with the number of their visit."""
    apart = events.groupby(VISITOR)["at"].diff()
    return events.assign(session=(apart.isna() | (apart > TIMEOUT)).cumsum())


def sessions(events: pd.DataFrame, zones: Mapping[str, str]) -> pd.DataFrame:
    """One row per visit.

    Args:
        events: Measured, with their session.
        zones: Of the stream's store.
    """
    grouped = events.groupby([*VISITOR, "session"], sort=False)
    rows = [
        {"stream": stream, "visitor": visitor, **_session(visit, zones[stream])}
        for (stream, visitor, _), visit in grouped
    ]
    return pd.DataFrame(rows)


def _session(visit: pd.DataFrame, zone: str) -> dict[str, Any]:
    names = visit["name"]
    started, ended = visit["at"].iloc[0], visit["at"].iloc[-1]
    engaged = visit["engaged_ms"].dropna()
    seconds = engaged.sum() / 1000 if len(engaged) else (ended - started).total_seconds()
    views, orders = int(names.eq("page_view").sum()), int(visit["is_order"].sum())
    reached = {
        "has_product_view": names.eq("view_item").any(),
        "has_add_to_cart": names.eq("add_to_cart").any(),
        "has_checkout": names.eq("begin_checkout").any(),
        "has_sign_up": names.eq("sign_up").any(),
        "has_purchase": orders > 0,
    }
    decided = reached["has_sign_up"] or reached["has_checkout"] or reached["has_purchase"]
    return {
        "started_at": started,
        "ended_at": ended,
        "session_date": started.tz_convert(zone).date(),
        "event_count": len(visit),
        "page_view_count": views,
        "order_count": orders,
        **{name: bool(flag) for name, flag in reached.items()},
        "is_engaged": bool(seconds >= 10 or views >= 2 or decided),
        "landing_page_path": urlsplit(visit["url"].iloc[0]).path or "/",
        **_source(visit),
    }


def _source(visit: pd.DataFrame) -> dict[str, Any]:
    """Of the first event that says where it came from."""
    direct = {
        "traffic_source": "(direct)",
        "traffic_medium": "(none)",
        "traffic_campaign": None,
        "click_id_type": None,
    }
    told = (_told(event) for event in visit.to_dict("records"))
    return next((source for source in told if source), direct)


def _told(event: Mapping[str, Any]) -> dict[str, Any] | None:
    source, medium, campaign = (_known(event[name]) for name in ("source", "medium", "campaign"))
    tagged = (source, medium, campaign, _known(event["campaign_id"]), _known(event["click_id"]))
    page, host = _host(event["url"]), _host(event["referrer"])
    referrer = host if not source and host != page else None
    if not any(tagged) and (not referrer or _is_one_of(referrer, PAYMENT)):
        return None
    # Only who names no source is asked where it came from.
    untold = "organic" if _is_one_of(referrer, SEARCH) else "referral"
    return {
        "traffic_source": source or referrer or event["click_id"] or "(not set)",
        "traffic_medium": medium or ("(not set)" if source or not referrer else untold),
        "traffic_campaign": campaign,
        "click_id_type": _known(event["click_id"]),
    }


def _known(text: object) -> str | None:
    if not isinstance(text, str) or text.strip() in ("", "(not set)"):
        return None
    return text.strip().lower()


def _host(url: str) -> str | None:
    host = urlsplit(url).hostname
    return host.removeprefix("www.") if host else None


def _is_one_of(host: str | None, words: tuple[str, ...]) -> bool:
    return bool(host) and not set(host.split(".")).isdisjoint(words)

"""The truth of the web: sums over visible events."""

from __future__ import annotations

import pandas as pd

from sandbox.world.ledger import Ledger
from sandbox.world.timeline import local_dates

STEPS = ("view_item", "add_to_cart", "begin_checkout", "purchase")
DIRECT = "Direct"
OPENING = ("session_start", "first_visit", "page_view")
ASIDE = ("add_to_wishlist", "sign_up")
KEY_EVENTS = ("begin_checkout", "sign_up", "purchase")
ENGAGED_MSEC = 10_000
ENGAGED_SECONDS = 10


def sessions(view: Ledger) -> pd.DataFrame:
    """One row per session: a visit with consent of which at least one event has arrived.

    Its day is that of its first event in the shop's zone. It is engaged after 10 s of engagement
    (first to last event where none was sent), two page views, a purchase, sign-up or checkout.
    ``collector``: whose events count, the shop's own from its first full day on. ``visitor``: the
    cookie id. ``has_cart_of_viewed``: something was put into the cart that was looked at in it.
    ``channel``: the one it was planted with, if an event of the first page has arrived: only they
    tell it.
    """
    events = collected(view)
    consented = view.visits.loc[view.visits["has_consent"], "visit_id"]
    events = events[events["visit_id"].isin(consented)]
    name = events["event_name"]
    flags = {f"has_{step}": name == step for step in (*STEPS, *ASIDE)}
    rows = events.assign(
        is_view=name == "page_view",
        is_item_view=name == "view_item",
        is_key=name.isin(KEY_EVENTS),
        **flags,
    ).groupby("visit_id")  # fmt: skip
    frame = rows.agg(
        shop=("shop", "first"),
        started_at=("happened_at", "min"),
        ended_at=("happened_at", "max"),
        page_views=("is_view", "sum"),
        item_views=("is_item_view", "sum"),
        has_key_event=("is_key", "any"),
        **{flag: (flag, "any") for flag in flags},
    )
    engagement = rows["engagement_msec"].sum(min_count=1)
    seconds = (frame["ended_at"] - frame["started_at"]).dt.total_seconds()
    long_enough = (engagement >= ENGAGED_MSEC).fillna(seconds >= ENGAGED_SECONDS).astype(bool)
    frame["is_engaged"] = long_enough | (frame["page_views"] >= 2) | frame["has_key_event"]
    frame["engaged_msec"] = engagement
    frame["has_cart_of_viewed"] = frame.index.isin(_carted_as_viewed(view, events))
    frame["landing_path"] = _landings(events).reindex(frame.index)
    frame["scrolled_pages"] = _scrolled_pages(events).reindex(frame.index, fill_value=0)
    planted = view.visits.set_index("visit_id").reindex(frame.index)
    frame["visitor"] = planted["user_pseudo_id"]
    frame["device"] = planted["device"].astype("str")
    frame["channel"] = planted["channel"].astype("str").where(_tells_channel(events), DIRECT)
    frame = with_dates(view, frame.reset_index(), "started_at")
    return frame.assign(collector=_collectors(view, frame))


def _tells_channel(events: pd.DataFrame) -> pd.Series:
    """Whether an event of each visit's first page has arrived."""
    opens = (events["page_view_number"] == 1) & events["event_name"].isin(OPENING)
    return opens.groupby(events["visit_id"]).any()


def session_steps(view: Ledger, visits: pd.DataFrame) -> pd.DataFrame:
    """One row per step of the funnel that was taken in a session, each time it was.

    Args:
        view: The ledger.
        visits: The truth of sessions.
    """
    events = collected(view)
    is_step = events["event_name"].isin(STEPS) & ~events["is_repeat"]
    rows = events[is_step & events["visit_id"].isin(visits["visit_id"])]
    columns = ["visit_id", "event_name", "happened_at", "order_id"]
    return rows[columns].astype({"event_name": "str"}).reset_index(drop=True)


def _scrolled_pages(events: pd.DataFrame) -> pd.Series:
    """How many pages of each visit were scrolled to their end: the page is the last one viewed."""
    rows = events.assign(is_later=events["event_name"] != "page_view")
    rows = rows.sort_values(["visit_id", "happened_at", "is_later", "event_id"])
    page = (~rows["is_later"]).groupby(rows["visit_id"]).cumsum()
    ends = rows["event_name"] == "scroll"
    return page[ends & (page > 0)].groupby(rows["visit_id"]).nunique()


def collected(view: Ledger) -> pd.DataFrame:
    """Events that somebody collects: what happens before the collector is on, nobody hears."""
    stores = view.stores.set_index("shop")
    by_tag = stores["collectors"].str.contains("ga4")
    events = view.web_events
    is_on = events["happened_at"] >= events["shop"].map(stores["first_party_at"]).array
    return events[is_on | events["shop"].map(by_tag).to_numpy(bool)]


def _landings(events: pd.DataFrame) -> pd.Series:
    """The page of each visit's first event."""
    first = events.sort_values(["happened_at", "event_id"]).drop_duplicates("visit_id")
    return first.set_index("visit_id")["page_path"].astype("str")


def _carted_as_viewed(view: Ledger, events: pd.DataFrame) -> pd.Series:
    """Visits in which a product was put into the cart and looked at, in any order."""
    product = view.variants.set_index("variant_id")["product_id"]
    rows = events[["visit_id", "event_name"]].assign(product=events["variant_id"].map(product))
    parts = [
        rows.loc[rows["event_name"] == step, ["visit_id", "product"]].drop_duplicates()
        for step in ("add_to_cart", "view_item")
    ]
    return parts[0].merge(parts[1])["visit_id"]


def _collectors(view: Ledger, visits: pd.DataFrame) -> pd.Series:
    """Who tells each visit: the shop's own collector from the day after its first one on."""
    events = view.web_events
    own = events["shop"].map(view.stores.set_index("shop")["first_party_at"])
    heard = events[events["happened_at"] >= own.to_numpy()]
    first = heard.loc[heard.groupby("shop", observed=True)["happened_at"].idxmin()]
    days = with_dates(view, first[["shop", "happened_at"]], "happened_at")
    since = days.set_index("shop")["date"]
    with_both = view.stores.loc[view.stores["collectors"].str.contains("ga4"), "shop"]
    later = visits["date"] > visits["shop"].map(since).to_numpy()
    is_own = visits["shop"].isin(since.index) & (later | ~visits["shop"].isin(with_both))
    return is_own.map({True: "first_party", False: "ga4"})


def sessions_daily(visits: pd.DataFrame) -> pd.DataFrame:
    """One row per shop and local date of the first event: sessions and how far they got."""
    steps = {f"with_{step}": (f"has_{step}", "sum") for step in STEPS}
    return visits.groupby(["shop", "date"], as_index=False, observed=True).agg(
        sessions=("visit_id", "size"),
        engaged=("is_engaged", "sum"),
        page_views=("page_views", "sum"),
        **steps,
    )  # fmt: skip


def web_events_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop, local date and event name: rows of the export, repeats included."""
    visits = view.visits.set_index("visit_id")["has_consent"]
    events = collected(view)[["shop", "event_name", "visit_id", "happened_at", "is_repeat"]]
    denied = ~visits.loc[events["visit_id"]].to_numpy()
    events = with_dates(view, events.assign(is_denied=denied), "happened_at")
    return events.groupby(["shop", "date", "event_name"], as_index=False, observed=True).agg(
        events=("visit_id", "size"),
        without_consent=("is_denied", "sum"),
        repeats=("is_repeat", "sum"),
    )


def with_dates(view: Ledger, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows with ``date``: the local date of a time in the zone of each row's shop."""
    zones = view.stores.set_index("shop")["timezone"]
    parts = [
        rows.assign(date=local_dates(rows[column], zones[shop]))
        for shop, rows in frame.groupby("shop", observed=True, sort=False)
    ]
    return pd.concat(parts) if parts else frame.assign(date=frame[column])

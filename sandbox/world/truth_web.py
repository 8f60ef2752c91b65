"""The truth of the web: sums over visible events."""

from __future__ import annotations

import pandas as pd

from sandbox.world.ledger import Ledger
from sandbox.world.timeline import local_dates

STEPS = ("view_item", "add_to_cart", "begin_checkout", "purchase")
KEY_EVENTS = ("begin_checkout", "sign_up", "purchase")
ENGAGED_MSEC = 10_000
ENGAGED_SECONDS = 10


def sessions(view: Ledger) -> pd.DataFrame:
    """One row per session: a visit with consent of which at least one event has arrived.

    Its day is that of its first event in the shop's zone. It is engaged after 10 s of engagement
    (first to last event where none was sent), two page views, a purchase, sign-up or checkout.
    """
    events = view.web_events
    consented = view.visits.loc[view.visits["has_consent"], "visit_id"]
    events = events[events["visit_id"].isin(consented)]
    name = events["event_name"]
    flags = {f"has_{step}": name == step for step in STEPS}
    rows = events.assign(
        is_view=name == "page_view", is_key=name.isin(KEY_EVENTS), **flags
    ).groupby("visit_id")  # fmt: skip
    frame = rows.agg(
        shop=("shop", "first"),
        started_at=("happened_at", "min"),
        ended_at=("happened_at", "max"),
        page_views=("is_view", "sum"),
        has_key_event=("is_key", "any"),
        **{flag: (flag, "any") for flag in flags},
    )
    engagement = rows["engagement_msec"].sum(min_count=1)
    seconds = (frame["ended_at"] - frame["started_at"]).dt.total_seconds()
    long_enough = (engagement >= ENGAGED_MSEC).fillna(seconds >= ENGAGED_SECONDS).astype(bool)
    frame["is_engaged"] = long_enough | (frame["page_views"] >= 2) | frame["has_key_event"]
    return with_dates(view, frame.reset_index(), "started_at")


def sessions_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop and local date of the first event: sessions and how far they got."""
    steps = {f"with_{step}": (f"has_{step}", "sum") for step in STEPS}
    return sessions(view).groupby(["shop", "date"], as_index=False, observed=True).agg(
        sessions=("visit_id", "size"),
        engaged=("is_engaged", "sum"),
        page_views=("page_views", "sum"),
        **steps,
    )  # fmt: skip


def web_events_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop, local date and event name: rows of the export, repeats included."""
    visits = view.visits.set_index("visit_id")["has_consent"]
    events = view.web_events[["shop", "event_name", "visit_id", "happened_at", "is_repeat"]]
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

"""The truth of persons: what they signed up for, joined, sent in and bought, a row each."""

from __future__ import annotations

import pandas as pd

from sandbox.world.ledger import Ledger
from sandbox.world.shops import COMMERCETOOLS, SHOPIFY, SQL_ORDERS, handles_of
from sandbox.world.truth_web import with_dates

GRACE = pd.Timedelta(minutes=30)
"""A sign-up so long after a visit's last event is still the visit's."""


def frames(view: Ledger, visits: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Every table of this truth, by name.

    Args:
        view: The ledger.
        visits: The truth of sessions.
    """
    persons = session_persons(view, visits)
    parts = (enrolments, contents, bought_lines, delivered_lines, reviews, predictions,
             message_clicks)  # fmt: skip
    return {
        "session_persons": persons,
        "sign_ups": sign_ups(view, visits, persons),
        **{part.__name__: part(view) for part in parts},
    }


def session_persons(view: Ledger, visits: pd.DataFrame) -> pd.DataFrame:
    """One row per session of a person who can be told: its browser had a login or an order once.

    Each collector knows browsers apart.
    """
    known = visits.merge(_named(view), on=["shop", "visitor", "collector"])
    persons = view.visits.set_index("visit_id")["person_id"]
    columns = ["visit_id", "shop", "started_at", "ended_at", "channel"]
    return known[columns].assign(person_id=persons.reindex(known["visit_id"]).array)


def _named(view: Ledger) -> pd.DataFrame:
    """Browsers that a collector has seen with a login or an order: shop, visitor, collector."""
    events = view.web_events[["shop", "visit_id", "event_name", "order_id", "happened_at"]]
    visits = view.visits.set_index("visit_id")[["user_pseudo_id", "login_at", "has_consent"]]
    events = events.join(visits, on="visit_id")
    kept = view.orders.loc[view.orders["deleted_at"].isna(), "order_id"]
    tells = (events["happened_at"] >= events["login_at"]) | events["order_id"].isin(kept)
    events = events[events["has_consent"] & tells]
    stores = view.stores.set_index("shop")
    own = events[events["happened_at"] >= events["shop"].map(stores["first_party_at"]).array]
    with_ga4 = stores.index[stores["collectors"].str.contains("ga4")]
    ga4 = events[events["shop"].isin(with_ga4)]
    found = pd.concat([own.assign(collector="first_party"), ga4.assign(collector="ga4")])
    found = found.rename(columns={"user_pseudo_id": "visitor"})
    return found[["shop", "visitor", "collector"]].drop_duplicates()


def sign_ups(view: Ledger, visits: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    """One row per sign-up for e-mail: its day, and the visitor where a visit is known.

    Where a shop's e-mail account tells consents, they count, with the person's visit at that time
    or up to half an hour before: one with a sign-up first, then the latest. Else the sign-ups of
    visits count.
    """
    events = view.email_events
    told = events[events["kind"] == "subscribed"]
    by_event = view.web_events[view.web_events["event_name"] == "sign_up"]
    by_event = by_event[~by_event["shop"].isin(told["shop"])].astype({"shop": "str"})
    visits = visits.rename(columns={"date": "visit_date"})
    columns = ["visitor", "collector", "visit_date"]
    by_event = by_event.merge(visits[["visit_id", *columns]], on="visit_id")
    columns = ["shop", "happened_at", *columns]
    rows = pd.concat([_of_consents(view, told, visits, persons)[columns], by_event[columns]])
    return with_dates(view, rows, "happened_at")


def _of_consents(
    view: Ledger, told: pd.DataFrame, visits: pd.DataFrame, persons: pd.DataFrame
) -> pd.DataFrame:
    """Consents, each with the visit it was given in, if there was one."""
    person = view.email_profiles.set_index("profile_id")["person_id"]
    told = told[["event_id", "shop", "happened_at"]].assign(
        person_id=person.reindex(told["profile_id"]).array
    )
    known = told[told["person_id"] > 0]
    pairs = known.merge(persons.astype({"shop": "str"}), on=["shop", "person_id"])
    is_within = (pairs["happened_at"] >= pairs["started_at"]) & (
        pairs["happened_at"] <= pairs["ended_at"] + GRACE
    )
    told_of = ["visitor", "collector", "visit_date"]
    more = visits[["visit_id", *told_of, "has_sign_up"]]
    found = pairs[is_within].merge(more, on="visit_id")
    found = found.sort_values(["has_sign_up", "started_at"])
    found = found.drop_duplicates("event_id", keep="last")
    return told.merge(found[["event_id", *told_of]], on="event_id", how="left")


def enrolments(view: Ledger) -> pd.DataFrame:
    """One row per member of a loyalty programme: when they joined, and left."""
    return view.loyalty_members[["shop", "person_id", "enrolled_at", "opted_out_at"]]


def contents(view: Ledger) -> pd.DataFrame:
    """One row per photo, video or question that is there: by whom, and when.

    What belongs to a review that is deleted by now has gone with it.
    """
    deleted = view.reviews.loc[view.reviews["is_deleted"], "review_id"]
    rows = view.ugc[~view.ugc["review_id"].isin(deleted)]
    return rows[["shop", "person_id", "kind", "created_at"]]


def delivered_lines(view: Ledger) -> pd.DataFrame:
    """One row per line whose first parcel has arrived, where the platform tells it: Shopify."""
    parcels = view.fulfillments.dropna(subset="delivered_at")
    parcels = parcels[parcels["shop"].isin(handles_of(SHOPIFY))]
    parts = view.fulfillment_lines.merge(parcels[["fulfillment_id", "delivered_at"]])
    first = parts.groupby("line_id", as_index=False)["delivered_at"].min()
    return first.merge(bought_lines(view), on="line_id")


def reviews(view: Ledger) -> pd.DataFrame:
    """One row per review that is not deleted by now: by whom, and of what."""
    rows = view.reviews[~view.reviews["is_deleted"]]
    return rows[["shop", "product_id", "person_id", "created_at"]]


def message_clicks(view: Ledger) -> pd.DataFrame:
    """One row per click of a person in a message."""
    events = view.email_events
    clicks = events[(events["kind"] == "clicked") & ~events["is_machine"]]
    channel = view.email_messages.set_index("email_message_id")["channel"]
    person = view.email_profiles.set_index("profile_id")["person_id"]
    return clicks[["shop", "happened_at"]].assign(
        channel=channel.reindex(clicks["email_message_id"]).array,
        person_id=person.reindex(clicks["profile_id"]).array,
    )


def bought_lines(view: Ledger) -> pd.DataFrame:
    """One row per line of goods with units: of which order, product, and category at the top.

    The till knows articles alone: there each is a product. Platforms that hide what is no longer
    sold do not tell its category.
    """
    lines = view.order_lines[~view.order_lines["is_gift_card"] & (view.order_lines["quantity"] > 0)]
    own = view.categories.drop_duplicates("name").set_index("name")["parent_id"]
    above = view.categories.set_index("category_id")["name"]
    category = lines["category"].map(own).map(above)
    archived = view.products.loc[view.products["status"] != "ACTIVE", "product_id"]
    hides = lines["shop"].isin([*handles_of(COMMERCETOOLS), *handles_of(SQL_ORDERS)])
    is_article = lines["shop"].isin(handles_of(SQL_ORDERS))
    product = lines["product_id"].astype("str").where(~is_article, lines["sku"])
    return lines[["shop", "order_id", "line_id", "product_id", "quantity"]].assign(
        product=product, category=category.mask(hides & lines["product_id"].isin(archived))
    )


def predictions(view: Ledger) -> pd.DataFrame:
    """One row per profile with a prediction: the newest one."""
    newest = view.profile_predictions.sort_values("predicted_at").drop_duplicates(
        ["shop", "profile_id"], keep="last"
    )
    return newest[["shop", "profile_id", "predicted_at", "churn_probability", "predicted_clv"]]

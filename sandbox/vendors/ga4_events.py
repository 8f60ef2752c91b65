"""GA4's event export: one Parquet file a stream and day, as BigQuery has it.

A day's file is written again while events still arrive for it (72 hours); the current day has an
``events_intraday_`` file that goes when the day is complete. Some purchases are there twice; events
without consent have no ``user_pseudo_id`` and no session. Items carry the SKU as ``item_id``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from sandbox.vendors.ga4_nested import Params, chosen, group_rows, struct, text
from sandbox.world.drawing import Bools, Ints
from sandbox.world.ledger import Ledger
from sandbox.world.timeline import local_dates

STREAM_IDS = {"basketline-eu": "3400000001", "basketline-us": "3400000002"}
ITEM_EVENTS = ("view_item", "add_to_cart", "add_to_wishlist")
KEY_EVENTS = ("begin_checkout", "sign_up", "purchase")
COUNTRIES = {
    "DE": "Germany",
    "AT": "Austria",
    "FR": "France",
    "NL": "Netherlands",
    "CH": "Switzerland",
    "GB": "United Kingdom",
    "US": "United States",
    "CA": "Canada",
}
CAMPAIGN_PARAMS = {
    "source": "source",
    "medium": "medium",
    "campaign": "campaign",
    "campaign_id": "utm_id",
    "content": "utm_content",
    "gclid": "gclid",
}
# Query parameters of the first page; the click ids, named as their column, are always there.
QUERY_PARAMS = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "campaign",
    "utm_id": "utm_id",
    "utm_content": "utm_content",
    "gclid": "gclid",
    "fbclid": "fbclid",
    "ttclid": "ttclid",
    "epik": "epik",
}
OPENING = ("session_start", "first_visit", "page_view")


def day_counts(view: Ledger, now: pd.Timestamp) -> pd.DataFrame:
    """One row per file of the export: its stream, day, name, and how many events it holds.

    A file's content follows from its count: events are only ever added to a day.
    """
    days = _dated(view)
    counts = days.groupby(["shop", "date"], observed=True).size().rename("events").reset_index()
    zones = view.stores.set_index("shop")["timezone"]
    today = (
        counts["shop"]
        .astype("str")
        .map(
            {
                shop: now.tz_convert(zone).tz_localize(None).normalize()
                for shop, zone in zones.items()
            }
        )
    )
    intraday = np.where(counts["date"] >= today, "intraday_", "")
    day = counts["date"].dt.strftime("%Y%m%d")
    return counts.assign(name="events_" + pd.Series(intraday) + day + ".parquet")


def day_tables(view: Ledger, wanted: pd.DataFrame) -> Iterator[tuple[str, pd.Timestamp, pa.Table]]:
    """The events of the wanted days.

    Args:
        view: The ledger as of the clock.
        wanted: Rows with ``shop`` and ``date``.

    Yields:
        Stream, day and its table, sorted by time.
    """
    days = _dated(view)
    for shop, dates in wanted.groupby("shop", observed=True)["date"]:
        own = days[(days["shop"] == shop) & days["date"].isin(dates)]
        own = own.sort_values(["date", "happened_at", "event_id"]).reset_index(drop=True)
        table = nested(view, own)
        starts = np.flatnonzero(
            np.r_[True, np.diff(own["date"].to_numpy("M8[us]")).astype(int) > 0]
        )
        ends = np.r_[starts[1:], len(own)]
        for start, end in zip(starts, ends, strict=True):
            yield str(shop), own["date"].iloc[start], table.slice(start, end - start)


def _dated(view: Ledger) -> pd.DataFrame:
    """Events of the shops with a stream, with the day of their property."""
    events = view.web_events
    events = events[events["shop"].isin(STREAM_IDS).to_numpy()]
    date = pd.Series(pd.NaT, index=events.index, dtype="datetime64[us]")
    zones = view.stores.set_index("shop")["timezone"]
    for shop in STREAM_IDS:
        rows, zone = (events["shop"] == shop).to_numpy(), zones[shop]
        date[rows] = local_dates(events.loc[rows, "happened_at"], zone)
    return events.assign(date=date)


def nested(view: Ledger, events: pd.DataFrame) -> pa.Table:
    """Events of one stream as rows of GA4's export.

    Args:
        view: The ledger as of the clock.
        events: Rows of web_events with ``date``, in the order to write.
    """
    visits = view.visits
    place = np.searchsorted(visits["visit_id"].to_numpy(), events["visit_id"].to_numpy())
    visit = visits.iloc[place].reset_index(drop=True)
    stamp = events["happened_at"].to_numpy("M8[us]").astype(np.int64)
    logged_in = (events["happened_at"] >= visit["login_at"]).to_numpy()
    consent = visit["has_consent"].to_numpy()
    opening = _is_opening(events)
    shop = str(events["shop"].iloc[0])
    n = len(events)
    return pa.table(
        {
            "event_date": _event_dates(events["date"]),
            "event_timestamp": pa.array(stamp),
            "event_name": text(events["event_name"]),
            "event_params": _params(view, events, visit, opening),
            "event_bundle_sequence_id": pa.array(events["event_id"].to_numpy()),
            "event_server_timestamp_offset": _delays(events),
            "user_id": text(visit["user_id"].where(logged_in & consent, "")),
            "user_pseudo_id": text(visit["user_pseudo_id"]),
            "privacy_info": _privacy(consent),
            "user_first_touch_timestamp": _first_touch(view, visit),
            "device": _device(visit, shop),
            "geo": _geo(visit),
            "traffic_source": _first_source(view, visit),
            "stream_id": pa.array([STREAM_IDS[shop]] * n),
            "platform": pa.array(["WEB"] * n),
            "ecommerce": _ecommerce(events),
            "items": _items(view, events),
            "collected_traffic_source": _collected(visit, opening),
            "is_active_user": pa.array((events["page_view_number"] > 1).to_numpy()),
            "batch_event_index": pa.array(np.ones(n, np.int64)),
            "batch_page_id": pa.array(events["page_view_number"].to_numpy()),
        }
    )


def _is_opening(events: pd.DataFrame) -> Bools:
    """Events of the first page: they alone tell where the visit came from."""
    first = (events["page_view_number"] == 1) & events["event_name"].isin(OPENING)
    return first.to_numpy()


def _params(
    view: Ledger, events: pd.DataFrame, visit: pd.DataFrame, opening: Bools
) -> pa.ListArray:
    params = Params(len(events))
    consent = visit["has_consent"].to_numpy()
    name = events["event_name"]
    params.ints("ga_session_id", visit["ga_session_id"].to_numpy(), consent)
    params.ints("ga_session_number", visit["ga_session_number"].to_numpy(), consent)
    params.strings("page_location", _locations(events, visit, opening))
    params.strings("page_title", text(events["page_path"]))
    params.strings("page_referrer", text(visit["referrer"]), opening)
    engaged = (events["page_view_number"] > 1) | name.isin(KEY_EVENTS)
    params.strings("session_engaged", text(np.where(engaged, "1", "0")))
    arrived = opening & (visit["source"] != "(direct)").to_numpy()
    for key, column in CAMPAIGN_PARAMS.items():
        params.strings(key, text(visit[column]), arrived)
    for key, column in (("engagement_time_msec", "engagement_msec"), ("percent_scrolled",) * 2):
        values = events[column]
        params.ints(key, values.fillna(0).to_numpy(np.int64), values.notna().to_numpy())
    has_value = events["value"].notna().to_numpy()
    params.doubles("value", events["value"].fillna(0).to_numpy(np.float64) / 100, has_value)
    currency = view.stores.set_index("shop")["currency"][str(events["shop"].iloc[0])]
    params.strings("currency", pa.array([currency] * len(events)), has_value)
    params.strings("transaction_id", _transaction_ids(events))
    return params.nested()


def _event_dates(dates: pd.Series) -> pa.Array:
    codes, days = pd.factorize(dates)
    return chosen([f"{day:%Y%m%d}" for day in days], codes)


def _locations(events: pd.DataFrame, visit: pd.DataFrame, opening: Bools) -> pa.Array:
    """Addresses; the first page's has the campaign parameters and click ids."""
    host = f"https://{events['shop'].iloc[0]}.example"
    paths = events["page_path"].array
    plain = chosen([host + path for path in paths.categories], paths.codes)
    rows = np.flatnonzero(opening & (visit["source"] != "(direct)").to_numpy())
    first = visit.iloc[rows]
    tagged = ~first["medium"].isin(["(none)", "organic", "referral"])
    query = pd.Series("", index=first.index, dtype="str")
    for key, column in QUERY_PARAMS.items():
        value = first[column].astype("str")
        wanted = (value != "") & (tagged | (key == column))
        query += ("&" + key + "=" + value).where(wanted, "")
    query = query.where(query == "", "?" + query.str[1:])
    full = plain.take(pa.array(rows)).to_pandas().to_numpy(object) + query.to_numpy(object)
    place = np.arange(len(events))
    place[rows] = len(events) + np.arange(len(rows))
    return pa.concat_arrays([plain, pa.array(full, pa.string())]).take(pa.array(place))


def _transaction_ids(events: pd.DataFrame) -> pa.Array:
    """Shopify's numeric order id, as the tag sends it."""
    bought = events["order_id"].notna().to_numpy()
    ids = pa.array(events["order_id"].fillna(0).to_numpy(np.int64), mask=~bought)
    return ids.cast(pa.string())


def _delays(events: pd.DataFrame) -> pa.Array:
    delay = events["arrived_at"] - events["happened_at"]
    return pa.array(delay.dt.total_seconds().mul(1e6).astype("int64").to_numpy())


def _privacy(consent: Bools) -> pa.StructArray:
    answer = text(np.where(consent, "Yes", "No").astype(object))
    return struct(analytics_storage=answer, ads_storage=answer)


def _first_visits(view: Ledger, visit: pd.DataFrame) -> tuple[Ints, Bools]:
    """Row of the first visit of each event's cookie, and whether there is a cookie."""
    first = view.visits.drop_duplicates("user_pseudo_id")
    rows = pd.Series(first.index, index=first["user_pseudo_id"])
    found = rows.reindex(visit["user_pseudo_id"]).to_numpy(np.float64)
    return np.nan_to_num(found).astype(np.int64), (visit["user_pseudo_id"] != "").to_numpy()


def _first_touch(view: Ledger, visit: pd.DataFrame) -> pa.Array:
    rows, known = _first_visits(view, visit)
    stamps = view.visits["started_at"].to_numpy("M8[us]").astype(np.int64)[rows]
    return pa.array(stamps, mask=~known)


def _first_source(view: Ledger, visit: pd.DataFrame) -> pa.StructArray:
    rows, known = _first_visits(view, visit)
    first = view.visits.iloc[rows]
    columns = (("source", "source"), ("medium", "medium"), ("name", "campaign"))
    return struct(
        **{
            name: text(first[column].reset_index(drop=True).where(known))
            for name, column in columns
        }
    )


def _device(visit: pd.DataFrame, shop: str) -> pa.StructArray:
    language = np.where(visit["country_code"].isin(["DE", "AT", "CH"]), "de", "en")
    web = struct(
        browser=text(visit["browser"]),
        hostname=pa.array([f"{shop}.example"] * len(visit)),
    )
    return struct(
        category=text(visit["device"]),
        operating_system=text(visit["os"]),
        language=text(language.astype(object)),
        web_info=web,
    )


def _geo(visit: pd.DataFrame) -> pa.StructArray:
    country = visit["country_code"].array
    named = country.rename_categories([COUNTRIES[code] for code in country.categories])
    return struct(
        country=text(named), region=pa.nulls(len(visit), pa.string()), city=text(visit["city"])
    )


def _collected(visit: pd.DataFrame, opening: Bools) -> pa.StructArray:
    rows = pa.array(~(opening & (visit["source"] != "(direct)").to_numpy()))
    columns = (("manual_campaign_id", "utm_id"), ("manual_campaign_name", "campaign"),
               ("manual_source", "source"), ("manual_medium", "medium"),
               ("manual_content", "utm_content"), ("gclid", "gclid"))  # fmt: skip
    fields = {name: text(visit[column]) for name, column in columns}
    fields["manual_term"] = pa.nulls(len(visit), pa.string())
    return pa.StructArray.from_arrays(list(fields.values()), list(fields), mask=rows)


def _ecommerce(events: pd.DataFrame) -> pa.StructArray:
    bought = (events["event_name"] == "purchase").to_numpy()
    revenue = pa.array(events["value"].fillna(0).to_numpy(np.float64) / 100, mask=~bought)
    return struct(
        transaction_id=_transaction_ids(events),
        purchase_revenue=revenue,
        total_item_quantity=pa.array(events["quantity"].fillna(0).to_numpy(np.int64), mask=~bought),
    )


def _items(view: Ledger, events: pd.DataFrame) -> pa.ListArray:
    """One item of a product event, all lines of a purchase or of a begun checkout."""
    name = events["event_name"]
    place = pd.Series(np.arange(len(events)))
    single = name.isin(ITEM_EVENTS).to_numpy()
    own = pd.DataFrame(
        {
            "event": place[single],
            "variant_id": events.loc[single, "variant_id"].astype("int64"),
            "quantity": events.loc[single, "quantity"].astype("int64"),
            "price": events.loc[single, "value"].astype("int64") // events.loc[single, "quantity"],
        }
    )
    carts = view.checkout_lines.rename(columns={"unit_price": "price"})
    begun = _lines_of(events, name == "begin_checkout", "checkout_id", carts)
    placed = view.order_lines.merge(view.orders[["order_id", "created_at"]])
    placed = placed[placed["added_at"] == placed["created_at"]].rename(
        columns={"unit_price": "price"}
    )
    bought = _lines_of(events, name == "purchase", "order_id", placed)
    rows = pd.concat([own, begun, bought.assign(is_bought=True)], ignore_index=True)
    return group_rows(_item_structs(view, rows), rows["event"].to_numpy(np.int64), len(events))


def _lines_of(
    events: pd.DataFrame, which: pd.Series, key: str, lines: pd.DataFrame
) -> pd.DataFrame:
    """Lines of the orders or checkouts of some events."""
    some = events.loc[which & events[key].notna(), [key]].astype("int64")
    some["event"] = np.flatnonzero(which & events[key].notna())
    return some.merge(lines, on=key)[["event", "variant_id", "quantity", "price"]]


def _item_structs(view: Ledger, rows: pd.DataFrame) -> pa.StructArray:
    columns = ["variant_id", "sku", "title", "product_id"]
    products = view.products[["product_id", "title", "vendor", "category"]]
    goods = view.variants[columns].merge(products, on="product_id", suffixes=("", "_product"))
    found = goods.set_index("variant_id").reindex(rows["variant_id"]).reset_index(drop=True)
    price = rows["price"].to_numpy(np.float64) / 100
    quantity = rows["quantity"].to_numpy(np.int64)
    not_bought = rows["is_bought"].isna().to_numpy()
    return struct(
        item_id=text(found["sku"]),
        item_name=text(found["title_product"]),
        item_brand=text(found["vendor"]),
        item_variant=text(found["title"]),
        item_category=text(found["category"]),
        price=pa.array(price),
        quantity=pa.array(quantity),
        item_revenue=pa.array(price * quantity, mask=not_bought),
    )

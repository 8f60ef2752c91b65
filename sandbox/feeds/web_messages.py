"""The messages of a shop's own collector, as Segment's spec has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.shown_ids import shown_ids
from sandbox.world.ledger import Ledger

TRACKED = {
    "session_start": "Session Started",
    "first_visit": "First Visit",
    "view_item": "Product Viewed",
    "scroll": "Page Scrolled",
    "add_to_wishlist": "Product Added to Wishlist",
    "add_to_cart": "Product Added",
    "begin_checkout": "Checkout Started",
    "sign_up": "Signed Up",
    "purchase": "Order Completed",
    "user_engagement": "User Engagement",
}
ITEM_EVENTS = ("view_item", "add_to_wishlist", "add_to_cart")
OPENING = ("session_start", "first_visit", "page_view")
IDENTIFY = "identify"
RETRY_OF, RETRY_AFTER = 211, pd.Timedelta(seconds=30)
"""One message of so many is sent again, so much later."""

WRONG_CLOCK_OF = 7
SKEWS = pd.to_timedelta(["-3h", "-95s", "40s", "26h"])
QUERY = {
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
CLICK_IDS = ("gclid", "fbclid", "ttclid", "epik")
CAMPAIGN = {
    "source": "source",
    "medium": "medium",
    "name": "campaign",
    "id": "utm_id",
    "content": "utm_content",
}
# Without its times, which are slow to go through one by one.
VISIT_COLUMNS = (
    *("visit_id", "ga_session_id", "has_consent", "referrer", "landing_path"),
    *("device", "os", "browser", "country_code", "city"),
    *dict.fromkeys(QUERY.values()),
)
_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_PLATFORMS = {
    ("desktop", "Windows"): "Windows NT 10.0; Win64; x64",
    ("desktop", "macOS"): "Macintosh; Intel Mac OS X 10_15_7",
    ("mobile", "Android"): "Linux; Android 14; Pixel 8",
    ("tablet", "Android"): "Linux; Android 14; SM-X910",
    ("mobile", "iOS"): "iPhone; CPU iPhone OS 17_5 like Mac OS X",
    ("tablet", "iPadOS"): "iPad; CPU OS 17_5 like Mac OS X",
}


def user_agent(device: str, system: str, browser: str) -> str:
    """What such a browser calls itself."""
    mobile = " Mobile" if device == "mobile" else ""
    head = f"Mozilla/5.0 ({_PLATFORMS[device, system]})"
    if browser == "Firefox":
        if system in ("iOS", "iPadOS"):
            return f"{head} {_WEBKIT} FxiOS/126.0{mobile}"
        if system == "Android":
            return f"Mozilla/5.0 (Android 14; {device.title()}; rv:126.0) Gecko Firefox/126.0"
        return f"{head} Gecko Firefox/126.0"
    if browser == "Safari":
        return f"{head} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5{mobile} Safari/604.1"
    edge = " Edg/125.0" if browser == "Edge" else ""
    return f"{head} {_WEBKIT} Chrome/125.0{mobile} Safari/537.36{edge}"


def received(view: Ledger, shop: str, now: pd.Timestamp) -> pd.DataFrame:
    """What the collector has received by now, in that order: events, logins, and some again.

    Columns: those of web_events, ``event_name`` also ``identify``; ``message``, ``received_at``
    and ``day``.
    """
    start = view.stores.set_index("shop")["first_party_at"][shop]
    events = view.web_events
    events = events[(events["shop"] == shop) & (events["happened_at"] >= start)]
    events = events.assign(
        event_name=events["event_name"].astype("str"),
        message=events["event_id"].map("{:08x}".format).astype("str"),
        received_at=events["arrived_at"],
    )
    rows = pd.concat([events, _logins(view, events)], ignore_index=True)
    again = rows[rows["event_id"] % RETRY_OF == 0]
    again = again.assign(received_at=again["received_at"] + RETRY_AFTER)
    rows = pd.concat([rows, again[again["received_at"] <= now]], ignore_index=True)
    rows = rows.sort_values(["received_at", "message"], kind="stable", ignore_index=True)
    return rows.assign(day=rows["received_at"].dt.strftime("%Y-%m-%d"))


def _logins(view: Ledger, events: pd.DataFrame) -> pd.DataFrame:
    """One row per visit with a login: the browser tells who it is, with its next event."""
    login = view.visits.set_index("visit_id")[["login_at", "has_consent"]]
    login = login[login["login_at"].notna() & login["has_consent"]]
    later = events[events["visit_id"].isin(login.index)]
    later = later[later["happened_at"] >= login.loc[later["visit_id"], "login_at"].to_numpy()]
    first = later.sort_values(["happened_at", "event_id"]).drop_duplicates("visit_id")
    blank = dict.fromkeys(("variant_id", "quantity", "order_id", "checkout_id", "value"), pd.NA)
    return first.assign(
        event_name=IDENTIFY,
        message="i" + first["message"],
        engagement_msec=pd.NA,
        percent_scrolled=pd.NA,
        **blank,
    )


def lines(view: Ledger, shop: str, rows: pd.DataFrame) -> pa.LargeStringArray:
    """A line of JSON for each message, put together a part at a time.

    Args:
        view: The ledger as of the clock.
        shop: Whose messages.
        rows: Some rows of ``received``.
    """
    visit = view.visits.set_index("visit_id").loc[rows["visit_id"]].reset_index()
    return _joined(
        "{",
        _heads(rows),
        ",",
        _who(view, shop, rows, visit),
        ',"context":{',
        *_contexts(shop, rows, visit),
        '},"properties":',
        pa.array(_properties(view, shop, rows), pa.large_string()),
        ",",
        *_times(rows, visit),
        "}\n",
    )


def _joined(*parts: str | pa.Array) -> pa.LargeStringArray:
    texts = [
        pa.scalar(part, pa.large_string()) if isinstance(part, str) else part for part in parts
    ]
    joined = pc.binary_join_element_wise(*texts, pa.scalar("", pa.large_string()))
    # A pandas column may lie in several chunks.
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _chosen(texts: list[str], places: np.ndarray) -> pa.LargeStringArray:
    """For each row one of some texts."""
    return pa.array(texts, pa.large_string()).take(pa.array(places))


def _heads(rows: pd.DataFrame) -> pa.LargeStringArray:
    kinds = {
        name: orjson.dumps({"type": "track", "event": event})[1:-1].decode()
        for name, event in TRACKED.items()
    }
    kinds |= {"page_view": '"type":"page"', IDENTIFY: '"type":"identify"'}
    codes, names = pd.factorize(rows["event_name"])
    message = pa.array(rows["message"], pa.large_string())
    return _joined(_chosen([kinds[name] for name in names], codes), ',"messageId":"', message, '"')


def _who(view: Ledger, shop: str, rows: pd.DataFrame, visit: pd.DataFrame) -> pa.LargeStringArray:
    """Both ids; neither without consent, the customer's only after the login."""
    platform = view.stores.set_index("shop")["platform"][shop]
    known = view.customers.loc[view.customers["shop"] == shop, "customer_id"]
    ids = pd.to_numeric(visit["user_id"].replace("", pd.NA)).astype("Int64")
    logged_in = rows["happened_at"].to_numpy() >= visit["login_at"].to_numpy()
    user = pa.array(shown_ids(platform, "customer", known, ids.where(logged_in)), pa.large_string())
    device = pa.array(visit["user_pseudo_id"], pa.large_string())
    device_only = _joined('"anonymousId":"', device, '"')
    both = _joined(device_only, ',"userId":"', user, '"')
    told = pc.if_else(pc.equal(user, pa.scalar("", pa.large_string())), device_only, both)
    nobody = pa.scalar('"anonymousId":null', pa.large_string())
    return pc.if_else(pa.array(visit["has_consent"]), told, nobody)


def _times(rows: pd.DataFrame, visit: pd.DataFrame) -> Iterator[str | pa.Array]:
    """By the device's clock when it happened and was sent, by the server's when received."""
    device = pd.util.hash_array(visit["user_pseudo_id"].to_numpy(object))
    is_wrong = (device % WRONG_CLOCK_OF == 0) & (visit["user_pseudo_id"] != "").to_numpy()
    skew = np.where(is_wrong, SKEWS.to_numpy()[device % len(SKEWS)], np.timedelta64(0, "us"))
    happened, got = (
        rows[name].dt.tz_localize(None).to_numpy("M8[us]")
        for name in ("happened_at", "received_at")
    )
    names = ("originalTimestamp", "sentAt", "receivedAt")
    for name, moment in zip(names, (happened + skew, got + skew, got), strict=True):
        yield f'{"" if name == names[0] else ","}"{name}":"'
        yield pc.strftime(pa.array(moment.astype("M8[us]")), "%Y-%m-%dT%H:%M:%S").cast(
            pa.large_string()
        )
        yield 'Z"'


def _contexts(shop: str, rows: pd.DataFrame, visit: pd.DataFrame) -> Iterator[str | pa.Array]:
    """The page, and what the visit has in common; made once for each that differs."""
    opens = ((rows["page_view_number"] == 1) & rows["event_name"].isin(OPENING)).to_numpy()
    number, _ = pd.factorize(visit["visit_id"])
    visits = list(visit.drop_duplicates("visit_id")[list(VISIT_COLUMNS)].itertuples())
    place, paths = pd.factorize(rows["page_path"].astype("str"))
    pages = [_opening(shop, one) for one in visits]
    pages += [_inner({"page": _page(shop, path, "", "")}) for path in paths]
    yield _chosen(pages, np.where(opens, number, len(visits) + place))
    yield ","
    yield _chosen([_common(one) for one in visits], number)


def _inner(parts: dict[str, object]) -> str:
    """An object's JSON without its braces."""
    return orjson.dumps(parts)[1:-1].decode()


def _page(shop: str, path: str, query: str, referrer: str) -> dict[str, str]:
    url = f"https://{shop}.example{path}{query}"
    return {"url": url, "path": path, "title": path, "referrer": referrer, "search": query}


def _opening(shop: str, visit: Any) -> str:
    """The first page tells where the visit came from."""
    untagged = visit.medium in ("(none)", "organic", "referral") and not str(visit.campaign)
    pairs = {
        key: str(getattr(visit, column))
        for key, column in QUERY.items()
        if str(getattr(visit, column)) and (key in CLICK_IDS or not untagged)
    }
    query = "?" + "&".join(f"{key}={value}" for key, value in pairs.items()) if pairs else ""
    parts: dict[str, object] = {
        "page": _page(shop, str(visit.landing_path), query, str(visit.referrer))
    }
    if not untagged:
        parts["campaign"] = {
            key: str(getattr(visit, column))
            for key, column in CAMPAIGN.items()
            if str(getattr(visit, column))
        }
    return _inner(parts)


def _common(visit: Any) -> str:
    """Of every message of a visit; the address is what the collector sees, and must not keep."""
    agent = user_agent(str(visit.device), str(visit.os), str(visit.browser))
    parts = {
        "userAgent": agent,
        "ip": f"203.0.113.{visit.visit_id % 256}",
        "location": {"country": str(visit.country_code), "city": str(visit.city)},
        "consent": {"categoryPreferences": {"Analytics": bool(visit.has_consent)}},
    }
    if visit.has_consent:
        parts["sessionId"] = int(visit.ga_session_id)
    return _inner(parts)


def _properties(view: Ledger, shop: str, rows: pd.DataFrame) -> list[str]:
    found = ["{}"] * len(rows)
    for place, properties in _all_properties(view, shop, rows.reset_index(drop=True)):
        found[place] = orjson.dumps(properties).decode()
    return found


def _all_properties(
    view: Ledger, shop: str, rows: pd.DataFrame
) -> Iterable[tuple[int, dict[str, object]]]:
    """Properties of the messages that have any, by their place."""
    store = view.stores.set_index("shop").loc[shop]
    currency = str(store["currency"])
    goods = _goods(view, shop)
    some = rows[rows["event_name"].isin(ITEM_EVENTS)]
    for place, variant, quantity, value in zip(
        some.index, some["variant_id"], some["quantity"], some["value"], strict=True
    ):
        price = int(value) // int(quantity) / 100
        item = goods[int(variant)] | {"price": price, "quantity": int(quantity)}
        yield place, item | {"value": int(value) / 100, "currency": currency}
    for name, key in (("scroll", "percent_scrolled"), ("page_view", "engagement_msec")):
        some = rows[(rows["event_name"] == name) & rows[key].notna()]
        yield from ((place, {key: int(value)}) for place, value in some[key].items())
    some = rows[(rows["event_name"] == "user_engagement") & rows["engagement_msec"].notna()]
    yield from (
        (place, {"engagement_msec": int(value)}) for place, value in some["engagement_msec"].items()
    )
    yield from _checkouts(view, store, rows, goods)
    yield from _purchases(view, store, rows, goods)


def _goods(view: Ledger, shop: str) -> dict[int, dict[str, object]]:
    """What a message tells of an article, by the variant's ledger id."""
    own = view.variants[view.variants["shop"] == shop]
    products = view.products.set_index("product_id")[["title", "vendor", "category"]]
    named = own.merge(products, left_on="product_id", right_index=True, suffixes=("", "_product"))
    return {
        row.variant_id: {
            "sku": row.sku,
            "name": row.title_product,
            "brand": row.vendor,
            "variant": row.title,
            "category": row.category,
        }
        for row in named.itertuples()
    }


def _checkouts(
    view: Ledger, store: pd.Series, rows: pd.DataFrame, goods: dict[int, dict[str, object]]
) -> Iterable[tuple[int, dict[str, object]]]:
    some = rows[rows["event_name"] == "begin_checkout"]
    currency = str(store["currency"])
    products = _products(view.checkout_lines, "checkout_id", some["checkout_id"], goods)
    for place, checkout, value in zip(some.index, some["checkout_id"], some["value"], strict=True):
        money = {} if pd.isna(value) else {"value": int(value) / 100}
        yield (
            place,
            {
                **money,
                "currency": currency,
                "products": products.get(checkout, []),
            },
        )


def _purchases(
    view: Ledger, store: pd.Series, rows: pd.DataFrame, goods: dict[int, dict[str, object]]
) -> Iterable[tuple[int, dict[str, object]]]:
    some = rows[rows["event_name"] == "purchase"]
    currency = str(store["currency"])
    orders = view.orders[view.orders["shop"] == store.name]
    shown = shown_ids(store["platform"], "order", orders["order_id"], some["order_id"])
    placed = view.order_lines.merge(orders[["order_id", "created_at"]], on="order_id")
    placed = placed[placed["added_at"] == placed["created_at"]]
    products = _products(placed, "order_id", some["order_id"], goods)
    for place, order, text, value in zip(
        some.index, some["order_id"], shown, some["value"], strict=True
    ):
        yield (
            place,
            {
                "order_id": text,
                "total": int(value) / 100,
                "currency": currency,
                "products": products.get(order, []),
            },
        )


def _products(
    table: pd.DataFrame, key: str, wanted: pd.Series, goods: dict[int, dict[str, object]]
) -> dict[int, list[dict[str, object]]]:
    """The products of orders or checkouts, by their ledger id."""
    own = table.loc[
        table[key].isin(wanted.dropna().astype("int64")),
        [key, "variant_id", "unit_price", "quantity"],
    ]
    found: dict[int, list[dict[str, object]]] = {}
    for row in own.itertuples():
        if row.variant_id in goods:
            item = {"price": row.unit_price / 100, "quantity": int(row.quantity)}
            found.setdefault(getattr(row, key), []).append(goods[row.variant_id] | item)
    return found

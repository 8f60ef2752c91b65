"""Reads one Shopify shop: the first time and after many changes by bulk, else by pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from ingestion.columns import Rows
from ingestion.http import VendorHttp
from ingestion.loaded_rows import LoadedRows, is_suspicious
from ingestion.sources.shopify import rows, shop_rows
from ingestion.sources.shopify.api import AdminApi
from ingestion.sources.shopify.batches import tables_of
from ingestion.sources.shopify.bulk import BulkReader
from ingestion.sources.shopify.cells import Row, plain_id
from ingestion.sources.shopify.deletions import is_due, mark_done
from ingestion.sources.shopify.details import DetailReader
from ingestion.sources.shopify.jsonl import (
    CHECKOUT_CHILDREN,
    COLLECTION_CHILDREN,
    DISCOUNT_CHILDREN,
    LEVEL_CHILDREN,
    ORDER_CHILDREN,
)
from ingestion.sources.shopify.pages import PageReader
from ingestion.sources.shopify.settings import ShopifySettings, StoreSettings, version_expires
from ingestion.sources.shopify.spec import ORDER_TABLES, SPEC
from ingestion.spec import ClientContext, default_data_path
from ingestion.windows import Window

IDS_A_PAGE = 250
LOCATIONS_A_PAGE = 50
EXPIRY_NOTICE = dt.timedelta(days=60)

Object = dict[str, Any]
Batch = tuple[str, Rows]


@dataclass(frozen=True)
class Root:
    """How the objects of one stream are asked for.

    Attributes:
        name: What its documents start with.
        connection: Its connection at the root of the API.
        scope: What the app needs to read it.
        page_size: Objects a page, so that a page costs less than one query may.
        to_rows: From an object to rows, each with its table.
        children: How lines of a bulk file become children.
        is_whole: No filter finds what changed, so that each run reads everything.
    """

    name: str
    connection: str
    scope: str
    page_size: int
    to_rows: Callable[[Object], Iterable[tuple[str, Row]]]
    children: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = False


def _one(table: str, to_row: Callable[[Object], Row]) -> Callable[[Object], list[tuple[str, Row]]]:
    """Rows of objects that are one row each."""
    return lambda each: [(table, to_row(each))]


ROOTS = {
    "customers": Root(
        "customers", "customers", "read_customers", 150, _one("customers", shop_rows.customer_row)
    ),
    "products": Root(
        "products", "products", "read_products", 150, _one("products", shop_rows.product_row)
    ),
    "product_collections": Root(
        "collections",
        "collections",
        "read_products",
        50,
        shop_rows.collection_rows,
        COLLECTION_CHILDREN,
        is_whole=True,
    ),
    "product_variants": Root(
        "variants",
        "productVariants",
        "read_products",
        150,
        _one("product_variants", shop_rows.variant_row),
    ),
    "inventory_levels": Root(
        "inventory_levels",
        "inventoryItems",
        "read_inventory",
        100,
        shop_rows.level_rows,
        LEVEL_CHILDREN,
    ),
    "discounts": Root(
        "discounts",
        "discountNodes",
        "read_discounts",
        50,
        shop_rows.discount_rows,
        DISCOUNT_CHILDREN,
        is_whole=True,
    ),
    "gift_cards": Root(
        "gift_cards",
        "giftCards",
        "read_gift_cards",
        100,
        _one("gift_cards", shop_rows.gift_card_row),
    ),
    "orders": Root("orders", "orders", "read_orders", 12, rows.order_rows, ORDER_CHILDREN),
    "abandoned_checkouts": Root(
        "checkouts", "abandonedCheckouts", "read_orders", 20, rows.checkout_rows, CHECKOUT_CHILDREN
    ),
}


def connect(account: StoreSettings, context: ClientContext) -> ShopifyClient:
    """Makes the client of one shop; asks nothing yet."""
    return ShopifyClient(account, context)


class ShopifyClient:
    """One shop.

    Args:
        store: The store and its credentials.
        context: Settings, clock, sleep, state and notes.
    """

    def __init__(self, store: StoreSettings, context: ClientContext) -> None:
        section = context.section
        assert isinstance(section, ShopifySettings)
        self._store, self._context, self._section = store, context, section
        self._files = VendorHttp(context, base_url=store.url, account=store.shop)
        self._api = AdminApi(
            store,
            api_version=section.api_version,
            variable=f"SHOPIFY__STORES__{section.stores.index(store)}__*",
            context=context,
        )
        self._pages = PageReader(self._api)
        self._bulk = BulkReader(
            self._api,
            files=self._files,
            folder=default_data_path(context.settings, context.source) / store.shop,
            timeout=dt.timedelta(minutes=section.bulk_timeout_minutes),
        )

    def extract(self, stream: str, window: Window) -> Iterator[Batch]:
        """Reads what a window asks for, to the last page."""
        if stream == "shops":
            self._note_expiry()
            yield "shops", [shop_rows.shop_row(self._api.ask("shop")["shop"])]
            return
        if stream == "locations":
            yield "locations", [shop_rows.location_row(place) for place in self._locations()]
            return
        complete = DetailReader(self._api).complete if stream == "orders" else list
        yield from tables_of(self._objects(stream, window), ROOTS[stream].to_rows, complete)
        if stream == "orders" and is_due(self._section, window, self._context.state, self._today):
            mark_done(self._context.state, window, self._today)
            yield from self._deleted_orders()

    def check(self) -> None:
        """Tests the token and the API's version with one cheap call."""
        self._api.ask("shop")

    def close(self) -> None:
        """Closes the connections."""
        self._api.close()
        self._files.close()

    @property
    def _today(self) -> dt.date:
        return self._context.now.date()

    def _objects(self, stream: str, window: Window) -> Iterator[Object]:
        """Whole objects, whichever way they come."""
        root, search = ROOTS[stream], self._search(stream, window)
        if root.is_whole or window.is_first_load:
            yield from self._by_bulk(stream, "" if root.is_whole else search, window)
        elif stream in self._few:
            yield from self._changed(stream, self._few[stream](search, window), window)
        elif self._is_many(root, search):
            yield from self._by_bulk(stream, search, window)
        else:
            self._forget_bulk(stream, window)
            whole = self._wholes().get(stream)
            found = self._pages.roots(f"{root.name}_page", root.connection, search, root.page_size)
            yield from map(whole, found) if whole else found

    def _wholes(self) -> Mapping[str, Callable[[Object], Object]]:
        """Objects of a page whose nested connections go on."""
        return {
            "orders": self._pages.whole_order,
            "abandoned_checkouts": self._pages.whole_checkout,
        }

    def _is_many(self, root: Root, search: str) -> bool:
        limit = self._section.bulk_from
        return self._pages.count(f"{root.name}_count", search, limit) >= limit

    def _changed(self, stream: str, found: Iterator[Object], window: Window) -> Iterator[Object]:
        """Objects that can neither be counted nor sorted by time: as many as pages are good for."""
        limit = self._section.bulk_from
        changed = list(islice(found, limit))
        if len(changed) >= limit:
            yield from self._by_bulk(stream, "", window)
        else:
            self._forget_bulk(stream, window)
            yield from changed

    @property
    def _few(self) -> Mapping[str, Callable[[str, Window], Iterator[Object]]]:
        """How a few changed objects are found, where their own connection cannot tell."""
        return {
            "product_variants": self._few_variants,
            "inventory_levels": self._few_levels,
            "gift_cards": self._few_gift_cards,
        }

    def _few_variants(self, search: str, _window: Window) -> Iterator[Object]:
        """Variants that changed, or whose cost did; each once."""
        root, seen = ROOTS["product_variants"], set()
        changed = self._pages.roots("variants_page", root.connection, search, root.page_size)
        items = self._pages.roots("inventory_items_page", "inventoryItems", search, root.page_size)
        of_items = (variant for item in items for variant in item["variants"]["nodes"])
        for variant in chain(changed, of_items):
            if variant["id"] not in seen:
                seen.add(variant["id"])
                yield variant

    def _few_levels(self, search: str, _window: Window) -> Iterator[Object]:
        """Levels that changed, location by location."""
        size = ROOTS["inventory_levels"].page_size
        for place in self._locations():
            for page in self._pages.pages(
                *("location_levels_page", "node", "inventoryLevels"),
                first=size,
                id=place["id"],
                filter=search,
            ):
                yield from ({"inventoryLevels": [level]} for level in page)

    def _few_gift_cards(self, _search: str, window: Window) -> Iterator[Object]:
        """Gift cards from the one that changed last, to a page without any that is asked for."""
        root = ROOTS["gift_cards"]
        since, until = self._since("gift_cards", window), window.until
        first, end = _moment(since) if since else "", _moment(until) if until else "9999"
        for page in self._pages.pages("gift_cards_page", root.connection, first=root.page_size):
            changed = [card for card in page if card["updatedAt"] >= first]
            if not changed:
                return
            yield from (card for card in changed if card["updatedAt"] < end)

    def _locations(self) -> list[Object]:
        """Every location, closed ones too."""
        return list(self._pages.roots("locations_page", "locations", "", LOCATIONS_A_PAGE))

    def _by_bulk(self, stream: str, search: str, window: Window) -> Iterator[Object]:
        """By a bulk operation, whose start the next run goes back to: it reads while shops sell."""
        root = ROOTS[stream]
        operation = self._bulk.run(f"{root.name}_bulk", search, scope=root.scope)
        if not window.is_explicit and not root.is_whole:
            self._bulk_starts[stream] = operation["createdAt"]
        yield from self._bulk.objects(operation, f"{root.name}_bulk", root.children)

    def _search(self, stream: str, window: Window) -> str:
        """The filter of a window, in Shopify's search syntax."""
        since = self._since(stream, window)
        bounds = [f"updated_at:>='{_moment(since)}'"] if since else []
        if window.until:
            bounds.append(f"updated_at:<'{_moment(window.until)}'")
        return " AND ".join(bounds)

    def _since(self, stream: str, window: Window) -> dt.datetime | None:
        """The first moment asked for: after a bulk operation its start, if that is earlier."""
        since = window.since
        if since and not window.is_explicit and stream in self._bulk_starts:
            since = min(since, dt.datetime.fromisoformat(self._bulk_starts[stream]))
        return since

    @property
    def _bulk_starts(self) -> dict[str, str]:
        starts: dict[str, str] = self._context.state.setdefault("bulk_starts", {})
        return starts

    def _forget_bulk(self, stream: str, window: Window) -> None:
        if not window.is_explicit:
            self._bulk_starts.pop(stream, None)

    def _deleted_orders(self) -> Iterator[Batch]:
        """Known orders that Shopify no longer has."""
        loaded = LoadedRows(self._context.settings, SPEC.schema, self._store.account_id)
        newest = loaded.newest("orders", "created_at")
        if newest is None:
            return
        since = newest - dt.timedelta(days=self._section.reconcile_days)
        visible = self._visible_orders(since)
        horizon = min(visible.values(), default=None)
        known: set[str] = set()
        if horizon:
            known = loaded.ids("orders", "created_at", dt.datetime.fromisoformat(horizon))
        missing = sorted(known - visible.keys())
        if is_suspicious(len(missing), len(known)):
            self._context.note(
                f"shopify {self._store.shop}: {len(missing)} of {len(known)} known orders are not"
                " shown; none was marked as deleted. Check the app's scopes (read_all_orders)"
            )
        elif missing:
            yield from loaded.marked_deleted(ORDER_TABLES, missing)

    def _visible_orders(self, since: dt.datetime) -> dict[str, str]:
        """From id to creation of what Shopify shows; what is older than all may only be hidden."""
        search = f"created_at:>='{_moment(since)}'"
        if self._is_many(ROOTS["orders"], search):
            operation = self._bulk.run("order_ids_bulk", search, scope=ROOTS["orders"].scope)
            found = self._bulk.objects(operation, "order_ids_bulk", {})
        else:
            found = self._pages.roots("order_ids_page", "orders", search, IDS_A_PAGE)
        return {plain_id(order["id"]): order["createdAt"] for order in found}

    def _note_expiry(self) -> None:
        version = self._section.api_version
        expires = version_expires(version)
        if self._today >= expires - EXPIRY_NOTICE:
            self._context.note(
                f"Shopify's API version {version} is supported until {expires}:"
                " set SHOPIFY__API_VERSION to a newer one"
            )


def _moment(moment: dt.datetime) -> str:
    """As Shopify writes it, to the second below."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

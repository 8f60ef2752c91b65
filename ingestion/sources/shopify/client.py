"""Reads one Shopify shop: the first time and after many changes by bulk, else by pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ingestion.columns import Rows
from ingestion.http import VendorHttp
from ingestion.sources.shopify import rows
from ingestion.sources.shopify.api import AdminApi
from ingestion.sources.shopify.batches import tables_of
from ingestion.sources.shopify.bulk import BulkReader
from ingestion.sources.shopify.deletions import (
    LoadedOrders,
    deleted_rows,
    is_due,
    is_suspicious,
    mark_done,
)
from ingestion.sources.shopify.jsonl import CHECKOUT_CHILDREN, ORDER_CHILDREN
from ingestion.sources.shopify.pages import PageReader
from ingestion.sources.shopify.settings import ShopifySettings, StoreSettings, version_expires
from ingestion.sources.shopify.spec import ORDER_TABLES, SPEC
from ingestion.spec import ClientContext, default_data_path
from ingestion.windows import Window

IDS_A_PAGE = 250
EXPIRY_NOTICE = dt.timedelta(days=60)

Object = dict[str, Any]
Batch = tuple[str, Rows]


@dataclass(frozen=True)
class Root:
    """How the objects of one stream are asked for.

    Attributes:
        name: What its documents start with.
        connection: Its connection at the root of the API.
        page_size: Objects a page, so that a page costs less than one query may.
        to_rows: From an object to rows, each with its table.
        children: How lines of a bulk file become children.
    """

    name: str
    connection: str
    page_size: int
    to_rows: Callable[[Object], Iterable[tuple[str, rows.Row]]]
    children: Mapping[str, str] = field(default_factory=dict)


ROOTS = {
    "customers": Root(
        "customers", "customers", 150, lambda each: [("customers", rows.customer_row(each))]
    ),
    "products": Root(
        "products", "products", 150, lambda each: [("products", rows.product_row(each))]
    ),
    "product_variants": Root(
        "variants",
        "productVariants",
        150,
        lambda each: [("product_variants", rows.variant_row(each))],
    ),
    "orders": Root("orders", "orders", 12, rows.order_rows, ORDER_CHILDREN),
    "abandoned_checkouts": Root(
        "checkouts", "abandonedCheckouts", 20, rows.checkout_rows, CHECKOUT_CHILDREN
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
            yield "shops", [rows.shop_row(self._api.ask("shop")["shop"])]
            return
        complete = self._pages.with_refunds if stream == "orders" else list
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
        if window.is_first_load:
            yield from self._by_bulk(stream, search, window)
        elif stream == "product_variants":
            yield from self._changed_variants(search, window)
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

    def _changed_variants(self, search: str, window: Window) -> Iterator[Object]:
        """Variants that changed, or whose cost did. Neither can be counted or sorted by time."""
        root = ROOTS["product_variants"]
        found = {each["id"]: each for each in self._few_variants(root, search)}
        if len(found) >= self._section.bulk_from:
            yield from self._by_bulk("product_variants", "", window)
        else:
            self._forget_bulk("product_variants", window)
            yield from found.values()

    def _few_variants(self, root: Root, search: str) -> Iterator[Object]:
        """At most as many as pages are good for."""
        limit = self._section.bulk_from
        changed = self._pages.roots("variants_page", root.connection, search, root.page_size)
        yield from islice(changed, limit)
        items = self._pages.roots("inventory_items_page", "inventoryItems", search, root.page_size)
        for item in islice(items, limit):
            yield from item["variants"]["nodes"]

    def _by_bulk(self, stream: str, search: str, window: Window) -> Iterator[Object]:
        """By a bulk operation, whose start the next run goes back to: it reads while shops sell."""
        root = ROOTS[stream]
        operation = self._bulk.run(f"{root.name}_bulk", search)
        if not window.is_explicit:
            self._bulk_starts[stream] = operation["createdAt"]
        yield from self._bulk.objects(operation, f"{root.name}_bulk", root.children)

    def _search(self, stream: str, window: Window) -> str:
        """The filter of a window, in Shopify's search syntax."""
        since = window.since
        if since and not window.is_explicit and stream in self._bulk_starts:
            since = min(since, dt.datetime.fromisoformat(self._bulk_starts[stream]))
        bounds = [f"updated_at:>='{_moment(since)}'"] if since else []
        if window.until:
            bounds.append(f"updated_at:<'{_moment(window.until)}'")
        return " AND ".join(bounds)

    @property
    def _bulk_starts(self) -> dict[str, str]:
        starts: dict[str, str] = self._context.state.setdefault("bulk_starts", {})
        return starts

    def _forget_bulk(self, stream: str, window: Window) -> None:
        if not window.is_explicit:
            self._bulk_starts.pop(stream, None)

    def _deleted_orders(self) -> Iterator[Batch]:
        """Known orders that Shopify no longer has."""
        loaded = LoadedOrders(self._context.settings, SPEC.schema, self._store.account_id)
        newest = loaded.newest()
        if newest is None:
            return
        since = newest - dt.timedelta(days=self._section.reconcile_days)
        visible = self._visible_orders(since)
        horizon = min(visible.values(), default=None)
        known = loaded.ids(dt.datetime.fromisoformat(horizon)) if horizon else set()
        missing = sorted(known - visible.keys())
        if is_suspicious(len(missing), len(known)):
            self._context.note(
                f"shopify {self._store.shop}: {len(missing)} of {len(known)} known orders are not"
                " shown; none was marked as deleted. Check the app's scopes (read_all_orders)"
            )
        elif missing:
            yield from deleted_rows(loaded, ORDER_TABLES, missing)

    def _visible_orders(self, since: dt.datetime) -> dict[str, str]:
        """From id to creation of what Shopify shows; what is older than all may only be hidden."""
        search = f"created_at:>='{_moment(since)}'"
        if self._is_many(ROOTS["orders"], search):
            operation = self._bulk.run("order_ids_bulk", search)
            found = self._bulk.objects(operation, "order_ids_bulk", {})
        else:
            found = self._pages.roots("order_ids_page", "orders", search, IDS_A_PAGE)
        return {rows.plain_id(order["id"]): order["createdAt"] for order in found}

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

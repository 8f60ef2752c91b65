"""Reads one WooCommerce store: what changed, small lists whole, and what is gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import requests

from ingestion.http import VendorHttp
from ingestion.loaded_rows import LoadedRows, is_suspicious
from ingestion.sources.woocommerce import rows
from ingestion.sources.woocommerce.api import MODIFIED, WooApi, moment_of
from ingestion.sources.woocommerce.order_parts import OrderParts
from ingestion.sources.woocommerce.rounds import Rounds
from ingestion.sources.woocommerce.settings import StoreSettings, WooCommerceSettings
from ingestion.sources.woocommerce.signing import auth_of
from ingestion.sources.woocommerce.site import store_row
from ingestion.sources.woocommerce.spec import ORDER_TABLES, OVERLAP, SPEC
from ingestion.spec import ClientContext, RateLimit
from ingestion.windows import Window

Batch = tuple[str, Sequence[Mapping[str, Any]]]
VARIABLE = "variable"
DELETED, VARIED = "deleted_orders", "variations"


def connect(account: StoreSettings, context: ClientContext) -> WooCommerceClient:
    """Makes the client of one store; asks nothing yet."""
    return WooCommerceClient(account, context)


class WooCommerceClient:
    """One store.

    Args:
        store: The store and its key.
        context: Settings, clock, sleep, state and notes.
        session: What does the talking; a test gives its own.
    """

    def __init__(
        self,
        store: StoreSettings,
        context: ClientContext,
        session: requests.Session | None = None,
    ) -> None:
        section = context.section
        assert isinstance(section, WooCommerceSettings)
        self._store, self._context, self._section = store, context, section
        session = session or requests.Session()
        session.auth = auth_of(store, clock=lambda: dt.datetime.now(dt.UTC).timestamp())
        self._http = VendorHttp(
            context,
            base_url=f"{store.url}/wp-json/",
            account=store.name,
            credentials_hint=f"WOOCOMMERCE__STORES__{section.stores.index(store)}__CONSUMER_*",
            limit=RateLimit(section.requests_per_second),
            session=session,
        )
        self._api = WooApi(self._http, where=f"{context.source} {store.name}")
        self._parts = OrderParts(self._api)
        self._rounds = Rounds(context.state, context.now.date())
        self._changed_products: set[int] = set()

    def extract(self, stream: str, window: Window) -> Iterator[Batch]:
        """Reads what a window asks for, to the last page."""
        if stream == "stores":
            yield stream, [store_row(self._store, self._api, self._context.note)]
            return
        readers = {
            "categories": self._categories,
            "customers": self._customers,
            "products": self._products,
            "coupons": self._coupons,
            "orders": self._orders,
            "variations": self._variations,
        }
        for table, found in readers[stream](window):
            yield table, [_without_blanks(row) for row in found]

    def check(self) -> None:
        """Makes one cheap call that needs the key."""
        self._api.get("orders", per_page=1, _fields="id")

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _categories(self, _: Window) -> Iterator[Batch]:
        """The tree is needed whole: a category's path has the names of those above it."""
        found = [each for page in self._api.listed("products/categories") for each in page]
        yield "categories", rows.category_rows(found)

    def _customers(self, window: Window) -> Iterator[Batch]:
        """Users know no filter by change: all are read, those that changed are taken."""
        for page in self._api.listed("customers", role="all"):
            found = [rows.customer_row(each) for each in page]
            yield "customers", [each for each in found if _is_asked(each["version_at"], window)]

    def _products(self, window: Window) -> Iterator[Batch]:
        for page in self._api.changed("products", window.since, window.until):
            self._rounds.see(moment_of(page[-1]).date())
            self._changed_products |= {each["id"] for each in page if each["type"] == VARIABLE}
            yield from _by_table(row for each in page for row in rows.product_rows(each))

    def _coupons(self, _: Window) -> Iterator[Batch]:
        for page in self._api.listed("coupons"):
            yield "coupons", [rows.coupon_row(each) for each in page]

    def _orders(self, window: Window) -> Iterator[Batch]:
        """`any` leaves the trash out."""
        for status in ("any", rows.TRASH):
            for page in self._api.changed("orders", window.since, window.until, status=status):
                self._rounds.see(moment_of(page[-1]).date())
                yield from _by_table(self._parts.rows_of(page))
        if window.is_explicit:
            return
        is_due = self._rounds.is_due(DELETED, self._section.reconcile_every_days)
        if window.since and is_due:
            yield from self._deleted_orders()
        if is_due or not window.since:
            self._rounds.mark(DELETED)

    def _variations(self, window: Window) -> Iterator[Batch]:
        """Of products that changed in every run, of all every so many days.

        A variation that changes alone does not move its product: who looks at all again goes back
        to the newest one of the last time.
        """
        state = self._context.state.setdefault(VARIED, {"newest": "", "products": []})
        is_due = self._rounds.is_due(VARIED, self._section.variations_every_days)
        is_round = window.since is None or window.is_explicit or is_due
        since = window.since
        if since and is_round and state["newest"] and not window.is_explicit:
            since = min(since, moment_of({MODIFIED: state["newest"]}) - OVERLAP)
        asked = self._variable_products() if is_round else self._changed_products
        newest: dict[int, str] = {}
        for number in sorted(asked | set(state["products"])):
            for page in self._api.changed(f"products/{number}/variations", since, window.until):
                newest[number] = page[-1][MODIFIED]
                yield "variations", [rows.variation_row(each, number) for each in page]
        if is_round and not window.is_explicit:
            state["newest"] = max([state["newest"], *newest.values()])
            self._rounds.mark(VARIED)
        # The overlap is asked for by every run, so that what is known of it stays known.
        state["products"] = _latest(newest) or state["products"]

    def _variable_products(self) -> set[int]:
        pages = self._api.listed("products", type=VARIABLE, _fields="id")
        return {each["id"] for page in pages for each in page}

    def _deleted_orders(self) -> Iterator[Batch]:
        """Known orders that the store no longer has, not even in its trash."""
        loaded = LoadedRows(self._context.settings, SPEC.schema, self._store.account_id)
        newest = loaded.newest("orders", "date_created_gmt")
        if newest is None:
            return
        since = newest - dt.timedelta(days=self._section.reconcile_days)
        known = loaded.ids("orders", "date_created_gmt", since)
        missing = sorted(known - self._visible_orders(since))
        if is_suspicious(len(missing), len(known)):
            self._context.note(
                f"woocommerce {self._store.name}: {len(missing)} of {len(known)} known orders are"
                " not shown; none was marked as deleted. Check the rights of the key's user"
            )
        elif missing:
            yield from loaded.marked_deleted(ORDER_TABLES, missing)

    def _visible_orders(self, since: dt.datetime) -> set[str]:
        """Ids of what the store shows of the orders made after a moment."""
        after = (since - dt.timedelta(seconds=1)).astimezone(dt.UTC)
        asked = {"after": after.strftime("%Y-%m-%dT%H:%M:%S"), "dates_are_gmt": "true"}
        return {
            str(each["id"])
            for status in ("any", rows.TRASH)
            for page in self._api.listed("orders", status=status, _fields="id", **asked)
            for each in page
        }


def _without_blanks(row: Mapping[str, Any]) -> rows.Row:
    """WordPress writes nothing as an empty text; engines differ in what they make of that."""
    return {name: None if value == "" else value for name, value in row.items()}


def _is_asked(moment: str, window: Window) -> bool:
    """Whether a change lies in the window."""
    changed_at = dt.datetime.fromisoformat(moment)
    is_early = window.since is not None and changed_at < window.since
    return not is_early and (window.until is None or changed_at < window.until)


def _latest(newest: Mapping[int, str]) -> list[int]:
    """The products whose newest variation lies in the overlap of the next run."""
    if not newest:
        return []
    floor = moment_of({MODIFIED: max(newest.values())}) - OVERLAP
    return sorted(number for number, at in newest.items() if moment_of({MODIFIED: at}) >= floor)


def _by_table(found: Iterable[rows.TableRow]) -> Iterator[tuple[str, list[rows.Row]]]:
    """Rows of several tables, a batch each."""
    batches: dict[str, list[rows.Row]] = {}
    for table, row in found:
        batches.setdefault(table, []).append(row)
    yield from batches.items()

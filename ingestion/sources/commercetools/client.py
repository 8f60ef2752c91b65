"""Reads one commercetools project: what changed, the categories whole, and what was deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import requests

from ingestion.columns import Rows
from ingestion.errors import CredentialsError
from ingestion.loaded_rows import LoadedRows
from ingestion.sources.commercetools import rows
from ingestion.sources.commercetools.api import MODIFIED, Object, ProjectApi
from ingestion.sources.commercetools.order_rows import order_rows
from ingestion.sources.commercetools.settings import CommercetoolsSettings, ProjectSettings
from ingestion.sources.commercetools.spec import ORDER_TABLES, SPEC
from ingestion.spec import ClientContext, RateLimit
from ingestion.windows import Window

Batch = tuple[str, Rows]
PATHS = {
    "customers": "customers",
    "products": "product-projections",
    "inventory": "inventory",
    "discount_codes": "discount-codes",
    "carts": "carts",
    "orders": "orders",
    "payments": "payments",
}
PARAMS: dict[str, dict[str, Any]] = {
    "discount_codes": {"expand": "cartDiscounts[*]"},
    "orders": {"expand": "discountCodes[*].discountCode"},
}
MESSAGES = "messages"


def connect(account: ProjectSettings, context: ClientContext) -> CommercetoolsClient:
    """Makes the client of one project; asks nothing yet."""
    return CommercetoolsClient(account, context)


class CommercetoolsClient:
    """One project.

    Args:
        project: The project and its API client.
        context: Settings, clock, sleep, state and notes.
        session: Makes what does the talking; a test gives its own.
    """

    def __init__(
        self,
        project: ProjectSettings,
        context: ClientContext,
        session: Callable[[], requests.Session] = requests.Session,
    ) -> None:
        section = context.section
        assert isinstance(section, CommercetoolsSettings)
        self._project, self._context = project, context
        self._api = ProjectApi(
            project,
            context,
            variable=f"COMMERCETOOLS__PROJECTS__{section.projects.index(project)}__CLIENT_*",
            limit=RateLimit(section.requests_per_second),
            session=session,
        )
        self._facts: Object | None = None

    def extract(self, stream: str, window: Window) -> Iterator[Batch]:
        """Reads what a window asks for, to the last page."""
        if stream == "projects":
            yield stream, [rows.project_row(self._project_facts(), self._project.timezone)]
        elif stream == "categories":
            found = [each for page in self._api.listed("categories") for each in page]
            yield stream, rows.category_rows(found, self._languages)
        else:
            pages = self._api.listed(
                PATHS[stream], window.since, window.until, **PARAMS.get(stream, {})
            )
            for page in pages:
                yield from _by_table(row for each in page for row in self._rows(stream, each))
        if stream == "orders" and not window.is_explicit:
            yield from self._deleted_orders(is_first=window.since is None)

    def check(self) -> None:
        """Makes one cheap call that needs the credentials."""
        self._api.get("orders", limit=1, withTotal="false")

    def close(self) -> None:
        """Closes the connections."""
        self._api.close()

    def _rows(self, stream: str, each: Object) -> Iterable[rows.TableRow]:
        makers: dict[str, Callable[[], Iterable[rows.TableRow]]] = {
            "customers": lambda: [(stream, rows.customer_row(each))],
            "products": lambda: rows.product_rows(each, self._languages, self._currency),
            "inventory": lambda: [(stream, rows.inventory_row(each))],
            "discount_codes": lambda: [(stream, rows.discount_code_row(each, self._languages))],
            "carts": lambda: [(stream, rows.cart_row(each))],
            "orders": lambda: order_rows(each, self._languages),
            "payments": lambda: rows.payment_rows(each),
        }
        return makers[stream]()

    def _project_facts(self) -> Object:
        """Languages and money of the project; asked once."""
        if self._facts is None:
            self._facts = dict(self._api.get(""))
        return self._facts

    @property
    def _languages(self) -> list[str]:
        return list(self._project_facts().get("languages") or ())

    @property
    def _currency(self) -> str | None:
        return next(iter(self._project_facts().get("currencies") or ()), None)

    def _deleted_orders(self, *, is_first: bool) -> Iterator[Batch]:
        """Messages alone tell of deletions, for as many days as the project keeps them."""
        since = self._context.state.get(MESSAGES, "")
        where = 'type = "OrderDeleted"' + (f' and {MODIFIED} > "{since}"' if since else "")
        gone: list[str] = []
        try:
            for page in self._api.listed("messages", where=where):
                gone += [message["resource"]["id"] for message in page]
                since = page[-1][MODIFIED]
        except CredentialsError:
            self._context.note(
                f"commercetools {self._project.project_key}: messages may not be read, so that"
                " deleted orders stay. Give the API client the scope view_messages"
            )
            return
        self._context.state[MESSAGES] = since
        if gone and not is_first:
            loaded = LoadedRows(self._context.settings, SPEC.schema, self._project.account_id)
            yield from loaded.marked_deleted(ORDER_TABLES, sorted(set(gone)))


def _by_table(found: Iterable[rows.TableRow]) -> Iterator[Batch]:
    """Rows of several tables, a batch each."""
    batches: dict[str, list[rows.Row]] = {}
    for table, row in found:
        batches.setdefault(table, []).append(row)
    yield from batches.items()

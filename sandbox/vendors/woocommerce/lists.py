"""Collections: filters, order, pages, and the headers that tell of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sandbox.faults import Faults
from sandbox.shifted_pages import first_row
from sandbox.vendors.woocommerce.params import Asked

Object = dict[str, Any]
SORTED_BY = {
    "date": "date_created_gmt",
    "registered_date": "date_created_gmt",
    "modified": "date_modified_gmt",
    "id": "id",
    "name": "name",
    "title": "name",
    "slug": "slug",
    "count": "count",
}
BOUNDS = {
    "after": ("date_created_gmt", False),
    "before": ("date_created_gmt", True),
    "modified_after": ("date_modified_gmt", False),
    "modified_before": ("date_modified_gmt", True),
}


@dataclass(frozen=True)
class Page:
    """One page of a collection.

    Attributes:
        rows: Its objects.
        total: How many there are on all pages.
        pages: How many pages there are.
    """

    rows: list[Object]
    total: int
    pages: int


def page_of(objects: Sequence[Object], asked: Asked, faults: Faults) -> Page:
    """The page that was asked for.

    Args:
        objects: The collection; `_modified` stands for a time of change that is not shown.
        asked: Its parameters.
        faults: Pages that come twice or shift.
    """
    found = [each for each in objects if _fits(each, asked)]
    found.sort(key=lambda each: _rank(each, asked.orderby), reverse=asked.order == "desc")
    start = asked.offset if asked.offset is not None else (asked.page - 1) * asked.per_page
    if start:
        start = first_row(start, asked.per_page, "woocommerce", faults)
    rows = found[start : start + asked.per_page]
    return Page(rows, len(found), math.ceil(len(found) / asked.per_page))


def headers_of(page: Page, asked: Asked, address: str) -> list[tuple[str, str]]:
    """Counts and the addresses of the pages around it; past the end there is only the last one.

    Args:
        page: What is sent.
        asked: What was asked.
        address: Of the collection.
    """
    around = {}
    if asked.page > 1 and page.pages:
        around["prev"] = min(asked.page - 1, page.pages)
    if asked.page < page.pages:
        around["next"] = asked.page + 1
    sent = {k: v for k, v in asked.words.items() if not k.startswith(("oauth_", "consumer_"))}
    links = [
        f'<{address}?{urlencode({**sent, "page": number})}>; rel="{name}"'
        for name, number in around.items()
    ]
    counts = [("X-WP-Total", str(page.total)), ("X-WP-TotalPages", str(page.pages))]
    return [*counts, ("Link", ", ".join(links))] if links else counts


def _fits(each: Object, asked: Asked) -> bool:
    """Bounds are strict, and know whole seconds only."""
    if asked.include and each["id"] not in asked.include:
        return False
    for name, moment in asked.times.items():
        column, is_upper = BOUNDS[name]
        at = each[column] if column in each else each["_modified"]
        if not (at < moment if is_upper else at > moment):
            return False
    return True


def _rank(each: Object, orderby: str) -> tuple[Any, int]:
    if orderby == "modified" and "date_modified_gmt" not in each:
        return each["_modified"], each["id"]
    return each.get(SORTED_BY.get(orderby, "id"), ""), each["id"]

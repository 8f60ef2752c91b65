"""The parameters of a collection, held against what WordPress allows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pandas as pd

from sandbox.vendors.woocommerce.errors import invalid_params

MOST_ROWS = 100
DATES = ("after", "before", "modified_after", "modified_before")
BY_POST = ("date", "id", "include", "title", "slug", "modified")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d(:\d\d)?)?")
_WORDS = ("1", "true")


@dataclass(frozen=True)
class Rules:
    """What a collection knows.

    Attributes:
        orderby: Its ways to sort; the first is the default.
        order: The default direction.
        dates: Whether it filters by time.
        enums: Further parameters with a list of words.
    """

    orderby: tuple[str, ...] = BY_POST
    order: str = "desc"
    dates: bool = True
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A collection's parameters, checked.

    Attributes:
        page: Number of the page.
        per_page: Rows of a page.
        offset: Rows to skip, instead of a page.
        orderby: What is sorted by.
        order: asc or desc.
        include: Ids, if only these are wanted.
        times: Bounds of the filters by time that were given: UTC, as objects tell their times.
        words: Everything else as it was sent.
    """

    page: int
    per_page: int
    offset: int | None
    orderby: str
    order: str
    include: tuple[int, ...]
    times: Mapping[str, str]
    words: Mapping[str, str]


def read(query: Mapping[str, str], rules: Rules, zone: str) -> Asked:
    """Checks a query.

    Args:
        query: As it was sent.
        rules: Of the collection.
        zone: The site's zone, for times that are not said to be in GMT.

    Raises:
        RestError: 400, with everything that does not fit.
    """
    wrong = {**_numbers_wrong(query), **_words_wrong(query, rules), **_dates_wrong(query, rules)}
    if wrong:
        raise invalid_params(wrong)
    is_gmt = query.get("dates_are_gmt", "") in _WORDS
    names = [name for name in DATES if rules.dates and query.get(name)]
    return Asked(
        page=int(query.get("page", 1)),
        per_page=int(query.get("per_page", 10)),
        offset=int(query["offset"]) if "offset" in query else None,
        orderby=query.get("orderby", rules.orderby[0]),
        order=query.get("order", rules.order),
        include=tuple(int(part) for part in query.get("include", "").split(",") if part.isdigit()),
        times={name: _moment(query[name], is_gmt, zone) for name in names},
        words=query,
    )


Wrong = dict[str, tuple[str, str]]


def _numbers_wrong(query: Mapping[str, str]) -> Wrong:
    wrong: Wrong = {}
    for name in ("page", "per_page", "offset"):
        text = query.get(name)
        if text is None:
            continue
        if not re.fullmatch(r"-?\d+", text):
            wrong[name] = ("rest_invalid_type", f"{name} is not of type integer.")
        elif name == "per_page" and not 1 <= int(text) <= MOST_ROWS:
            message = f"per_page must be between 1 (inclusive) and {MOST_ROWS} (inclusive)"
            wrong[name] = ("rest_out_of_bounds", message)
        elif name == "page" and int(text) < 1:
            wrong[name] = ("rest_out_of_bounds", "page must be greater than or equal to 1")
    return wrong


def _words_wrong(query: Mapping[str, str], rules: Rules) -> Wrong:
    enums = {"order": ("asc", "desc"), "orderby": rules.orderby, **rules.enums}
    return {
        name: ("rest_not_in_enum", f"{name} is not one of {_listed(words)}.")
        for name, words in enums.items()
        if name in query and not set(query[name].split(",")) <= set(words)
    }


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words[:-1]) + f", and {words[-1]}"


def _dates_wrong(query: Mapping[str, str], rules: Rules) -> Wrong:
    return {
        name: ("rest_invalid_date", "Invalid date.")
        for name in DATES
        if rules.dates and name in query and not _MOMENT.fullmatch(query[name])
    }


def _moment(text: str, is_gmt: bool, zone: str) -> str:
    """A time with an offset is what it says; one without is GMT or the site's. Whole seconds."""
    found = pd.Timestamp(text)
    if found.tzinfo is None:
        found = found.tz_localize("UTC" if is_gmt else ZoneInfo(zone))
    return f"{found.tz_convert('UTC'):%Y-%m-%dT%H:%M:%S}"

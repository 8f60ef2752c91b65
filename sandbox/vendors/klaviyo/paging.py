"""Pages by key: a cursor names the last row sent, so that a row that changes is not skipped."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import pandas as pd

from sandbox.faults import Faults
from sandbox.shifted_pages import first_row
from sandbox.vendors.klaviyo.errors import KlaviyoError


@dataclass(frozen=True)
class Page:
    """A part of a list.

    Attributes:
        rows: Its rows.
        next_cursor: Of the page after it; empty on the last one.
    """

    rows: pd.DataFrame
    next_cursor: str


def page(frame: pd.DataFrame, key: str, size: int, cursor: str, faults: Faults) -> Page:
    """Cut a page out of a list.

    Args:
        frame: All rows, with a column ``id``, sorted by ``key`` (which may be ``id``) and ``id``.
        key: What it is sorted by.
        size: Rows a page.
        cursor: As the page before gave it; empty for the first.
        faults: May send a page again, or let rows move on by one.
    """
    start = _place(frame, key, cursor) if cursor else 0
    start = first_row(start, size, "klaviyo", faults)
    rows = frame.iloc[start : start + size]
    is_last = start + size >= len(frame)
    return Page(rows, "" if is_last else _cursor(rows.iloc[-1], key))


def _cursor(row: pd.Series, key: str) -> str:
    value = row[key]
    told = value.isoformat() if isinstance(value, pd.Timestamp) else str(value)
    text = f"next::{told}::{row['id']}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(frame: pd.DataFrame, key: str, cursor: str) -> int:
    """How many rows are not after the one that the cursor names."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        _, told, identifier = text.split("::")
        if isinstance(frame[key].dtype, pd.DatetimeTZDtype):
            moment = pd.Timestamp(told)
            first = int(frame[key].searchsorted(moment, side="left"))
            last = int(frame[key].searchsorted(moment, side="right"))
        else:
            first, last = 0, len(frame)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise KlaviyoError("Invalid page cursor.", parameter="page[cursor]") from error
    return first + int((frame["id"].iloc[first:last] <= identifier).sum())

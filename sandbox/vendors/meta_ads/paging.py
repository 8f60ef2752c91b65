"""Pages by cursor: the last one has no ``next``; it repeats all parameters, the token too."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import urlencode

from sandbox.faults import Fault, Faults
from sandbox.vendors.meta_ads.errors import bad_parameter
from sandbox.vendors.meta_ads.parameters import Params, whole

DEFAULT_LIMIT = 25


def page(
    rows: list[dict[str, Any]], params: Params, address: str, faults: Faults
) -> dict[str, Any]:
    """One page of rows.

    Args:
        rows: All rows.
        params: Of the request: limit, after.
        address: Of the request without its query, for ``next``.
        faults: May send a page again, or let rows move on by one.
    """
    limit = whole(params, "limit", DEFAULT_LIMIT)
    start = _place(params["after"]) if params.get("after") else 0
    fault = faults.take("meta_ads", Fault.DUPLICATE_PAGE, Fault.SHIFTING_PAGE)
    first = start
    if fault == Fault.DUPLICATE_PAGE:
        first = max(0, start - limit)
    elif fault == Fault.SHIFTING_PAGE:
        first = max(0, start - 1)
    data = rows[first : first + limit]
    if not data:
        return {"data": []}
    end = first + len(data)
    paging: dict[str, Any] = {"cursors": {"before": _cursor(first), "after": _cursor(end)}}
    if end < len(rows):
        query = urlencode({**params, "limit": str(limit), "after": _cursor(end)})
        paging["next"] = f"{address}?{query}"
    return {"data": data, "paging": paging}


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"place:{place}".encode()).decode().rstrip("=")


def _place(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return int(text.removeprefix("place:"))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise bad_parameter("Invalid cursors values") from error

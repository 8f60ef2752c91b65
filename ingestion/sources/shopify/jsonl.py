"""Reads the file of a bulk operation as a stream: one line an object, children after parents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from ingestion.errors import RequestRefusedError

PARENT = "__parentId"

# A child is told by a field that only its kind has: into which list of its parent it goes.
ORDER_CHILDREN = {
    "actionType": "sales",
    "currentQuantity": "lineItems",
    "isRemoved": "shippingLines",
    "happenedAt": "agreements",
}
CHECKOUT_CHILDREN = {"quantity": "lineItems"}
COLLECTION_CHILDREN = {"id": "products"}
DISCOUNT_CHILDREN = {"code": "codes"}
LEVEL_CHILDREN = {"location": "inventoryLevels"}


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines out of pieces that end anywhere; empty lines are left out.

    Args:
        chunks: Pieces of the file in their order.
    """
    rest = b""
    for chunk in chunks:
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        yield from filter(None, lines)
    if rest:
        yield rest


def assemble(
    lines: Iterable[bytes], children: Mapping[str, str], *, where: str
) -> Iterator[dict[str, Any]]:
    """Puts children into lists of their parents; holds one root at a time.

    Args:
        lines: Lines in which all that a root owns stands between it and the next root.
        children: From the field that marks a kind of child to the list it goes into.
        where: What is read, for errors.

    Yields:
        Each root with its lists.

    Raises:
        RequestRefusedError: A line is cut, or a child stands away from its parent.
    """
    top = [name for name in children.values() if name != "sales"]
    root: dict[str, Any] | None = None
    parents: dict[str, dict[str, Any]] = {}
    for line in lines:
        entry = _parse(line, where)
        parent_id = entry.pop(PARENT, None)
        if parent_id is None:
            if root is not None:
                yield root
            root = entry
            root.update((name, []) for name in top)
            parents = {root["id"]: root}
            continue
        kind = _kind(entry, children)
        if kind is None or parent_id not in parents:
            raise _unreadable("a line stands away from its parent", where)
        parents[parent_id][kind].append(entry)
        if kind == "agreements":
            entry["sales"] = []
            parents[entry["id"]] = entry
    if root is not None:
        yield root


def _kind(entry: Mapping[str, Any], children: Mapping[str, str]) -> str | None:
    """The list that a child goes into."""
    for mark, name in children.items():
        if mark in entry:
            return name
    return None


def _parse(line: bytes, where: str) -> dict[str, Any]:
    try:
        entry: dict[str, Any] = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise _unreadable("a line is cut", where) from None
    return entry


def _unreadable(what: str, where: str) -> RequestRefusedError:
    return RequestRefusedError(
        f"The bulk file cannot be read: {what}", where=where, remedy="Start the load again"
    )

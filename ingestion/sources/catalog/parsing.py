"""Reads a catalogue: items with the attributes of Google's product data specification.

https://support.google.com/merchants/answer/7052112
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from ingestion.http import TornAnswerError
from ingestion.sources.catalog.settings import Format

Item = dict[str, Any]

_LISTS = ("products", "items", "entries", "data", "resources")
_PLAIN = (
    "id", "item_group_id", "title", "link", "brand", "gtin", "mpn", "condition", "availability",
    "google_product_category",
)  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_AMOUNT = re.compile(r"[-+]?\d[\d.,' ]*")
_CODE = re.compile(r"\b[A-Za-z]{3}\b")
_SEPARATOR = re.compile(r"\s*>\s*")


def read_items(content: bytes, kind: Format, currency: str | None = None) -> list[Item]:
    """The items of a catalogue.

    Args:
        content: As it was sent.
        kind: How it is written.
        currency: Of prices that name none.

    Returns:
        Items with an id, in the columns of the table; a repeated id counts once, the last.

    Raises:
        TornAnswerError: It is cut, or written in another way.
    """
    read = _read_delimited if kind in ("csv", "tsv") else _read_json
    items = (_item(found, currency) for found in read(content, kind))
    return list({item["id"]: item for item in items if item["id"]}.values())


def parse_price(value: Any) -> tuple[Decimal | None, str | None]:
    """Amount and currency: `12.90 EUR`, `EUR 12,90`, `{"value": "12.90", "currency": "EUR"}`.

    Args:
        value: As the catalogue has it.

    Returns:
        Both; None where it is not there.
    """
    if isinstance(value, Mapping):
        amount, _ = parse_price(value.get("value", value.get("amount")))
        code = value.get("currency", value.get("currencyCode"))
        return amount, str(code).upper() if code else None
    text = "" if value is None else str(value)
    found, code = _AMOUNT.search(text), _CODE.search(text)
    return _amount(found[0]) if found else None, code[0].upper() if code else None


def _amount(text: str) -> Decimal | None:
    """A number with either decimal mark; the last mark is one unless three digits follow."""
    digits = text.strip().replace(" ", "").replace("'", "").rstrip(".,")
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        mark, other = digits[last], "," if digits[last] == "." else "."
        is_thousands = digits.count(mark) > 1 or (
            mark == "," and other not in digits and len(digits) - last - 1 == 3
        )
        digits = digits.replace(other, "")
        digits = digits.replace(mark, "" if is_thousands else ".")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _item(found: Mapping[str, Any], currency: str | None) -> Item:
    cells = {_name(key): value for key, value in found.items()}
    item: Item = {name: _text(cells.get(name)) for name in _PLAIN}
    item["price"], code = parse_price(cells.get("price"))
    item["price_currency"] = code or currency
    item["sale_price"], _ = parse_price(cells.get("sale_price"))
    item["cost_of_goods_sold"], _ = parse_price(cells.get("cost_of_goods_sold"))
    own = cells.get("product_type") or cells.get("product_types")
    return item | _category(own or cells.get("google_product_category"))


def _category(value: Any) -> Item:
    """`Home > Kitchen > Mugs`: the whole path, its last part, and the path above."""
    first = value[0] if isinstance(value, list) and value else value
    parts = [part for part in _SEPARATOR.split(_text(first) or "") if part]
    return {
        "category_path": " > ".join(parts) or None,
        "category_name": parts[-1] if parts else None,
        "parent_category_path": " > ".join(parts[:-1]) or None,
    }


def _name(key: str) -> str:
    """`g:item_group_id`, `item group id` and `itemGroupId` are the same attribute."""
    bare = key.strip().split(":", 1)[-1]
    return _CAMEL.sub("_", bare).lower().replace(" ", "_").replace("-", "_")


def _text(value: Any) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None


def _read_json(content: bytes, kind: Format) -> Iterator[Mapping[str, Any]]:
    try:
        if kind == "jsonl":
            found: Any = [orjson.loads(line) for line in content.splitlines() if line.strip()]
        else:
            found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise TornAnswerError from error
    if isinstance(found, dict):
        found = next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise TornAnswerError
    yield from found


def _read_delimited(content: bytes, kind: Format) -> Iterator[Mapping[str, Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TornAnswerError from error
    rows = csv.reader(io.StringIO(text), delimiter="\t" if kind == "tsv" else ",")
    header = next(rows, [])
    if "id" not in [_name(name) for name in header]:
        raise TornAnswerError
    for row in rows:
        if row and len(row) != len(header):
            raise TornAnswerError
        if row:
            yield dict(zip(header, row, strict=True))

"""Holds the rows of a warehouse against those that a person expects."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.golden_shop.arithmetic import worked_out
from tests.golden_shop.cases import Mart, Row
from tests.integration.shop import Warehouse

# A key is a hash; what a person calls the thing stands in the cases.
NAMES = {
    "store_key": "select store_key, account_id from marts.dim_stores",
    "first_store_key": "select store_key, account_id from marts.dim_stores",
    "order_key": "select order_key, order_id from marts.fct_orders",
    "order_line_key": "select order_line_key, line_id from marts.fct_order_lines",
    "customer_key": "select customer_key, coalesce(email, phone) from marts_pii.dim_customers_pii",
    "product_key": "select product_key, product_id from marts.dim_products",
    "variant_key": "select variant_key, variant_id from marts.dim_product_variants",
    "campaign_key": "select campaign_key, campaign_name from marts.dim_campaigns",
    "checkout_key": "select checkout_key, checkout_id from marts.fct_abandoned_checkouts",
    "fulfillment_key": "select fulfillment_key, fulfillment_id from marts.fct_fulfillments",
    "session_key": "select session_key, started_at from marts.fct_sessions",
    "touch_key": "select touch_key, touched_at from marts.fct_touchpoints",
}
MISSING = "no such row"


@dataclass(frozen=True)
class Difference:
    """One cell that is not as expected, or a row that is missing or too many."""

    mart: str
    row: tuple[str | None, ...]
    column: str
    expected: str | None
    found: str | None

    def __str__(self) -> str:
        where = f"{self.mart} {' '.join(str(part) for part in self.row)}"
        return f"{where}: {self.column} is {self.found}, not {self.expected}"


def differences(
    warehouse: Warehouse, marts: Mapping[str, Mart], expected: Mapping[str, Sequence[Row]]
) -> list[Difference]:
    """Everything in which the marts are not what was expected."""
    names = {column: _names(warehouse, sql) for column, sql in NAMES.items()}
    found: list[Difference] = []
    for mart in marts.values():
        found += _compare(mart, expected[mart.name], _rows(warehouse, mart, expected, names))
    return found


def _names(warehouse: Warehouse, sql: str) -> dict[Any, str | None]:
    return {key: as_text(name) for key, name in warehouse.query(sql)}


def _rows(
    warehouse: Warehouse,
    mart: Mart,
    expected: Mapping[str, Sequence[Row]],
    names: Mapping[str, Mapping[Any, str | None]],
) -> list[dict[str, Any]]:
    """The mart's rows, with names for keys."""
    columns = _columns(mart, expected[mart.name])
    sql = f"select {', '.join(columns)} from {mart.table} where {mart.where}"
    return [
        {
            column: names[column].get(cell, cell) if column in names else cell
            for column, cell in zip(columns, row, strict=True)
        }
        for row in warehouse.query(sql)
    ]


def _columns(mart: Mart, rows: Sequence[Row]) -> list[str]:
    """Every row states the same columns, or the mart's defaults do."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for row in rows:
        if missing := [column for column in columns if column not in row]:
            raise ValueError(f"{mart.name}: {row} says nothing of {', '.join(missing)}")
    return columns or [*mart.key, *mart.defaults]


def _compare(
    mart: Mart, expected: Sequence[Row], found: Sequence[dict[str, Any]]
) -> list[Difference]:
    groups: dict[tuple[str | None, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        groups[tuple(as_text(row[column]) for column in mart.key)].append(row)
    result: list[Difference] = []
    for row in expected:
        key = tuple(row[column] for column in mart.key)
        rivals = groups.get(key)
        if not rivals:
            result.append(Difference(mart.name, key, "row", "one", MISSING))
            continue
        # Of rows with one key that is meant which is most like it.
        nearest = min(rivals, key=lambda rival: len(_unequal(mart, key, row, rival)))
        rivals.remove(nearest)
        result += _unequal(mart, key, row, nearest)
    for key, rivals in groups.items():
        result += [Difference(mart.name, key, "row", MISSING, "one") for _ in rivals]
    return result


def _unequal(
    mart: Mart, key: tuple[str | None, ...], expected: Row, found: Mapping[str, Any]
) -> list[Difference]:
    return [
        Difference(mart.name, key, column, cell, as_text(found[column]))
        for column, cell in expected.items()
        if not is_equal(cell, found[column])
    ]


def is_equal(expected: str | None, found: Any) -> bool:
    """Whether a cell is what the text says: numbers as arithmetic, exact, but for floats."""
    if expected is None or found is None:
        return expected is None and found is None
    if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
        return expected == as_text(found)
    if isinstance(found, float):
        return math.isclose(float(worked_out(expected)), found, rel_tol=1e-9)
    return worked_out(expected) == found


def as_text(cell: Any) -> str | None:
    """A cell as the cases have it: times in UTC, flags in lower case."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(timespec="seconds") + "Z"
    return str(cell)

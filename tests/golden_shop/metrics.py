"""Metrics that a person worked out, against what the warehouse's functions give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.golden_shop.arithmetic import worked_out
from tests.golden_shop.cases import load_yaml
from tests.golden_shop.comparison import NAMES, Difference
from tests.integration.shop import Warehouse

DIGITS = 9


@dataclass(frozen=True)
class Asked:
    """A metric of some days.

    Attributes:
        metric: Its key.
        first: Its first day.
        last: Its last day.
        value: What it is, as arithmetic; None where there is no value.
        of: A dimension and its value, by the name a person has for it; empty asks in all.
    """

    metric: str
    first: str
    last: str
    value: str | None
    of: Mapping[str, str] = field(default_factory=dict)


def read_metrics() -> list[Asked]:
    """All of them, in the order of the file."""
    return [_asked(entry) for entry in load_yaml("metrics")]


def _asked(entry: Mapping[str, Any]) -> Asked:
    return Asked(
        entry["metric"], entry["from"], entry["to"], entry["value"], dict(entry.get("of", {}))
    )


def functions(asked: list[Asked]) -> list[str]:
    """The functions that have to be there."""
    return sorted({f"calculate_{each.metric}" for each in asked})


def wrong_metrics(warehouse: Warehouse, asked: list[Asked]) -> list[Difference]:
    """Everything in which the functions do not give what was expected."""
    stores = {name: key for key, name in warehouse.query(NAMES["store_key"])}
    found: list[Difference] = []
    for each in asked:
        value = _found(warehouse, each, stores)
        if _rounded(value) != _expected(each):
            row = (each.first, each.last, *(word for pair in each.of.items() for word in pair))
            text = None if value is None else str(value)
            found.append(Difference(each.metric, row, "value", each.value, text))
    return found


def _found(warehouse: Warehouse, each: Asked, stores: Mapping[str, str]) -> float | None:
    words = [stores.get(word, word) for pair in each.of.items() for word in pair]
    cell = "".join(f", '{word}'" for word in words)
    ((value,),) = warehouse.query(
        f"select functions.calculate_{each.metric}(date '{each.first}', date '{each.last}'{cell})"
    )
    return None if value is None else float(value)


def _expected(each: Asked) -> Decimal | None:
    return None if each.value is None else _rounded(float(worked_out(each.value)))


def _rounded(value: float | None) -> Decimal | None:
    return None if value is None else round(Decimal(value), DIGITS)

"""Reads the cases: what a person wrote down by hand, raw rows and the rows they must become."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
DAYS = {"raw": 1, "raw_next_day": 2}
SECTIONS = {"account", "expected", *DAYS}

Row = dict[str, str | None]


@dataclass(frozen=True)
class Mart:
    """One table of expected rows.

    Attributes:
        name: What it is called in the cases.
        table: Where the rows are, with the schema.
        key: The columns that tell rows apart.
        where: Which rows of the table are meant; SQL.
        defaults: What a row has that does not say otherwise.
    """

    name: str
    table: str
    key: tuple[str, ...]
    where: str
    defaults: Row


@dataclass
class GoldenShop:
    """Everything that is written down.

    Attributes:
        arrivals: From `source.table` and day to raw rows.
        marts: The tables that are looked at, by name.
        expected: From the mart's name and day to rows.
    """

    arrivals: dict[str, dict[int, list[Row]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    marts: dict[str, Mart] = field(default_factory=dict)
    expected: dict[str, dict[int, list[Row]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )


def read() -> GoldenShop:
    """The golden shop, from its files."""
    marts = {name: _mart(name, facts) for name, facts in load_yaml("marts").items()}
    shop = GoldenShop(marts=marts)
    defaults = load_yaml("raw_defaults")
    for path in sorted((HERE / "cases").glob("*.yml")):
        case = load_yaml(f"cases/{path.stem}")
        if unknown := set(case) - SECTIONS:
            raise ValueError(f"{path.name} has a section {', '.join(sorted(unknown))}")
        for section, day in DAYS.items():
            for table, rows in (case.get(section) or {}).items():
                own = {"_account_id": case.get("account"), "_source_file": path.stem}
                shop.arrivals[table][day] += [_raw_row(table, own | row, defaults) for row in rows]
        for name, rows in (case.get("expected") or {}).items():
            for row in rows:
                _expect(shop, name, row)
    return shop


def _expect(shop: GoldenShop, name: str, row: Row) -> None:
    """A row holds on both days, or on the one that it names."""
    mart = shop.marts[name]
    cells = {column: cell for column, cell in row.items() if column != "day"}
    for day in (1, 2):
        if row.get("day", str(day)) == str(day):
            shop.expected[name][day].append(mart.defaults | cells)


def _raw_row(table: str, row: Row, defaults: Mapping[str, Mapping[str, Row]]) -> Row:
    """What a row of the table always has, then of the account's, then its own."""
    if not table.startswith("files."):
        row = {name: cell for name, cell in row.items() if name != "_source_file"}
    account = defaults["of_accounts"].get(str(row["_account_id"])) or {}
    return {**(defaults["of_tables"].get(table) or {}), **account.get(table, {}), **row}


def _mart(name: str, facts: Mapping[str, Any]) -> Mart:
    return Mart(
        name,
        table=facts.get("table") or f"marts.{name}",
        key=tuple(facts["key"]),
        where=facts.get("where") or "true",
        defaults=facts.get("defaults") or {},
    )


def load_yaml(name: str) -> dict[str, Any]:
    """A file of this folder, every cell as the text that stands there; `null` is None."""
    text = (HERE / f"{name}.yml").read_text()
    return _nothing_for_null(yaml.load(text, Loader=yaml.BaseLoader))


def _nothing_for_null(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _nothing_for_null(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_nothing_for_null(value) for value in node]
    return None if node in ("null", "") else node

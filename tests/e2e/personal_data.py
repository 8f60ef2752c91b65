"""Looks for persons where none may be: right of the seam, outside marts_pii."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from tests.e2e.sandbox_shop import SandboxShop

SEAM = re.compile(r"^int_\w+_unioned$")
HASH = "^[0-9a-f]{32}([0-9a-f]{32})?$"
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]+")
# Cities are names of regions too, and a short number is some id of everything.
AMBIGUOUS = ("city",)
SHORTEST = 6
# Of the ledger: table to the columns that are somebody's, and to those that people write in.
PERSONS = {
    "customers": ("email", "first_name", "last_name", "phone", "address1", "customer_id"),
    "crm_contacts": ("email", "first_name", "last_name", "phone"),
    "orders": ("email", "phone", "ship_name", "ship_address1"),
    "reviews": ("email", "display_name"),
    "survey_responses": ("email",),
    "tickets": ("customer_email", "customer_name"),
    "ticket_messages": ("agent_name", "agent_email"),
}
TEXTS = {
    "refunds": ("note",),
    "reviews": ("title", "content"),
    "survey_responses": ("comment",),
    "tickets": ("subject",),
    "ticket_messages": ("body",),
}


def manifest(shop: SandboxShop) -> dict[str, Any]:
    """dbt's manifest of the last build."""
    return json.loads((shop.folder / "dbt/target/manifest.json").read_text())


def models(shop: SandboxShop) -> Iterator[dict[str, Any]]:
    """Every model that was built."""
    for node in manifest(shop)["nodes"].values():
        if node["resource_type"] == "model":
            yield node


def is_personal(column: dict[str, Any]) -> bool:
    """Whether it is tagged as somebody's."""
    return bool(column.get("meta", {}).get("personal"))


def right_of_the_seam(shop: SandboxShop) -> Iterator[dict[str, Any]]:
    """Models that nobody may be read in."""
    for node in models(shop):
        is_left = node["schema"] == "staging" or SEAM.match(node["name"])
        if not is_left and node["schema"] != "marts_pii":
            yield node


def known_values(shop: SandboxShop) -> set[str]:
    """What is known of persons: by the shop's own books, and in the tagged columns of the seam."""
    values = ledger_values(shop, PERSONS)
    # One word alone, such as cancelled, is a word of everybody's.
    values |= {text for text in ledger_values(shop, TEXTS) if " " in text.strip()}
    for node in models(shop):
        if SEAM.match(node["name"]):
            personal = [name for name, column in node["columns"].items() if is_personal(column)]
            columns = [name for name in personal if name not in AMBIGUOUS]
            values |= {text for found in texts(shop, node, columns).values() for text in found}
    return {value.strip().lower() for value in values if len(value.strip()) >= SHORTEST}


def columns_of(shop: SandboxShop) -> dict[str, dict[str, str]]:
    """Columns of every model's relation, as the catalogue has them, to their types."""
    found: dict[str, dict[str, str]] = {node["name"]: {} for node in models(shop)}
    rows = shop.ask("select table_name, column_name, data_type from information_schema.columns")
    for table, column, kind in rows:
        if table in found:
            found[table][column] = kind
    return found


def ledger_values(shop: SandboxShop, tables: dict[str, tuple[str, ...]]) -> set[str]:
    """Values of some columns of the world's tables."""
    columns = (shop.world(table)[column] for table in tables for column in tables[table])
    return {value for column in columns for value in column.dropna().astype(str)}


def texts(shop: SandboxShop, node: dict[str, Any], columns: Sequence[str]) -> dict[str, list[str]]:
    """Distinct texts of columns, read in one go; hashes tell nobody."""
    if not columns:
        return {}
    lists = ", ".join(
        f"list(distinct cast({column} as varchar)) filter (where {column} is not null"
        f" and not regexp_matches(cast({column} as varchar), '{HASH}'))"
        for column in columns
    )
    (row,) = shop.ask(f"select {lists} from {node['schema']}.{node['name']}")
    return {column: found or [] for column, found in zip(columns, row, strict=True)}


def betrayals(shop: SandboxShop) -> dict[str, str]:
    """Columns right of the seam that hold somebody's value, each with one of them."""
    known = known_values(shop)
    kinds = columns_of(shop)
    found = {}
    for node in right_of_the_seam(shop):
        columns = [name for name, kind in kinds[node["name"]].items() if kind == "VARCHAR"]
        for column, told in texts(shop, node, columns).items():
            betrayed = next((text for text in told if is_somebodys(text, known)), None)
            if betrayed is not None:
                found[f"{node['name']}.{column}"] = betrayed
    return found


def is_somebodys(text: str, known: set[str]) -> bool:
    """Whether it has an address in it or is what is known of somebody."""
    return text.strip().lower() in known or ("@" in text and bool(ADDRESS.search(text)))


def persons_in_their_place(shop: SandboxShop) -> set[str]:
    """Columns of marts_pii in which the same search finds somebody."""
    known = known_values(shop)
    return {
        column
        for node in models(shop)
        if node["schema"] == "marts_pii"
        for column, told in texts(shop, node, list(node["columns"])).items()
        if any(text.strip().lower() in known for text in told)
    }

"""The Shopify twin beside the official schema, and its two ways out beside each other."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from graphql import (
    GraphQLSchema,
    build_client_schema,
    execute,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    parse,
    validate,
)

from sandbox.vendors.shopify.filters import filters
from sandbox.vendors.shopify.resolvers import executable_schema, type_of
from sandbox.vendors.shopify.roots import CONNECTIONS, Request
from sandbox.vendors.shopify.schema import served_schema
from tests.integration.shopify_admin import SHOPS, AdminAPI

pytestmark = pytest.mark.integration

DOCUMENTS = sorted((Path(__file__).parent / "shopify_documents").glob("*.graphql"))
BULK = [path for path in DOCUMENTS if path.stem.endswith("_bulk")]
PAGED = [path for path in DOCUMENTS if path.stem.endswith("_page")]


def named(paths: list[Path]) -> Any:
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def official(vendor_specs) -> GraphQLSchema:
    file = vendor_specs / "shopify" / "admin_2026-10.json.gz"
    return build_client_schema(json.loads(gzip.decompress(file.read_bytes()))["data"])


@pytest.fixture(scope="module")
def api() -> AdminAPI:
    return AdminAPI()


def test_served_schema_is_a_subset_of_the_official_one(official):
    for name, kind in served_schema().type_map.items():
        if name.startswith("__"):
            continue
        assert name in official.type_map, name
        theirs = official.type_map[name]
        assert type(kind) is type(theirs), name
        assert set(getattr(kind, "values", {})) <= set(getattr(theirs, "values", {})), name
        assert {one.name for one in getattr(kind, "interfaces", ())} <= {
            one.name for one in getattr(theirs, "interfaces", ())
        }, name
        assert {one.name for one in getattr(kind, "types", ())} <= {
            one.name for one in getattr(theirs, "types", ())
        }, name
        for field_name, field in getattr(kind, "fields", {}).items():
            their_field = theirs.fields[field_name]
            assert str(field.type) == str(their_field.type), f"{name}.{field_name}"
            for arg_name, arg in field.args.items():
                their_arg = their_field.args[arg_name]
                where = f"{name}.{field_name}({arg_name})"
                assert str(arg.type) == str(their_arg.type), where
                assert arg.default_value == their_arg.default_value, where


def test_sort_keys_and_states_are_complete(official):
    """Enums may be cut only where they are lists of the world's countries and currencies."""
    for name, kind in served_schema().type_map.items():
        cut = name.startswith("__") or name in ("CountryCode", "CurrencyCode")
        if is_enum_type(kind) and not cut:
            assert set(kind.values) == set(official.type_map[name].values), name


@pytest.mark.parametrize("root", sorted(CONNECTIONS))
def test_filters_are_legal(root, official, api):
    described = official.query_type.fields[root].args["query"].description
    legal = set(re.findall(r"^\| (\w+) \|", described, re.MULTILINE)) | {"default"}
    store = api.admin.store(SHOPS[0])
    assert set(filters(store, root)) <= legal


@named(DOCUMENTS)
def test_documents_are_valid_at_the_vendor(path, official):
    assert validate(official, parse(path.read_text())) == []


def everything(kind: Any, seen: tuple[str, ...] = ()) -> str:
    """A selection of every field of a type, without turning in circles."""
    if is_abstract_type(kind):
        own = kind.fields if hasattr(kind, "fields") else {}
        parts = ["__typename", *(name for name in own if name == "id")]
        kinds = served_schema().get_possible_types(kind)
        parts += [f"... on {one.name} {{ {fields(one, seen)} }}" for one in kinds]
        return " ".join(parts)
    return fields(kind, seen)


def fields(kind: Any, seen: tuple[str, ...]) -> str:
    parts = []
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        arguments = "(first: 5)" if "first" in field.args else ""
        if "names" in field.args:
            arguments = '(names: ["available", "on_hand"])'
        if not is_composite_type(inner):
            parts.append(name)
        elif inner.name not in seen and len(seen) < 5:
            below = everything(inner, (*seen, kind.name))
            # Under an interface two types may give one name another nullability.
            parts.append(f"{kind.name}_{name}: {name}{arguments} {{ {below} }}")
        elif not is_abstract_type(inner) and "id" in inner.fields:
            parts.append(f"{kind.name}_{name}: {name}{arguments} {{ id }}")
    return " ".join(parts) or "__typename"


def resolved(api: AdminAPI, query: str, shop: str) -> Any:
    request = Request(
        api.admin.store(shop), api.admin.shop(shop).operations, api.faults, {}, "http://x"
    )
    result = execute(
        executable_schema(), parse(query), context_value=request, type_resolver=type_of
    )
    assert result.errors is None, result.errors[:3]
    return result.data


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.parametrize("root", sorted(CONNECTIONS))
def test_every_field_answers_as_the_official_schema_says(root, shop, official, api):
    """All fields of all types, leaf by leaf against the official types."""
    kind = served_schema().query_type.fields[root].type
    node = get_named_type(get_named_type(kind).fields["nodes"].type)
    query = f"{{ {root}(first: 40) {{ nodes {{ {fields(node, (node.name,))} }} }} }}"
    assert validate(official, parse(query), max_errors=3) == []
    data = resolved(api, query, shop)
    assert data[root]["nodes"]
    check(official, official.query_type, data, parse(query).definitions[0].selection_set)


def test_the_shop_answers_as_the_official_schema_says(official, api):
    query = f"{{ shop {{ {fields(served_schema().type_map['Shop'], ('Shop',))} }} }}"
    assert validate(official, parse(query)) == []
    data = resolved(api, query, SHOPS[0])
    check(official, official.query_type, data, parse(query).definitions[0].selection_set)


FORMS = {
    "ID": r"gid://shopify/\w+/[\w-]+(\?[\w=&]+)?",
    "Date": r"\d{4}-\d\d-\d\d",
    "DateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "Decimal": r"-?\d+\.\d+",
    "Money": r"\d+\.\d\d",
    "UnsignedInt64": r"\d+",
    "URL": r"https?://\S+",
}


def check(official: GraphQLSchema, kind: Any, data: Any, selections: Any) -> None:
    """Every value is of the official type of its field."""
    for node in selections.selections:
        if not hasattr(node, "name") or node.kind != "field":
            if data.get("__typename") == node.type_condition.name.value:
                concrete = official.type_map[data["__typename"]]
                check(official, concrete, data, node.selection_set)
            continue
        if node.name.value == "__typename":
            continue
        value = data[(node.alias or node.name).value]
        check_value(official, kind.fields[node.name.value].type, value, node)


def check_value(official: GraphQLSchema, wanted: Any, value: Any, node: Any) -> None:
    where = node.name.value
    if value is None:
        assert not is_non_null_type(wanted), where
        return
    wanted = get_nullable_type(wanted)
    if is_list_type(wanted):
        assert isinstance(value, list), where
        for item in value:
            check_value(official, wanted.of_type, item, node)
    elif is_composite_type(wanted):
        check(official, wanted, value, node.selection_set)
    elif is_enum_type(wanted):
        assert value in wanted.values, f"{where}: {value}"
    elif wanted.name in FORMS:
        assert re.fullmatch(FORMS[wanted.name], value), f"{where}: {value}"
    else:
        known = {"Int": int, "Float": (int, float), "String": str, "Boolean": bool}
        assert isinstance(value, known[wanted.name]), f"{where}: {value!r}"


def paged_form(query: str) -> str:
    """The paged query for a bulk query: pages of connections, and no variables."""
    connections = r"\b(lineItems|shippingLines|agreements|sales|variants)\b(\s*\{)"
    query = re.sub(connections, r"\1(first: 250)\2", query)
    return re.sub(r"^\{\s*(\w+)(\((.*?)\))?", r"{ \1(first: 250, \3)", query.strip())


def nested(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of a bulk result put back under their parents, in their order."""
    below: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        below[line.pop("__parentId", "")].append(line)

    def grown(line: dict[str, Any]) -> dict[str, Any]:
        return {**line, "children": [grown(child) for child in below[line["id"]]]}

    return [grown(line) for line in below[""]]


def from_pages(node: dict[str, Any]) -> dict[str, Any]:
    """A paged node in the form of ``nested``."""
    own, children = {}, []
    for name, value in node.items():
        if isinstance(value, dict) and "edges" in value:
            children += [from_pages(edge["node"]) for edge in value["edges"]]
        else:
            own[name] = value
    return {**own, "children": children}


@named(BULK)
@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("shop", SHOPS)
def test_bulk_gives_what_pages_give(path, grouped, shop, api):
    query = path.read_text()
    lines = nested(api.lines(query, grouped=grouped, shop=shop))
    data = resolved(api, paged_form(query), shop)
    (connection,) = data.values()
    paged = [from_pages(edge["node"]) for edge in connection["edges"]]
    assert len(paged) > 15
    assert lines[: len(paged)] == paged


@named(BULK)
def test_bulk_children_stand_behind_their_parents(path, api):
    for grouped in (False, True):
        seen: set[str] = set()
        for line in api.lines(path.read_text(), grouped=grouped):
            assert line.get("__parentId", line["id"]) in seen | {line["id"]}
            seen.add(line["id"])


def test_grouped_children_follow_their_own_parent(api):
    query = (Path(__file__).parent / "shopify_documents/products_bulk.graphql").read_text()
    parent = None
    for line in api.lines(query, grouped=True):
        assert line.get("__parentId") in (None, parent)
        parent = parent if "__parentId" in line else line["id"]


@named(PAGED)
@pytest.mark.pitfall(23)
def test_paged_documents_reach_the_end_within_the_limits(path, api):
    root = re.search(r"\{\s*(\w+)\(", path.read_text())[1]
    nodes = api.pages(path.read_text(), root)
    ids = [node["id"] for node in nodes]
    assert len(ids) == len(set(ids)) > 0
    query = (
        'query: "financial_status:refunded,partially_refunded"' if "refunds" in path.stem else ""
    )
    rows = api.lines(
        f"{{ {root} {f'({query})' if query else ''} {{ edges {{ node {{ id }} }} }} }}"
    )
    assert set(ids) == {row["id"] for row in rows}


@pytest.mark.parametrize("shop", SHOPS)
def test_sales_add_up_to_the_ledger(shop, api):
    """What the agreements' sales say in total is what the ledger says, to the cent."""
    query = (Path(__file__).parent / "shopify_documents/orders_bulk.graphql").read_text()
    sales = [line for line in api.lines(query, shop=shop) if "/Sale/" in line["id"]]
    view = api.world.view()
    gone = view.orders.loc[view.orders["deleted_at"].notna(), "order_id"]
    entries = view.sales_entries
    entries = entries[(entries["shop"] == shop) & ~entries["order_id"].isin(gone)]
    for field, column in {
        "totalAmount": "total",
        "totalTaxAmount": "tax",
        "totalDiscountAmountBeforeTaxes": "discount",
        "totalDiscountAmountAfterTaxes": "discount_with_tax",
    }.items():
        cents = sum(round(float(sale[field]["shopMoney"]["amount"]) * 100) for sale in sales)
        assert cents == int(entries[column].sum()), field
    assert len(sales) == len(entries)


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.pitfall(3)
def test_refunds_add_up_to_the_ledger(shop, api):
    """Lines, shipping, adjustments and money of every refund, to the cent."""
    query = (Path(__file__).parent / "shopify_documents/refunds_page.graphql").read_text()
    refunds = [
        refund for order in api.pages(query, "orders", shop=shop) for refund in order["refunds"]
    ]
    view = api.world.view()
    paid = view.orders[(view.orders["shop"] == shop) & view.orders["deleted_at"].isna()]
    paid = set(paid.loc[paid["refunded"] > 0, "order_id"])

    def ledger(table: str, column: str) -> int:
        rows = getattr(view, table)
        return int(rows.loc[rows["order_id"].isin(paid), column].sum())

    def told(name: str, field: str) -> int:
        return sum(amount(node, field) for refund in refunds for node in refund[name]["nodes"])

    assert told("refundLineItems", "subtotalSet") == ledger("refund_lines", "subtotal")
    assert told("refundLineItems", "totalTaxSet") == ledger("refund_lines", "tax")
    assert told("orderAdjustments", "amountSet") == ledger("refund_adjustments", "amount")
    assert told("refundShippingLines", "subtotalAmountSet") == ledger(
        "refund_shipping_lines", "amount"
    )
    total = sum(amount(refund, "totalRefundedSet") for refund in refunds)
    assert total == ledger("refunds", "total") == told("transactions", "amountSet")


@pytest.mark.parametrize("shop", SHOPS)
def test_variants_tell_the_price_and_cost_in_force(shop, api):
    query = (Path(__file__).parent / "shopify_documents/variants_page.graphql").read_text()
    shown = {node["id"]: node for node in api.pages(query, "productVariants", shop=shop)}
    variants = api.world.view().variants
    variants = variants[variants["shop"] == shop]
    assert len(shown) == len(variants)
    for row in variants.itertuples():
        node = shown[f"gid://shopify/ProductVariant/{row.variant_id}"]
        assert node["price"] == f"{row.price / 100:.2f}"
        cost = node["inventoryItem"]["unitCost"]
        assert (cost is None) == (row.unit_cost is pd.NA)
        if cost is not None:
            assert round(float(cost["amount"]) * 100) == row.unit_cost


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.pitfall(1, 7)
def test_an_order_adds_up_from_its_lines(shop, api):
    """Lines less discounts, tax where it is not contained, shipping and tip are the total."""
    query = (Path(__file__).parent / "shopify_documents/orders_bulk.graphql").read_text()
    for order in nested(api.lines(query, shop=shop)):
        kinds = defaultdict(list)
        for child in order["children"]:
            kinds[child["id"].split("/")[3]].append(child)
        lines, shipping = kinds["LineItem"], kinds["ShippingLine"]
        for line in lines:
            unit, gross = amount(line, "originalUnitPriceSet"), amount(line, "originalTotalSet")
            assert gross == unit * line["quantity"]
        shares = [share for child in lines + shipping for share in child["discountAllocations"]]
        taxes = [tax for child in lines + shipping for tax in child["taxLines"]]
        total = (
            sum(amount(line, "originalTotalSet") for line in lines)
            + sum(amount(line, "originalPriceSet") for line in shipping)
            - sum(amount(share, "allocatedAmountSet") for share in shares)
        )
        if not order["taxesIncluded"]:
            total += sum(amount(tax, "priceSet") for tax in taxes)
        assert total == amount(order, "totalPriceSet"), order["name"]


def amount(node: dict[str, Any], name: str) -> int:
    return int(np.rint(float(node[name]["shopMoney"]["amount"]) * 100))

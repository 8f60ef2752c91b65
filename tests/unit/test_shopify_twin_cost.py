"""What a query costs at the Shopify twin, and the bucket it is paid from."""

from __future__ import annotations

import pytest
from graphql import get_operation_ast, parse
from hypothesis import given
from hypothesis import strategies as st

from sandbox.vendors.shopify.cost import PLUS, STANDARD, Bucket, Costs, scaled
from sandbox.vendors.shopify.schema import served_schema


def cost(query: str, **variables) -> int:
    document = parse(query)
    operation = get_operation_ast(document)
    return Costs(served_schema(), document, variables).requested(operation)


@pytest.mark.parametrize(
    ("query", "points"),
    [
        ("{ shop { name currencyCode } }", 1),
        ("{ orders(first: 10) { nodes { id } } }", 2 + 4),
        ("{ orders(first: 10) { edges { cursor node { id } } pageInfo { endCursor } } }", 2 + 4),
        ("{ orders(first: 1) { nodes { id } } }", 2 + 1),
        ("{ orders(first: 250) { nodes { id } } }", 2 + 11),
        ("{ orders(first: 50) { nodes { totalPriceSet { shopMoney { amount } } } } }", 2 + 7 * 3),
        ("{ orders(first: 0) { nodes { id } } }", 2),
        ("{ inventoryItems(first: 2) { nodes { unitCost { amount } } } }", 2 + 1),
        ("{ a: shop { id } b: shop { id } }", 2),
        ('mutation { bulkOperationCancel(id: "x") { bulkOperation { id } } }', 10),
        ("query { orders(first: 10) { ...P } } fragment P on OrderConnection { nodes { id } }", 6),
    ],
)
def test_what_a_query_asks_for(query, points):
    assert cost(query) == points


def test_variables_count():
    query = "query($n: Int) { orders(first: $n) { nodes { id } } }"
    assert cost(query, n=250) > cost(query, n=10)


def test_the_dearest_type_counts_under_an_interface():
    plain = cost(of_sales("id"))
    line = cost(of_sales("id ... on ProductSale { lineItem { id } }"))
    both = cost(
        of_sales(
            "id ... on ProductSale { lineItem { id } } "
            "... on ShippingLineSale { shippingLine { id } }"
        )
    )
    assert plain < line == both


def of_sales(selection: str) -> str:
    """A query of every sale of an order."""
    sales = f"sales(first: 1) {{ nodes {{ {selection} }} }}"
    return f"{{ order(id: 1) {{ agreements(first: 1) {{ nodes {{ {sales} }} }} }} }}"


@given(st.recursive(st.just([]), lambda inner: st.lists(inner, max_size=4), max_leaves=20))
def test_an_answer_never_costs_more_than_was_asked(tree):
    """Orders with lines with discounts: whatever comes back, fewer objects cost less."""
    query = """{ orders(first: 4) { nodes { id lineItems(first: 4) { nodes {
        id discountAllocations { allocatedAmountSet { shopMoney { amount } } } } } } } }"""
    document = parse(query)
    operation = get_operation_ast(document)
    costs = Costs(served_schema(), document, {})
    money = {"allocatedAmountSet": {"shopMoney": {"amount": "1.0"}}}
    orders = [
        {"lineItems": {"nodes": [{"discountAllocations": [money] * len(line)} for line in order]}}
        for order in tree
    ]
    actual = costs.actual(operation, {"orders": {"nodes": orders}})
    assert 2 <= actual <= costs.requested(operation)


@given(st.integers(1, 250), st.integers(1, 250), st.integers(0, 50))
def test_longer_pages_are_never_cheaper(a, b, each):
    assert scaled(min(a, b), each) <= scaled(max(a, b), each)


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, 1_000)), max_size=30))
def test_the_bucket_leaks_at_its_rate(steps):
    """Points never exceed the bucket, and come back with the seconds that pass."""
    bucket = Bucket(STANDARD, STANDARD.bucket)
    now = 0.0
    for seconds, points in steps:
        now += seconds
        before = bucket.available
        bucket.refill(now)
        wanted = min(STANDARD.bucket, before + seconds * STANDARD.restore_rate)
        assert bucket.available == pytest.approx(wanted)
        if points <= bucket.available:
            bucket.pay(points)
        else:
            wait = bucket.wait_for(points)
            now += wait
            bucket.refill(now)
            assert bucket.available == pytest.approx(min(points, STANDARD.bucket))


def test_plans_have_their_rates():
    assert (STANDARD.restore_rate, PLUS.restore_rate) == (100, 1_000)
    status = Bucket(PLUS, 12.7).status()
    assert status == {
        "maximumAvailable": 20_000,
        "currentlyAvailable": 12,
        "restoreRate": 1_000,
    }

"""What the Shopify twin refuses to run in bulk."""

from __future__ import annotations

import pytest

from sandbox.vendors.shopify.bulk_rules import IN_A_LIST, faults

LINES = "lineItems { edges { node { id } } }"
SHIPPING = "shippingLines { edges { node { id } } }"
DISCOUNTS = "discountApplications { edges { node { index } } }"
SALES = "agreements { edges { node { id sales { edges { node { id } } } } } }"


def orders(*parts: str) -> str:
    return f"{{ orders {{ edges {{ node {{ id {' '.join(parts)} }} }} }} }}"


@pytest.mark.parametrize(
    "query",
    [
        orders(),
        orders(LINES, SHIPPING, SALES),
        orders("refunds { id totalRefundedSet { shopMoney { amount } } }", LINES),
        f"query Mine {orders(LINES)}",
        "{ orders { edges { node { ...Mine } } } } fragment Mine on Order { id " + LINES + " }",
    ],
)
def test_what_may_be_run(query):
    assert faults(query) == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Invalid bulk query: syntax error, unexpected end of file"),
        ("{ orders { edges", "Invalid bulk query: Expected Name, found <EOF>."),
        ("{ orders { edges { node { foo } } } }",
         "Invalid bulk query: Field 'foo' doesn't exist on type 'Order'"),
        ("{ shop { id } }", "Bulk queries must contain at least one connection."),
        ('mutation { bulkOperationCancel(id: "1") { userErrors { message } } }',
         "Invalid operation type. Only `query` operations are supported."),
        (orders("refunds { refundLineItems { edges { node { quantity } } } }"), IN_A_LIST),
        (orders("fulfillments { fulfillmentLineItems { edges { node { id } } } }"), IN_A_LIST),
        (orders(LINES, SHIPPING, SALES, DISCOUNTS),
         "Bulk queries cannot contain more than 5 connections."),
        ("{ orders { nodes { id } } }",
         "All connection fields in a bulk query must select their contents using 'edges' > "
         "'node', e.g: 'orders { edges { node {'. Selecting via 'nodes' is not supported. "
         "Invalid connection fields: 'orders'."),
        ("{ orders { edges { node { name " + LINES + " } } } }",
         "The parent 'node' field for a nested connection must select the 'id' field without an "
         "alias and must be of 'ID' return type. Connection fields without 'id': orders."),
        ("{ orders { edges { node { key: id " + LINES + " } } } }",
         "The parent 'node' field for a nested connection must select the 'id' field without an "
         "alias and must be of 'ID' return type. Connection fields without 'id': orders."),
        ("{ orders { edges { node { id } } } products { edges { node { id } } } }",
         "Bulk queries cannot contain more than one top level field."),
        (orders("agreements { edges { node { id sales { edges { node { id ... on ProductSale { "
                "lineItem { product { variants { edges { node { id } } } } } } } } } } } }"),
         "Bulk queries cannot contain connections with a nesting depth greater than 2."),
        ('{ node(id: "gid://shopify/Order/1") { ... on Order { ' + LINES + " } } }",
         "Bulk queries cannot contain a top level `node` field."),
    ],
)  # fmt: skip
def test_what_is_refused(query, message):
    assert message in faults(query)

"""How the Shopify twin behaves over HTTP: access, pages, throttling, bulk, faults, time."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest

from sandbox.faults import Fault
from sandbox.vendors.shopify.access import CLIENT_ID, CLIENT_SECRET, admin_token
from sandbox.vendors.shopify.app import VENDOR
from sandbox.vendors.shopify.cost import STANDARD
from tests.integration.shopify_admin import HOST, SHOPS, AdminAPI

pytestmark = pytest.mark.integration

EU = SHOPS[0]
GRAPHQL = f"/{EU}/admin/api/2026-10/graphql.json"
ORDERS = """
query Orders($after: String, $query: String, $first: Int = 50) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes { id name updatedAt test }
  }
}
"""
ALL_ORDERS = "{ orders { edges { node { id updatedAt test cancelledAt } } } }"


@pytest.fixture(scope="module")
def api() -> AdminAPI:
    return AdminAPI()


@pytest.fixture
def fresh(api) -> AdminAPI:
    """An API of its own over the same world, so that a test may move its clock."""
    return AdminAPI(api.world.ledger)


def test_wrong_tokens_versions_and_shops_are_turned_away(api):
    body = json.dumps({"query": "{ shop { id } }"}).encode()
    token = {"X-Shopify-Access-Token": admin_token(EU)}
    status, answer = api.send("POST", GRAPHQL, body, {"X-Shopify-Access-Token": "shpat_x"})
    assert status == 401
    assert json.loads(answer)["errors"].startswith("[API] Invalid API key or access token")
    assert api.send("POST", GRAPHQL, body)[0] == 401
    status, answer = api.send("POST", GRAPHQL.replace("2026-10", "2019-04"), body, token)
    assert (status, json.loads(answer)) == (404, {"errors": "Not Found"})
    assert api.send("POST", GRAPHQL.replace(EU, "no-shop"), body, token)[0] == 404
    other = {"X-Shopify-Access-Token": admin_token(SHOPS[1])}
    assert api.send("POST", GRAPHQL, body, other)[0] == 401


@pytest.mark.pitfall(26)
@pytest.mark.parametrize("form", [True, False])
def test_client_credentials_give_a_token_for_a_day(form, fresh):
    wanted = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "grant_type": "client_credentials",
    }
    body = urlencode(wanted) if form else json.dumps(wanted)
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    path = f"/{EU}/admin/oauth/access_token"
    status, answer = fresh.send("POST", path, body.encode(), {"Content-Type": kind})
    granted = json.loads(answer)
    assert status == 200
    assert granted["expires_in"] == 86_399
    assert "read_all_orders" in granted["scope"].split(",")
    query = json.dumps({"query": "{ shop { name } }"}).encode()
    token = {"X-Shopify-Access-Token": granted["access_token"]}
    assert fresh.send("POST", GRAPHQL, query, token)[0] == 200
    fresh.clock.seconds += 86_400
    assert fresh.send("POST", GRAPHQL, query, token)[0] == 401
    wrong = json.dumps({**wanted, "client_secret": "no"}).encode()
    assert fresh.send("POST", path, wrong, {"Content-Type": "application/json"})[0] == 400


@pytest.mark.parametrize(
    ("query", "message", "code"),
    [
        ("{ orders(first: 1) { nodes { foo } } }", "Field 'foo' doesn't exist on type 'Order'",
         "undefinedField"),
        ("{ abandonedCheckouts(first: 1, sortKey: UPDATED_AT) { nodes { id } } }",
         "Argument 'sortKey' on Field 'abandonedCheckouts' has an invalid value (UPDATED_AT). "
         "Expected type 'AbandonedCheckoutSortKeys'.", "argumentLiteralsIncompatible"),
        ("{ inventoryItems(first: 1, sortKey: ID) { nodes { id } } }",
         "Field 'inventoryItems' doesn't accept argument 'sortKey'", "argumentNotAccepted"),
        ("{ order { id } }", "Field 'order' is missing required arguments: id",
         "missingRequiredArguments"),
        ("{ shop }", "Field must have selections (field 'shop' returns Shop but has no "
         "selections. Did you mean 'shop { ... }'?)", "selectionMismatch"),
        ("{ orders { nodes { id } } }", "you must provide one of first or last", "BAD_REQUEST"),
        ("{ orders(first: 251) { nodes { id } } }", "first must be between 0 and 250, it is 251",
         "BAD_REQUEST"),
        ('{ orders(first: 1, after: "x") { nodes { id } } }',
         "Invalid cursor for current pagination sort: x.", "BAD_REQUEST"),
    ],
)  # fmt: skip
def test_faulty_queries_are_answered_with_errors(query, message, code, api):
    error = api.post(query)["errors"][0]
    assert error["message"] == message
    assert error["extensions"]["code"] == code
    assert error["locations"]


def test_a_path_leads_to_the_fault(api):
    error = api.post("query Mine { orders(first: 1) { nodes { foo } } }")["errors"][0]
    assert error["path"] == ["query Mine", "orders", "nodes", "foo"]
    assert error["extensions"]["typeName"] == "Order"


def test_wrong_variables_are_refused(api):
    error = api.post(ORDERS, {"first": "many"})["errors"][0]
    assert error["extensions"]["code"] == "INVALID_VARIABLE"


@pytest.mark.parametrize("first", [1, 7, 250])
@pytest.mark.pitfall(23)
def test_pages_of_any_size_reach_every_order_once(first, api):
    query = ORDERS.replace("$first: Int = 50", f"$first: Int = {first}")
    nodes = api.pages(query, "orders")
    assert len({node["id"] for node in nodes}) == len(nodes)
    assert {node["id"] for node in nodes} == {line["id"] for line in api.lines(ALL_ORDERS)}
    times = [node["updatedAt"] for node in nodes]
    assert times == sorted(times)


def test_pages_run_backwards_and_reversed(api):
    forward = [node["id"] for node in api.pages(ORDERS, "orders")]
    reverse = api.data("{ orders(first: 20, sortKey: UPDATED_AT, reverse: true) { nodes { id } } }")
    assert [node["id"] for node in reverse["orders"]["nodes"]] == forward[::-1][:20]
    last = api.data(
        "{ orders(last: 20, sortKey: UPDATED_AT) "
        "{ nodes { id } pageInfo { hasPreviousPage hasNextPage startCursor } } }"
    )["orders"]
    assert [node["id"] for node in last["nodes"]] == forward[-20:]
    assert last["pageInfo"]["hasPreviousPage"]
    before = api.data(
        "query($before: String) { orders(last: 5, before: $before, sortKey: UPDATED_AT) "
        "{ nodes { id } } }",
        {"before": last["pageInfo"]["startCursor"]},
    )["orders"]
    assert [node["id"] for node in before["nodes"]] == forward[-25:-20]


@pytest.mark.pitfall(23)
def test_nested_lists_are_cut_without_a_word(api):
    query = "{ orders(first: 250) { nodes { id lineItems(first: %d) { nodes { id } } } } }"
    one = api.data(query % 1)["orders"]["nodes"]
    more = api.data(query % 50)["orders"]["nodes"]
    assert {len(node["lineItems"]["nodes"]) for node in one} == {1}
    assert max(len(node["lineItems"]["nodes"]) for node in more) > 1


def test_nested_connections_have_pages(api):
    order = max(
        api.data("{ orders(first: 250) { nodes { id lineItems(first: 50) { nodes { id } } } } }")[
            "orders"
        ]["nodes"],
        key=lambda node: len(node["lineItems"]["nodes"]),
    )
    query = """
    query Lines($id: ID!, $after: String) {
      order(id: $id) {
        lineItems(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
      }
    }"""
    found: list[str] = []
    after = None
    while True:
        page = api.data(query, {"id": order["id"], "after": after})["order"]["lineItems"]
        found += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == [node["id"] for node in order["lineItems"]["nodes"]]


def test_nodes_are_found_by_their_id(api):
    order = api.data("{ orders(first: 1) { nodes { id name } } }")["orders"]["nodes"][0]
    query = "query($id: ID!) { node(id: $id) { __typename id ... on Order { name } } }"
    assert api.data(query, {"id": order["id"]})["node"] == {"__typename": "Order", **order}
    assert api.data(query, {"id": "gid://shopify/Order/1"})["node"] is None
    ids = {"ids": [order["id"], "gid://shopify/Order/1"]}
    found = api.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids)["nodes"]
    assert found == [{"id": order["id"]}, None]
    error = api.post(query, {"id": "5"})["errors"][0]
    assert error["message"] == "Invalid global id '5'"


def test_unknown_filters_are_dropped_with_a_warning(api):
    answer = api.post(ORDERS, {"query": "test:false sorting:up"})
    plain = api.post(ORDERS, {"query": "test:false"})
    assert answer["data"] == plain["data"]
    assert "search" not in plain["extensions"]
    assert answer["extensions"]["search"] == [
        {
            "path": ["orders"],
            "query": "test:false sorting:up",
            "warnings": [
                {
                    "field": "sorting",
                    "message": "Invalid search field for this query.",
                    "code": "invalid_field",
                }
            ],
        }
    ]


def test_times_without_quotes_break_at_their_colons(api):
    """A known trap of the real API: the answer is fine, and for another time."""
    middle = api.pages(ORDERS, "orders")[200]["updatedAt"]
    answer = api.post(ORDERS, {"query": f"updated_at:>={middle}"})
    (search,) = answer["extensions"]["search"]
    assert search["warnings"][0]["field"] == middle[14:16]
    quoted = api.post(ORDERS, {"query": f"updated_at:>='{middle}'"})
    assert "search" not in quoted["extensions"]
    assert quoted["data"]["orders"]["nodes"][0]["updatedAt"] == middle


@pytest.mark.pitfall(12)
def test_updates_since_a_moment_are_all_there(api):
    nodes = api.pages(ORDERS, "orders")
    since = nodes[len(nodes) // 2]["updatedAt"]
    query = "query($after: String) { orders(first: 100, after: $after, sortKey: UPDATED_AT, "
    query += f"query: \"updated_at:>='{since}'\") {{ pageInfo {{ hasNextPage endCursor }} "
    query += "nodes { id name updatedAt test } } }"
    assert api.pages(query, "orders") == [node for node in nodes if node["updatedAt"] >= since]


def test_counts_are_exact_up_to_their_limit(api):
    total = len(api.lines(ALL_ORDERS))
    found = api.data(
        "{ ordersCount { count precision } few: ordersCount(limit: 5) { count precision } }"
    )
    assert found["ordersCount"] == {"count": total, "precision": "EXACT"}
    assert found["few"] == {"count": 5, "precision": "AT_LEAST"}


def test_pages_stop_at_25_000_objects(api, monkeypatch):
    monkeypatch.setattr("sandbox.vendors.shopify.paging.DEEPEST", 100)
    after = api.data(ORDERS, {"first": 100})["orders"]["pageInfo"]["endCursor"]
    answer = api.post(ORDERS, {"after": after})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert answer["errors"][0]["message"].startswith("Pagination stops at 100 objects")


def test_every_answer_tells_its_cost(api):
    cost = api.post("{ orders(first: 10) { nodes { id customer { id } } } }")["extensions"]["cost"]
    assert cost["requestedQueryCost"] == 2 + 4 * 2
    assert 2 < cost["actualQueryCost"] <= cost["requestedQueryCost"]
    assert set(cost["throttleStatus"]) == {
        "maximumAvailable",
        "currentlyAvailable",
        "restoreRate",
    }


def test_dear_queries_are_refused(api):
    sets = " ".join(
        f"{name} {{ shopMoney {{ amount }} presentmentMoney {{ amount }} }}"
        for name in ("originalUnitPriceSet", "originalTotalSet", "totalDiscountSet")
    )
    query = (
        f"{{ orders(first: 250) {{ nodes {{ lineItems(first: 250) {{ nodes {{ {sets} }} }} }} }} }}"
    )
    error = api.post(query)["errors"][0]
    cost = 2 + 11 * (1 + 2 + 11 * (1 + 9))
    assert error["message"].startswith(f"Query cost is {cost}, which exceeds the single query max")
    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert error["extensions"]["maxCost"] == 1000


def test_an_empty_bucket_throttles_and_fills_again(api):
    slow = AdminAPI(api.world.ledger, STANDARD)
    query = "{ orders(first: 250) { nodes { id lineItems(first: 250) { nodes { id } } } } }"
    answer: dict[str, Any] = {}
    sent = 0
    while "errors" not in answer:
        answer = slow.post(query)
        sent += 1
    assert 5 < sent < 60
    assert answer["errors"][0]["message"] == "Throttled"
    assert answer["errors"][0]["extensions"]["code"] == "THROTTLED"
    cost = answer["extensions"]["cost"]
    assert cost["actualQueryCost"] is None
    assert cost["throttleStatus"]["currentlyAvailable"] < cost["requestedQueryCost"]
    assert cost["throttleStatus"]["restoreRate"] == 100
    assert "data" not in answer
    assert "errors" not in slow.post(query), "the wait it told of has passed"


def test_shops_have_a_bucket_each(fresh):
    for _ in range(5):
        fresh.post("{ orders(first: 250) { nodes { id lineItems(first: 250) { nodes { id } } } } }")
    left = [
        fresh.post("{ shop { id } }", shop=shop)["extensions"]["cost"]["throttleStatus"]
        for shop in SHOPS
    ]
    assert left[0]["currentlyAvailable"] < left[1]["currentlyAvailable"]


def test_a_bulk_operation_is_created_runs_and_completes(fresh):
    started = fresh.run_bulk(ALL_ORDERS)
    assert started["userErrors"] == []
    operation = started["bulkOperation"]
    assert operation["status"] == "CREATED"
    assert operation["url"] is None
    poll = "query($id: ID!) { bulkOperation(id: $id) { status url fileSize completedAt } }"
    first = fresh.data(poll, {"id": operation["id"]})["bulkOperation"]
    assert first["status"] == "RUNNING"
    assert first["url"] is None
    done = fresh.finished(operation["id"])
    assert done["status"] == "COMPLETED"
    assert done["objectCount"] == done["rootObjectCount"]
    assert "Signature=" in done["url"]
    current = fresh.data("{ currentBulkOperation { id status } }")["currentBulkOperation"]
    assert current == {"id": operation["id"], "status": "COMPLETED"}
    node = "query($id: ID!) { node(id: $id) { ... on BulkOperation { status } } }"
    assert fresh.data(node, {"id": operation["id"]})["node"]["status"] == "COMPLETED"


def test_results_are_signed_and_kept_for_a_week(fresh):
    done = fresh.finished(fresh.run_bulk(ALL_ORDERS)["bulkOperation"]["id"])
    path = done["url"].removeprefix(HOST)
    assert fresh.send("GET", path)[0] == 200
    assert fresh.send("GET", path.replace("Signature=", "Signature=0"))[0] == 403
    fresh.clock.now += pd.Timedelta(days=8)
    assert fresh.send("GET", path)[0] == 403


def test_an_empty_result_has_no_address(fresh):
    query = '{ orders(query: "id:1") { edges { node { id } } } }'
    done = fresh.finished(fresh.run_bulk(query)["bulkOperation"]["id"])
    assert (done["status"], done["url"], done["objectCount"]) == ("COMPLETED", None, "0")


def test_five_bulk_operations_run_at_a_time(fresh):
    started = [fresh.run_bulk(ALL_ORDERS)["bulkOperation"]["id"] for _ in range(5)]
    refused = fresh.run_bulk(ALL_ORDERS)
    assert refused["bulkOperation"] is None
    (error,) = refused["userErrors"]
    assert error["code"] == "OPERATION_IN_PROGRESS"
    assert error["message"].startswith("A bulk query operation for this app and shop is already")
    fresh.finished(started[0])
    assert fresh.run_bulk(ALL_ORDERS)["userErrors"] == []


def test_a_bulk_operation_can_be_cancelled_once(fresh):
    gid = fresh.run_bulk(ALL_ORDERS)["bulkOperation"]["id"]
    cancel = """mutation($id: ID!) { bulkOperationCancel(id: $id) {
        bulkOperation { status } userErrors { field message } } }"""
    first = fresh.data(cancel, {"id": gid})["bulkOperationCancel"]
    assert first == {"bulkOperation": {"status": "CANCELING"}, "userErrors": []}
    assert fresh.finished(gid)["status"] == "CANCELED"
    again = fresh.data(cancel, {"id": gid})["bulkOperationCancel"]["userErrors"]
    assert again[0]["message"] == "A bulk operation cannot be canceled when it is canceled"
    unknown = {"id": "gid://shopify/BulkOperation/1"}
    missing = fresh.data(cancel, unknown)["bulkOperationCancel"]["userErrors"]
    assert missing == [{"field": ["id"], "message": "Bulk operation does not exist"}]


def test_a_failing_bulk_operation_leaves_half(fresh):
    fresh.faults.schedule("shopify", Fault.BULK_FAILED)
    done = fresh.finished(fresh.run_bulk(ALL_ORDERS)["bulkOperation"]["id"])
    assert (done["status"], done["errorCode"]) == ("FAILED", "INTERNAL_SERVER_ERROR")
    assert done["url"] is None
    status, body = fresh.send("GET", done["partialDataUrl"].removeprefix(HOST))
    assert status == 200
    assert 0 < len(body.splitlines()) < len(fresh.lines(ALL_ORDERS))


def test_a_repeated_page_loses_nothing(fresh):
    whole = fresh.pages(ORDERS, "orders")
    after = fresh.data(ORDERS)["orders"]["pageInfo"]["endCursor"]
    fresh.faults.schedule("shopify", Fault.DUPLICATE_PAGE)
    again = fresh.data(ORDERS, {"after": after})["orders"]
    assert again["nodes"] == whole[:50]
    assert again["pageInfo"]["endCursor"] == after


def test_a_shifting_row_comes_with_the_next_page(fresh):
    whole = fresh.pages(ORDERS, "orders")
    fresh.faults.schedule("shopify", Fault.SHIFTING_PAGE)
    page = fresh.data(ORDERS)["orders"]
    assert page["nodes"] == whole[1:50]
    rest = fresh.data(ORDERS, {"after": page["pageInfo"]["endCursor"]})["orders"]
    assert rest["nodes"][0] == whole[0]
    assert {node["id"] for node in fresh.pages(ORDERS, "orders")} == {node["id"] for node in whole}


def test_time_shows_new_orders_and_moves_updates(fresh):
    before = {line["id"]: line for line in fresh.lines(ALL_ORDERS)}
    edge = max(line["updatedAt"] for line in before.values())
    fresh.clock.now += pd.Timedelta(days=20)
    after = {line["id"]: line for line in fresh.lines(ALL_ORDERS)}
    assert set(after) - set(before)
    moved = [
        gid
        for gid in before
        if gid in after and after[gid]["updatedAt"] != before[gid]["updatedAt"]
    ]
    assert moved
    assert all(after[gid]["updatedAt"] > edge for gid in moved)
    query = f"{{ orders(query: \"updated_at:>='{edge}'\") {{ edges {{ node {{ id }} }} }} }}"
    since = {line["id"] for line in fresh.lines(query)}
    assert since >= set(moved) | (set(after) - set(before))


@pytest.mark.pitfall(14)
def test_deleted_orders_vanish_and_test_orders_are_told(api):
    orders = api.world.view().orders
    orders = orders[orders["shop"].isin(SHOPS)]
    shown = {
        shop: {line["id"]: line for line in api.lines(ALL_ORDERS, shop=shop)} for shop in SHOPS
    }
    deleted = orders[orders["deleted_at"].notna()]
    tests = orders[orders["is_test"] & orders["deleted_at"].isna()]
    assert len(deleted)
    assert len(tests)
    for order in deleted.itertuples():
        assert f"gid://shopify/Order/{order.order_id}" not in shown[order.shop]
    for order in tests.itertuples():
        assert shown[order.shop][f"gid://shopify/Order/{order.order_id}"]["test"] is True


def test_the_vendor_speaks_of_throttling_in_a_200():
    status, _, body = VENDOR.throttled
    assert status == 200
    assert json.loads(body)["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert VENDOR.failed[0] >= 500


DENIED = [
    ("read_discounts", "{ discountNodes(first: 1) { nodes { id } } }", "discountNodes"),
    ("read_gift_cards", "{ giftCardsCount { count } }", "giftCardsCount"),
    ("read_locations", "{ locations(first: 1) { nodes { id } } }", "locations"),
]


@pytest.mark.parametrize(("scope", "query", "field"), DENIED)
def test_what_the_token_has_no_scope_for_is_denied(scope, query, field, api):
    headers = {"X-Shopify-Access-Token": admin_token(EU, without=scope)}
    error = api.post(query, headers=headers)["errors"][0]
    access = f"`{scope}` access scope."
    assert error["message"] == f"Access denied for {field} field. Required access: {access}"
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert error["path"] == [field]


def test_a_bulk_operation_without_its_scope_fails(api):
    headers = {"X-Shopify-Access-Token": admin_token(EU, without="read_gift_cards")}
    started = api.run_bulk("{ giftCards { edges { node { id } } } }", headers=headers)
    done = api.finished(started["bulkOperation"]["id"])
    assert (done["status"], done["errorCode"]) == ("FAILED", "ACCESS_DENIED")


def test_levels_are_searched_by_their_own_time(api):
    """The item's time does not move when its stock does."""
    query = """
    query($id: ID!, $filter: String) {
      node(id: $id) { ... on Location {
        inventoryLevels(first: 250, query: $filter) {
          nodes { updatedAt item { updatedAt } quantities(names: ["on_hand"]) { name quantity } }
        }
      } }
    }"""
    place = api.data("{ locations(first: 1) { nodes { id } } }")["locations"]["nodes"][0]

    def found(text: str | None) -> list[dict[str, Any]]:
        answer = api.data(query, {"id": place["id"], "filter": text})
        return answer["node"]["inventoryLevels"]["nodes"]

    everything = found(None)
    middle = sorted(level["updatedAt"] for level in everything)[len(everything) // 2]
    changed = found(f"updated_at:>='{middle}'")
    assert changed == [level for level in everything if level["updatedAt"] >= middle]
    assert 0 < len(changed) < len(everything)
    assert any(level["item"]["updatedAt"] != level["updatedAt"] for level in changed)
    assert {one["name"] for level in everything for one in level["quantities"]} == {"on_hand"}


def test_codes_of_discounts_stand_below_their_node_in_bulk(api):
    """Also a connection in an object of the node's line."""
    query = """{ discountNodes { edges { node { id discount { __typename
      ... on DiscountCodeBasic { title codes { edges { node { code asyncUsageCount } } } }
      ... on DiscountCodeFreeShipping { title codes { edges { node { code asyncUsageCount } } } }
      ... on DiscountAutomaticBasic { title asyncUsageCount }
    } } } } }"""
    lines = api.lines(query, grouped=True)
    nodes = {line["id"]: line["discount"] for line in lines if "discount" in line}
    codes = {line["__parentId"]: line["code"] for line in lines if "code" in line}
    coded = {key: each["title"] for key, each in nodes.items() if "Code" in each["__typename"]}
    assert codes == coded
    assert len(nodes) > len(coded) > 0
    table = api.world.view().discount_codes
    table = table[table["shop"] == EU].set_index("code")["usage_count"]
    uses = {line["code"]: line["asyncUsageCount"] for line in lines if "code" in line}
    assert uses == table.drop("").to_dict()


def test_gift_cards_are_sorted_by_their_change(api):
    query = "{ giftCards(first: 250, sortKey: UPDATED_AT, reverse: true) { nodes { updatedAt } } }"
    times = [card["updatedAt"] for card in api.data(query)["giftCards"]["nodes"]]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) > 1

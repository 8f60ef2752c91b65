"""The twin and a real WooCommerce server: the same question, answers of the same shape."""

import json
import time

import pytest
import requests

from ingestion.sources.woocommerce.signing import SignedQuery
from sandbox.shown_ids import shown_ids
from sandbox.vendors.woocommerce import consumer_key, consumer_secret
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration

SHOP = "basketline-uk"
EXCHANGES = (
    "categories",
    "coupons",
    "customers",
    "customers_modified",
    "err_400_per_page",
    "err_401_bad_secret",
    "err_401_unknown_key",
    "err_404_order",
    "err_404_route",
    "err_date",
    "err_orderby",
    "order_refunds",
    "order_statuses",
    "orders_p1",
    "orders_p2",
    "orders_past_end",
    "page0",
    "products",
    "refunds",
    "reports_sales",
    "variations",
)
# Objects by date or by number: their keys are values.
MAPS = {"totals"}
SCHEMAS = {
    "orders": "/orders",
    "refunds": "/refunds",
    "products": "/products",
    "variations": "/products/1/variations",
    "customers": "/customers",
    "coupons": "/coupons",
}
TYPES = {"integer": "number", "number": "number", "string": "str", "boolean": "bool",
         "array": "list", "object": "dict", "date-time": "str", "mixed": "any"}  # fmt: skip


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with run_sandbox(tmp_path_factory.mktemp("sandbox"), now="2026-06-30T12:00:00") as running:
        yield running


@pytest.fixture(scope="module")
def server(sandbox):
    return f"{sandbox.url('woocommerce')}/{SHOP}"


@pytest.fixture(scope="module")
def sandbox_view(sandbox):
    return sandbox.sandbox.world.view()


def ask(address, path, *, key=None, secret=None):
    auth = SignedQuery(key or consumer_key(SHOP), secret or consumer_secret(SHOP), clock=time.time)
    return requests.get(address + path, auth=auth, timeout=10)


def same_kind(address, exchange, name):
    """The recorded request, about an order or product that the twin has."""
    path = exchange["request"].removeprefix("GET ")
    if name == "order_refunds":
        (refund,) = ask(address, "/wp-json/wc/v3/refunds?per_page=1").json()
        path = f"/wp-json/wc/v3/orders/{refund['parent_id']}/refunds"
    elif name == "variations":
        (product,) = ask(address, "/wp-json/wc/v3/products?type=variable&per_page=1").json()
        path = f"/wp-json/wc/v3/products/{product['id']}/variations"
    elif name == "err_404_order":
        path = "/wp-json/wc/v3/orders/99999999"
    keys = {
        "err_401_unknown_key": {"key": "ck_unknown"},
        "err_401_bad_secret": {},
    }
    return ask(address, path, **keys.get(name, {}))


def kind(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__


def shapes(value, path, found):
    """From path to the kinds seen there and, of objects, the keys."""
    found.setdefault(path, [set(), []])[0].add(kind(value))
    if isinstance(value, dict):
        named = path.rpartition(".")[2] not in MAPS
        found[path][1].append(frozenset(value) if named else frozenset())
        for key, part in value.items():
            shapes(part, f"{path}.{key if named else '*'}", found)
    elif isinstance(value, list):
        for part in value:
            shapes(part, f"{path}[]", found)
    return found


def published(schema, path, found):
    """Kinds that the server's own schema allows at a path."""
    kinds = schema.get("type", "any")
    for each in kinds if isinstance(kinds, list) else [kinds]:
        found.setdefault(path, set()).add(TYPES.get(each, "any"))
    for key, part in (schema.get("properties") or {}).items():
        if isinstance(part, dict):
            published(part, f"{path}.{key}", found)
    if isinstance(schema.get("items"), dict):
        published(schema["items"], f"{path}[]", found)
    return found


def link_kinds(text):
    return {part.rpartition('rel="')[2].rstrip('"') for part in text.split(", ") if "rel=" in part}


@pytest.fixture(scope="module")
def schemas(vendor_specs):
    options = json.loads(
        (vendor_specs / "woocommerce/wc_v3_10.2.4_options_schemas.json").read_text()
    )
    return {name: published(options[path]["schema"], "[]", {}) for name, path in SCHEMAS.items()}


@pytest.fixture(scope="module")
def compared(request):
    """Counts what agreed; told at the end of the module."""
    counts = {"exchanges": 0, "headers": 0, "objects": 0, "values": 0}
    yield counts
    line = ", ".join(f"{count} {name}" for name, count in counts.items())
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter:
        reporter.write_line(f"\nwoocommerce against recorded answers: {line}")


@pytest.mark.parametrize("name", EXCHANGES)
def test_the_twin_answers_as_the_recorded_server_did(server, vendor_specs, schemas, compared, name):
    exchange = json.loads((vendor_specs / f"woocommerce/recorded/{name}.json").read_text())
    if name == "err_401_bad_secret":
        answer = ask(server, "/wp-json/wc/v3/orders", secret="cs_wrong")
    else:
        answer = same_kind(server, exchange, name)
    body, real = answer.json(), exchange["body"]

    assert answer.status_code == exchange["status"]
    compared["exchanges"] += 1
    for header, value in exchange["headers"].items():
        if header == "Link":
            assert link_kinds(value) <= link_kinds(answer.headers["Link"])
        elif header.startswith("X-WP"):
            assert answer.headers[header].isdigit()
        elif name != "err_401_bad_secret" or header != "Allow":
            assert answer.headers[header] == value
        compared["headers"] += 1
    if answer.status_code >= 400:
        codes = [real["code"], *[d["code"] for d in real["data"].get("details", {}).values()]]
        told = [body["code"], *[d["code"] for d in body["data"].get("details", {}).values()]]
        if name != "err_401_bad_secret":  # signed requests are refused for their signature
            assert body["message"] == real["message"]
        assert told == codes
        assert set(body["data"]) == set(real["data"])
    assert_same_shapes(body, real, schemas.get(entity(name), {}), compared)


def entity(name):
    return {
        "order_refunds": "refunds",
        "customers_modified": "customers",
        "orders_p1": "orders",
        "orders_p2": "orders",
    }.get(name, name)


def assert_same_shapes(body, real, schema, compared):
    recorded, told = shapes(real, "", {}), shapes(body, "", {})
    for path, (kinds, keys) in told.items():
        if path not in recorded:
            # A list that was empty on the real server: its own schema knows what is in it.
            assert path.count("[]") > 1, path
            continue
        allowed = recorded[path][0] | schema.get(path, set()) | {"null"}
        if recorded[path][0] == {"null"}:
            allowed |= {"str", "number"} if path not in schema else set()
        assert "any" in allowed or kinds <= allowed, (path, kinds, allowed)
        compared["values"] += 1
        if keys and recorded[path][1]:
            assert set(keys) <= set(recorded[path][1]), (
                path,
                [sorted(each ^ recorded[path][1][0]) for each in set(keys)],
            )
            compared["objects"] += 1


def test_a_key_in_the_open_is_taken_over_https_only(server):
    key = (consumer_key(SHOP), consumer_secret(SHOP))
    refused = requests.get(f"{server}/wp-json/wc/v3/orders", auth=key, timeout=10)
    assert (refused.status_code, refused.json()["code"]) == (401, "woocommerce_rest_cannot_view")


@pytest.mark.parametrize(
    ("text", "code"), [("2026-11-20", 400), ("2026-11-20T00:00:00Z", 200),
                       ("2026-11-20T00:00:00+00:00", 200)],
)  # fmt: skip
def test_a_bound_is_a_whole_moment(server, text, code):
    found = ask(server, f"/wp-json/wc/v3/orders?modified_after={text.replace('+', '%2B')}")
    assert found.status_code == code


@pytest.mark.pitfall(28)
def test_bounds_are_strict_and_the_default_order_is_newest_first(server):
    path = "/wp-json/wc/v3/orders?dates_are_gmt=true&per_page=100"
    every = ask(server, path).json()
    created = [each["date_created_gmt"] for each in every]
    assert created == sorted(created, reverse=True)
    newest = max(each["date_modified_gmt"] for each in every)
    assert ask(server, f"{path}&modified_after={newest}").json() == []


def test_orders_have_the_ids_of_the_shops_own_events(server, sandbox_view):
    orders = ask(server, "/wp-json/wc/v3/orders?per_page=100&orderby=id&order=asc").json()
    own = sandbox_view.orders[sandbox_view.orders["shop"] == SHOP]
    shown = shown_ids("woocommerce", "order", own["order_id"], own["order_id"])
    told = {each["number"]: str(each["id"]) for each in orders}
    assert told
    assert told.items() <= dict(zip(own["number"].astype(str), shown, strict=True)).items()

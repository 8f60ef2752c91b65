"""The twin's answers validate against commercetools' own OpenAPI file, error bodies too."""

import pytest
import requests
import yaml
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from sandbox.vendors.commercetools import CLIENT_ID, CLIENT_SECRET
from sandbox.world.shops import COMMERCETOOLS, handles_of
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration

(PROJECT,) = handles_of(COMMERCETOOLS)
SCHEMAS = {
    "": "Project",
    "orders": "OrderPagedQueryResponse",
    "payments": "PaymentPagedQueryResponse",
    "customers": "CustomerPagedQueryResponse",
    "product-projections": "ProductProjectionPagedQueryResponse",
    "categories": "CategoryPagedQueryResponse",
    "inventory": "InventoryPagedQueryResponse",
    "carts": "CartPagedQueryResponse",
    "discount-codes": "DiscountCodePagedQueryResponse",
    "messages": "MessagePagedQueryResponse",
}
EXPANDED = {
    "discount-codes": "cartDiscounts[*]",
    "orders": "discountCodes[*].discountCode",
}
SPEC_URI = "urn:commercetools"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with run_sandbox(tmp_path_factory.mktemp("sandbox"), now="2026-06-30T12:00:00") as running:
        # No order of the world is deleted on this platform: one is here, for its message.
        orders = running.sandbox.world.ledger.orders
        own = orders.index[(orders["shop"] == PROJECT).to_numpy()]
        orders.loc[own[3], "deleted_at"] = orders.loc[own[3], "created_at"]
        running.sandbox.world._views.clear()
        yield running.url("commercetools")


def with_patterns(node):
    """The file writes patterns of names as required properties `/pattern/`: made patterns."""
    if isinstance(node, list):
        return [with_patterns(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {name: with_patterns(part) for name, part in node.items()}
    properties = found.get("properties")
    if isinstance(properties, dict):
        patterns = {name for name in properties if is_pattern(name)}
        found["patternProperties"] = {name[1:-1]: properties[name] for name in patterns}
        found["properties"] = {k: v for k, v in properties.items() if k not in patterns}
    if isinstance(found.get("required"), list):
        found["required"] = [name for name in found["required"] if not is_pattern(name)]
        if not found["required"]:
            del found["required"]
    return found


def is_pattern(name):
    return len(name) >= 2 and name.startswith("/") and name.endswith("/")


@pytest.fixture(scope="module")
def validator(vendor_specs):
    """Makes a validator of a named schema."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    spec = yaml.load((vendor_specs / "commercetools/api_openapi.yaml").read_text(), Loader=loader)
    resource = Resource(contents=with_patterns(spec), specification=DRAFT4)
    registry = Registry().with_resource(SPEC_URI, resource)

    def of(name):
        reference = {"$ref": f"{SPEC_URI}#/components/schemas/{name}"}
        return Draft4Validator(reference, registry=registry)

    return of


@pytest.fixture(scope="module")
def counts(request):
    """How many answers were validated; told at the end."""
    request.getfixturevalue("vendor_specs")
    found = dict.fromkeys([*SCHEMAS, "errors"], 0)
    yield found
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    told = ", ".join(f"{name or 'project'} {count}" for name, count in found.items())
    if reporter:
        reporter.write_line(f"\ncommercetools, answers validated: {told}")


@pytest.fixture(scope="module")
def token(address):
    answer = requests.post(
        f"{address}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(CLIENT_ID, CLIENT_SECRET),
        timeout=10,
    )
    told = answer.json()
    assert told["token_type"] == "Bearer"
    assert told["expires_in"] == 172_800
    return told["access_token"]


@pytest.fixture
def ask(address, token):
    def get(path, shown=None, **params):
        headers = {"Authorization": f"Bearer {shown or token}"}
        return requests.get(
            f"{address}/{PROJECT}/{path}".rstrip("/"), params=params, headers=headers, timeout=10
        )

    return get


@pytest.mark.parametrize("path", SCHEMAS)
def test_answers_validate_against_the_spec(ask, validator, counts, path):
    check = validator(SCHEMAS[path])
    pages = [{"limit": 500, "offset": 0}, {"limit": 7, "offset": 3, "withTotal": "false"}]
    pages += [{**pages[0], "expand": EXPANDED[path]}] if path in EXPANDED else []
    for params in pages if path else [{}]:
        answer = ask(path, **params)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        errors = [f"{'.'.join(map(str, e.absolute_path))}: {e.message[:200]}"
                  for e in check.iter_errors(body)]  # fmt: skip
        assert not errors, errors[:5]
        if path and params["offset"] == 0:
            assert body["results"]
            assert body["total"] == len(body["results"])
        elif path:
            assert "total" not in body
        counts[path] += 1


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"limit": 501}, 400, "InvalidInput"),
        ({"offset": 10_001}, 400, "InvalidInput"),
        ({"where": "lastModifiedAt >"}, 400, "InvalidInput"),
        ({"where": 'id = "a" or'}, 400, "InvalidInput"),
        ({"sort": "nothing asc"}, 400, "InvalidInput"),
        ({"shown": "wrong"}, 401, "invalid_token"),
    ],
)
def test_refusals_are_as_the_spec_has_them(ask, validator, counts, params, status, code):
    answer = ask("orders", **params)
    body = answer.json()
    assert answer.status_code == body["statusCode"] == status
    assert [each["code"] for each in body["errors"]] == [code]
    assert not list(validator("ErrorResponse").iter_errors(body))
    counts["errors"] += 1


def test_an_unknown_list_and_a_wrong_secret_are_refused(address, ask, counts):
    assert ask("nothing").status_code == 404
    answer = requests.post(
        f"{address}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(CLIENT_ID, "wrong"),
        timeout=10,
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    counts["errors"] += 2


def test_predicates_are_understood(ask):
    everything = ask("orders", limit=500).json()["results"]
    some = sorted(each["lastModifiedAt"] for each in everything)
    middle = some[len(some) // 2]
    known = {each["id"] for each in everything if each["lastModifiedAt"] > middle}
    where = f'lastModifiedAt > "{middle}" and not (orderState = "nothing")'
    assert {each["id"] for each in ask("orders", limit=500, where=where).json()["results"]} == known
    two = [each["id"] for each in everything[:2]]
    where = f'id in ("{two[0]}", "{two[1]}") or id = "none"'
    assert [each["id"] for each in ask("orders", where=where).json()["results"]] == sorted(two)


def test_a_payment_changes_without_its_order(ask):
    """Money that goes back shows in the payment: who only reads orders does not see it."""
    orders = {each["id"]: each for each in ask("orders", limit=500).json()["results"]}
    payments = {each["id"]: each for each in ask("payments", limit=500).json()["results"]}
    linked = [
        (order, payments[part["id"]])
        for order in orders.values()
        for part in order.get("paymentInfo", {}).get("payments", [])
    ]
    assert any(p["lastModifiedAt"] != o["lastModifiedAt"] for o, p in linked)


def test_every_kind_of_answer_was_validated(counts):
    """Stands last: what is counted is what the tests before it have held against the spec."""
    assert all(counts.values()), counts

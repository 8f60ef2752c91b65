"""Talking to Shopify: patience, tokens, clear errors, pages to the end; time is given."""

import datetime as dt
import json

import pytest

from ingestion.errors import (
    CredentialsError,
    RequestRefusedError,
    SettingsError,
    VendorUnavailableError,
)
from ingestion.http import VendorHttp
from ingestion.settings import Settings, load_section
from ingestion.sources.shopify import rows
from ingestion.sources.shopify.api import AdminApi, TooCostlyError
from ingestion.sources.shopify.auth import TOKEN_HEADER
from ingestion.sources.shopify.client import ShopifyClient
from ingestion.sources.shopify.cost_bucket import CostBucket, seconds_to_wait
from ingestion.sources.shopify.deletions import is_due, mark_done
from ingestion.sources.shopify.details import DetailReader
from ingestion.sources.shopify.pages import PageReader
from ingestion.sources.shopify.settings import ShopifySettings, StoreSettings
from ingestion.sources.shopify.spec import OVERLAP
from ingestion.spec import ClientContext
from ingestion.windows import plan_window
from tests.unit import shopify_objects as made

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


class FakeTime:
    def __init__(self):
        self.now, self.slept = NOW, []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += dt.timedelta(seconds=seconds)


class FakeAnswer:
    def __init__(self, body, status=200, headers=None):
        self.content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status_code, self.headers = status, headers or {}
        self.ok = status < 400

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


class FakeSession:
    """Gives prepared answers in their order and remembers what was asked."""

    def __init__(self, *answers):
        self.headers, self.asked, self._answers = {}, [], list(answers)

    def request(self, method, url, **parts):
        self.asked.append((method, url, dict(self.headers), parts))
        return self._answers.pop(0)

    def close(self):
        return None


def store(**fields):
    return StoreSettings(**({"shop": "shop-a", "access_token": "shpat_x"} | fields))


def make_context(time, section=None):
    return ClientContext(
        source="shopify",
        settings=Settings(_env_file=None),
        section=section or ShopifySettings(_env_file=None, stores=(store(),)),
        now=NOW,
        clock=time.clock,
        sleep=time.sleep,
        state={},
        note=lambda _: None,
    )


def make_api(*answers, time=None, with_store=None):
    time = time or FakeTime()
    session, shop, context = FakeSession(*answers), with_store or store(), make_context(time)
    http = VendorHttp(context, base_url=shop.url, account=shop.shop, session=session)
    api = AdminApi(shop, api_version="2026-10", variable="VAR", context=context, http=http)
    return api, session, time


def good(data, available=2000.0):
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": available, "restoreRate": 100.0}
    return FakeAnswer({"data": data, "extensions": {"cost": {"throttleStatus": status}}})


def error(code, message="no"):
    return FakeAnswer({"errors": [{"message": message, "extensions": {"code": code}}]})


def test_a_question_goes_to_the_version_with_the_token():
    api, session, _ = make_api(good({"shop": 1}))
    assert api.ask("shop") == {"shop": 1}
    method, url, headers, parts = session.asked[0]
    assert (method, url) == (
        "POST",
        "https://shop-a.myshopify.com/admin/api/2026-10/graphql.json",
    )
    assert headers[TOKEN_HEADER] == "shpat_x"
    assert parts["json"]["query"].startswith("query Shop")


def test_throttled_answers_are_asked_again_after_the_computed_wait():
    cost = {
        "requestedQueryCost": 500,
        "throttleStatus": {"maximumAvailable": 2000, "currentlyAvailable": 100, "restoreRate": 100},
    }
    refusal = {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}
    api, _, time = make_api(FakeAnswer(refusal | {"extensions": {"cost": cost}}), good({"a": 1}))
    assert api.ask("shop") == {"a": 1}
    assert 4.0 <= time.slept[0] <= 4.5


@pytest.mark.parametrize(
    "fault",
    [FakeAnswer(b"", 429), FakeAnswer(b"", 502), FakeAnswer(b'{"data": {'), error("TIMEOUT")],
    ids=["429", "502", "cut", "timeout"],
)
def test_faults_that_pass_are_waited_out(fault):
    api, _, time = make_api(fault, good({"a": 1}))
    assert api.ask("shop") == {"a": 1}
    assert len(time.slept) == 1


def test_patience_ends():
    api, _, _ = make_api(*[FakeAnswer(b"", 503)] * 7)
    with pytest.raises(VendorUnavailableError, match="503"):
        api.ask("shop")


def test_it_waits_from_80_percent_of_the_bucket():
    api, _, time = make_api(good({}, available=150), good({}, available=2000), good({}))
    api.ask("shop")
    assert time.slept == []
    api.ask("shop")
    assert time.slept == [pytest.approx((400 - 150) / 100)]
    api.ask("shop")
    assert len(time.slept) == 1


def test_time_that_passed_has_filled_the_bucket():
    seconds, slept = [0.0], []
    bucket = CostBucket(clock=lambda: seconds[0], sleep=slept.append)
    status = {"maximumAvailable": 2000, "currentlyAvailable": 0, "restoreRate": 100}
    bucket.observe({"extensions": {"cost": {"throttleStatus": status}}})
    seconds[0] = 3.0
    bucket.wait()
    assert slept == [pytest.approx(1.0)]


def test_nothing_to_wait_for():
    assert seconds_to_wait(200, {"data": {}}) is None
    assert seconds_to_wait(200, {"errors": "text"}) is None


def test_a_denied_field_names_its_scope():
    message = "Access denied for orders field. Required access: `read_orders` access scope."
    api, _, _ = make_api(error("ACCESS_DENIED", message))
    with pytest.raises(CredentialsError) as caught:
        api.ask("shop")
    assert "scope read_orders" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_refused_token_names_its_variable_and_never_shows_it():
    api, _, _ = make_api(FakeAnswer({"errors": "[API] Invalid API key or access token"}, 401))
    with pytest.raises(CredentialsError, match="Invalid API key") as caught:
        api.ask("shop")
    assert "shpat_x" not in str(caught.value)


def test_an_unknown_version_is_refused_with_a_remedy():
    api, _, _ = make_api(FakeAnswer({"errors": "Not Found"}, 404))
    with pytest.raises(RequestRefusedError, match="API version"):
        api.ask("shop")


@pytest.mark.pitfall(26)
def test_tokens_are_fetched_and_renewed_before_they_expire():
    app = store(access_token=None, client_id="id", client_secret="secret")
    granted = FakeAnswer({"access_token": "one", "scope": "", "expires_in": 86399})
    again = FakeAnswer({"access_token": "two", "scope": "", "expires_in": 86399})
    api, session, time = make_api(granted, good({}), good({}), again, good({}), with_store=app)
    api.ask("shop")
    api.ask("shop")
    time.now += dt.timedelta(seconds=86399 - 299)
    api.ask("shop")
    paths = [url.rsplit("/", 1)[-1] for _, url, _, _ in session.asked]
    assert paths == ["access_token", "graphql.json", "graphql.json", "access_token", "graphql.json"]
    assert session.asked[0][3]["data"]["grant_type"] == "client_credentials"
    assert session.asked[-1][2][TOKEN_HEADER] == "two"


def test_a_revoked_token_is_fetched_anew():
    app = store(access_token=None, client_id="id", client_secret="secret")
    tokens = [FakeAnswer({"access_token": t, "expires_in": 86399}) for t in ("one", "two")]
    api, session, _ = make_api(
        tokens[0], FakeAnswer({"errors": "x"}, 401), tokens[1], good({"a": 1}), with_store=app
    )
    assert api.ask("shop") == {"a": 1}
    assert session.asked[-1][2][TOKEN_HEADER] == "two"


@pytest.mark.pitfall(23)
def test_nested_lists_are_read_to_the_end():
    whole = made.order(
        lineItems=[made.line_item(n) for n in (11, 12, 13)],
        agreements=[
            made.agreement(),
            made.agreement(id="gid://shopify/SalesAgreement/22", sales=[
                made.sale(n, "PRODUCT", 1, "1.00") for n in (71, 72)
            ]),
            made.agreement(id="gid://shopify/SalesAgreement/23"),
        ],
    )  # fmt: skip
    first = made.paged(whole)
    first["lineItems"] = made.connection(whole["lineItems"][:1], cursor="l1")
    edges = first["agreements"]["edges"]
    cut = edges[1]["node"] | {
        "sales": made.connection(whole["agreements"][1]["sales"][:1], cursor="s1")
    }
    page = {"hasNextPage": True, "endCursor": "a1"}
    first["agreements"] = {"pageInfo": page, "edges": [edges[0], {"cursor": "a1", "node": cut}]}
    rest = made.connection(whole["lineItems"][1:])
    more_sales = {"node": {"sales": made.connection(whole["agreements"][1]["sales"][1:])}}
    last = {"pageInfo": {"hasNextPage": False, "endCursor": "a2"}, "edges": [edges[2]]}
    api, session, _ = make_api(
        good({"order": {"lineItems": rest}}),
        good({"order": {"agreements": {"edges": [more_sales]}}}),
        good({"order": {"agreements": last}}),
    )
    found = PageReader(api).whole_order(first)
    assert found | {name: whole[name] for name in ("refunds", "fulfillments")} == whole
    asked = [parts["json"]["variables"] for *_, parts in session.asked]
    assert asked[0]["after"] == "l1"
    assert (asked[1]["after"], asked[1]["salesAfter"]) == ("a0", "s1")
    assert (asked[2]["after"], asked[2]["salesAfter"]) == ("a1", None)


def test_pages_and_refunds_give_the_order_whole():
    whole = made.order()
    details = [
        {
            "id": each["id"],
            "refundLineItems": made.connection(each["refundLineItems"]),
            "refundShippingLines": made.connection(each["refundShippingLines"]),
            "orderAdjustments": made.connection(each["orderAdjustments"]),
        }
        for each in whole["refunds"]
    ]
    api, _, _ = make_api(good({"nodes": details}))
    pages = PageReader(api)
    (found,) = DetailReader(api).complete([pages.whole_order(made.paged(whole))])
    assert list(rows.order_rows(found)) == list(rows.order_rows(whole))


def test_only_parcels_with_a_part_of_their_order_are_asked_for():
    items = [made.line_item(11, quantity=2), made.line_item(12, quantity=1)]
    parts = [
        made.fulfillment(id=f"gid://shopify/Fulfillment/{n}", totalQuantity=units)
        for n, units in ((82, 2), (83, 1))
    ]
    orders = [
        made.order(lineItems=items, refunds=[], fulfillments=[bare(totalQuantity=3)]),
        made.order(lineItems=items, refunds=[], fulfillments=[made.bare_fulfillment(each)
                                                              for each in parts]),
    ]  # fmt: skip
    details = [
        {"id": parts[0]["id"],
         "fulfillmentLineItems": made.connection([made.fulfillment_line(11, 1)], cursor="f1")},
        {"id": parts[1]["id"],
         "fulfillmentLineItems": made.connection([made.fulfillment_line(11, 1)])},
    ]  # fmt: skip
    rest = {"node": {"fulfillmentLineItems": made.connection([made.fulfillment_line(12, 1)])}}
    api, session, _ = make_api(good({"nodes": details}), good(rest))
    whole, split = DetailReader(api).complete(orders)
    assert parcel_units(whole) == [{"11": 2, "12": 1}]
    assert parcel_units(split) == [{"11": 1, "12": 1}, {"11": 1}]
    asked = [parts["json"]["variables"] for *_, parts in session.asked]
    assert asked[0] == {"ids": [each["id"] for each in parts]}
    assert asked[1]["after"] == "f1"


def bare(**changes):
    return made.bare_fulfillment(made.fulfillment(**changes))


def parcel_units(order):
    """From order line to units, parcel by parcel."""
    return [
        {line["lineItem"]["id"].rsplit("/", 1)[-1]: line["quantity"]
         for line in parcel["fulfillmentLineItems"]}
        for parcel in order["fulfillments"]
    ]  # fmt: skip


def test_gift_cards_are_read_until_a_page_has_none_that_changed():
    def page(*times, cursor="c"):
        cards = [{"updatedAt": f"2026-03-01T{time}:00:00Z"} for time in times]
        return good({"giftCards": made.connection(cards, cursor=cursor)})

    api, _, _ = make_api(page("12", "09"), page("08", "10"), page("08", "07"))
    client = ShopifyClient(store(), make_context(FakeTime()))
    client._pages = PageReader(api)
    window = plan_window(seen="2026-03-01T10:00:00+00:00", now=NOW, overlap=OVERLAP)
    found = client._few_gift_cards("", window)
    assert [card["updatedAt"][11:13] for card in found] == ["12", "09", "10"]


def test_a_page_that_costs_too_much_is_halved():
    page = {"orders": made.connection([{"id": "x"}])}
    api, session, _ = make_api(error("MAX_COST_EXCEEDED"), error("MAX_COST_EXCEEDED"), good(page))
    assert list(PageReader(api).roots("order_ids_page", "orders", "", 8)) == [{"id": "x"}]
    assert [parts["json"]["variables"]["first"] for *_, parts in session.asked] == [8, 4, 2]


def test_one_object_that_costs_too_much_is_an_error():
    api, _, _ = make_api(error("MAX_COST_EXCEEDED"))
    with pytest.raises(TooCostlyError):
        list(PageReader(api).roots("order_ids_page", "orders", "", 1))


@pytest.mark.pitfall(12)
@pytest.mark.pitfall(28)
def test_the_first_moment_asked_for_is_the_newest_seen_less_the_overlap():
    client = ShopifyClient(store(), make_context(FakeTime()))
    window = plan_window(seen="2026-03-01T10:00:00+00:00", now=NOW, overlap=OVERLAP)
    assert client._search("orders", window) == "updated_at:>='2026-03-01T09:00:00Z'"


def test_after_a_bulk_operation_the_next_run_goes_back_to_its_start():
    time = FakeTime()
    context = make_context(time)
    context.state["bulk_starts"] = {"orders": "2026-03-01T06:00:00Z"}
    client = ShopifyClient(store(), context)
    window = plan_window(seen="2026-03-01T10:00:00+00:00", now=NOW, overlap=OVERLAP)
    assert client._search("orders", window) == "updated_at:>='2026-03-01T06:00:00Z'"
    assert client._search("customers", window) == "updated_at:>='2026-03-01T09:00:00Z'"


def test_a_range_has_two_ends():
    client = ShopifyClient(store(), make_context(FakeTime()))
    day = dt.date(2026, 3, 1)
    window = plan_window(seen=None, now=NOW, date_from=day, date_to=day)
    assert client._search("orders", window) == (
        "updated_at:>='2026-03-01T00:00:00Z' AND updated_at:<'2026-03-02T00:00:00Z'"
    )


def test_stores_are_numbered(monkeypatch):
    monkeypatch.setenv("SHOPIFY__STORES__0__SHOP", "https://Shop-A.myshopify.com/")
    monkeypatch.setenv("SHOPIFY__STORES__0__ACCESS_TOKEN", "shpat_1")
    monkeypatch.setenv("SHOPIFY__STORES__1__SHOP", "shop-b")
    monkeypatch.setenv("SHOPIFY__STORES__1__CLIENT_ID", "id")
    monkeypatch.setenv("SHOPIFY__STORES__1__CLIENT_SECRET", "secret")
    monkeypatch.setenv("SHOPIFY__STORES__1__BASE_URL", "http://localhost:1/shopify/{shop}")
    section = load_section(ShopifySettings, env_file=None)
    assert [each.url for each in section.stores] == [
        "https://shop-a.myshopify.com",
        "http://localhost:1/shopify/shop-b",
    ]
    assert "shpat_1" not in repr(section)


def test_a_store_without_credentials_is_told(monkeypatch):
    monkeypatch.setenv("SHOPIFY__STORES__0__SHOP", "shop-a")
    with pytest.raises(SettingsError, match="ACCESS_TOKEN"):
        load_section(ShopifySettings, env_file=None)


@pytest.mark.pitfall(14)
def test_deleted_orders_are_looked_for_every_so_many_days():
    section = ShopifySettings(_env_file=None, reconcile_every_days=2)
    today = NOW.date()
    later = plan_window(seen="2026-03-01T10:00:00+00:00", now=NOW)
    first = plan_window(seen=None, now=NOW)
    assert is_due(section, later, {}, today)
    assert not is_due(section, first, {}, today)
    for run, shop, due in (
        ("2026-11-20", "2026-03-01", False),
        ("2026-11-19", "2026-03-01", True),
        ("2026-11-21", "2026-02-27", True),
    ):
        assert is_due(section, later, {"reconciled": {"run": run, "shop": shop}}, today) == due
    state = {}
    mark_done(state, later, today)
    assert not is_due(section, later, state, today)

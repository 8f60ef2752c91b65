"""Reading WooCommerce: recorded answers of a real server, keys, pages that move, rows."""

import datetime as dt
import json
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError, RequestRefusedError, SettingsError
from ingestion.settings import Settings, load_section
from ingestion.sources.woocommerce import rows
from ingestion.sources.woocommerce.client import WooCommerceClient
from ingestion.sources.woocommerce.rounds import Rounds
from ingestion.sources.woocommerce.settings import StoreSettings, WooCommerceSettings
from ingestion.sources.woocommerce.signing import SignedQuery, auth_of, sign, signature_base
from ingestion.sources.woocommerce.site import zone_of
from ingestion.sources.woocommerce.spec import SPEC
from ingestion.spec import ClientContext
from ingestion.windows import Window, plan_window

NOW = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)
KEYS = {"consumer_key": "ck_key", "consumer_secret": "cs_secret"}
STORE = {"name": "shop", "url": "https://shop.example/", **KEYS}
SECTION = WooCommerceSettings(_env_file=None, stores=[STORE], reconcile_every_days=0)
EVERYTHING = plan_window(seen=None, now=NOW)
TABLES = {table.name: table for table in SPEC.tables_for(Settings(_env_file=None))}


class Answers(requests.Session):
    """A session that answers by path and query, and remembers what it was asked."""

    def __init__(self, answer):
        super().__init__()
        self.asked, self._answer = [], answer

    def send(self, request, **_):
        parts = urlsplit(request.url)
        query = dict(parse_qsl(parts.query))
        self.asked.append((parts.path.removeprefix("/wp-json/"), query))
        status, body = self._answer(parts.path.removeprefix("/wp-json/"), query)
        answer = requests.Response()
        answer.status_code, answer.url = status, request.url
        answer._content, answer._content_consumed = json.dumps(body).encode(), True
        return answer


def talk(answer, section=SECTION):
    context = ClientContext(
        source="woocommerce",
        settings=Settings(_env_file=None),
        section=section,
        now=NOW,
        clock=lambda: NOW,
        sleep=lambda _: None,
        state={},
        note=lambda _: None,
    )
    return WooCommerceClient(section.stores[0], context, Answers(answer))


def read(client, stream, window=EVERYTHING):
    found = {}
    for table, batch in client.extract(stream, window):
        found.setdefault(table, []).extend(batch)
    return found


@pytest.fixture(scope="session")
def recorded(vendor_specs):
    def of(name):
        return json.loads((vendor_specs / f"woocommerce/recorded/{name}.json").read_text())

    return of


@pytest.fixture
def real_server(recorded):
    """Answers as the recorded server did, to any page after the first with what follows it."""
    orders = recorded("orders_p1")["body"] + recorded("orders_p2")["body"]
    lists = {
        "orders": orders,
        "refunds": recorded("refunds")["body"],
        "products": recorded("products")["body"],
        "products/11/variations": recorded("variations")["body"],
        "customers": recorded("customers")["body"],
        "coupons": recorded("coupons")["body"],
        "products/categories": recorded("categories")["body"],
        "orders/statuses": recorded("order_statuses")["body"],
    }

    def answer(path, query):
        found = lists[path.removeprefix("wc/v3/")]
        if query.get("status") == "trash":
            return 200, []
        if after := query.get("modified_after"):
            found = [each for each in found if each["date_modified_gmt"] > after]
            found = sorted(found, key=lambda each: each["date_modified_gmt"])
        if include := query.get("include"):
            return 200, [each for each in found if str(each["id"]) in include.split(",")]
        if "type" in query:
            found = [each for each in found if each["type"] == query["type"]]
        if query.get("orderby") == "id":
            found = sorted(found, key=lambda each: each["id"])
        start = int(query.get("offset", (int(query.get("page", 1)) - 1) * 100))
        return 200, found[start : start + 100]

    return answer


def test_recorded_answers_fit_the_declared_columns(real_server):
    client = talk(real_server)
    streams = ("categories", "customers", "products", "coupons", "orders", "variations")
    found = {}
    for stream in streams:
        found |= read(client, stream)
    assert {name: len(batch) for name, batch in found.items()} == {
        "categories": 2,
        "customers": 1,
        "products": 2,
        "product_categories": 2,
        "coupons": 1,
        "orders": 4,
        "order_lines": 6,
        "order_coupon_lines": 1,
        "refunds": 1,
        "refund_lines": 1,
        "variations": 1,
    }
    for name, batch in found.items():
        typed = type_batch(batch, TABLES[name].columns)
        assert not typed.variant_columns
        assert not typed.new_columns


@pytest.mark.pitfall(1)
@pytest.mark.pitfall(9)
def test_money_of_recorded_lines_is_that_of_all_units_before_and_after_the_coupon(real_server):
    found = read(talk(real_server), "orders")
    lines = {row["id"]: row for row in found["order_lines"]}
    assert (lines["1"]["quantity"], lines["1"]["subtotal"], lines["1"]["total"]) == (
        2,
        "25.00",
        "22.50",
    )
    order = next(row for row in found["orders"] if row["id"] == "14")
    own = [row for row in found["order_lines"] if row["order_id"] == "14"]
    paid = sum(Decimal(row["total"]) + Decimal(row["total_tax"]) for row in own)
    assert paid == Decimal(order["total"])
    assert order["coupon_codes"] == "ten"
    assert order["date_created_gmt"] == "2026-11-21T05:05:35Z"
    assert all("price" not in row for row in own)


@pytest.mark.pitfall(23)
def test_refunds_come_with_their_orders_by_the_ids_that_these_name(real_server):
    client = talk(real_server)
    found = read(client, "orders")
    assert [query["include"] for path, query in client._http._session.asked
            if path == "wc/v3/refunds"] == ["15"]  # fmt: skip
    (line,) = found["refund_lines"]
    assert (line["order_id"], line["line_id"], line["total"]) == ("14", "1", "-5.00")
    assert line["order_modified_gmt"] == "2026-11-21T05:05:36Z"


@pytest.mark.pitfall(23)
def test_without_a_list_of_all_refunds_each_order_is_asked(real_server, recorded):
    def older(path, query):
        if path == "wc/v3/refunds":
            return 404, recorded("err_404_route")["body"]
        if path == "wc/v3/orders/14/refunds":
            listed = recorded("order_refunds")["body"]
            return 200, listed[int(query["offset"]) :] if query["offset"] == "0" else listed
        return real_server(path, query)

    found = read(talk(older), "orders")
    assert [row["id"] for row in found["refunds"]] == ["15"]


@pytest.mark.pitfall(3)
def test_an_amount_beyond_the_lines_of_a_refund_is_an_adjustment(recorded):
    (refund,) = recorded("refunds")["body"]
    order = next(each for each in recorded("orders_p1")["body"] if each["id"] == 14)
    found = rows.order_rows(order, [refund | {"amount": "7.50"}], None)
    lines = [row for table, row in found if table == "refund_lines"]
    assert [(row["line_type"], row["total"]) for row in lines] == [
        ("product", "-5.00"),
        ("adjustment", "-2.50"),
    ]
    bare = refund | {"line_items": []}
    (line,) = [row for t, row in rows.order_rows(order, [bare], None) if t == "refund_lines"]
    assert (line["id"], line["line_type"], line["total"]) == (
        "adjustment_15",
        "adjustment",
        "-5.00",
    )


@pytest.mark.pitfall(4)
def test_the_day_of_a_paid_orders_cancellation_is_in_its_notes(real_server):
    def cancelled(path, query):
        if path == "wc/v3/orders/14/notes":
            told = "Order status changed from Processing to Cancelled."
            return 200, [
                {"note": "Paid.", "date_created_gmt": "2026-11-21T05:05:35"},
                {"note": told, "date_created_gmt": "2026-11-21T05:30:00"},
            ]
        if path.endswith("/notes"):
            return 200, []
        status, body = real_server(path, query)
        if path == "wc/v3/orders":
            body = [each | {"status": "cancelled"} for each in body]
        return status, body

    found = {row["id"]: row for row in read(talk(cancelled), "orders")["orders"]}
    assert found["14"]["cancelled_at"] == "2026-11-21T05:30:00Z"
    assert found["16"]["date_paid_gmt"] is None
    assert found["16"]["cancelled_at"] == "2026-11-21T05:05:36Z"


def test_recorded_refusals_are_clear_errors_without_the_secret(recorded):
    for name, said in (
        ("err_401_bad_secret", "Consumer secret is invalid"),
        ("err_401_unknown_key", "you cannot list resources"),
    ):
        exchange = recorded(name)
        client = talk(lambda *_, e=exchange: (e["status"], e["body"]))
        with pytest.raises(CredentialsError, match=said) as refused:
            client.check()
        assert "WOOCOMMERCE__STORES__0__CONSUMER_*" in str(refused.value)
        assert "cs_secret" not in str(refused.value)
    exchange = recorded("err_date")
    with pytest.raises(RequestRefusedError, match="modified_after"):
        talk(lambda *_: (exchange["status"], exchange["body"])).check()


def listing(numbers, moved=None):
    """A list of objects with times of change a second apart; `moved` changes one on the way."""
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    state = {
        number: (start + dt.timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S")
        for number, second in numbers.items()
    }
    calls = []

    def answer(_, query):
        if query.get("status") == "trash":
            return 200, []
        calls.append(query)
        found = sorted((at, number) for number, at in state.items())
        found = [each for each in found if each[0] > query["modified_after"]]
        first = (int(query["page"]) - 1) * 100
        body = [
            {"id": number, "date_modified_gmt": at} for at, number in found[first : first + 100]
        ]
        if moved and len(calls) == 1:
            state[moved] = "2026-06-01T00:00:00"
        return 200, body

    return answer


def seen(answer):
    client = talk(answer)
    pages = client._api.changed("orders", None)
    return [(each["id"], each["date_modified_gmt"]) for page in pages for each in page]


@pytest.mark.pitfall(23)
def test_a_row_that_changes_between_two_pages_hides_no_other():
    numbers = {number: number for number in range(1, 251)}
    found = seen(listing(numbers, moved=5))
    assert {number for number, _ in found} == set(numbers)
    assert found.count((101, found[100][1])) == 1
    assert (5, "2026-06-01T00:00:00") in found


@pytest.mark.pitfall(23)
def test_more_changes_in_one_second_than_a_page_holds_are_all_read():
    numbers = {number: 7 if number < 290 else 8 for number in range(1, 330)}
    found = seen(listing(numbers))
    assert sorted(number for number, _ in found) == sorted(numbers)


@given(st.dictionaries(st.integers(1, 2000), st.integers(0, 4), max_size=450))
def test_every_list_is_read_whole_and_without_repetition(numbers):
    found = seen(listing(numbers))
    assert sorted(number for number, _ in found) == sorted(numbers)


def test_a_shop_that_ignores_modified_after_is_told():
    def ignorant(*_):
        return 200, [{"id": 1, "date_modified_gmt": "2026-01-01T00:00:00"}]

    client = talk(ignorant)
    since = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    with pytest.raises(RequestRefusedError, match=r"WooCommerce 5\.8"):
        list(client._api.changed("orders", since))


@pytest.mark.pitfall(23)
@pytest.mark.parametrize("goes", [(), (3,), (50, 51, 150), tuple(range(1, 120))])
def test_rows_that_go_while_a_list_is_read_hide_no_other(goes):
    present = set(range(1, 400))
    calls = []

    def answer(_, query):
        calls.append(query)
        if len(calls) == 3:
            present.difference_update(goes)
        first = int(query["offset"])
        return 200, [{"id": number} for number in sorted(present)[first : first + 100]]

    pages = list(talk(answer)._api.listed("customers"))
    found = [each["id"] for page in pages for each in page]
    assert found == sorted(set(found))
    assert set(found) >= present


@pytest.mark.pitfall(28)
def test_the_second_before_is_asked_because_modified_after_is_strict(real_server):
    client = talk(real_server)
    window = plan_window(seen="2026-11-21T05:05:36+00:00", now=NOW)
    read(client, "orders", window)
    first = next(query for path, query in client._http._session.asked if path == "wc/v3/orders")
    assert first["modified_after"] == "2026-11-21T05:05:35"
    assert (first["orderby"], first["order"], first["dates_are_gmt"]) == ("modified", "asc", "true")


def test_customers_that_did_not_change_in_the_window_are_left_out(real_server):
    since = dt.datetime(2026, 11, 21, 5, 5, 36, tzinfo=dt.UTC)
    later = Window(since, None, since.date(), since.date(), since.isoformat())
    client = talk(real_server)
    assert read(client, "customers", later) == {"customers": []}
    assert client._http._session.asked[0][1]["role"] == "all"


def test_the_signature_is_that_of_the_standard():
    """The example of RFC 5849, 1.2, without its token and with HMAC-SHA256."""
    pairs = [
        ("file", "vacation.jpg"),
        ("size", "original"),
        ("oauth_consumer_key", "dpf43f3p2l4k3l03"),
        ("oauth_nonce", "chapoH"),
        ("oauth_signature_method", "HMAC-SHA256"),
        ("oauth_timestamp", "137131202"),
    ]
    text = signature_base("get", "http://photos.example.net/photos", pairs)
    assert text == (
        "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg"
        "%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DchapoH"
        "%26oauth_signature_method%3DHMAC-SHA256%26oauth_timestamp%3D137131202"
        "%26size%3Doriginal"
    )
    assert len(sign(text, "kd94hf93k423kf44")) == 44


def test_each_request_is_signed_anew():
    nonces = iter(["one", "two"])
    auth = SignedQuery("ck", "cs", clock=lambda: 5.5, nonce=lambda: next(nonces))
    address = "http://shop.example/wp-json/wc/v3/orders?status=any&search=a+b"
    signed = [
        dict(parse_qsl(urlsplit(auth(requests.Request("GET", address).prepare()).url).query))
        for _ in range(2)
    ]
    assert [each["oauth_nonce"] for each in signed] == ["one", "two"]
    assert signed[0]["oauth_signature"] != signed[1]["oauth_signature"]
    assert signed[0]["search"] == "a b"
    assert "cs" not in signed[0].values()


def test_the_key_is_shown_as_the_address_asks_for():
    def shown(**fields):
        store = StoreSettings(**{**STORE, **fields})
        request = requests.Request("GET", f"{store.url}/x").prepare()
        return auth_of(store, lambda: 1.0)(request)

    assert shown().headers["Authorization"].startswith("Basic ")
    assert "oauth_signature=" in shown(url="http://shop.example").url
    assert "consumer_secret=cs_secret" in shown(auth="query").url


def test_addresses_and_zones_are_looked_at_before_anything_is_asked():
    assert (
        StoreSettings(**{**STORE, "url": "https://a.example/wp-json/"}).url == "https://a.example"
    )
    with pytest.raises(SettingsError, match="URL"):
        load_section(WooCommerceSettings, env_file=None, stores=[{**STORE, "url": "shop.example"}])
    with pytest.raises(SettingsError, match="TIMEZONE"):
        load_section(WooCommerceSettings, env_file=None, stores=[{**STORE, "timezone": "Paris"}])


@pytest.mark.pitfall(13)
@pytest.mark.parametrize(
    ("name", "offset", "zone"),
    [
        ("Europe/Paris", 1, ("Europe/Paris", False)),
        ("", 2, ("Etc/GMT-2", True)),
        ("", -5, ("Etc/GMT+5", True)),
        ("", 5.5, ("UTC", True)),
        ("", "0", ("UTC", True)),
    ],
)
def test_days_are_cut_in_the_stores_zone(name, offset, zone):
    assert zone_of(name, offset) == zone


def test_rounds_come_by_the_days_of_runs_or_of_the_shop():
    state, day = {}, dt.date(2026, 6, 30)
    first = Rounds(state, day)
    assert first.is_due("look", 1)
    assert not first.is_due("look", 0)
    first.see(day)
    first.mark("look")
    assert not Rounds(state, day).is_due("look", 1)
    assert Rounds(state, day + dt.timedelta(days=1)).is_due("look", 1)
    backlog = Rounds(state, day)
    backlog.see(day + dt.timedelta(days=1))
    assert backlog.is_due("look", 1)
    assert not backlog.is_due("look", 2)


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), max_size=9, unique_by=lambda x: x[0])
)
def test_a_category_has_a_path_whatever_its_parents_are(pairs):
    categories = [
        {"id": number, "parent": parent, "name": f"c{number}", "slug": ""}
        for number, parent in pairs
    ]
    for row in rows.category_rows(categories):
        assert row["path"].split(" > ")[-1] == row["name"]

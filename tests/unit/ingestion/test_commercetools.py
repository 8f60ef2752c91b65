"""Reading commercetools: the spec's own examples, tokens, lists by the last row, exact money."""

import datetime as dt
import json
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError, RequestRefusedError, SettingsError
from ingestion.settings import Settings, load_section
from ingestion.sources.commercetools import rows
from ingestion.sources.commercetools.client import CommercetoolsClient
from ingestion.sources.commercetools.order_rows import order_rows
from ingestion.sources.commercetools.settings import CommercetoolsSettings
from ingestion.sources.commercetools.spec import SPEC
from ingestion.spec import ClientContext
from ingestion.windows import plan_window

NOW = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)
PROJECT = {"project_key": "shop", "client_id": "id", "client_secret": "hidden"}
SECTION = CommercetoolsSettings(_env_file=None, projects=[PROJECT])
EVERYTHING = plan_window(seen=None, now=NOW)
TABLES = {table.name: table for table in SPEC.tables_for(Settings(_env_file=None))}
TOKEN = (200, {"access_token": "t1", "expires_in": 172800})
LANGUAGES = ["de", "en"]


class Answers(requests.Session):
    """A session that answers by path and query; tokens are given by themselves."""

    def __init__(self, answer, asked):
        super().__init__()
        self._answer, self._asked = answer, asked

    def send(self, request, **_):
        parts = urlsplit(request.url)
        query = parse_qs(parts.query)
        path = parts.path.removeprefix("/shop").lstrip("/")
        self._asked.append((path, query, request.headers.get("Authorization")))
        status, body = self._answer(path, query)
        answer = requests.Response()
        answer.status_code, answer.url = status, request.url
        answer._content, answer._content_consumed = json.dumps(body).encode(), True
        return answer


class Talk:
    def __init__(self, answer, token=lambda: TOKEN):
        self.asked, self.notes = [], []

        def both(path, query):
            return token() if path == "oauth/token" else answer(path, query)

        context = ClientContext(
            source="commercetools",
            settings=Settings(_env_file=None),
            section=SECTION,
            now=NOW,
            clock=lambda: NOW,
            sleep=lambda _: None,
            state={},
            note=self.notes.append,
        )
        self.client = CommercetoolsClient(
            SECTION.projects[0], context, session=lambda: Answers(both, self.asked)
        )

    def read(self, stream, window=EVERYTHING):
        found = {}
        for table, batch in self.client.extract(stream, window):
            found.setdefault(table, []).extend(batch)
        return found


@pytest.fixture(scope="session")
def example(vendor_specs):
    def of(name):
        return json.loads(
            (vendor_specs / f"commercetools/examples/{name}.example.json").read_text()
        )

    return of


def fits(table, batch):
    typed = type_batch(batch, TABLES[table].columns)
    return not typed.variant_columns and not typed.new_columns


def test_the_specs_examples_fit_the_declared_columns(example):
    order = example("order")
    told = {
        "customers": [rows.customer_row(example("customer"))],
        "carts": [rows.cart_row(example("cart"))],
        "categories": rows.category_rows([example("category")], LANGUAGES),
        "discount_codes": [rows.discount_code_row(example("discount-code"), LANGUAGES)],
    }
    pairs = [
        *order_rows(order, LANGUAGES),
        *rows.payment_rows(example("payment")),
        *rows.product_rows(example("product-projection"), LANGUAGES, "EUR"),
    ]
    for table, row in pairs:
        told.setdefault(table, []).append(row)
    assert {"orders", "order_lines", "payment_transactions", "product_variants"} <= told.keys()
    for table, batch in told.items():
        assert fits(table, batch), table


@pytest.mark.pitfall(1)
def test_a_recorded_orders_money_is_exact(vendor_specs):
    recorded = json.loads((vendor_specs / "commercetools/recorded_mock/orders.json").read_text())
    for order in recorded["results"]:
        found = list(order_rows(order, LANGUAGES))
        (line, *_) = [row for table, row in found if table == "order_lines"]
        item = order["lineItems"][0]
        assert (
            Decimal(line["gross"])
            == Decimal(item["price"]["value"]["centAmount"]) / 100 * (item["quantity"])
        )
        assert Decimal(line["total_tax"]) * 100 == item["taxedPrice"]["totalTax"]["centAmount"]
        assert dict(found)["orders"]["is_tax_included"] is True


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_money_keeps_its_digits(cents, digits):
    money = {"type": "centPrecision", "centAmount": cents, "fractionDigits": digits}
    assert Decimal(rows.amount(money)) * 10**digits == cents


def test_money_of_high_precision_is_read_by_its_own_digits():
    money = {"centAmount": 1, "preciseAmount": 123456, "fractionDigits": 7}
    assert Decimal(rows.amount(money)) == Decimal("0.0123456")


def test_a_text_is_in_the_projects_first_language_that_it_has():
    assert rows.localized({"en": "Mug", "de": "Becher"}, LANGUAGES) == "Becher"
    assert rows.localized({"fr": "Tasse"}, LANGUAGES) == "Tasse"
    assert rows.localized(None, LANGUAGES) is None


@pytest.mark.pitfall(9)
def test_a_discount_on_the_total_is_a_line_of_its_own(example):
    off = {"centAmount": 119, "fractionDigits": 2}
    net = {"centAmount": 100, "fractionDigits": 2}
    order = example("order") | {
        "discountOnTotalPrice": {
            "discountedAmount": net,
            "discountedNetAmount": net,
            "discountedGrossAmount": off,
        }
    }
    (line,) = [
        row
        for table, row in order_rows(order, LANGUAGES)
        if table == "order_lines" and row["line_type"] == "discount"
    ]
    assert (Decimal(line["total_price"]), Decimal(line["total_tax"])) == (-1, Decimal("-0.19"))


def numbered(count):
    """So many customers, some changed in the same moment, read by the predicate that was sent."""
    found = [
        {
            "id": f"{number:06d}",
            "createdAt": "2026-01-01T00:00:00.000Z",
            "lastModifiedAt": f"2026-01-01T00:00:{number % 7:02d}.000Z",
        }
        for number in range(count)
    ]
    found.sort(key=lambda each: (each["lastModifiedAt"], each["id"]))

    def answer(_, query):
        assert query["limit"] == ["500"]
        assert query["withTotal"] == ["false"]
        assert query["sort"] == ["lastModifiedAt asc", "id asc"]
        assert "offset" not in query
        seen = ("", "")
        if "where" in query:
            words = query["where"][0].split('"')
            seen = (words[1], words[5])
        rest = [each for each in found if (each["lastModifiedAt"], each["id"]) > seen]
        return 200, {"results": rest[:500]}

    return answer


@pytest.mark.pitfall(23)
@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 12_345])
def test_lists_are_read_past_the_offset_that_ends_at_10000(count):
    talk = Talk(numbered(count))
    found = [row["id"] for row in talk.read("customers").get("customers", [])]
    assert len(found) == len(set(found)) == count


@pytest.mark.pitfall(28)
def test_the_window_is_a_predicate_with_the_first_moment_in_it():
    talk = Talk(lambda *_: (200, {"results": []}))
    window = plan_window(
        seen=None, now=NOW, date_from=dt.date(2026, 2, 1), date_to=dt.date(2026, 2, 2)
    )
    talk.read("carts", window)
    (where,) = talk.asked[-1][1]["where"]
    assert where == (
        'lastModifiedAt < "2026-02-03T00:00:00.000Z"'
        ' and lastModifiedAt >= "2026-02-01T00:00:00.000Z"'
    )


def test_an_answer_from_before_the_last_row_is_asked_for_again():
    right, answers = numbered(600), []

    def stale_once(path, query):
        answers.append(right(path, query))
        return answers[0] if len(answers) == 2 else answers[-1]

    found = Talk(stale_once).read("customers")["customers"]
    assert len({row["id"] for row in found}) == len(found) == 600
    first = right("", {"limit": ["500"], "withTotal": ["false"],
                       "sort": ["lastModifiedAt asc", "id asc"]})  # fmt: skip
    with pytest.raises(RequestRefusedError, match="not asked for"):
        Talk(lambda *_: first).read("customers")


def test_a_token_that_has_ended_is_replaced_once():
    given_tokens = iter(["t1", "t2"])
    refused = {"statusCode": 401, "message": "invalid_token", "errors": [{"code": "invalid_token"}]}
    state = {"good": "t1"}
    talk = None

    def answer(*_):
        shown = talk.asked[-1][2]
        if shown != f"Bearer {state['good']}":
            return 401, refused
        state["good"] = "t2"
        return 200, {"results": []}

    talk = Talk(answer, token=lambda: (200, {"access_token": next(given_tokens), "expires_in": 9}))
    talk.client.check()
    talk.client.check()
    assert [path for path, *_ in talk.asked].count("oauth/token") == 2


def test_wrong_credentials_are_one_line_without_the_secret():
    body = {"statusCode": 401, "message": "Please provide valid client credentials"}
    talk = Talk(lambda *_: (200, {}), token=lambda: (401, body))
    with pytest.raises(CredentialsError, match="valid client credentials") as refused:
        talk.client.check()
    assert "COMMERCETOOLS__PROJECTS__0__CLIENT_*" in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_without_the_right_to_messages_orders_come_all_the_same():
    def answer(path, _):
        if path == "messages":
            return 403, {"statusCode": 403, "message": "Insufficient scope"}
        return 200, {"results": []}

    talk = Talk(answer)
    talk.read("orders")
    assert "view_messages" in talk.notes[0]


def test_settings_are_looked_at_before_anything_is_asked():
    for field, value in (("timezone", "Berlin"), ("region", "moon"), ("project_key", "a/b")):
        with pytest.raises(SettingsError, match=field.upper()):
            load_section(CommercetoolsSettings, env_file=None, projects=[{**PROJECT, field: value}])

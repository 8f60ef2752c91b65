"""Catalogues as shops write them."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.http import TornAnswerError
from ingestion.sources.catalog.parsing import parse_price, read_items
from ingestion.sources.catalog.spec import ITEM_COLUMNS

FIXTURES = Path(__file__).parents[2] / "fixtures/catalog"


def by_id(items):
    return {item["id"]: item for item in items}


def test_a_json_catalogue_is_read_whichever_way_it_spells_attributes():
    items = by_id(read_items((FIXTURES / "products.json").read_bytes(), "json"))
    assert set(items) == {"TDLNB1A1", "A2B4"}
    first = items["TDLNB1A1"]
    assert first["item_group_id"] == "TDLNB1"
    assert (first["price"], first["price_currency"]) == (Decimal("1299.00"), "USD")
    assert first["cost_of_goods_sold"] == Decimal("800.50")
    assert first["category_path"] == "Home > Kitchen > Mugs"
    assert first["category_name"] == "Mugs"
    assert first["parent_category_path"] == "Home > Kitchen"
    assert items["A2B4"]["sale_price"] == Decimal("12.50")
    assert items["A2B4"]["category_path"] == "Apparel > Shirts"


def test_a_tab_delimited_catalogue_is_read():
    items = by_id(read_items((FIXTURES / "products.tsv").read_bytes(), "tsv", "EUR"))
    assert items["A2B4"]["price"] == Decimal("1015.00")
    assert items["A2B4"]["sale_price"] is None
    assert items["A2B5"]["title"] == 'Shirt, "large"'
    assert items["A2B5"]["price_currency"] == "EUR"
    assert items["A2B5"]["category_path"] is None
    assert not type_batch(list(items.values()), ITEM_COLUMNS).variant_columns


@pytest.mark.parametrize(
    ("text", "amount", "code"),
    [
        ("12.90 EUR", "12.90", "EUR"),
        ("eur 12,90", "12.90", "EUR"),
        ("1,299.00 USD", "1299.00", "USD"),
        ("1.299,00 EUR", "1299.00", "EUR"),
        ("1,299 USD", "1299", "USD"),
        ("12.900 KWD", "12.900", "KWD"),
        ("15", "15", None),
        (15.5, "15.5", None),
        ({"value": "3", "currency": "gbp"}, "3", "GBP"),
        ("free", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_price_is_an_amount_and_a_currency(text, amount, code):
    found = parse_price(text)
    assert found == (Decimal(amount) if amount else None, code)


@given(st.decimals(0, 10**6, places=2), st.sampled_from(["EUR", "USD", "GBP"]))
def test_a_price_in_the_specs_form_is_read_exactly(amount, code):
    assert parse_price(f"{amount:.2f} {code}") == (amount, code)
    assert parse_price(f"{amount:,.2f} {code}") == (amount, code)


@given(st.text())
def test_no_text_is_worse_than_no_price(text):
    amount, _ = parse_price(text)
    assert amount is None or amount.is_finite()


@given(st.integers(1, 500))
def test_a_json_catalogue_cut_anywhere_is_torn(cut):
    whole = (FIXTURES / "products.json").read_bytes().strip()
    with pytest.raises(TornAnswerError):
        read_items(whole[:cut], "json")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"{}", "json"), (b"[1]", "json"), (b"name,price\nx,1\n", "csv"), (b"id,title\nx\n", "csv")],
)
def test_another_file_is_no_catalogue(content, kind):
    with pytest.raises(TornAnswerError):
        read_items(content, kind)

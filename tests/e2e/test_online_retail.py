"""A real gift shop's invoices, from its files to the marts, against sums made by pandas."""

import csv
import datetime as dt
import hashlib
import hmac
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from mlxtend.frequent_patterns import association_rules, fpgrowth
from mlxtend.preprocessing import TransactionEncoder

pytestmark = pytest.mark.e2e

LINES, INVOICES, CREDIT_NOTES, CUSTOMERS = 209_029, 9_106, 1_677, 2_767
TOTAL = Decimal("3706827.641")
DECEMBER = dt.date(2010, 12, 1)
CAME_BACK = (885, 324, 286, 340, 321, 352)
"""Customers who first bought in December 2010, and those of them who bought in each month since."""
SEGMENTS = {
    "Loyal Customers": 513,
    "Champions": 490,
    "Lost": 432,
    "Potential Loyalists": 332,
    "Hibernating": 329,
    "New Customers": 278,
    "At Risk": 273,
    "Cannot Lose": 54,
    "Price Sensitive": 17,
}
RULES = Path(__file__).parents[2] / "dbt_project/seeds/customers/rfm_segment_rules.csv"
SALT = "0f" * 32
# Stock codes that are no goods; the shop's own list.
CLASSES = {
    "POST": "shipping",
    "DOT": "shipping",
    "C2": "shipping",
    "D": "discounts",
    "M": "manual",
    "S": "samples",
    "BANK CHARGES": "fees",
    "AMAZONFEE": "fees",
}


def sales_class(code: str, is_return: bool) -> str:
    if code.startswith("GIFT_0001_"):
        return "gift vouchers"
    return CLASSES.get(code, "returns" if is_return else "goods")


@pytest.fixture(scope="module")
def invoices(sample_data) -> pd.DataFrame:
    """The files' lines, money in thousandths of a pound."""
    files = sorted((sample_data / "online_retail").glob("*.csv.gz"))
    texts = [pd.read_csv(file, dtype=str, keep_default_na=False) for file in files]
    frame = pd.concat(texts, ignore_index=True)
    frame["quantity"] = frame["Quantity"].astype(int)
    frame["mills"] = (frame["UnitPrice"].astype(float) * 1000).round().astype(int)
    frame["amount"] = frame["quantity"] * frame["mills"]
    frame["is_return"] = frame["InvoiceNo"].str.startswith("C")
    codes = zip(frame["StockCode"].str.upper(), frame["is_return"], strict=True)
    frame["sales_class"] = [sales_class(code, is_return) for code, is_return in codes]
    frame["day"] = pd.to_datetime(frame["InvoiceDate"]).dt.date
    frame["customer"] = frame["CustomerID"].str.removesuffix(".0")
    return frame


@pytest.fixture(scope="module")
def marts(sample_data, tmp_path_factory) -> duckdb.DuckDBPyConnection:
    """A warehouse of its own: `basketline ingest files`, then `basketline build`."""
    folder = tmp_path_factory.mktemp("online_retail")
    settings = {
        "WAREHOUSE": "duckdb",
        "DUCKDB_PATH": str(folder / "warehouse.duckdb"),
        "DATA_DIR": str(folder / "data"),
        "SOURCES": "files",
        "AS_OF": "2011-05-31",
        "REPORTING_CURRENCY": "GBP",
        "PRIVACY_SALT": SALT,
    }
    data = sample_data / "online_retail"
    for command in (
        ["ingest", "files", "--mapping", "online_retail", "--path", str(data)],
        ["build"],
    ):
        done = subprocess.run(
            [str(Path(sys.executable).with_name("basketline")), *command],
            env={**os.environ, **settings},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(settings["DUCKDB_PATH"], read_only=True) as connection:
        yield connection


def pounds(mills: int) -> Decimal:
    return Decimal(int(mills)) / 1000


def test_the_files_are_those_that_were_counted(invoices):
    documents = invoices.drop_duplicates("InvoiceNo")["is_return"].value_counts()
    assert len(invoices) == LINES
    assert (documents[False], documents[True]) == (INVOICES, CREDIT_NOTES)
    assert pounds(invoices["amount"].sum()) == TOTAL


def test_every_line_arrives_once(marts):
    (lines,) = marts.execute(
        "select (select count(*) from marts.fct_order_lines)"
        " + (select count(*) from marts.fct_refund_lines)"
    ).fetchone()
    assert lines == LINES
    assert marts.execute("select count(*) from marts.fct_orders").fetchone() == (INVOICES,)


@pytest.mark.pitfall(3)
def test_every_cent_is_in_exactly_one_class_on_its_day(marts, invoices):
    expected = invoices.groupby(["sales_class", "day"])["amount"].sum()
    rows = marts.execute(
        "select sales_class, movement_date, amount from reports.rpt_sales_classes"
    ).fetchall()
    assert sum(amount for *_, amount in rows) == TOTAL
    assert {(name, day): amount for name, day, amount in rows if amount} == {
        key: pounds(mills) for key, mills in expected.items() if mills
    }


@pytest.mark.pitfall(2)
def test_net_sales_are_goods_less_discounts_and_returns_of_the_day(marts, invoices):
    net = invoices[invoices["sales_class"].isin(["goods", "discounts", "returns"])]
    expected = net.groupby("day")["amount"].sum()
    rows = marts.execute(
        "select revenue_date, net_amount from reports.rpt_revenue_daily where net_amount != 0"
    ).fetchall()
    assert dict(rows) == {day: pounds(mills) for day, mills in expected.items() if mills}


def sold(invoices: pd.DataFrame) -> pd.DataFrame:
    """Lines that make their invoice a purchase."""
    return invoices[
        ~invoices["is_return"]
        & (invoices["quantity"] > 0)
        & (invoices["mills"] > 0)
        & (invoices["sales_class"] != "gift vouchers")
    ]


def purchase_days(invoices: pd.DataFrame) -> pd.DataFrame:
    """Who bought on which day."""
    lines = sold(invoices)
    return lines.loc[lines["customer"] != "", ["customer", "day"]].drop_duplicates()


def test_a_purchase_has_a_line_of_positive_quantity_and_price(marts, invoices):
    rows = marts.execute(
        "select order_id from marts.fct_orders where counts_as_purchase"
    ).fetchall()
    assert {order for (order,) in rows} == set(sold(invoices)["InvoiceNo"])


def test_decembers_customers_come_back_as_counted(marts, invoices):
    days = purchase_days(invoices)
    months = pd.to_datetime(days["day"]).dt.to_period("M")
    days = days.assign(month=months, first=months.groupby(days["customer"]).transform("min"))
    december = days[days["first"] == pd.Period(DECEMBER, "M")]
    assert tuple(december.groupby("month")["customer"].nunique()) == CAME_BACK
    rows = marts.execute(
        "select active_customer_count from reports.rpt_cohorts_monthly"
        " where dimension = 'all' and cohort_month = ? order by month_number",
        [DECEMBER],
    ).fetchall()
    assert tuple(count for (count,) in rows) == CAME_BACK
    (triangle,) = marts.execute(
        "select customer_count, month_0_rate, month_1_rate, month_5_rate, month_6_rate"
        " from reports.rpt_cohort_retention where dimension = 'all' and cohort_month = ?",
        [DECEMBER],
    ).fetchall()
    assert triangle == (885, 1.0, pytest.approx(324 / 885), pytest.approx(352 / 885), None)


def fifths(values: pd.Series) -> pd.Series:
    """Scores of 1 to 5 by the share of customers that lie below."""
    below = (values.rank(method="min") - 1) / (len(values) - 1)
    return (1 + (5 * below).astype(int)).clip(upper=5)


def segments(invoices: pd.DataFrame) -> pd.Series:
    """How many customers each segment has, by the first rule that fits."""
    days = purchase_days(invoices).groupby("customer")["day"]
    net = invoices[invoices["sales_class"].isin(["goods", "discounts", "returns"])]
    spent = net.groupby("customer")["amount"].sum()
    known = pd.DataFrame({"recency": pd.to_datetime(days.max()), "frequency": days.nunique()})
    scores = known.assign(monetary=spent.reindex(known.index).fillna(0)).apply(fifths)
    with RULES.open() as file:
        rules = sorted(csv.DictReader(file), key=lambda rule: int(rule["priority"]))
    names = [
        next(
            rule["segment_name"]
            for rule in rules
            if all(int(rule[f"{n}_min"]) <= row[n] <= int(rule[f"{n}_max"]) for n in scores)
        )
        for row in scores.to_dict("records")
    ]
    return pd.Series(names).value_counts()


def test_segments_have_the_sizes_that_were_counted(marts, invoices):
    assert segments(invoices).to_dict() == SEGMENTS
    rows = marts.execute(
        "select segment_name, count(*) from marts.fct_customer_rfm"
        " where segment_name is not null group by all"
    ).fetchall()
    assert dict(rows) == SEGMENTS


def test_every_customer_has_a_segment_or_the_reason_for_none(marts, invoices):
    rows = marts.execute(
        "select customer_key, net_amount, segment_name, no_segment_reason"
        " from marts.fct_customer_rfm"
    ).fetchall()
    assert len(rows) == CUSTOMERS
    assert all((segment is None) != (reason is None) for *_, segment, reason in rows)
    known = invoices[invoices["customer"] != ""]
    net = known[known["sales_class"].isin(["goods", "discounts", "returns"])]
    expected = net.groupby("customer")["amount"].sum().reindex(known["customer"].unique())
    assert {key: amount for key, amount, *_ in rows} == {
        customer_key(customer): pounds(mills) for customer, mills in expected.fillna(0).items()
    }


def test_the_pairs_of_highest_lift_are_those_of_the_invoices(marts, invoices):
    """Among pairs in one basket of a hundred: mlxtend over the files' lines."""
    purchases = marts.execute("select order_id from marts.fct_orders where counts_as_purchase")
    goods = invoices[
        invoices["InvoiceNo"].isin({order for (order,) in purchases.fetchall()})
        & (invoices["quantity"] > 0)
        & (invoices["sales_class"] == "goods")
    ]
    codes = goods["StockCode"].str.upper()
    baskets = codes.groupby(goods["InvoiceNo"]).agg(lambda column: sorted(set(column))).tolist()
    encoder = TransactionEncoder()
    table = pd.DataFrame(encoder.fit_transform(baskets), columns=encoder.columns_)
    frequent = fpgrowth(table, min_support=0.01, use_colnames=True, max_len=2)
    rules = association_rules(frequent, metric="support", min_threshold=0.01)
    expected = {
        (*rule["antecedents"], *rule["consequents"]): rule["lift"]
        for rule in rules.to_dict("records")
    }
    rows = marts.execute("""
        select one.product_id, two.product_id, lift
        from marts.fct_product_affinities as pairs
        inner join marts.dim_products as one on pairs.product_key = one.product_key
        inner join marts.dim_products as two on pairs.other_product_key = two.product_key
        where support >= 0.01
    """).fetchall()
    assert {row[:2]: row[2] for row in rows} == pytest.approx(expected, rel=1e-12)


def customer_key(customer: str) -> str:
    """The key that hides a customer id: nobody can make it without the salt."""
    text = f"files|online_retail|{customer}".encode()
    return hmac.new(bytes.fromhex(SALT), text, hashlib.sha256).hexdigest()

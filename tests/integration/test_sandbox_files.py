"""What the sandbox leaves as files: whole, only when changed, and equal to the truth."""

from dataclasses import replace

import pandas as pd
import pyarrow.parquet as pq
import pytest

from sandbox.publish import publish
from sandbox.vendors.ga4_events import STREAM_IDS
from sandbox.world.generate import generate
from sandbox.world.shops import SHOPIFY, handles_of

NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")


pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def ledger():
    """The world with three weeks of web events: a file a day is slow to write."""
    whole = generate("tests", 1)
    recent = whole.web_events["happened_at"] > NOW - pd.Timedelta(days=21)
    return replace(whole, web_events=whole.web_events[recent].reset_index(drop=True))


@pytest.fixture(scope="module")
def folder(ledger, tmp_path_factory):
    state = tmp_path_factory.mktemp("state")
    publish(ledger.as_of(NOW), NOW, state)
    return state


def events(folder, stream):
    files = sorted((folder / "ga4_events" / stream).glob("events_*.parquet"))
    return pd.concat([pq.read_table(file).to_pandas() for file in files], ignore_index=True)


def streamed(folder, table):
    """A truth table of the shops that GA4 watches."""
    truth = pd.read_parquet(folder / f"truth/{table}.parquet")
    return truth[truth["shop"].isin(STREAM_IDS)]


def param(row, key):
    return next((p["value"] for p in row["event_params"] if p["key"] == key), None)


def test_the_export_has_every_event_once_and_the_truth_counts_them(folder):
    daily = streamed(folder, "web_events_daily")
    for stream, truth in daily.groupby("shop", observed=True):
        rows = events(folder, stream)
        expected = truth.groupby("event_name", observed=True)["events"].sum()
        assert rows["event_name"].value_counts().to_dict() == expected.to_dict()
        assert rows["user_pseudo_id"].isna().sum() == truth["without_consent"].sum()


def test_sessions_of_the_export_are_those_of_the_truth(folder):
    daily = streamed(folder, "sessions_daily")
    for stream, truth in daily.groupby("shop", observed=True):
        rows = events(folder, stream)
        consented = rows[rows["user_pseudo_id"].notna()]
        session = consented.apply(lambda row: param(row, "ga_session_id")["int_value"], axis=1)
        keys = consented["user_pseudo_id"] + "/" + session.astype(str)
        assert keys.nunique() == truth["sessions"].sum()
        bought = keys[consented["event_name"] == "purchase"].nunique()
        assert bought == truth["with_purchase"].sum()


def test_purchases_carry_their_order_and_its_lines(folder, ledger):
    rows = events(folder, "basketline-eu")
    bought = rows[rows["event_name"] == "purchase"]
    orders = ledger.orders.set_index("order_id")
    for _, row in bought.iterrows():
        order = orders.loc[int(row["ecommerce"]["transaction_id"])]
        assert row["ecommerce"]["purchase_revenue"] == pytest.approx(order["total"] / 100)
        assert param(row, "currency")["string_value"] == "EUR"
    lines = ledger.order_lines.groupby("order_id")["sku"].agg(set)
    first = bought.iloc[0]
    skus = {item["item_id"] for item in first["items"]}
    assert skus <= lines[int(first["ecommerce"]["transaction_id"])]
    assert skus


def test_a_day_is_written_again_only_while_events_arrive_for_it(ledger, folder, tmp_path):
    publish(ledger.as_of(NOW), NOW, tmp_path)
    assert publish(ledger.as_of(NOW), NOW, tmp_path) == []
    later = NOW + pd.Timedelta(hours=33)  # the evening of the next day
    changed = publish(ledger.as_of(later), later, tmp_path)
    days = {name[-16:-8] for name in changed if name.startswith("ga4_events")}
    assert days <= {"20260627", "20260628", "20260629", "20260630", "20260701"}
    names = {file.name for file in (tmp_path / "ga4_events/basketline-eu").iterdir()}
    assert "events_20260630.parquet" in names
    assert "events_intraday_20260630.parquet" not in names
    assert "events_intraday_20260701.parquet" in names
    assert (folder / "ga4_events/basketline-eu/events_intraday_20260630.parquet").exists()


def test_going_back_in_time_removes_what_is_not_yet_visible(ledger, tmp_path):
    later = NOW + pd.Timedelta(days=2)
    publish(ledger.as_of(later), later, tmp_path)
    publish(ledger.as_of(NOW), NOW, tmp_path)
    names = {file.name for file in (tmp_path / "ga4_events/basketline-eu").iterdir()}
    assert not any("20260702" in name or "events_20260630" in name for name in names)


def test_the_shops_files_are_read_as_written(folder, ledger):
    costs = pd.read_csv(folder / "files/order_costs.csv")
    view = ledger.as_of(NOW)
    billed = view.order_costs[view.order_costs["shop"].isin(handles_of(SHOPIFY))]
    assert round(costs["amount"].sum() * 100) == billed["amount"].sum()
    assert set(costs["order_id"]) <= set(view.orders["order_id"])

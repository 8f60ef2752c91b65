"""Files reach the warehouse: exactly, once, and only what changed of them."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.destinations import Warehouse
from ingestion.errors import AlreadyRunningError, FileInputError, MappingError
from ingestion.run import _only_run
from ingestion.seam import read_entities
from ingestion.sources.files.spec import SPEC, FilesSettings

pytestmark = pytest.mark.integration

MAPPING = """
description: A shop of the tests
files: {parse: {timezone: Europe/Berlin}}
entities:
  - entity: orders
    files: orders*.csv
    key: order_id
    keep: {last: placed}
    columns:
      order_id: id
      customer_id: customer
      currency_code: {constant: EUR}
      total_amount: total
      placed_at: placed
  - entity: customers
    files: orders*.csv
    where: {present: customer}
    key: customer_id
    keep: {first: placed}
    columns: {customer_id: customer, city: city, created_at: placed}
  - entity: reviews
    files: "*.jsonl"
    columns:
      review_id: {template: "{_source_file}:{_source_line}"}
      rating: stars
      body: text
"""
HEADER = "id,customer,city,total,placed\n"


@pytest.fixture
def feed(tmp_path: Path) -> FilesSettings:
    folder = tmp_path / "feed"
    folder.mkdir()
    (tmp_path / "mine.yml").write_text(MAPPING)
    write(folder / "orders-1.csv", "1,a,Bonn,10.005,2026-01-01 10:00\n2,,,20,2026-01-01 11:00\n")
    write(folder / "orders-2.csv", "3,a,Berlin,30,2026-01-02 10:00\n4,b,Ulm,5,\n")
    (folder / "reviews.jsonl").write_text('{"stars": 5, "text": "line\\nbreak"}\n{"stars": 4}\n')
    return FilesSettings(
        _env_file=None, feeds=[{"mapping": str(tmp_path / "mine.yml"), "path": str(folder)}]
    )


def write(path: Path, lines: str) -> None:
    path.write_text(HEADER + lines)


def folder_of(feed: FilesSettings) -> Path:
    return Path(feed.feeds[0].path)


def ids(place, table="orders", column="order_id"):
    return [row[column] for row in place.rows(f"raw_files.{table}")]


def all_tables(place):
    names = [*read_entities(place.settings, "files"), "_rejected"]
    return place.everything("raw_files", names)


def test_one_file_feeds_several_entities_and_all_tables_exist(place, feed):
    summary = place.load("files", feed)
    assert sorted(ids(place)) == ["1", "2", "3", "4"]
    first = next(row for row in place.rows("raw_files.orders") if row["order_id"] == "1")
    assert first["total_amount"] == Decimal("10.005")
    assert first["_account_id"] == "mine"
    assert (first["_source_file"], first["_source_line"]) == ("orders-1.csv", 2)
    assert first["placed_at"].astimezone().isoformat() != ""
    assert first["placed_at"].timestamp() == 1767258000
    assert [row["body"] for row in place.rows("raw_files.reviews")] == ["line\nbreak", None]
    assert all_tables(place)["support_tickets"] == []
    assert summary.rejected_rows == 0


def test_a_key_has_one_row_over_all_files_however_they_come(place, feed):
    later = folder_of(feed) / "orders-2.csv"
    text = later.read_text()
    later.unlink()
    place.load("files", feed)
    later.write_text(text)
    place.load("files", feed)
    customers = {row["customer_id"]: row["city"] for row in place.rows("raw_files.customers")}
    assert customers == {"a": "Bonn", "b": "Ulm"}


@pytest.mark.pitfall(11)
def test_files_one_by_one_equal_all_at_once(duckdb_place, feed):
    folder = folder_of(feed)
    for path in sorted(folder.iterdir(), reverse=True):
        part = FilesSettings(
            _env_file=None,
            feeds=[{"mapping": feed.feeds[0].mapping, "path": str(path), "account": "mine"}],
        )
        duckdb_place.load("files", part)
    step_by_step = all_tables(duckdb_place)
    duckdb_place.settings.duckdb_path.unlink()
    duckdb_place.load("files", feed)
    assert all_tables(duckdb_place) == step_by_step


def test_a_second_run_reads_nothing_and_changes_nothing(place, feed):
    place.load("files", feed)
    before = all_tables(place)
    for path in folder_of(feed).iterdir():
        os.utime(path, (2_000_000_000, 2_000_000_000))
    summary = place.load("files", feed)
    assert summary.extracted_rows == 0
    assert summary.touched_tables == ()
    assert "0 files read, 3 unchanged" in summary.notes[0]
    assert all_tables(place) == before


def test_a_changed_file_replaces_exactly_its_rows(place, feed):
    place.load("files", feed)
    write(folder_of(feed) / "orders-1.csv", "1,c,Köln,11,2026-01-01 10:00\n")
    place.load("files", feed)
    assert sorted(ids(place)) == ["1", "3", "4"]
    # The first order of customer a is now that of the other file.
    customers = {row["customer_id"]: row["city"] for row in place.rows("raw_files.customers")}
    assert customers == {"a": "Berlin", "b": "Ulm", "c": "Köln"}


def test_a_file_that_feeds_an_entity_no_more_leaves_no_row(place, feed):
    place.load("files", feed)
    (folder_of(feed) / "reviews.jsonl").write_text('{"stars": "many", "text": null}\n')
    summary = place.load("files", feed)
    assert place.rows("raw_files.reviews") == []
    assert summary.rejected_rows == 1


def test_rows_of_a_file_that_is_gone_stay_unless_pruned(place, feed):
    place.load("files", feed)
    (folder_of(feed) / "orders-1.csv").unlink()
    kept = place.load("files", feed)
    assert len(ids(place)) == 4
    assert "1 gone whose rows stay" in kept.notes[0]
    place.load("files", feed, options={"prune": True})
    assert sorted(ids(place)) == ["3", "4"]
    customers = {row["customer_id"]: row["city"] for row in place.rows("raw_files.customers")}
    assert customers == {"a": "Berlin", "b": "Ulm"}


def test_another_mapping_reads_every_file_again(duckdb_place, feed):
    duckdb_place.load("files", feed)
    mapping = Path(feed.feeds[0].mapping)
    mapping.write_text(mapping.read_text().replace("constant: EUR", "constant: CHF"))
    duckdb_place.load("files", feed)
    assert {row["currency_code"] for row in duckdb_place.rows("raw_files.orders")} == {"CHF"}


def test_broken_rows_are_set_aside_with_file_line_and_reason_and_the_rest_loads(place, feed):
    write(
        folder_of(feed) / "orders-2.csv",
        "3,a,Berlin,30,2026-01-02 10:00\n4,b\n5,b,Ulm,much,2026-01-02\n6,b,Ulm,1,2026-01-03\n",
    )
    summary = place.load("files", feed)
    assert sorted(ids(place)) == ["1", "2", "3", "6"]
    assert summary.rejected_rows == 2
    rejected = place.rows("raw_files._rejected")
    assert [(row["_source_file"], row["_source_line"], row["reason"]) for row in rejected] == [
        ("orders-2.csv", 3, "2 fields instead of 5"),
        ("orders-2.csv", 4, "total is no number"),
    ]
    write(folder_of(feed) / "orders-2.csv", "3,a,Berlin,30,2026-01-02 10:00\n")
    assert place.load("files", feed).rejected_rows == 0
    assert place.rows("raw_files._rejected") == []


def test_two_feeds_do_not_mix(duckdb_place, feed):
    other = feed.feeds[0].model_copy(update={"account": "second"})
    both = FilesSettings(_env_file=None, feeds=[feed.feeds[0].model_dump(), other.model_dump()])
    duckdb_place.load("files", both)
    accounts = [row["_account_id"] for row in duckdb_place.rows("raw_files.customers")]
    assert sorted(accounts) == ["mine", "mine", "second", "second"]


@pytest.mark.parametrize(
    ("break_it", "error", "said"),
    [
        (lambda f: write(f / "orders-2.csv", "x"), None, ""),
        (lambda f: (f / "orders-2.csv").write_text("id,total\n1,2\n"), MappingError, "customer"),
        (lambda f: (f / "orders-2.csv").write_text(""), FileInputError, "no header"),
        (lambda f: (f / "orders-3.csv").write_bytes(b"id\xff,\n\xfe"), FileInputError, "utf-8"),
    ],
)
def test_a_file_that_cannot_be_read_stops_the_run_before_anything_is_loaded(
    duckdb_place, feed, break_it, error, said
):
    break_it(folder_of(feed))
    if error is None:
        duckdb_place.load("files", feed)
        return
    with pytest.raises(error, match=said) as caught:
        duckdb_place.load("files", feed)
    assert "orders-" in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(Exception, match=r"(?i)does not exist|no warehouse"):
        duckdb_place.rows("raw_files.orders")


def test_a_second_process_is_told_to_wait(duckdb_place, feed):
    settings = duckdb_place.settings
    with _only_run(settings, Warehouse(settings), SPEC), pytest.raises(AlreadyRunningError):
        duckdb_place.load("files", feed)


def test_online_retail_to_the_cent(place, sample_data):
    feed = {"mapping": "online_retail", "path": str(sample_data / "online_retail")}
    summary = place.load("files", FilesSettings(_env_file=None, feeds=[feed]))
    lines = place.rows("raw_files.order_lines")
    refunds = place.rows("raw_files.refund_lines")
    assert (len(lines), len(refunds)) == (205_246, 3_783)
    assert summary.rejected_rows == 0
    sold = sum(row["gross_amount"] for row in lines)
    assert sold == Decimal("4064726.591")
    assert sold == sum(row["quantity"] * row["unit_price_amount"] for row in lines)
    assert sold - sum(row["amount"] for row in refunds) == Decimal("3706827.641")
    assert len(ids(place)) == 9_106
    assert len(ids(place, "customers", "customer_id")) == 2_767
    kinds = {row["line_type"] for row in lines} | {row["refund_line_type"] for row in refunds}
    assert kinds == {
        "goods", "gift_card", "shipping", "fee", "discount", "sample", "manual"
    }  # fmt: skip
    assert {row["country_code"] for row in lines if "country_code" in row} == set()


def test_the_demo_shops_files(duckdb_place, tmp_path):
    tmp_path = tmp_path / "export"
    tmp_path.mkdir()
    (tmp_path / "order_costs.csv").write_text(
        "shop,order_id,cost_type,amount,currency,date\n"
        "basketline-eu,5001,fulfillment,3.25,EUR,2026-06-30\n"
    )
    feed = {"mapping": "demo_shop", "path": str(tmp_path)}
    duckdb_place.load("files", FilesSettings(_env_file=None, feeds=[feed]))
    cost = duckdb_place.rows("raw_files.order_costs")[0]
    assert (cost["order_source_name"], cost["order_account_id"]) == ("shopify", "basketline-eu")

"""The sandbox's till: its database into real engines, from SQLite and from PostgreSQL."""

import sqlite3
import threading
import uuid
from contextlib import closing
from decimal import Decimal

import psycopg2
import pytest
import sqlalchemy as sa

from ingestion.errors import (
    CredentialsError,
    MappingError,
    RequestRefusedError,
    SettingsError,
    VendorUnavailableError,
)
from ingestion.sources.sql_orders import database
from ingestion.sources.sql_orders.settings import SqlOrdersSettings
from ingestion.sources.sql_orders.spec import SPEC
from sandbox.vendors.sql_orders import FILE, SCHEMA, SHOP, rows
from tests.integration.connector import (
    duckdb_settings,
    load,
    postgres_settings,
    query,
    raw_rows,
    spoil,
    stage,
)
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


def section_of(url, mapping="till"):
    databases = [{"name": SHOP, "url": str(url), "mapping": str(mapping)}]
    return SqlOrdersSettings(_env_file=None, databases=databases)


def sqlite_of(running):
    return f"sqlite:///{running.folder / FILE}"


@pytest.fixture(scope="module")
def clean(sandbox, tmp_path_factory):
    settings = duckdb_settings(tmp_path_factory.mktemp("clean"))
    summary = load(sandbox, settings, SPEC, section_of(sqlite_of(sandbox)))
    return settings, raw_rows(settings, SPEC), summary


@pytest.fixture
def own_till(sandbox, tmp_path):
    """A copy of the till that a test may change."""
    copy = tmp_path / "till.db"
    copy.write_bytes((sandbox.folder / FILE).read_bytes())
    return copy


def change(till, *statements):
    with closing(sqlite3.connect(till)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_every_table_has_its_rows_in_their_types(clean):
    _, found, summary = clean
    assert all(count for table, count in found.items() if table != "_rejected")
    assert not found["_rejected"]
    assert not summary.variant_columns
    assert not summary.new_columns


def test_staged_sums_equal_the_ledger_to_the_cent(sandbox, clean):
    settings, _, _ = clean
    stage(settings, "sql_orders")
    view = sandbox.sandbox.world.view()

    def own(table):
        return table[table["shop"] == SHOP]

    orders, lines, back = own(view.orders), own(view.order_lines), own(view.refund_lines)
    paid = own(view.transactions)
    paid = paid[paid["status"] == "SUCCESS"]
    sales, refunds = (paid[paid["kind"] == kind]["amount"] for kind in ("SALE", "REFUND"))
    expected = {
        "orders": (len(orders), orders["total"].sum(), orders["tax"].sum()),
        "order_lines": (
            len(lines),
            (lines["unit_price"] * lines["quantity"]).sum(),
            lines["discount"].sum(),
        ),
        "refund_lines": (len(back), (back["subtotal"] - back["tax"]).sum(), back["tax"].sum()),
        "payments": (len(paid), sales.sum(), refunds.sum()),
    }
    sums = {
        "orders": ("total_amount", "tax_amount"),
        "order_lines": ("gross_amount", "discount_amount"),
        "refund_lines": ("amount", "tax_amount"),
        "payments": (
            "case when payment_type = 'sale' then amount end",
            "case when payment_type = 'refund' then amount end",
        ),
    }
    for entity, (first, second) in sums.items():
        found = query(
            settings,
            SPEC,
            f"select count(*), sum({first}), sum({second}) from staging.stg_sql_orders__{entity}",
        )[0]
        cents = tuple(Decimal(int(value)) / 100 for value in expected[entity][1:])
        assert found == (expected[entity][0], *cents), entity


def test_a_return_without_its_receipt_has_its_lines_and_no_order(sandbox, clean):
    found = query(
        clean[0],
        SPEC,
        "select count(*) filter (order_id is null and line_id is null), count(product_id), count(*)"
        " from {raw}.refund_lines",
    )[0]
    refunds = sandbox.sandbox.world.view().refunds
    without = refunds[(refunds["shop"] == SHOP) & ~refunds["has_receipt"]]
    assert (found[0] > 0) == (len(without) > 0)
    assert found[1] == found[2]


@pytest.mark.postgres
def test_postgres_gets_what_duckdb_gets(sandbox, clean, tmp_path, postgres_uri):
    settings = postgres_settings(tmp_path, postgres_uri)
    load(sandbox, settings, SPEC, section_of(sqlite_of(sandbox)))
    assert raw_rows(settings, SPEC) == clean[1]


@pytest.fixture
def postgres_till(sandbox, postgres_uri):
    """The same till in a PostgreSQL database, its times with a zone."""
    name = f"till_{uuid.uuid4().hex[:8]}"
    with closing(psycopg2.connect(postgres_uri)) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"create database {name}")
    url = sa.make_url(postgres_uri).set(database=name, drivername="postgresql")
    engine = sa.create_engine(url.set(drivername="postgresql+psycopg2"))
    schema = SCHEMA.replace("integer", "bigint").replace("_at text", "_at timestamptz")
    with engine.begin() as connection:
        connection.execute(sa.text("set timezone = 'UTC'"))
        for statement in filter(str.strip, schema.split(";")):
            connection.execute(sa.text(statement))
        for table, frame in rows(sandbox.sandbox.world.view()).items():
            plain = frame.astype(object).where(frame.notna(), None)
            columns = ", ".join(frame.columns)
            marks = ", ".join(f":{column}" for column in frame.columns)
            insert = sa.text(f"insert into {table} ({columns}) values ({marks})")
            connection.execute(insert, plain.to_dict("records"))
    engine.dispose()
    return url.render_as_string(hide_password=False)


@pytest.mark.postgres
def test_a_postgres_till_gives_what_a_sqlite_one_gives(sandbox, clean, tmp_path, postgres_till):
    settings, section = duckdb_settings(tmp_path), section_of(postgres_till)
    load(sandbox, settings, SPEC, section)
    assert raw_rows(settings, SPEC) == clean[1]
    again = load(sandbox, settings, SPEC, section)
    assert again.new_rows == again.loaded_rows == 0


def test_a_second_run_with_nothing_new_loads_nothing(sandbox, tmp_path):
    settings, section = duckdb_settings(tmp_path), section_of(sqlite_of(sandbox))
    first = load(sandbox, settings, SPEC, section)
    again = load(sandbox, settings, SPEC, section)
    assert again.new_rows == again.loaded_rows == 0
    assert again.extracted_rows < first.extracted_rows / 4


@pytest.mark.pitfall(11, 12)
def test_days_read_one_by_one_equal_one_load_at_the_end(tmp_path):
    with run_sandbox(tmp_path / "sandbox", seed=3, now="2026-05-01T12:00:00") as running:
        kept, section = duckdb_settings(tmp_path), section_of(sqlite_of(running))
        for days in (0, 1, 1, 30):
            running.advance(days)
            load(running, kept, SPEC, section)
        fresh = duckdb_settings(tmp_path)
        load(running, fresh, SPEC, section)
        assert raw_rows(kept, SPEC) == raw_rows(fresh, SPEC)


@pytest.mark.pitfall(12)
def test_a_range_reads_what_changed_in_it(sandbox, clean, tmp_path):
    settings, section = duckdb_settings(tmp_path), section_of(sqlite_of(sandbox))
    load(sandbox, settings, SPEC, section)
    spoil(settings, SPEC, "update {raw}.orders set total_amount = -1")
    ((first, last),) = query(
        settings, SPEC, "select cast(min(_changed_at) as date), cast(max(_changed_at) as date)"
        " from {raw}.orders where placed_at > timestamp '2026-03-01'",
    )  # fmt: skip
    load(sandbox, settings, SPEC, section, date_from=first, date_to=last)
    right = clean[1]["orders"]
    found = raw_rows(settings, SPEC)["orders"]
    changed = [row for row in found if first <= row[-1].date() <= last]
    assert changed
    assert all(row in right for row in changed)


@pytest.mark.pitfall(14)
def test_a_row_that_is_gone_is_flagged_by_time_or_by_key(sandbox, own_till, tmp_path):
    settings, section = duckdb_settings(tmp_path), section_of(f"sqlite:///{own_till}")
    load(sandbox, settings, SPEC, section)
    ((order, moment),) = query(
        settings, SPEC, "select max(order_id), strftime(max(updated_at), '%Y-%m-%d %H:%M:%S')"
        " from {raw}.orders",
    )  # fmt: skip
    ((customer,),) = query(settings, SPEC, "select min(customer_id) from {raw}.customers")
    change(
        own_till,
        f"update receipts set deleted_at = '{moment}', updated_at = '{moment}' where id = {order}",
        f"delete from customers where id = {customer}",
    )
    load(sandbox, settings, SPEC, section)
    stage(settings, "sql_orders")
    for entity, key, gone in (
        ("orders", "order_id", order),
        ("customers", "customer_id", customer),
    ):
        found = query(
            settings, SPEC,
            f"select {key} from staging.stg_sql_orders__{entity} where is_deleted",
        )  # fmt: skip
        assert found == [(gone,)], entity


def test_a_locked_database_is_waited_for(sandbox, clean, own_till, tmp_path):
    settings = duckdb_settings(tmp_path)
    connection = sqlite3.connect(own_till, check_same_thread=False)
    connection.execute("begin exclusive")
    release = threading.Timer(0.5, connection.rollback)
    release.start()
    load(sandbox, settings, SPEC, section_of(f"sqlite:///{own_till}?timeout=0.2"))
    release.join()
    connection.close()
    assert raw_rows(settings, SPEC) == clean[1]


@pytest.mark.postgres
def test_a_connection_that_is_cut_is_made_again(
    sandbox, clean, tmp_path, postgres_till, postgres_uri, monkeypatch
):
    """The server ends the connection after the first rows of every table."""
    monkeypatch.setattr(database, "CHUNK_ROWS", 20)
    chunks, cut = database.Database._chunks, set()

    def cut_once(self, statement):
        for number, chunk in enumerate(chunks(self, statement)):
            yield chunk
            if number == 0 and str(statement) not in cut:
                cut.add(str(statement))
                _end_connections(postgres_uri, postgres_till)

    monkeypatch.setattr(database.Database, "_chunks", cut_once)
    settings = duckdb_settings(tmp_path)
    load(sandbox, settings, SPEC, section_of(postgres_till))
    assert raw_rows(settings, SPEC) == clean[1]


def _end_connections(uri, till):
    with closing(psycopg2.connect(uri)) as connection:
        connection.autocommit = True
        connection.cursor().execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            f" where datname = '{sa.make_url(till).database}'"
        )


def test_a_database_that_stays_locked_is_one_clear_error(sandbox, own_till, tmp_path, monkeypatch):
    monkeypatch.setattr(database, "ATTEMPTS", 2)
    with closing(sqlite3.connect(own_till)) as connection:
        connection.execute("begin exclusive")
        section = section_of(f"sqlite:///{own_till}?timeout=0.1")
        with pytest.raises(VendorUnavailableError, match="locked"):
            load(sandbox, duckdb_settings(tmp_path), SPEC, section)


@pytest.mark.postgres
def test_wrong_credentials_and_addresses_are_clear_and_tell_no_secret(
    sandbox, tmp_path, postgres_uri
):
    parts = sa.make_url(postgres_uri)
    wrong = parts.set(username="nobody", password="s3cret-word", drivername="postgresql")
    cases = [
        (wrong.render_as_string(hide_password=False), (CredentialsError, RequestRefusedError)),
        ("oracle9000://user:s3cret-word@host/shop", SettingsError),
        ("sqlite:////nowhere/at/all/till.db", CredentialsError),
    ]
    for url, error in cases:
        with pytest.raises(error) as refused:
            load(sandbox, duckdb_settings(tmp_path), SPEC, section_of(url))
        assert "s3cret" not in str(refused.value)
        assert "\n" not in str(refused.value)


def test_a_mapping_that_does_not_fit_is_one_clear_error(sandbox, own_till, tmp_path):
    url = f"sqlite:///{own_till}"
    cases = {
        "entities: [{entity: orders, table: orders, columns: {order_id: id}}]": (
            RequestRefusedError, "no such table",
        ),
        "entities: [{entity: orders, table: receipts, columns: {order_id: number}}]": (
            MappingError, "no column 'number'",
        ),
        "entities: [{entity: orders, columns: {order_id: id}}]": (MappingError, "table or query"),
        "entities: [{entity: orders, table: receipts, cursor: id, columns: {order_id: id}}]": (
            MappingError, "holds no times",
        ),
    }  # fmt: skip
    for number, (text, (error, words)) in enumerate(cases.items()):
        mapping = tmp_path / f"own{number}.yml"
        mapping.write_text(text)
        with pytest.raises(error, match=words):
            load(sandbox, duckdb_settings(tmp_path), SPEC, section_of(url, mapping), **_since(text))


def _since(text):
    import datetime as dt

    return {"date_from": dt.date(2026, 1, 1)} if "cursor" in text else {}


def test_a_row_that_cannot_be_read_stands_apart_and_the_rest_loads(sandbox, own_till, tmp_path):
    settings = duckdb_settings(tmp_path)
    change(
        own_till,
        "update receipts set total_cents = 'a lot' where id = (select max(id) from receipts)",
    )
    load(sandbox, settings, SPEC, section_of(f"sqlite:///{own_till}"))
    found = query(settings, SPEC, "select entity, reason from {raw}._rejected")
    assert [row[0] for row in found] == ["orders"]
    assert "total_cents is no number" in found[0][1]

"""Statements over any database, and the mapping of its tables."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import mssql, mysql, postgresql, sqlite

from ingestion.errors import MappingError, SettingsError
from ingestion.seam import read_entities
from ingestion.settings import load_section, load_settings
from ingestion.sources.sql_orders.database import as_stored, select
from ingestion.sources.sql_orders.mapping import SHIPPED, load_database_mapping
from ingestion.sources.sql_orders.settings import SqlOrdersSettings
from ingestion.sources.sql_orders.spec import KEYS, entity_tables

MOMENT = dt.datetime(2026, 6, 30, 22, 30, tzinfo=dt.UTC)
ENTITIES = read_entities(load_settings(env_file=None), "sql_orders")


@pytest.mark.pitfall(13)
@pytest.mark.parametrize(
    ("sample", "bound"),
    [
        (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), MOMENT),
        (dt.datetime(2026, 1, 1), dt.datetime(2026, 7, 1, 0, 30)),  # noqa: DTZ001
        (dt.date(2026, 1, 1), dt.date(2026, 7, 1)),
        ("2026-01-01 00:00:00", "2026-07-01 00:30:00"),
        ("2026-01-01T00:00:00", "2026-07-01T00:30:00"),
        ("2026-01-01", "2026-07-01"),
    ],
)
def test_a_moment_is_asked_for_as_the_column_holds_it(sample, bound):
    assert as_stored(MOMENT, sample, "Europe/Berlin") == bound


def test_a_cursor_that_holds_no_times_is_none():
    with pytest.raises(TypeError):
        as_stored(MOMENT, 42, None)


@given(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1)))  # noqa: DTZ001
def test_text_bounds_are_in_the_order_of_their_moments(moment):
    aware = moment.replace(tzinfo=dt.UTC, microsecond=0)
    later = aware + dt.timedelta(seconds=1)
    sample = "2026-01-01 00:00:00"
    assert as_stored(aware, sample, None) < as_stored(later, sample, None)


@pytest.mark.parametrize("dialect", [postgresql, mysql, mssql, sqlite])
def test_every_dialect_gets_its_own_statement(dialect):
    table = str(select("sales.receipts", None, ("id",)).limit(1).compile(dialect=dialect.dialect()))
    assert "receipts" in table
    query = str(select(None, "select 1 as id;").compile(dialect=dialect.dialect()))
    assert "(select 1 as id) as source" in query


def test_the_shipped_mapping_fits_the_seam_and_has_its_keys():
    for path in SHIPPED.glob("*.yml"):
        mapping = load_database_mapping(path.stem, ENTITIES)
        assert all(KEYS[rule.entity] in rule.columns for rule in mapping.entities)


def test_every_entity_has_a_key():
    assert set(KEYS) == set(ENTITIES)
    assert {table.name for table in entity_tables(load_settings(env_file=None))} > set(KEYS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{entity: orders, columns: {order_id: id}}", "either table or query"),
        ("{entity: orders, table: a, query: b, columns: {order_id: id}}", "either table or query"),
        ("{entity: orders, table: a, files: b, columns: {order_id: id}}", "this is a database"),
        (
            "{entity: orders, table: a, compare_keys: true,"
            " columns: {order_id: id, is_deleted: gone}}",
            "keep one",
        ),
        ("{entity: order, table: a, columns: {order_id: id}}", "no entity 'order'"),
    ],
)
def test_a_mapping_that_cannot_be_is_one_clear_error(tmp_path, text, words):
    path = tmp_path / "own.yml"
    path.write_text(f"entities: [{text}]")
    with pytest.raises(MappingError, match=words):
        load_database_mapping(str(path), ENTITIES)


def test_an_address_without_a_kind_is_named_by_its_variable_and_never_shown(monkeypatch):
    for name, value in (("NAME", "till"), ("URL", "reader:s3cret@host"), ("MAPPING", "till")):
        monkeypatch.setenv(f"SQL_ORDERS__DATABASES__0__{name}", value)
    with pytest.raises(SettingsError, match="SQL_ORDERS__DATABASES__0__URL") as refused:
        load_section(SqlOrdersSettings, env_file=None)
    assert "s3cret" not in str(refused.value)

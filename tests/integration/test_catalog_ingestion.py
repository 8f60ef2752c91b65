"""The till's catalogue, by HTTP and from files, into real engines."""

from decimal import Decimal

import orjson
import pandas as pd
import pytest

from ingestion.errors import (
    CredentialsError,
    EmptyReplaceError,
    FileInputError,
    RequestRefusedError,
    VendorUnavailableError,
)
from ingestion.sources.catalog.settings import CatalogSettings
from ingestion.sources.catalog.spec import SPEC
from sandbox.faults import Fault
from sandbox.vendors.catalog import SHOP, TOKEN, items
from tests.integration.connector import (
    duckdb_settings,
    load,
    postgres_settings,
    query,
    raw_rows,
    stage,
)
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults_left(sandbox):
    yield
    sandbox.sandbox.faults.clear()


def section_at(url, **fields):
    return CatalogSettings(_env_file=None, feeds=[{"name": SHOP, "url": str(url), **fields}])


def section_of(running, ending="json", token=TOKEN):
    return section_at(f"{running.url('catalog')}/{SHOP}/products.{ending}", token=token)


@pytest.fixture(scope="module")
def clean(sandbox, tmp_path_factory):
    settings = duckdb_settings(tmp_path_factory.mktemp("clean"))
    summary = load(sandbox, settings, SPEC, section_of(sandbox))
    return settings, raw_rows(settings, SPEC), summary


def test_every_item_is_there_in_its_types(sandbox, clean):
    _, found, summary = clean
    assert len(found["items"]) == len(items(sandbox.sandbox.world.view(), SHOP))
    assert not summary.variant_columns
    assert not summary.new_columns


def test_staged_variants_equal_the_ledger_to_the_cent(sandbox, clean):
    settings = clean[0]
    stage(settings, "catalog")
    view = sandbox.sandbox.world.view()
    active = view.products.loc[view.products["status"] == "ACTIVE", "product_id"]
    own = view.variants[(view.variants["shop"] == SHOP) & view.variants["product_id"].isin(active)]
    own = own[~own["is_gift_card"]]
    expected = {
        (row.sku, cents(row.price), None if pd.isna(row.unit_cost) else cents(row.unit_cost))
        for row in own.itertuples()
    }
    found = query(
        settings,
        SPEC,
        "select sku, price_amount, unit_cost_amount from staging.stg_catalog__product_variants"
        " where not is_deleted and currency_code = 'EUR'",
    )
    assert set(found) == expected
    ((products, categories),) = query(
        settings,
        SPEC,
        "select (select count(*) from staging.stg_catalog__products),"
        " (select count(*) from staging.stg_catalog__product_categories)",
    )
    assert products == categories == own["product_id"].nunique()


def cents(value):
    return Decimal(int(value)) / 100


@pytest.mark.postgres
def test_postgres_gets_what_duckdb_gets(sandbox, clean, tmp_path, postgres_uri):
    settings = postgres_settings(tmp_path, postgres_uri)
    load(sandbox, settings, SPEC, section_of(sandbox))
    assert raw_rows(settings, SPEC) == clean[1]


@pytest.mark.parametrize(
    "kind", [Fault.THROTTLE, Fault.SERVER_ERROR, Fault.CUT_CONNECTION, Fault.CUT_JSON]
)
def test_faults_leave_no_trace(sandbox, clean, tmp_path, kind):
    settings = duckdb_settings(tmp_path)
    sandbox.fail("catalog", kind, 3)
    load(sandbox, settings, SPEC, section_of(sandbox))
    assert raw_rows(settings, SPEC) == clean[1]


def test_csv_and_a_file_give_what_json_gives(sandbox, clean, tmp_path):
    by_http, by_file = duckdb_settings(tmp_path), duckdb_settings(tmp_path)
    load(sandbox, by_http, SPEC, section_of(sandbox, "csv"))
    file = tmp_path / "products.json"
    file.write_bytes(orjson.dumps(items(sandbox.sandbox.world.view(), SHOP)))
    load(sandbox, by_file, SPEC, section_at(file))
    assert raw_rows(by_http, SPEC) == raw_rows(by_file, SPEC) == clean[1]


def test_a_catalogue_that_has_not_changed_is_not_sent_again(sandbox, tmp_path):
    settings, section = duckdb_settings(tmp_path), section_of(sandbox)
    load(sandbox, settings, SPEC, section)
    again = load(sandbox, settings, SPEC, section)
    assert again.extracted_rows == again.loaded_rows == 0
    assert again.notes == (f"{SHOP}: unchanged since the last run",)


@pytest.mark.pitfall(14)
def test_each_version_is_kept_and_what_is_gone_is_flagged(sandbox, tmp_path):
    settings, file = duckdb_settings(tmp_path), tmp_path / "products.json"
    listed = items(sandbox.sandbox.world.view(), SHOP)
    file.write_bytes(orjson.dumps(listed))
    load(sandbox, settings, SPEC, section_at(file))
    first, second = (item["id"] for item in listed[:2])
    file.write_bytes(orjson.dumps([listed[0] | {"price": "1,234.50 EUR"}, *listed[2:]]))
    now = sandbox.sandbox.world.clock.now
    try:
        sandbox.sandbox.world.clock.now = now + (now - now.normalize())
        load(sandbox, settings, SPEC, section_at(file))
    finally:
        sandbox.sandbox.world.clock.now = now
    stage(settings, "catalog")
    versions = query(
        settings,
        SPEC,
        "select variant_id, price_amount from staging.stg_catalog__product_variant_versions"
        f" where variant_id in ('{first}', '{second}') order by variant_id, observed_at",
    )
    assert [name for name, _ in versions] == [first, first, second]
    assert versions[1][1] != versions[0][1]
    gone = query(
        settings,
        SPEC,
        "select variant_id, variant_name is not null from staging.stg_catalog__product_variants"
        " where is_deleted",
    )
    assert gone == [(second, True)]


@pytest.mark.pitfall(11)
def test_the_newest_state_of_daily_runs_equals_one_load_at_the_end(tmp_path):
    with run_sandbox(tmp_path / "sandbox", seed=3, now="2026-04-01T12:00:00") as running:
        kept, section = duckdb_settings(tmp_path), section_of(running)
        for days in (0, 1, 1, 40):
            running.advance(days)
            load(running, kept, SPEC, section)
        fresh = duckdb_settings(tmp_path)
        load(running, fresh, SPEC, section)
        found = []
        for settings in (kept, fresh):
            stage(settings, "catalog")
            sql = "select * exclude (updated_at, _loaded_at) from staging.stg_catalog__{}"
            found.append(
                {
                    entity: sorted(query(settings, SPEC, sql.format(entity)), key=repr)
                    for entity in ("products", "product_variants")
                }
            )
        assert found[0]["product_variants"] == found[1]["product_variants"]
        assert found[0]["products"] == found[1]["products"]
        versions = "select count(*) from {raw}.items"
        assert query(kept, SPEC, versions) > query(fresh, SPEC, versions)


@pytest.mark.pitfall(24)
def test_a_catalogue_that_is_suddenly_empty_is_kept_as_it_was(sandbox, tmp_path):
    settings, file = duckdb_settings(tmp_path), tmp_path / "products.json"
    listed = items(sandbox.sandbox.world.view(), SHOP)
    file.write_bytes(orjson.dumps(listed))
    load(sandbox, settings, SPEC, section_at(file))
    before = raw_rows(settings, SPEC)
    for rest in ([], listed[:3]):
        file.write_bytes(orjson.dumps(rest))
        with pytest.raises(EmptyReplaceError, match="gone at once"):
            load(sandbox, settings, SPEC, section_at(file))
    assert raw_rows(settings, SPEC) == before


def test_bad_input_is_one_clear_error(sandbox, tmp_path):
    wrong = "wrong-token-123"
    with pytest.raises(CredentialsError, match="CATALOG__FEEDS") as refused:
        load(sandbox, duckdb_settings(tmp_path), SPEC, section_of(sandbox, token=wrong))
    assert wrong not in str(refused.value)
    with pytest.raises(RequestRefusedError, match="catalog basketline-till"):
        load(sandbox, duckdb_settings(tmp_path), SPEC, section_of(sandbox, "xml"))
    with pytest.raises(FileInputError, match="nowhere"):
        load(sandbox, duckdb_settings(tmp_path), SPEC, section_at(tmp_path / "nowhere.json"))
    sandbox.fail("catalog", Fault.CUT_JSON, 20)
    with pytest.raises(VendorUnavailableError, match="failed 7 times"):
        load(sandbox, duckdb_settings(tmp_path), SPEC, section_of(sandbox))

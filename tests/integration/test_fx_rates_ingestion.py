"""The reference rates of the sandbox's bank into real engines."""

import datetime as dt
from decimal import Decimal

import pytest

from ingestion.errors import RequestRefusedError, VendorUnavailableError
from ingestion.http import VendorHttp
from ingestion.sources.fx_rates.settings import FxRatesSettings
from ingestion.sources.fx_rates.spec import SPEC
from sandbox.faults import Fault
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


@pytest.fixture(autouse=True)
def no_faults_left(sandbox):
    yield
    sandbox.sandbox.faults.clear()


def section_of(sandbox, path="/stats/eurofxref"):
    return FxRatesSettings(_env_file=None, base_url=sandbox.url("fx_rates") + path)


@pytest.fixture(scope="module")
def clean(sandbox, tmp_path_factory):
    settings = duckdb_settings(tmp_path_factory.mktemp("clean"))
    summary = load(sandbox, settings, SPEC, section_of(sandbox))
    return raw_rows(settings, SPEC), summary


def test_every_published_rate_is_there_and_exact(sandbox, clean):
    rows, summary = clean
    fx = sandbox.sandbox.world.view().fx
    expected = {
        ("ecb", row.currency, row.rate_date.date(), Decimal(row.rate_e4) / 10_000)
        for row in fx.itertuples()
    }
    assert set(rows["fx_rates"]) == expected
    assert max(rows["fx_rates"].values()) == 1
    assert not summary.variant_columns
    assert not summary.new_columns


@pytest.mark.postgres
def test_postgres_gets_what_duckdb_gets(sandbox, clean, tmp_path, postgres_uri):
    settings = postgres_settings(tmp_path, postgres_uri)
    load(sandbox, settings, SPEC, section_of(sandbox))
    assert raw_rows(settings, SPEC) == clean[0]


@pytest.mark.parametrize(
    "kind", [Fault.THROTTLE, Fault.SERVER_ERROR, Fault.CUT_CONNECTION, Fault.CUT_JSON]
)
def test_faults_leave_no_trace(sandbox, clean, tmp_path, kind):
    settings = duckdb_settings(tmp_path)
    sandbox.fail("fx_rates", kind, 3)
    load(sandbox, settings, SPEC, section_of(sandbox))
    assert raw_rows(settings, SPEC) == clean[0]


def test_a_second_run_with_nothing_new_loads_nothing(sandbox, tmp_path):
    settings = duckdb_settings(tmp_path)
    load(sandbox, settings, SPEC, section_of(sandbox))
    again = load(sandbox, settings, SPEC, section_of(sandbox))
    assert again.new_rows == again.loaded_rows == 0
    assert again.restated_rows > 0


def test_the_short_file_is_asked_for_only_while_it_reaches_back(tmp_path, monkeypatch):
    asked = []
    read = VendorHttp.read

    def noted(self, path, *rest, **named):
        asked.append(path.removeprefix("eurofxref-"))
        return read(self, path, *rest, **named)

    monkeypatch.setattr(VendorHttp, "read", noted)
    with run_sandbox(tmp_path / "sandbox", seed=3, now="2026-03-02T16:00:00") as running:
        kept, section = duckdb_settings(tmp_path), section_of(running)
        for days in (0, 1, 120):
            running.advance(days)
            load(running, kept, SPEC, section)
        assert asked == ["hist.zip", "hist-90d.xml", "hist-90d.xml", "hist.zip"]
        fresh = duckdb_settings(tmp_path)
        load(running, fresh, SPEC, section)
        assert raw_rows(kept, SPEC) == raw_rows(fresh, SPEC)


@pytest.mark.pitfall(15)
def test_a_corrected_day_is_replaced_and_a_range_replaces_its_days(sandbox, clean, tmp_path):
    settings, section = duckdb_settings(tmp_path), section_of(sandbox)
    load(sandbox, settings, SPEC, section)
    right = clean[0]["fx_rates"]
    days = sorted({row[2] for row in right})
    spoil(settings, SPEC, "update {raw}.fx_rates set rate = rate + 1")
    load(sandbox, settings, SPEC, section, date_from=days[40], date_to=days[42])
    found = raw_rows(settings, SPEC)["fx_rates"]
    assert {row[2] for row in found & right} == set(days[40:43])


def test_a_wrong_address_and_a_bank_that_is_down_are_clear_errors(sandbox, tmp_path):
    with pytest.raises(RequestRefusedError, match="fx_rates ecb"):
        load(sandbox, duckdb_settings(tmp_path), SPEC, section_of(sandbox, "/elsewhere"))
    sandbox.fail("fx_rates", Fault.CUT_JSON, 20)
    with pytest.raises(VendorUnavailableError, match="failed 7 times"):
        load(sandbox, duckdb_settings(tmp_path), SPEC, section_of(sandbox))


def test_no_rate_is_of_a_day_without_business(sandbox, clean):
    assert all(row[2].weekday() < 5 for row in clean[0]["fx_rates"])
    newest = max(row[2] for row in clean[0]["fx_rates"])
    assert newest < sandbox.sandbox.world.clock.now.date() + dt.timedelta(days=1)


def test_staged_rates_equal_the_ledger(sandbox, tmp_path):
    settings = duckdb_settings(tmp_path)
    load(sandbox, settings, SPEC, section_of(sandbox))
    stage(settings, "fx_rates")
    fx = sandbox.sandbox.world.view().fx
    expected = {
        row.currency: (row.count, Decimal(int(row.sum)) / 10_000)
        for row in fx.groupby("currency")["rate_e4"]
        .agg(["count", "sum"])
        .reset_index()
        .itertuples()
    }
    found = query(
        settings,
        SPEC,
        "select quote_currency_code, count(*), sum(rate) from staging.stg_fx_rates__fx_rates"
        " where base_currency_code = 'EUR' group by quote_currency_code",
    )
    assert {row[0]: row[1:] for row in found} == expected

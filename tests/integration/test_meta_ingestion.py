"""Meta's connector against its twin, into real engines."""

import datetime as dt
import random
import time
from collections import Counter

import pandas as pd
import pytest

from ingestion.destinations import Warehouse
from ingestion.errors import CredentialsError, RequestRefusedError, VendorUnavailableError
from ingestion.run import ingest
from ingestion.settings import Settings
from ingestion.sources.meta_ads.settings import MetaAdsSettings
from ingestion.sources.meta_ads.spec import SPEC, tables
from sandbox.faults import Fault
from sandbox.vendors.meta_ads import META_TOKEN
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration

ACCOUNTS = ("1001", "1002")
SHORT = {"history_months": 3}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults_left(sandbox):
    yield
    sandbox.sandbox.faults.clear()


@pytest.fixture
def new_settings(tmp_path, request):
    """Settings of an empty warehouse on an engine."""

    def make(engine="duckdb"):
        number = len(list(tmp_path.iterdir()))
        common = {"_env_file": None, "data_dir": tmp_path / f"data{number}"}
        if engine == "duckdb":
            return Settings(**common, duckdb_path=tmp_path / f"{number}.duckdb")
        uri = request.getfixturevalue("postgres_uri")
        prefix = f"meta{number}{random.randrange(10**6)}"
        return Settings(**common, warehouse="postgres", postgres_url=uri, warehouse_env=prefix)

    return make


def section_of(sandbox, *accounts, token=META_TOKEN, **fields):
    listed = [
        {"account_id": name, "access_token": token, "base_url": sandbox.url("meta_ads")}
        for name in accounts or ACCOUNTS
    ]
    return MetaAdsSettings(_env_file=None, ad_accounts=listed, **fields)


def load(sandbox, settings, section, **options):
    """Ingests at the sandbox's time; long waits are only counted."""
    now = sandbox.sandbox.world.clock.now.to_pydatetime()
    return ingest(
        settings,
        SPEC,
        section=section,
        clock=lambda: now,
        sleep=lambda seconds: time.sleep(min(seconds, 0.02)),
        **options,
    )


def raw_rows(settings):
    """Every raw table as a bag of rows, without what only the load knows."""
    warehouse = Warehouse(settings)
    connection = warehouse.connect(read_only=True)
    schema = warehouse.schema(SPEC.schema)
    found = {}
    for table in tables():
        cursor = connection.cursor()
        cursor.execute(f"select _account_id, {', '.join(table.columns)} from {schema}.{table.name}")
        found[table.name] = Counter(cursor.fetchall())
    connection.close()
    return found


@pytest.fixture(scope="module")
def clean(sandbox, tmp_path_factory):
    """Three months of both accounts, loaded undisturbed into DuckDB."""
    folder = tmp_path_factory.mktemp("clean")
    settings = Settings(_env_file=None, data_dir=folder, duckdb_path=folder / "w.duckdb")
    summary = load(sandbox, settings, section_of(sandbox, **SHORT))
    return settings, raw_rows(settings), summary


def test_every_table_has_its_rows_in_their_types(clean):
    _, rows, summary = clean
    assert all(rows.values())
    assert not summary.variant_columns
    assert not summary.new_columns


def test_campaign_days_equal_the_truth(sandbox, new_settings):
    settings = new_settings()
    load(sandbox, settings, section_of(sandbox))
    truth = pd.read_parquet(sandbox.folder / "truth/ad_daily.parquet")
    truth = truth[truth["platform"] == "meta_ads"]
    expected = {
        (row.account_id, str(row.campaign_id), row.date.date()): (
            row.impressions,
            row.clicks,
            row.spend,
            row.conversions,
            row.conversion_value,
        )
        for row in truth.itertuples()
    }
    connection = Warehouse(settings).connect(read_only=True)
    cursor = connection.cursor()
    cursor.execute("""
        select
            days._account_id, days.campaign_id, days.date_start, days.impressions, days.clicks,
            cast(days.spend * 100 as bigint), cast(coalesce(claims.action_count, 0) as bigint),
            cast(coalesce(claims.action_value, 0) * 100 as bigint)
        from raw_meta_ads.campaign_insights as days
        left join raw_meta_ads.campaign_insight_actions as claims
            on days._account_id = claims._account_id and days.campaign_id = claims.campaign_id
            and days.date_start = claims.date_start and claims.action_type = 'purchase'
    """)
    found = {row[:3]: row[3:] for row in cursor.fetchall()}
    connection.close()
    assert found == expected


@pytest.mark.postgres
def test_postgres_gets_what_duckdb_gets(sandbox, clean, new_settings):
    settings = new_settings("postgres")
    load(sandbox, settings, section_of(sandbox, **SHORT))
    assert raw_rows(settings) == clean[1]


@pytest.mark.parametrize(
    "kind",
    [
        Fault.THROTTLE,
        Fault.SERVER_ERROR,
        Fault.CUT_CONNECTION,
        Fault.CUT_JSON,
        Fault.DUPLICATE_PAGE,
        Fault.SHIFTING_PAGE,
    ],
)
def test_faults_leave_no_trace(sandbox, clean, new_settings, kind):
    settings = new_settings()
    sandbox.fail("meta_ads", kind, 3)
    load(sandbox, settings, section_of(sandbox, **SHORT))
    assert raw_rows(settings) == clean[1]


def test_a_second_run_with_nothing_new_loads_nothing(sandbox, new_settings):
    settings, section = new_settings(), section_of(sandbox, **SHORT)
    load(sandbox, settings, section)
    before = raw_rows(settings)
    again = load(sandbox, settings, section)
    assert again.new_rows == again.loaded_rows == 0
    assert again.restated_rows > 0
    assert raw_rows(settings) == before


@pytest.mark.pitfall(15)
def test_a_restated_day_is_replaced_and_what_vanished_vanishes(sandbox, new_settings):
    """A warehouse that is wrong about the last days, and about days longer ago."""
    settings, section = new_settings(), section_of(sandbox, **SHORT)
    load(sandbox, settings, section)
    right = raw_rows(settings)
    newest = max(row[-2] for row in right["ad_insights"])
    connection = Warehouse(settings).connect(read_only=False)
    connection.execute("update raw_meta_ads.ad_insights set spend = spend + 1")
    connection.execute(
        "insert into raw_meta_ads.ad_insights select * replace ('vanished' as ad_id)"
        f" from raw_meta_ads.ad_insights where date_start = date '{newest}'"
    )
    connection.close()
    load(sandbox, settings, section, date_from=newest - dt.timedelta(days=9), date_to=newest)
    found = raw_rows(settings)
    days = [newest - dt.timedelta(days=n) for n in range(10)]
    assert _of_days(found["ad_insights"], days) == _of_days(right["ad_insights"], days)
    older = [newest - dt.timedelta(days=n) for n in range(10, 40)]
    assert _of_days(found["ad_insights"], older) != _of_days(right["ad_insights"], older)
    assert found["campaign_insights"] == right["campaign_insights"]


def _of_days(rows, days):
    return Counter({row: count for row, count in rows.items() if row[-2] in days})


@pytest.mark.pitfall(15)
def test_late_conversions_of_a_later_day_are_taken_over(tmp_path):
    with run_sandbox(tmp_path / "sandbox", seed=3, now="2026-06-20T12:00:00") as running:
        folder = tmp_path / "kept"
        kept = Settings(_env_file=None, data_dir=folder, duckdb_path=tmp_path / "kept.duckdb")
        section = section_of(running, **SHORT)
        load(running, kept, section)
        before = raw_rows(kept)
        running.advance(2)
        load(running, kept, section)
        fresh = Settings(
            _env_file=None, data_dir=tmp_path / "fresh", duckdb_path=tmp_path / "fresh.duckdb"
        )
        load(running, fresh, section)
        after = raw_rows(kept)
        assert after == raw_rows(fresh)
        assert before["ad_insights"] - after["ad_insights"]


def test_a_wrong_token_and_an_unknown_account_are_clear_errors(sandbox, new_settings):
    with pytest.raises(CredentialsError, match="token is not valid") as refused:
        load(sandbox, new_settings(), section_of(sandbox, token="EAAWRONGTOKEN123"))
    assert "EAAWRONG" not in str(refused.value)
    with pytest.raises(RequestRefusedError, match="code 100"):
        load(sandbox, new_settings(), section_of(sandbox, "999"))


def test_a_vendor_that_never_answers_properly_is_one_clear_error(sandbox, new_settings):
    settings = new_settings()
    sandbox.fail("meta_ads", Fault.SERVER_ERROR, 20)
    with pytest.raises(VendorUnavailableError, match="failed 7 times"):
        load(sandbox, settings, section_of(sandbox, **SHORT))

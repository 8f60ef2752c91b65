"""What the test of every ad platform's connector against its twin asks: one base class for all."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pandas as pd
import pytest

from ingestion.check import check
from ingestion.errors import VendorUnavailableError
from ingestion.registry import find_source
from ingestion.settings import SourceSettings, load_section
from ingestion.spec import SourceSpec
from sandbox.faults import Fault
from sandbox.vendors import vendors
from tests.integration import connector
from tests.integration.connector import duckdb_settings, postgres_settings, query, raw_rows, spoil
from tests.running_sandbox import RunningSandbox, run_sandbox

MEASURES = ("impressions", "clicks", "spend_amount", "conversions", "conversion_value_amount")


@contextmanager
def told(sandbox: RunningSandbox, source: str, **more: str) -> Iterator[SourceSettings]:
    """The section that the twin's own settings make, while they stand in the environment."""
    vendor = next(vendor for vendor in vendors() if vendor.name == source)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**vendor.settings(sandbox.url(source)), **more}.items():
            patch.setenv(name, value)
        yield load_section(find_source(source).settings, env_file=None)


class AdConnectorTests:
    """A platform's subclass names it, and its tables.

    Attributes:
        source: The source's word.
        spec: Its facts.
        short: Settings of a load of some weeks.
        whole_window: Settings under which a run asks again for all that can still change.
        reports: The daily table of ads, its key and its amount.
        day: Its column of the day.
        wrong: Settings that the vendor refuses, and what the error says.
    """

    source: str
    spec: SourceSpec
    short: dict[str, str]
    whole_window: ClassVar[dict[str, str]] = {}
    reports: tuple[str, str, str]
    day: str
    wrong: tuple[dict[str, str], type[Exception], str]

    def __init_subclass__(cls) -> None:
        cls.spec = find_source(cls.source)

    @classmethod
    def load(cls, sandbox, settings, more=None, **options):
        with told(sandbox, cls.source, **(cls.short if more is None else more)) as section:
            return connector.load(sandbox, settings, cls.spec, section, **options)

    @pytest.fixture(scope="class")
    @classmethod
    def sandbox(cls, tmp_path_factory):
        with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
            yield running

    @pytest.fixture(autouse=True)
    def no_faults_left(self, sandbox):
        yield
        sandbox.sandbox.faults.clear()

    @pytest.fixture(scope="class")
    @classmethod
    def clean(cls, sandbox, tmp_path_factory):
        """Some weeks of all accounts, loaded undisturbed into DuckDB."""
        settings = duckdb_settings(tmp_path_factory.mktemp("clean"))
        summary = cls.load(sandbox, settings)
        return settings, raw_rows(settings, cls.spec), summary

    def test_every_table_has_its_rows_in_their_types(self, clean):
        _, rows, summary = clean
        assert all(rows.values())
        assert not summary.variant_columns
        assert not summary.new_columns
        assert not summary.notes

    def test_the_credentials_can_be_tested_with_one_call(self, sandbox, tmp_path):
        settings = duckdb_settings(tmp_path)
        with told(sandbox, self.source):
            right = check(settings, self.source)
        assert all(account.error is None for account in right)
        more, error, words = self.wrong
        with told(sandbox, self.source, **more):
            wrong = check(settings, self.source)
        assert all(isinstance(account.error, error) for account in wrong)
        assert all(re.search(words, str(account.error)) for account in wrong)

    @pytest.mark.pitfall(15, 16)
    def test_staged_days_equal_the_truth_also_when_they_are_restated(self, tmp_path):
        with run_sandbox(tmp_path / "sandbox", now="2026-05-20T12:00:00") as running:
            settings = duckdb_settings(tmp_path)
            self.load(running, settings, {})
            first = self._staged(settings)
            assert first == self._truth(running)
            running.advance(3)
            self.load(running, settings, self.whole_window)
            second = self._staged(settings)
            assert second == self._truth(running)
            changed = [key for key in first if first[key] != second[key]]
            assert changed

    def _staged(self, settings) -> dict[tuple[Any, ...], tuple[float, ...]]:
        connector.stage(settings, self.source)
        columns = ", ".join(f"cast({name} as double)" for name in MEASURES)
        rows = query(
            settings,
            self.spec,
            f"select account_id, campaign_id, campaign_name, campaign_type, ad_date, {columns}"
            f" from staging.stg_{self.source}__ad_performance where level = 'campaign'",
        )
        found = {row[:5]: row[5:] for row in rows}
        assert len(found) == len(rows)
        return found

    def _truth(self, sandbox) -> dict[tuple[Any, ...], tuple[float, ...]]:
        rows = pd.read_parquet(sandbox.folder / "truth/ad_daily.parquet")
        rows = rows[rows["platform"] == self.source]
        known = ["impressions", "clicks", "spend", "conversions", "conversion_value"]
        rows = rows[(rows[[*known, "view_conversions"]] != 0).any(axis=1)]
        return {
            (row.account_id, str(row.campaign_id), row.campaign_name, row.campaign_type.lower(),
             row.date.date()): (row.impressions, row.clicks, row.spend / 100, row.conversions,
                                row.conversion_value / 100)
            for row in rows.itertuples()
        }  # fmt: skip

    @pytest.mark.postgres
    def test_postgres_gets_what_duckdb_gets(self, sandbox, clean, tmp_path, postgres_uri):
        settings = postgres_settings(tmp_path, postgres_uri)
        self.load(sandbox, settings)
        assert raw_rows(settings, self.spec) == clean[1]

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
    def test_faults_leave_no_trace(self, sandbox, clean, tmp_path, kind):
        settings = duckdb_settings(tmp_path)
        sandbox.fail(self.source, kind, 3)
        self.load(sandbox, settings)
        assert raw_rows(settings, self.spec) == clean[1]

    def test_a_second_run_with_nothing_new_loads_nothing(self, sandbox, clean):
        settings, before, _ = clean
        again = self.load(sandbox, settings)
        assert again.new_rows == again.loaded_rows == 0
        assert again.restated_rows > 0
        assert raw_rows(settings, self.spec) == before

    @pytest.mark.pitfall(15)
    def test_a_restated_day_is_replaced_and_what_vanished_vanishes(self, sandbox, tmp_path):
        """A warehouse that is wrong about the last days, and about days longer ago."""
        settings, (table, key, amount) = duckdb_settings(tmp_path), self.reports
        self.load(sandbox, settings)
        right = raw_rows(settings, self.spec)
        place = 1 + list(_columns(self.spec, settings, table)).index(self.day)
        newest = max(row[place] for row in right[table])
        spoil(settings, self.spec, f"update {{raw}}.{table} set {amount} = {amount} + 1")
        spoil(
            settings,
            self.spec,
            f"insert into {{raw}}.{table} select * replace ('vanished' as {key})"
            f" from {{raw}}.{table} where \"{self.day}\" = date '{newest}'",
        )
        first = newest - dt.timedelta(days=9)
        self.load(sandbox, settings, date_from=first, date_to=newest)
        found = raw_rows(settings, self.spec)
        for rows_are_right, days in ((True, range(10)), (False, range(10, 40))):
            asked = [newest - dt.timedelta(days=number) for number in days]
            same = _of_days(found[table], place, asked) == _of_days(right[table], place, asked)
            assert same == rows_are_right
        assert all(found[name] == right[name] for name in right if name != table)

    def test_wrong_settings_are_one_clear_line_without_a_secret(self, sandbox, tmp_path):
        more, error, words = self.wrong
        with pytest.raises(error, match=words) as refused:
            self.load(sandbox, duckdb_settings(tmp_path), more)
        assert "\n" not in str(refused.value)
        assert not any(value in str(refused.value) for value in more.values())

    def test_a_vendor_that_never_answers_properly_is_one_clear_error(self, sandbox, tmp_path):
        sandbox.fail(self.source, Fault.SERVER_ERROR, 20)
        with pytest.raises(VendorUnavailableError, match="failed 7 times"):
            self.load(sandbox, duckdb_settings(tmp_path))


def token_ends_in_the_middle(test: AdConnectorTests, sandbox, settings, seconds: int) -> int:
    """Loads while the vendor's clock jumps once past the life of a token; returns the batches."""
    clock, batches = sandbox.sandbox.world.clock, []

    def jump(step) -> None:
        batches.append(step)
        if len(batches) == 2:
            clock.seconds += seconds

    test.load(sandbox, settings, progress=jump)
    return len(batches)


def _columns(spec, settings, name):
    return next(table.columns for table in spec.tables_for(settings) if table.name == name)


def _of_days(rows, place, days):
    return Counter({row: count for row, count in rows.items() if row[place] in days})

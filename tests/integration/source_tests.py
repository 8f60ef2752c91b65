"""What the test of every connector against its twin asks: one base class for sources of records."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

import pytest
import requests

from ingestion.check import check
from ingestion.errors import CredentialsError, VendorUnavailableError
from ingestion.registry import find_source
from ingestion.spec import SourceSpec
from sandbox.faults import Fault
from tests.integration.ad_connector import told
from tests.integration.connector import duckdb_settings, load, postgres_settings, raw_rows
from tests.running_sandbox import run_sandbox

BEFORE = "2026-06-20T12:00:00"
FAULTS = [
    (Fault.THROTTLE, Fault.SERVER_ERROR),
    (Fault.CUT_CONNECTION, Fault.CUT_JSON),
]


class SourceTests:
    """A source's subclass names it.

    Attributes:
        source: The source's word.
        spec: Its facts.
        wrong: Settings with credentials that the vendor refuses.
        secret: A part of them that no message may tell.
        following: What stands in a question for a page that is not the first.
    """

    source: str
    spec: SourceSpec
    wrong: ClassVar[dict[str, str]]
    secret: ClassVar[str]
    following: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.spec = find_source(cls.source)

    @pytest.fixture(scope="class")
    @classmethod
    def sandbox(cls, tmp_path_factory):
        with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
            yield running

    @pytest.fixture(autouse=True)
    def no_faults_left(self, sandbox):
        yield
        sandbox.sandbox.faults.clear()

    @classmethod
    def load(cls, sandbox, settings, **options: Any):
        """Loads every account of the twin."""
        with told(sandbox, cls.source) as section:
            return load(sandbox, settings, cls.spec, section, **options)

    @pytest.fixture(scope="class")
    @classmethod
    def clean(cls, sandbox, tmp_path_factory):
        """Everything, loaded undisturbed into DuckDB: settings, rows, summary."""
        settings = duckdb_settings(tmp_path_factory.mktemp("clean"))
        summary = cls.load(sandbox, settings)
        return settings, raw_rows(settings, cls.spec), summary

    def test_every_table_has_its_rows_in_their_types(self, clean):
        _, rows, summary = clean
        assert not [table for table, found in rows.items() if not found]
        assert not summary.variant_columns
        assert not summary.new_columns

    @pytest.mark.postgres
    def test_postgres_gets_what_duckdb_gets(self, sandbox, clean, tmp_path, postgres_uri):
        settings = postgres_settings(tmp_path, postgres_uri)
        self.load(sandbox, settings)
        found = raw_rows(settings, self.spec)
        assert _blanks_as_null(found) == _blanks_as_null(clean[1])

    @pytest.mark.parametrize("kinds", FAULTS)
    def test_faults_leave_no_trace(self, sandbox, clean, tmp_path, kinds):
        settings = duckdb_settings(tmp_path)
        for kind in kinds:
            sandbox.fail(self.source, kind, 2)
        self.load(sandbox, settings)
        assert raw_rows(settings, self.spec) == clean[1]

    @pytest.mark.parametrize("kind", [Fault.DUPLICATE_PAGE, Fault.SHIFTING_PAGE])
    def test_pages_that_repeat_rows_lose_none(self, sandbox, clean, tmp_path, monkeypatch, kind):
        """Every third following page is disturbed; pages are small, so that there are many."""
        self.make_pages_small(monkeypatch)
        send, followed = requests.Session.send, []

        def disturbed(session, request, **options):
            if self.following in f"{request.url}{request.body}":
                followed.append(request.url)
                if len(followed) % 3 == 1:
                    sandbox.fail(self.source, kind)
            return send(session, request, **options)

        monkeypatch.setattr(requests.Session, "send", disturbed)
        settings = duckdb_settings(tmp_path)
        self.load(sandbox, settings)
        assert len(followed) > 3
        assert raw_rows(settings, self.spec) == clean[1]

    def make_pages_small(self, monkeypatch) -> None:
        """Lets the connector ask for few rows a page; for a subclass to do."""
        raise NotImplementedError

    def test_a_second_run_with_nothing_new_loads_nothing(self, sandbox, clean):
        settings, before, _ = clean
        again = self.load(sandbox, settings)
        assert again.new_rows == again.loaded_rows == 0
        assert raw_rows(settings, self.spec) == before

    @pytest.mark.pitfall(11)
    def test_daily_runs_end_as_one_load_does(self, tmp_path):
        """Ledgers are equal row for row; of observations the newest version is among those kept."""
        with run_sandbox(tmp_path / "sandbox", seed=3, now=BEFORE) as running:
            kept = duckdb_settings(tmp_path)
            self.load(running, kept)
            for days in (2, 5):
                running.advance(days)
                self.load(running, kept)
            fresh = duckdb_settings(tmp_path)
            self.load(running, fresh)
            one, many = raw_rows(fresh, self.spec), raw_rows(kept, self.spec)
            for table in self.spec.tables_for(kept):
                if table.kind == "ledger":
                    assert many[table.name] == one[table.name], table.name
                else:
                    assert not one[table.name] - many[table.name], table.name
            self.check_versions(running, kept)

    def check_versions(self, running, kept) -> None:
        """What a source keeps of the days in between; for a subclass to say."""

    def test_wrong_credentials_are_one_line_without_them(self, sandbox, tmp_path):
        with (
            told(sandbox, self.source, **self.wrong) as section,
            pytest.raises(CredentialsError) as refused,
        ):
            load(sandbox, duckdb_settings(tmp_path), self.spec, section)
        assert self.secret not in str(refused.value)
        assert "\n" not in str(refused.value)

    def test_the_credentials_can_be_tested_with_one_call(self, sandbox, tmp_path):
        settings = duckdb_settings(tmp_path)
        with told(sandbox, self.source):
            assert all(account.error is None for account in check(settings, self.source))
        with told(sandbox, self.source, **self.wrong):
            refused = [account.error for account in check(settings, self.source) if account.error]
        assert [type(error) for error in refused] == [CredentialsError]

    def test_a_vendor_that_never_answers_properly_is_one_clear_error(self, sandbox, tmp_path):
        sandbox.fail(self.source, Fault.SERVER_ERROR, 20)
        with pytest.raises(VendorUnavailableError, match="failed 7 times"):
            self.load(sandbox, duckdb_settings(tmp_path))


def _blanks_as_null(tables: dict[str, Counter[tuple[Any, ...]]]) -> dict[str, Counter[Any]]:
    """CSV makes NULL of an empty text; staging does so on every engine."""
    return {
        name: Counter(
            {
                tuple(None if cell == "" else cell for cell in row): count
                for row, count in rows.items()
            }
        )
        for name, rows in tables.items()
    }

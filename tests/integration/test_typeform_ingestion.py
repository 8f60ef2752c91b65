"""Typeform's connector against its twin, and its staging against the ledger."""

from typing import ClassVar

import pandas as pd
import pytest

from ingestion.errors import RequestRefusedError
from ingestion.sources.typeform import client
from tests.integration.ad_connector import told
from tests.integration.connector import duckdb_settings, load, query, raw_rows, spoil, stage
from tests.integration.source_tests import SourceTests

pytestmark = pytest.mark.integration

ACCOUNTS = ["basketline-eu", "basketline-us"]


class TestTypeform(SourceTests):
    source = "typeform"
    wrong: ClassVar = {"TYPEFORM__ACCOUNTS__0__TOKEN": "tfp_wrong_token"}
    secret = "tfp_wrong"
    following = "before="

    def make_pages_small(self, monkeypatch):
        monkeypatch.setattr(client, "PAGE_RESPONSES", 9)

    @pytest.fixture(scope="class")
    @classmethod
    def staged(cls, clean):
        stage(clean[0], "typeform")
        return clean[0]

    @pytest.fixture(scope="class")
    @classmethod
    def answers(cls, sandbox):
        """What the ledger has of both shops."""
        rows = sandbox.sandbox.world.view().survey_responses
        return rows[rows["shop"].isin(ACCOUNTS)]

    def test_a_form_that_is_not_there_is_a_clear_error(self, sandbox, tmp_path):
        with (
            told(sandbox, self.source, TYPEFORM__ACCOUNTS__0__FORMS="elsewhere") as section,
            pytest.raises(RequestRefusedError, match="status 404"),
        ):
            load(sandbox, duckdb_settings(tmp_path), self.spec, section)

    @pytest.mark.pitfall(28)
    def test_a_range_of_days_is_put_right_and_older_ones_stay(self, sandbox, clean, tmp_path):
        settings, right = duckdb_settings(tmp_path), clean[1]["response_answers"]
        self.load(sandbox, settings)
        spoil(settings, self.spec, "update {raw}.response_answers set number = 11")
        first = sandbox.sandbox.world.clock.now.date().replace(day=1)
        self.load(sandbox, settings, date_from=first)
        found = raw_rows(settings, self.spec)["response_answers"]
        place = 1 + list(self.spec.tables[3].columns).index("submitted_at")
        assert found & right
        assert all((row[place].date() >= first) == (row in right) for row in found)

    def test_staged_scores_equal_the_ledger(self, staged, answers):
        """With address and order of the link that was followed, where it carried them."""
        expected = {
            (
                row.shop,
                row.form_id,
                row.response_id,
                row.email.lower() or None,
                None if pd.isna(row.order_id) else str(row.order_id),
                row.score,
                row.submitted_at.replace(microsecond=0).tz_localize(None).to_pydatetime(),
            )
            for row in answers.itertuples()
        }
        found = query(
            staged,
            self.spec,
            "select account_id, survey_id, response_id, email, order_id, score, answered_at"
            " from staging.stg_typeform__survey_responses where question_type = 'nps'",
        )
        assert set(found) == expected
        assert len(found) == len(answers)
        assert any(email is None for _, _, _, email, *_ in expected)

    def test_staged_comments_equal_the_ledger(self, staged, answers):
        expected = answers.loc[answers["comment"] != "", ["response_id", "comment"]]
        found = query(
            staged,
            self.spec,
            "select response_id, answer_text from staging.stg_typeform__survey_responses"
            " where question_type <> 'nps'",
        )
        assert set(found) == set(expected.itertuples(index=False, name=None))
        assert len(found) == len(expected)

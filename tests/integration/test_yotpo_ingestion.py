"""Yotpo's connector against its twin, and its staging against the ledger."""

from collections import Counter
from typing import ClassVar

import pandas as pd
import pytest

from ingestion.errors import CredentialsError
from ingestion.sources.yotpo import loyalty
from sandbox.vendors.yotpo.app import TOKEN_SECONDS
from tests.integration.ad_connector import token_ends_in_the_middle, told
from tests.integration.connector import duckdb_settings, load, query, raw_rows, spoil, stage
from tests.integration.source_tests import BEFORE, SourceTests
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration

ACCOUNTS = ["basketline-eu", "basketline-us"]
EVENT_TYPES = {"earn": "earned", "redeem": "redeemed", "adjust": "adjusted", "expire": "expired"}


class TestYotpo(SourceTests):
    source = "yotpo"
    wrong: ClassVar = {"YOTPO__STORES__0__SECRET": "wrong-secret-123"}
    secret = "wrong-secret"
    following = "page_info="

    def make_pages_small(self, monkeypatch):
        monkeypatch.setattr(loyalty, "PAGE_ROWS", 9)

    @classmethod
    def load(cls, sandbox, settings, **options):
        """Every member's clicks are read by every run."""
        with told(sandbox, cls.source, YOTPO__DETAILS_EVERY_DAYS="1") as section:
            return load(sandbox, settings, cls.spec, section, **options)

    @pytest.fixture(scope="class")
    @classmethod
    def staged(cls, clean):
        stage(clean[0], "yotpo")
        return clean[0]

    @pytest.fixture(scope="class")
    @classmethod
    def view(cls, sandbox):
        return sandbox.sandbox.world.view()

    @pytest.mark.pitfall(11, 12)
    def test_daily_runs_end_as_one_load_does(self, tmp_path):
        """A member's every version stays; when a click was counted is known to the run alone."""
        with run_sandbox(tmp_path / "sandbox", seed=3, now=BEFORE) as running:
            kept, fresh = duckdb_settings(tmp_path), duckdb_settings(tmp_path)
            versions = set()
            for days in (2, 2, 2, 2, 0):
                self.load(running, kept)
                versions |= members_of(running.sandbox.world.view())
                if days:
                    running.advance(days)
            self.load(running, fresh)
            one, many = raw_rows(fresh, self.spec), raw_rows(kept, self.spec)
        for table in ("reviews", "review_media", "questions", "loyalty_events", "referred_friends"):
            assert many[table] == one[table], table
        clicks = [Counter(row[:-1] for row in rows["referral_clicks"]) for rows in (one, many)]
        assert clicks[0] == clicks[1]
        observed = query(
            kept,
            self.spec,
            "select _account_id, third_party_id, lower(vip_tier_name), points_balance, opt_in"
            " from {raw}.loyalty_members",
        )
        assert set(observed) == versions
        assert len(versions) > len(one["loyalty_members"])

    @pytest.mark.pitfall(14)
    def test_a_review_that_was_deleted_is_told_and_left_out(self, staged, view):
        gone = view.reviews[view.reviews["shop"].isin(ACCOUNTS) & view.reviews["is_deleted"]]
        found = query(staged, self.spec, "select id from {raw}.reviews where deleted")
        assert {number for (number,) in found} == set(gone["review_id"])
        assert found

    def test_a_range_of_days_is_put_right_and_older_ones_stay(self, sandbox, clean, tmp_path):
        settings, right = duckdb_settings(tmp_path), clean[1]["reviews"]
        self.load(sandbox, settings)
        spoil(settings, self.spec, "update {raw}.reviews set title = 'spoilt'")
        first = sandbox.sandbox.world.clock.now.date().replace(day=1)
        self.load(sandbox, settings, date_from=first)
        found = raw_rows(settings, self.spec)["reviews"]
        place = 1 + list(self.spec.tables[0].columns).index("updated_at")
        assert found & right
        assert all((row[place].date() >= first) == (row in right) for row in found)

    @pytest.mark.pitfall(26)
    def test_a_token_that_ends_in_the_middle_is_renewed(self, sandbox, clean, tmp_path):
        settings = duckdb_settings(tmp_path)
        assert token_ends_in_the_middle(self, sandbox, settings, TOKEN_SECONDS) > 2
        assert raw_rows(settings, self.spec) == clean[1]

    def test_loyalty_has_keys_of_its_own(self, sandbox, tmp_path):
        more = {"YOTPO__STORES__0__LOYALTY_API_KEY": "wrong-key-123"}
        with (
            told(sandbox, self.source, **more) as section,
            pytest.raises(CredentialsError, match="LOYALTY_API_KEY") as refused,
        ):
            load(sandbox, duckdb_settings(tmp_path), self.spec, section)
        assert "wrong-key" not in str(refused.value)

    def test_staged_reviews_equal_the_ledger(self, staged, view):
        reviews = view.reviews[view.reviews["shop"].isin(ACCOUNTS) & ~view.reviews["is_deleted"]]
        expected = {
            (
                row.shop,
                str(row.review_id),
                str(row.product_id),
                row.email.lower() or None,
                row.rating,
                row.is_published,
                row.is_verified,
                row.created_at.replace(microsecond=0).tz_localize(None).to_pydatetime(),
            )
            for row in reviews.itertuples()
        }
        found = query(
            staged,
            self.spec,
            "select account_id, review_id, product_id, email, rating, is_published,"
            " is_verified_buyer, date_trunc('second', created_at)"
            " from staging.stg_yotpo__reviews where review_type = 'review'",
        )
        assert set(found) == expected
        assert len(found) == len(reviews)

    def test_photos_videos_and_questions_are_those_of_the_ledger(self, staged, view):
        own = view.ugc[view.ugc["shop"].isin(ACCOUNTS)]
        gone = view.reviews.loc[view.reviews["is_deleted"], "review_id"]
        own = own[(own["kind"] == "question") | ~own["review_id"].isin(gone)]
        expected = Counter(
            zip(own["shop"], own["kind"], own["product_id"].astype(str), strict=True)
        )
        found = query(
            staged,
            self.spec,
            "select account_id, review_type, product_id, count(*)"
            " from staging.stg_yotpo__reviews where review_type <> 'review' group by 1, 2, 3",
        )
        assert {row[:-1]: row[-1] for row in found} == expected
        assert {kind for _, kind, _ in expected} == {"photo", "video", "question"}

    def test_points_are_those_of_the_ledger_and_make_the_balance(self, staged, view):
        own = view.loyalty_entries[view.loyalty_entries["shop"].isin(ACCOUNTS)]
        sums = own.groupby(["shop", "kind"])["points"].agg(["size", "sum"])
        found = query(
            staged,
            self.spec,
            "select account_id, event_type, count(*), sum(points)"
            " from staging.stg_yotpo__loyalty_events group by 1, 2",
        )
        assert {row[:2]: row[2:] for row in found} == {
            (shop, EVENT_TYPES[kind]): (size, points)
            for (shop, kind), (size, points) in sums.iterrows()
        }
        wrong = query(
            staged,
            self.spec,
            "select m.customer_id from staging.stg_yotpo__loyalty_members as m"
            " left join staging.stg_yotpo__loyalty_events as e"
            " on m.account_id = e.account_id and m.member_id = e.member_id"
            " group by m.account_id, m.member_id, m.customer_id, m.points_balance"
            " having m.points_balance <> coalesce(sum(e.points), 0)",
        )
        assert not wrong

    def test_staged_members_equal_the_ledger(self, staged, view):
        found = query(
            staged,
            self.spec,
            "select account_id, customer_id, tier, points_balance, is_enrolled"
            " from staging.stg_yotpo__loyalty_members",
        )
        assert set(found) == members_of(view)
        assert len(found) == len(members_of(view))

    def test_referrals_have_the_clicks_and_the_friends_of_the_ledger(self, staged, view):
        own = view.referral_clicks[view.referral_clicks["shop"].isin(ACCOUNTS)]
        customers = view.loyalty_members.set_index("member_id")["customer_id"].astype(str)
        expected = Counter(
            (shop, customers[member], friend.lower() or None)
            for shop, member, friend in zip(
                own["shop"], own["member_id"], own["friend_email"], strict=True
            )
        )
        found = query(
            staged,
            self.spec,
            "select account_id, advocate_customer_id, referred_email, count(*)"
            " from staging.stg_yotpo__referrals group by 1, 2, 3",
        )
        assert {row[:-1]: row[-1] for row in found} == expected
        assert any(friend for _, _, friend in expected)


def members_of(view):
    """What can be seen of every member, now."""
    own = view.loyalty_members[view.loyalty_members["shop"].isin(ACCOUNTS)]
    return {
        (row.shop, str(row.customer_id), row.tier, row.points_balance, pd.isna(row.opted_out_at))
        for row in own.itertuples()
    }

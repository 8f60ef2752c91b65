"""Instagram's connector against its twin, and its staging against the ledger."""

import datetime as dt
from typing import ClassVar

import pandas as pd
import pytest

from ingestion.errors import RequestRefusedError
from ingestion.sources.instagram import graph
from tests.integration.ad_connector import told
from tests.integration.connector import duckdb_settings, load, query, raw_rows, spoil, stage
from tests.integration.source_tests import BEFORE, SourceTests
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration

MEASURES = ["views", "reach", "likes", "comments", "shares", "saves"]
FEW_DAYS = {"INSTAGRAM__HISTORY_DAYS": "60"}


class TestInstagram(SourceTests):
    source = "instagram"
    wrong: ClassVar = {"INSTAGRAM__ACCOUNTS__0__ACCESS_TOKEN": "EAAWRONGTOKEN"}
    secret = "EAAWRONG"
    following = "after="

    def make_pages_small(self, monkeypatch):
        monkeypatch.setattr(graph, "PAGE_ROWS", 20)

    @classmethod
    def load(cls, sandbox, settings, **options):
        """The account's last weeks, and every post."""
        with told(sandbox, cls.source, **FEW_DAYS) as section:
            return load(sandbox, settings, cls.spec, section, **options)

    @pytest.fixture(scope="class")
    @classmethod
    def staged(cls, clean):
        stage(clean[0], "instagram")
        return clean[0]

    @pytest.fixture(scope="class")
    @classmethod
    def view(cls, sandbox):
        return sandbox.sandbox.world.view()

    @pytest.mark.pitfall(11, 15)
    def test_daily_runs_end_as_one_load_does(self, tmp_path):
        """Of posts and followers a row a day stays, as it was seen; the account's days are equal.

        Posts too old to change are not seen again, and Meta tells new followers of 30 days.
        """
        with run_sandbox(tmp_path / "sandbox", seed=3, now=BEFORE) as running:
            kept, fresh = duckdb_settings(tmp_path), duckdb_settings(tmp_path)
            posts: set[tuple] = set()
            followers: set[tuple] = set()
            for days in (1, 2, 1, 3, 0):
                self.load(running, kept)
                now = running.sandbox.world.clock.now
                view = running.sandbox.world.view()
                newest = view.social_posts["published_at"] >= now - pd.Timedelta(days=90)
                young = set(view.social_posts.loc[newest, "post_id"])
                first = not posts
                posts |= {
                    (number, now.date(), *sums)
                    for number, *sums in totals(view)
                    if first or number in young
                }
                followers.add((now.date(), follower_count(view)))
                if days:
                    running.advance(days)
            self.load(running, fresh)
            one, many = raw_rows(fresh, self.spec), raw_rows(kept, self.spec)
        assert many["media"] == one["media"]
        assert not one["account_days"] - many["account_days"]
        assert not one["follower_days"] - many["follower_days"]
        columns = "observed_on, views, reach, likes, comments, shares, saved"
        found = query(kept, self.spec, f"select media_id, {columns} from {{raw}}.media_insights")
        assert set(found) == posts
        assert len(found) == len(posts)
        seen = query(kept, self.spec, "select observed_on, followers_count from {raw}.accounts")
        assert set(seen) == followers

    @pytest.mark.pitfall(15)
    def test_days_of_the_account_are_put_right_and_what_vanished_vanishes(
        self, sandbox, clean, tmp_path
    ):
        settings, right = duckdb_settings(tmp_path), clean[1]["account_days"]
        self.load(sandbox, settings)
        spoil(settings, self.spec, "update {raw}.account_days set views = views + 1")
        newest = max(row[1] for row in right)
        first = newest - dt.timedelta(days=9)
        self.load(sandbox, settings, date_from=first, date_to=newest)
        found = raw_rows(settings, self.spec)["account_days"]
        assert found & right
        assert all((row[1] >= first) == (row in right) for row in found)

    def test_an_account_that_is_not_there_is_a_clear_error(self, sandbox, tmp_path):
        with (
            told(sandbox, self.source, INSTAGRAM__ACCOUNTS__0__USER_ID="42") as section,
            pytest.raises(RequestRefusedError, match="'42' does not exist"),
        ):
            load(sandbox, duckdb_settings(tmp_path), self.spec, section)

    def test_staged_posts_and_their_totals_equal_the_ledger(self, staged, view):
        found = query(
            staged,
            self.spec,
            "select post_id, impressions, reach, like_count, comment_count, share_count, save_count"
            " from staging.stg_instagram__social_post_observations",
        )
        assert set(found) == totals(view)
        kinds = {"IMAGE": "image", "VIDEO": "reel", "CAROUSEL_ALBUM": "carousel"}
        posts = {
            (row.post_id, kinds[row.media_type], row.permalink, second(row.published_at))
            for row in view.social_posts.itertuples()
        }
        found = query(
            staged,
            self.spec,
            "select post_id, media_type, permalink, published_at"
            " from staging.stg_instagram__social_posts",
        )
        assert set(found) == posts
        assert len(found) == len(posts)

    def test_staged_days_equal_the_ledger(self, sandbox, staged, view):
        """Followers of a day's end are known where a run was there on the next day."""
        days = view.social_account_days
        oldest = sandbox.sandbox.world.clock.now.date() - dt.timedelta(days=60)
        known = days[days["day"].dt.date >= oldest]
        found = query(
            staged,
            self.spec,
            "select metric_date, impressions, reach, new_follower_count"
            " from staging.stg_instagram__social_account_days",
        )
        assert {row[:3] for row in found} == {
            (row.day.date(), row.views, row.reach) for row in known.itertuples()
        }
        gained = {row[0]: row[3] for row in found if row[3] is not None}
        expected = {row.day.date(): row.new_followers for row in known.itertuples()}
        assert len(gained) >= 28
        assert gained.items() <= expected.items()


def second(moment):
    """As the API writes it."""
    return moment.replace(microsecond=0).tz_localize(None).to_pydatetime()


def totals(view):
    """Every post that was reported on, with its sums."""
    sums = view.social_entries.groupby("post_id")[MEASURES].sum()
    return set(sums.itertuples(name=None))


def follower_count(view):
    """As of the newest day that was reported."""
    return view.social_account_days.sort_values("day")["follower_count"].iloc[-1]

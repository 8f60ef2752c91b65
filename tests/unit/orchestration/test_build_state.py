"""The record of builds survives a kill at any moment."""

import datetime as dt
import json

import pytest

from ingestion.settings import Settings
from orchestration.lib.build_state import RECORD, BuildStore
from orchestration.lib.planner import Arrival, Situation

NOW = dt.datetime(2026, 7, 1, 2, tzinfo=dt.UTC)
SITUATION = Situation({"files.orders": Arrival(3, "2026-06-30")}, "settings", "code")


@pytest.fixture
def settings(tmp_path):
    return Settings(_env_file=None, data_dir=tmp_path, duckdb_path=tmp_path / "w.duckdb")


@pytest.fixture
def manifest(tmp_path):
    file = tmp_path / "manifest.json"
    file.write_text('{"nodes": {}}')
    file.with_name("semantic_manifest.json").write_text('{"metrics": []}')
    return file


def save(settings, manifest, now=NOW, situation=SITUATION):
    return BuildStore(settings).save(
        situation, target=manifest.parent, counts={"model": 2}, seconds=1.0, now=now
    )


def test_what_was_saved_comes_back(settings, manifest):
    saved = save(settings, manifest)
    assert BuildStore(settings).last() == saved
    assert saved.manifest() == {"nodes": {}}
    assert json.loads(saved.semantic_manifest.read_text()) == {"metrics": []}


def test_a_newer_build_replaces_it_and_leaves_nothing_behind(settings, manifest):
    first = save(settings, manifest)
    second = save(settings, manifest, now=NOW + dt.timedelta(days=1))
    assert BuildStore(settings).last() == second
    assert not first.state_dir.exists()


def test_a_kill_before_the_record_is_renamed_keeps_the_old_one(settings, manifest):
    saved = save(settings, manifest)
    half = saved.state_dir.parent / "20260702T020000000000"
    half.mkdir()
    (saved.state_dir.parent / f"{RECORD}.123").write_text('{"finished_at": ')
    assert BuildStore(settings).last() == saved


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"finished_at": "x"})])
def test_an_unreadable_record_counts_as_none(settings, manifest, content):
    saved = save(settings, manifest)
    (saved.state_dir.parent / RECORD).write_text(content)
    assert BuildStore(settings).last() is None


def test_a_record_without_its_manifest_counts_as_none(settings, manifest):
    (save(settings, manifest).state_dir / "manifest.json").unlink()
    assert BuildStore(settings).last() is None


def test_every_warehouse_has_its_own(settings, manifest, tmp_path):
    save(settings, manifest)
    other = settings.model_copy(update={"duckdb_path": tmp_path / "other.duckdb"})
    assert BuildStore(other).last() is None

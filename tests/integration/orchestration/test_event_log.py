"""Dagster's history is written through files that stay open, and is what Dagster itself reads."""

import dagster as dg
import psutil
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from ingestion.settings import Settings
from orchestration.lib.dagster_home import open_instance
from orchestration.lib.event_log import KEPT_OPEN, KeptOpenEventLogStorage

pytestmark = pytest.mark.integration


@dg.asset(check_specs=[dg.AssetCheckSpec("is_whole", asset="order")])
def order():
    return dg.MaterializeResult(
        check_results=[dg.AssetCheckResult(passed=True, check_name="is_whole")]
    )


@pytest.fixture
def instance(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    with open_instance(Settings(_env_file=None, project_dir=tmp_path)) as instance:
        yield instance


def names_of(storage, run_id):
    return [record.dagster_event.event_type_value for record in storage.get_logs_for_run(run_id)]


def test_dagsters_own_storage_reads_the_same_history(instance, tmp_path):
    run_id = dg.materialize([order], instance=instance).run_id
    ours = instance.event_log_storage
    plain = SqliteEventLogStorage(str(tmp_path / ".dagster/history/runs"))
    names = names_of(plain, run_id)
    assert {"ASSET_MATERIALIZATION", "ASSET_CHECK_EVALUATION", "PIPELINE_SUCCESS"} <= set(names)
    assert names == names_of(ours, run_id)
    assert plain.has_asset_key(dg.AssetKey("order"))


def test_files_of_many_runs_are_not_all_kept_open(instance, tmp_path):
    runs = [dg.materialize([order], instance=instance).run_id for _ in range(KEPT_OPEN + 1)]
    assert all(names_of(instance.event_log_storage, run_id) for run_id in runs)
    open_files = {file.path for file in psutil.Process().open_files()}
    kept = [file for file in open_files if file.endswith(".db") and str(tmp_path) in file]
    assert 1 < len(kept) <= KEPT_OPEN + 1, "and one more is the book of runs"


def test_a_wiped_history_begins_anew(instance):
    dg.materialize([order], instance=instance)
    instance.wipe()
    run_id = dg.materialize([order], instance=instance).run_id
    assert "PIPELINE_SUCCESS" in names_of(instance.event_log_storage, run_id)
    assert isinstance(instance.event_log_storage, KeptOpenEventLogStorage)

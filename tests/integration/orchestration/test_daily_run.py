"""The daily run as Dagster records it: what ran, what was left alone, who is told."""

import json
import os
import shutil
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import dagster as dg
import pytest

from ingestion.errors import AlreadyRunningError
from orchestration.errors import RunFailedError
from orchestration.lib.alerts import Cause, tell
from orchestration.lib.dagster_home import HOST_TAG, PID_TAG, open_instance, process_tags
from orchestration.lib.daily import run_daily

pytestmark = pytest.mark.integration


@pytest.fixture
def receiver():
    """A webhook on this machine; gives the messages that came."""
    messages: list[dict] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            messages.append(json.loads(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook/secret", messages
    server.shutdown()
    server.server_close()


def materialized(shop, run_id):
    """Asset to its metadata, of one run."""
    with open_instance(shop.settings()) as instance:
        records = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    events = [record.asset_materialization for record in records]
    return {
        event.asset_key.to_user_string(): {k: v.value for k, v in event.metadata.items()}
        for event in events
    }


def test_two_runs_and_what_the_second_left_alone(built):
    first = materialized(built, built.first_run.run_id)
    assert first["files/orders"]["loaded_rows"] == 3
    assert first["marts/fct_orders"]["dagster/row_count"] == 3
    page = built.folder / "data/docs/index.html"
    assert "model.tiny.fct_orders" in page.read_text()

    built.sell("9")
    second = materialized(built, run_daily(built.settings()).run_id)
    assert set(second) == set(first)
    rebuilt = {name for name, metadata in second.items() if metadata.get("rebuilt")}
    assert rebuilt == {
        "staging/stg_files__orders",
        "intermediate/int_orders_unioned",
        "marts/fct_orders",
        "reports/rpt_orders",
    }
    assert second["marts/dim_customers"]["because"] == "no new rows in what they read of files"


def test_people_are_told_once_a_cause(built, receiver):
    url, messages = receiver
    settings = built.settings(alert_webhook_url=url, dagster_url="http://dagster.test/")
    built.sell("1")  # an order twice: a test fails
    for _ in range(2):
        with pytest.raises(RunFailedError, match=r"unique_.* failed.*--select"):
            run_daily(settings)
    (message,) = messages
    assert set(message) == {"text"}
    assert "daily failed" in message["text"]
    assert "http://dagster.test/runs/" in message["text"]


def test_a_rejected_row_is_told_though_the_run_ends_well(built, receiver):
    url, messages = receiver
    built.write("export/orders.csv", "order,customer\n1,a\n2,b,too,many\n")
    run_daily(built.settings(alert_webhook_url=url))
    (message,) = messages
    assert "rows_fit" in message["text"]


CATALOGUE = '[{"id": "1", "title": "Cup", "price": "%s"}]'


def test_sources_that_load_side_by_side_stand_in_one_run(built, monkeypatch):
    """And one that fails takes nothing from the other."""
    monkeypatch.setenv("CATALOG__FEEDS__0__NAME", "shop")
    monkeypatch.setenv("CATALOG__FEEDS__0__URL", "products.json")
    monkeypatch.setenv("CATALOG__FEEDS__0__CURRENCY", "EUR")
    settings = built.settings(sources=("catalog", "files"), loads_at_once=2)
    built.write("products.json", CATALOGUE % "3.00")
    built.sell("9")
    found = materialized(built, run_daily(settings).run_id)
    assert found["catalog/items"]["loaded_rows"] == 1
    assert found["files/orders"]["loaded_rows"] == 4  # a file that changed is read whole
    assert found["marts/fct_orders"]["dagster/row_count"] == 4

    built.write("products.json", CATALOGUE % "4.00")
    shutil.rmtree(built.folder / "export")
    with pytest.raises(RunFailedError, match="files"):
        run_daily(settings)
    with open_instance(settings) as instance:
        (last,) = instance.get_runs(limit=1)
    found = materialized(built, last.run_id)
    assert found["catalog/items"]["loaded_rows"] == 1
    assert "marts/fct_orders" not in found


ALERTS = """select
    'cvr' as metric_key, 'store' as dimension, 's' as dimension_value, 'below' as direction,
    'warn' as severity, 0.001 as value, 0.002 as min_value, null as max_value,
    'look at the checkout' as reason, days.date_day as metric_date
from {{ ref('dim_dates') }} as days"""
DATES = "select date '2026-01-0{day}' as date_day, {day} < 3 as is_complete"


def test_a_target_that_is_missed_is_a_check_and_is_told(built, receiver):
    """Of the newest complete day: alerts of the days before it have been told."""
    url, messages = receiver
    (built.folder / "dbt_project/seeds/metrics").mkdir()
    built.write("dbt_project/seeds/metrics/metric_targets.csv", "metric_key\ncvr\naov\n")
    built.write("dbt_project/models/reports/rpt_metric_alerts.sql", ALERTS)
    days = " union all ".join(DATES.format(day=day) for day in (1, 2, 3))
    built.write("dbt_project/models/marts/dim_dates.sql", days)
    done = run_daily(built.settings(alert_webhook_url=url))
    with open_instance(built.settings()) as instance:
        records = instance.all_logs(done.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    found = [record.get_dagster_event().asset_check_evaluation_data for record in records]
    checks = {check.check_name: check for check in found}
    assert checks["target_of_aov"].passed
    assert not checks["target_of_cvr"].passed
    assert checks["target_of_cvr"].severity == dg.AssetCheckSeverity.WARN
    (message,) = messages
    told = "cvr of store s was 0.001 on 2026-01-02, below 0.002: look at the checkout"
    assert told in message["text"]


def test_a_cause_comes_back_after_a_run_that_ended_well(built, receiver):
    """Told, mended, broken again: told again. What could not be sent counts as untold."""
    url, messages = receiver
    causes = [Cause("daily/failures", "load", "load failed")]
    send = partial(tell, scope="daily/failures", title="Basketline", link="")
    assert not send(built.settings(alert_webhook_url="http://127.0.0.1:9/hook"), causes=causes)
    assert send(built.settings(alert_webhook_url=url), causes=causes)
    assert not send(built.settings(alert_webhook_url=url), causes=causes)
    run_daily(built.settings(alert_webhook_url=url))
    assert send(built.settings(alert_webhook_url=url), causes=causes)
    assert len(messages) == 2


@pytest.mark.pitfall(27)
@pytest.mark.parametrize("tags", [dict(process_tags()) | {PID_TAG: "999999999"}, {}])
def test_a_run_that_was_killed_gives_its_turn_back(built, tags):
    """Its process is gone, but it still stands as running and holds the only place in the pool."""
    with open_instance(built.settings()) as instance:
        run = instance.create_run_for_job(_job(), tags=tags)
        instance.handle_new_event(_started(run))
        storage = instance.event_log_storage
        storage.initialize_concurrency_limit_to_default("duckdb")
        assert storage.claim_concurrency_slot("duckdb", run.run_id, "load_files").is_claimed
    run_daily(built.settings())
    with open_instance(built.settings()) as instance:
        assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE


def test_a_second_run_does_not_start_beside_the_first(built):
    with open_instance(built.settings()) as instance:
        run = instance.create_run_for_job(_job(), tags=dict(process_tags()))
        instance.handle_new_event(_started(run))
    assert run.tags[HOST_TAG]
    with pytest.raises(AlreadyRunningError, match=f"process {os.getpid()}"):
        run_daily(built.settings())


def _job() -> dg.JobDefinition:
    @dg.job(name="daily")
    def daily():
        pass

    return daily


def _started(run: dg.DagsterRun) -> dg.EventLogEntry:
    return dg.EventLogEntry(
        error_info=None,
        level=20,
        user_message="",
        run_id=run.run_id,
        timestamp=0.0,
        dagster_event=dg.DagsterEvent(
            event_type_value=dg.DagsterEventType.RUN_START.value, job_name=run.job_name
        ),
    )

"""Who is told when a run fails, or when it ends well and a check did not pass."""

import dagster as dg

from ingestion.settings import Settings
from orchestration.lib.alerts import tell
from orchestration.lib.dagster_records import record_dagster_runs
from orchestration.lib.run_causes import check_scope, failed_checks, failed_steps, failure_scope

RUNNING = dg.DefaultSensorStatus.RUNNING


def sensors(settings: Settings) -> list[dg.SensorDefinition]:
    """The failure sensor and the alert sensor.

    Args:
        settings: Have ALERT_WEBHOOK_URL and the address of Dagster's pages.
    """

    @dg.run_failure_sensor(name="tell_failures", default_status=RUNNING)
    def tell_failures(context: dg.RunFailureSensorContext) -> None:
        tell_failure(settings, context.instance, context.dagster_run)
        record_dagster_runs(settings, context.instance)

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS, name="tell_alerts", default_status=RUNNING
    )
    def tell_alerts(context: dg.RunStatusSensorContext) -> None:
        tell_success(settings, context.instance, context.dagster_run)
        record_dagster_runs(settings, context.instance)

    return [tell_failures, tell_alerts]


def tell_failure(settings: Settings, instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Posts why a run failed, unless that was told before.

    Args:
        settings: Where to.
        instance: Has the run's events.
        run: The run.

    Returns:
        Whether a message went out.
    """
    return tell(
        settings,
        failure_scope(run.job_name),
        failed_steps(instance, run),
        title=f"Basketline: {run.job_name} failed",
        link=run_link(settings, run),
    )


def tell_success(settings: Settings, instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Posts checks that did not pass in a run that ended well; its failures are over.

    Args:
        settings: Where to.
        instance: Has the run's events.
        run: The run.

    Returns:
        Whether a message went out.
    """
    link = run_link(settings, run)
    tell(settings, failure_scope(run.job_name), (), title="", link=link)
    return tell(
        settings,
        check_scope(run.job_name),
        failed_checks(instance, run),
        title=f"Basketline: {run.job_name} ended well, but deserves a look",
        link=link,
    )


def run_link(settings: Settings, run: dg.DagsterRun) -> str:
    """The run's page in Dagster."""
    return f"{settings.dagster_url.rstrip('/')}/runs/{run.run_id}"

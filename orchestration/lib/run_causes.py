"""What of a run people should know: steps that failed, checks that did not pass."""

from __future__ import annotations

import dagster as dg

from orchestration.lib.alerts import Cause


def failed_steps(instance: dg.DagsterInstance, run: dg.DagsterRun) -> tuple[Cause, ...]:
    """One cause a step that failed; a run that never came so far is one itself.

    Args:
        instance: Has the run's events.
        run: The run.
    """
    scope = failure_scope(run.job_name)
    records = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    causes: list[Cause] = []
    for record in records:
        event = record.get_dagster_event()
        data = event.step_failure_data
        failure = data.user_failure_data
        reason = failure.description if failure else str(data.error and data.error.message)
        kind = data.error.cls_name if data.error else "Failure"
        text = f"{event.step_key}: {' '.join((reason or 'failed').split())}"
        causes.append(Cause(scope, f"{event.step_key} {kind}", text))
    return tuple(causes) or (Cause(scope, "run", "The run ended before a step could fail"),)


def failed_checks(instance: dg.DagsterInstance, run: dg.DagsterRun) -> tuple[Cause, ...]:
    """One cause a check that did not pass.

    Args:
        instance: Has the run's events.
        run: The run.
    """
    scope = check_scope(run.job_name)
    records = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    found = [record.get_dagster_event().asset_check_evaluation_data for record in records]
    return tuple(
        Cause(
            scope,
            f"{check.asset_key.to_user_string()} {check.check_name}",
            check.description
            or f"Check {check.check_name} of {check.asset_key.to_user_string()} did not pass",
        )
        for check in found
        if not check.passed
    )


def failure_scope(job_name: str) -> str:
    """Where failures of a job are noted."""
    return f"{job_name}/failures"


def check_scope(job_name: str) -> str:
    """Where checks of a job are noted."""
    return f"{job_name}/checks"

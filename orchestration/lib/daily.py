"""The job `daily` in this process, recorded where Dagster's pages show it."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import dagster as dg

from ingestion.settings import Settings
from orchestration.definitions import build_definitions
from orchestration.defs.schedules import DAILY
from orchestration.defs.sensors import tell_failure, tell_success
from orchestration.errors import RunFailedError
from orchestration.lib.dagster_home import open_instance, process_tags
from orchestration.lib.dagster_records import record_dagster_runs
from orchestration.lib.load_processes import load_processes
from orchestration.lib.run_causes import failed_steps

logger = logging.getLogger("basketline.daily")

# Its own lines go to the log files; Dagster's would repeat every one of them on the terminal.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class DailyRun:
    """A daily run that ended well.

    Attributes:
        run_id: Dagster's.
        seconds: How long it took.
    """

    run_id: str
    seconds: float


def run_daily(settings: Settings) -> DailyRun:
    """Loads every source, builds what has to be built, writes the docs.

    Args:
        settings: Name warehouse and sources.

    Returns:
        The run.

    Raises:
        AlreadyRunningError: Another one is under way.
        RunFailedError: A step failed; what was loaded stays and is built next time.
    """
    started = time.monotonic()
    with open_instance(settings) as instance, load_processes(settings) as loads:
        # They have seconds of a head start on the graph of a thousand checks.
        loads.begin(settings.sources)
        job = build_definitions(settings, loads).resolve_job_def(DAILY)
        result = job.execute_in_process(
            instance=instance, raise_on_error=False, tags=process_tags(), run_config=_QUIET
        )
        tell = tell_success if result.success else tell_failure
        tell(settings, instance, result.dagster_run)
        record_dagster_runs(settings, instance)
        if not result.success:
            raise _failure(instance, result.dagster_run)
    seconds = time.monotonic() - started
    logger.info("daily run ended well in %.1f s", seconds, extra={"run_id": result.run_id})
    return DailyRun(result.run_id, seconds)


def _failure(instance: dg.DagsterInstance, run: dg.DagsterRun) -> RunFailedError:
    causes = failed_steps(instance, run)
    more = f" (and {len(causes) - 1} more)" if len(causes) > 1 else ""
    return RunFailedError(
        causes[0].text + more,
        where=DAILY,
        remedy="Then start `basketline run` again: what was loaded is kept",
    )

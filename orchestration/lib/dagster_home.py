"""Dagster's instance in `.dagster/`: its settings, and places that killed runs still hold."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from ingestion.errors import AlreadyRunningError
from ingestion.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

HOME = Path(".dagster")
INSTANCE_FILE = Path(__file__).parent.parent / "dagster.yaml"
PID_TAG = "basketline/pid"
HOST_TAG = "basketline/host"
# A daemon says that it lives every half minute.
DAEMON_SECONDS = 120


def prepare_home(settings: Settings) -> Path:
    """Makes Dagster's home, with the settings of `orchestration/dagster.yaml`.

    Args:
        settings: Say where the project is.

    Returns:
        The home, absolute; DAGSTER_HOME names another.
    """
    home = Path(os.environ.get("DAGSTER_HOME") or settings.project_dir / HOME).resolve()
    home.mkdir(parents=True, exist_ok=True)
    history = json.dumps(str(home / "history" / "runs"))
    filled = Template(INSTANCE_FILE.read_text()).substitute(history=history)
    (home / "dagster.yaml").write_text(filled)
    return home


@contextmanager
def open_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """Dagster's instance, free of what killed runs of this machine left.

    Args:
        settings: Say where the project is.

    Yields:
        The instance.

    Raises:
        AlreadyRunningError: Another run of the command line is under way.
    """
    import dagster as dg

    with dg.DagsterInstance.from_config(str(prepare_home(settings))) as instance:
        _close_dead_runs(instance)
        yield instance


def process_tags() -> Mapping[str, str]:
    """Tags of a run that tell which process it lives in."""
    return {PID_TAG: str(os.getpid()), HOST_TAG: socket.gethostname()}


def _close_dead_runs(instance: dg.DagsterInstance) -> None:
    """A run whose process was killed holds its place in the pool for ever: give it back."""
    import dagster as dg

    under_way = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])
    for run in instance.get_runs(under_way):
        if not _is_dead(instance, run):
            continue
        instance.report_run_failed(run, "Its process was killed.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _is_dead(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Whether a run's process is gone.

    Raises:
        AlreadyRunningError: It is a run of the command line, here, and alive.
    """
    if run.tags.get(HOST_TAG) == socket.gethostname():
        if _is_alive(int(run.tags[PID_TAG])):
            raise AlreadyRunningError(
                f"A daily run is under way in process {run.tags[PID_TAG]}",
                remedy="Wait until it ends; Dagster's page of runs shows how far it is",
            )
        return True
    return HOST_TAG not in run.tags and not _has_daemon(instance)


def _has_daemon(instance: dg.DagsterInstance) -> bool:
    """Whether Dagster's own processes are up: its runs live in them, and it looks after those."""
    beats = (status.last_heartbeat for status in instance.get_daemon_statuses().values())
    newest = max((beat.timestamp for beat in beats if beat), default=0.0)
    return time.time() - newest < DAEMON_SECONDS


def _is_alive(pid: int) -> bool:
    import psutil

    try:
        process = psutil.Process(pid)
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

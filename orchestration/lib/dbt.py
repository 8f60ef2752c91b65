"""Runs dbt as a child process and reads what it did from its own artifacts."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.destinations import Warehouse
from ingestion.errors import IngestionError
from ingestion.settings import Settings
from ingestion.turns import turn
from orchestration.errors import BuildError
from orchestration.lib.build_records import FAILED, record_build
from orchestration.lib.environment import dbt_environment, project_dir, target_dir

logger = logging.getLogger("basketline.dbt")

DBT = str(Path(sys.executable).with_name("dbt"))
# Commands that do not open the warehouse.
_OFFLINE = ("parse",)
_ERROR_EVENT = "MainEncounteredError"


@dataclass(frozen=True)
class NodeDone:
    """A node that dbt has finished, while it runs.

    Attributes:
        index: Its number.
        total: How many there are.
        name: Name of the model, test, seed or snapshot.
        kind: `model`, `test`, `seed`, `snapshot`, `function`, `unit_test`.
        status: As dbt says it: `success`, `pass`, `warn`, `fail`, `error`, `skipped`.
        seconds: How long it took.
    """

    index: int
    total: int
    name: str
    kind: str
    status: str
    seconds: float


@dataclass(frozen=True)
class NodeResult:
    """A node in `run_results.json`.

    Attributes:
        unique_id: dbt's name for it.
        status: As dbt says it.
        message: What dbt says of it.
        seconds: How long it took.
    """

    unique_id: str
    status: str
    message: str
    seconds: float

    @property
    def kind(self) -> str:
        """Its kind: `model`, `test`, `seed` and so on."""
        return self.unique_id.partition(".")[0]

    @property
    def name(self) -> str:
        """Its name; of a data test without the hash that dbt puts behind it."""
        return self.unique_id.split(".")[2]


def run_dbt(
    settings: Settings,
    arguments: Sequence[str],
    *,
    on_node: Callable[[NodeDone], None] = lambda _: None,
) -> None:
    """Runs a dbt command to its end, with the warehouse to itself; records what a build did.

    Args:
        settings: Name the warehouse.
        arguments: As after `dbt`.
        on_node: Is told of every node that is done.

    Raises:
        BuildError: It failed; the first failing node, or why it did not start.
        IngestionError: The warehouse is held or does not answer.
    """
    forget_results(settings)
    started_at = dt.datetime.now(dt.UTC)
    complaints: list[str] = []
    alone = nullcontext() if arguments[0] in _OFFLINE else turn(Warehouse(settings))
    with (
        alone,
        subprocess.Popen(
            [DBT, "--log-format", "json", *arguments],
            env=_child_environment(settings),
            cwd=project_dir(settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        for line in process.stdout or ():
            _hear(line, on_node, complaints)
    failure = explain_failure(settings, complaints) if process.returncode else None
    if arguments[0] == "build":
        record_build(settings, read_artifact(settings, "run_results.json"), failure, started_at)
    if failure:
        raise failure


def pass_through(settings: Settings, arguments: Sequence[str]) -> int:
    """Runs a dbt command whose output goes straight to the terminal; returns its exit code."""
    done = subprocess.run(
        [DBT, *arguments],
        env=_child_environment(settings),
        cwd=project_dir(settings),
        check=False,
    )
    return done.returncode


def read_artifact(settings: Settings, name: str) -> dict[str, Any]:
    """One of dbt's JSON files of the last command; empty where it wrote none."""
    try:
        content: dict[str, Any] = json.loads((target_dir(settings) / name).read_text())
    except FileNotFoundError:
        return {}
    return content


def run_results(settings: Settings) -> tuple[NodeResult, ...]:
    """What became of every node of the last command."""
    return tuple(
        NodeResult(
            unique_id=result["unique_id"],
            status=result["status"],
            message=result.get("message") or "",
            seconds=result.get("execution_time") or 0.0,
        )
        for result in read_artifact(settings, "run_results.json").get("results", ())
    )


def forget_results(settings: Settings) -> None:
    """Removes the results of an earlier command, so that nobody takes them for this one's."""
    (target_dir(settings) / "run_results.json").unlink(missing_ok=True)


def explain_failure(settings: Settings, complaints: Sequence[str] = ()) -> IngestionError:
    """One line for a dbt command that failed.

    Args:
        settings: Name the warehouse.
        complaints: What dbt said before any node ran.
    """
    failed = [result for result in run_results(settings) if result.status in FAILED]
    for result in failed:
        logger.error("%s %s: %s", result.kind, result.name, result.message)
    text = " ".join([*complaints, *(result.message for result in failed)])
    known = Warehouse(settings).explain(RuntimeError(text))
    if known is not None:
        return known
    if not failed:
        return BuildError(
            complaints[0] if complaints else "dbt ended without a word",
            where="dbt",
            remedy="Correct it there; `basketline dbt parse` checks the project alone",
        )
    first = failed[0]
    others = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
    return BuildError(
        f"{first.kind} {first.name} failed{others}: {first.message}",
        where="dbt",
        remedy=f"See logs/error.log; `basketline build --select {first.name}` runs it alone",
    )


def _child_environment(settings: Settings) -> Mapping[str, str]:
    # dbt's log of every step costs a tenth of a build; whoever looks for a fault asks for "debug".
    quiet = {"DBT_LOG_LEVEL_FILE": "info"}
    return quiet | os.environ | dbt_environment(settings) | {"PYTHONUNBUFFERED": "1"}


def _hear(line: str, on_node: Callable[[NodeDone], None], complaints: list[str]) -> None:
    """One line of dbt's log: a node that is done, an error, or something else."""
    try:
        event = json.loads(line)
        info, data = event["info"], event["data"]
    except (ValueError, TypeError, KeyError):
        if line.strip():
            complaints.append(line.strip())
        return
    if info["name"] == _ERROR_EVENT:
        complaints.insert(0, info["msg"].removeprefix("Encountered an error:\n"))
    node = data.get("node_info") or {}
    if "index" in data and node.get("node_finished_at"):
        on_node(
            NodeDone(
                index=data["index"],
                total=data.get("total") or data.get("num_models") or 0,
                name=node["node_name"],
                kind=node["resource_type"],
                status=node["node_status"],
                seconds=data.get("execution_time") or 0.0,
            )
        )

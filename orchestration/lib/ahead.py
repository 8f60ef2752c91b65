"""Work of a run's later steps, done while Dagster records what came of an earlier one.

Steps go one after the other, and Dagster takes half a minute of one core for the events of a
thousand models and tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

Result = TypeVar("Result")


class WorkAhead:
    """What later steps have to do, by run and step."""

    def __init__(self) -> None:
        self._done: dict[tuple[str, str], Future[Any]] = {}

    @contextmanager
    def begun(self, run_id: str, tasks: Mapping[str, Callable[[], Any]]) -> Iterator[None]:
        """Does tasks while the block runs, one after the other; those after a failure fail too.

        Args:
            run_id: The run.
            tasks: By step.
        """
        with ThreadPoolExecutor(1) as beside:
            last = None
            for step, task in tasks.items():
                last = self._done[run_id, step] = beside.submit(_follow, last, task)
            yield

    def result(self, run_id: str, step: str, task: Callable[[], Result]) -> Result:
        """What a step's task has given or raised, or does it now if nobody did it ahead.

        Args:
            run_id: The run.
            step: The step.
            task: The same task.
        """
        done = self._done.pop((run_id, step), None)
        given: Result = done.result() if done else task()
        return given


def _follow(last: Future[Any] | None, task: Callable[[], Result]) -> Result:
    """A task after another one."""
    if last:
        last.result()
    return task()

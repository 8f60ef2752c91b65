"""The sandbox in a thread of the test's own process: reached over HTTP, steered directly."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import uvicorn

from sandbox.env import environment
from sandbox.faults import Fault, Faults
from sandbox.server import Sandbox, application
from sandbox.store import Store

START_SECONDS = 30


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that listens.

    Attributes:
        port: Where.
        sandbox: The world, its clock and its faults.
        folder: Its state folder: truth and files.
    """

    port: int
    sandbox: Sandbox
    folder: Path

    def url(self, vendor: str) -> str:
        """Where a vendor answers."""
        return f"http://127.0.0.1:{self.port}/{vendor}"

    @contextmanager
    def entered(self) -> Iterator[pytest.MonkeyPatch]:
        """Settings mean this sandbox inside; gives what more can be set with until the end."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment(self.port, self.folder).items():
                patch.setenv(name, value)
            yield patch

    def fail(self, vendor: str, kind: Fault, count: int = 1) -> None:
        """Lets the next requests to a vendor fail."""
        self.sandbox.faults.schedule(vendor, kind, count)

    def advance(self, days: int = 1) -> None:
        """Moves the clock on."""
        self.sandbox.advance(pd.Timedelta(days=days))


@contextmanager
def run_sandbox(
    folder: Path, *, size: str = "tests", seed: int = 1, now: str | None = None
) -> Iterator[RunningSandbox]:
    """Starts a sandbox on a free port and stops it again.

    Args:
        folder: Its state folder.
        size: Of the world.
        seed: Of the world.
        now: The clock; unset, the world's own.
    """
    store = Store(folder)
    moment = pd.Timestamp(now, tz="UTC") if now else None
    sandbox = Sandbox(store.open(size, seed, moment), store, Faults())
    sandbox.publish()
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application(sandbox), log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield RunningSandbox(listener.getsockname()[1], sandbox, folder)
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)

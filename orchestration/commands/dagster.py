"""`basketline dagster`: Dagster's pages, its schedule and its sensors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_PORT = 3000
STOP_SECONDS = 20


def dagster(
    port: Annotated[int, typer.Option(help="Where the pages are.")] = DEFAULT_PORT,
) -> None:
    """Open Dagster's pages, with the runs so far; schedule and sensors run as long as it does."""
    from orchestration.commands.sandbox import demo_sandbox
    from orchestration.lib.dagster_home import prepare_home
    from orchestration.lib.manifest import prepare_manifest
    from orchestration.lib.ports import HOST, claim_port
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import say

    settings = open_settings()
    claim_port(port)
    prepare_manifest(settings)
    command = [str(Path(sys.executable).with_name("dagster")), "dev"]
    command += ["--module-name", "orchestration.definitions", "--host", HOST, "--port", str(port)]
    environment = os.environ | {
        "DAGSTER_HOME": str(prepare_home(settings)),
        "DAGSTER_URL": f"http://{HOST}:{port}",
    }
    with demo_sandbox():
        say(f"Dagster: http://{HOST}:{port} (Ctrl-C ends it)")
        raise typer.Exit(_run_until_stopped(command, environment))


def _run_until_stopped(command: list[str], environment: dict[str, str]) -> int:
    """Runs Dagster's processes until the user, or whoever started this, wants them to end.

    Ctrl-C is the one signal at which `dagster dev` ends its servers too, so it gets that one; they
    are a group of their own, so that none of them can stay behind.
    """
    # A shell that starts this in the background hands Ctrl-C down as ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        return 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

"""`basketline dagster`: Dagster's pages, its schedule and its sensors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_PORT = 3000


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
        process = subprocess.Popen(command, env=environment, cwd=settings.project_dir)
        raise typer.Exit(_wait(process))


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Waits for the end; Ctrl-C reaches the child anyway, SIGTERM is handed on."""
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue

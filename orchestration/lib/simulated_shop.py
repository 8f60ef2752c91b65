"""Starts the simulated shop as a process of its own; the only way from here to the other side."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from orchestration.errors import SandboxError
from orchestration.lib.ports import HOST

START_SECONDS = 120
STOP_SECONDS = 10
PACKAGE = Path(__file__).parents[2] / "sandbox"


def is_here() -> bool:
    """Whether this is a clone that has the sandbox; an installed package has not."""
    return (PACKAGE / "__main__.py").exists()


def call(arguments: Sequence[str]) -> int:
    """Runs `python -m sandbox …` on this terminal; returns its exit code."""
    return subprocess.run(_command(arguments), check=False).returncode


def settings_of(port: int, state: Path) -> str:
    """The lines of `.env` that point to a sandbox.

    Args:
        port: Where it listens.
        state: Its folder.

    Raises:
        SandboxError: It does not say.
    """
    done = subprocess.run(
        _command(["env", "--port", str(port), "--state", str(state)]),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SandboxError(_last_line(done.stderr), where="sandbox", remedy="Run make setup again")
    return done.stdout


def is_listening(port: int) -> bool:
    """Whether a sandbox, and nothing else, answers on a port."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/_sandbox/health", timeout=2) as answer:
            return bool(json.load(answer).get("status") == "ok")
    except (OSError, ValueError):
        return False


@contextmanager
def running(port: int, state: Path, *options: str) -> Iterator[None]:
    """A sandbox as long as the block runs; one that listens already is used and left alone.

    Args:
        port: Where it listens.
        state: Its folder; the world and its clock stay there.
        *options: For `python -m sandbox`, for example `--size`.

    Raises:
        SandboxError: It does not start.
    """
    if is_listening(port):
        yield
        return
    command = _command(["--port", str(port), "--state", str(state), *options])
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        _wait_until_ready(process, port)
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_until_ready(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_listening(port):
        if process.poll() is not None:
            said = process.stderr.read() if process.stderr else ""
            raise SandboxError(_last_line(said), remedy="Run `basketline sandbox --help`")
        if time.monotonic() > deadline:
            raise SandboxError(
                f"The sandbox does not answer on port {port} after {START_SECONDS} s",
                remedy="Start it by hand to see why: basketline sandbox",
            )
        time.sleep(0.2)


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "sandbox", *arguments]


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "The sandbox ended without a word"

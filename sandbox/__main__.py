"""``python -m sandbox``: start the simulated shop, advance its clock, print its settings."""

from __future__ import annotations

import argparse
import json
import signal
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pandas as pd
import uvicorn

from sandbox.env import env_lines, environment
from sandbox.faults import Faults
from sandbox.server import Sandbox, application
from sandbox.store import NOON, StateError, Store
from sandbox.world.presets import PRESETS

HOST = "127.0.0.1"


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except (StateError, OSError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--state", type=Path, default=Path(".data/sandbox"), metavar="DIR")
    parser.add_argument("--size", choices=sorted(PRESETS), default="demo")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--now", type=_moment, help="date (noon UTC) or time in ISO 8601")
    parser.set_defaults(run=_serve)
    # A default in a subcommand would write over the option before it.
    again = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    again.add_argument("--port", type=int)
    again.add_argument("--state", type=Path, metavar="DIR")
    commands = parser.add_subparsers()
    advance = commands.add_parser("advance", parents=[again], help="move a running sandbox's clock")
    advance.add_argument("--days", type=int, default=1)
    advance.set_defaults(run=_advance)
    env = commands.add_parser("env", parents=[again], help="print the settings that point to it")
    env.set_defaults(run=_env)
    return parser


def _moment(text: str) -> pd.Timestamp:
    moment = pd.Timestamp(text)
    if moment.tz is not None:
        return moment.tz_convert("UTC")
    return moment.tz_localize("UTC") + (NOON if len(text) == len("2026-06-30") else pd.Timedelta(0))


def _serve(options: argparse.Namespace) -> int:
    _check_port(options.port)
    store = Store(options.state)
    sandbox = Sandbox(store.open(options.size, options.seed, options.now), store, Faults())
    sandbox.publish()
    app = application(sandbox)
    config = uvicorn.Config(app, HOST, options.port, log_level="warning", lifespan="off")
    sys.stdout.write(_ready_lines(sandbox, options.port))
    sys.stdout.flush()
    # uvicorn closes and then sends the signal on, which would leave temporary folders behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.Server(config).run()
    return 0


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise StateError(
                f"port {port} is in use; stop what listens there or choose another --port"
            ) from error


def _ready_lines(sandbox: Sandbox, port: int) -> str:
    state = sandbox.state()
    names = ", ".join(str(name) for name in state["vendors"])
    settings = env_lines(environment(port, sandbox.store.folder))
    return (
        f"sandbox ready at http://{HOST}:{port}: {state['size']} world, seed {state['seed']}, "
        f"now {state['now']}, {state['orders']:,} orders, {state['web_events']:,} web events\n"
        f"serving {names} over HTTP; ga4_events and files under {state['folder']}\n"
        f"settings for .env:\n{settings}\n"
    )


def _advance(options: argparse.Namespace) -> int:
    request = urllib.request.Request(
        f"http://{HOST}:{options.port}/_sandbox/advance",
        json.dumps({"days": options.days}).encode(),
        {"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            state = json.load(answer)
    except urllib.error.HTTPError as error:
        raise StateError(json.load(error)["error"]) from error
    except urllib.error.URLError as error:
        raise StateError(
            f"no sandbox listens on port {options.port}; start one with python -m sandbox"
        ) from error
    sys.stdout.write(
        f"now {state['now']}: {state['orders']:,} orders, {state['web_events']:,} web events, "
        f"{len(state['changed_files'])} files changed\n"
    )
    return 0


def _env(options: argparse.Namespace) -> int:
    sys.stdout.write(env_lines(environment(options.port, options.state)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

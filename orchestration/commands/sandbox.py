"""`basketline sandbox …`: the simulated shop, as `python -m sandbox …`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

PASS_EVERYTHING = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}


def sandbox(context: typer.Context) -> None:
    """Start the simulated shop, or move its clock: basketline sandbox advance --days 1."""
    from orchestration.lib.demo import demo_port, demo_state, world_size
    from orchestration.lib.session import open_settings, uses_demo_settings
    from orchestration.lib.simulated_shop import call

    open_settings()
    arguments = list(context.args)
    is_advance = arguments[:1] == ["advance"]
    if not uses_demo_settings() or _names_a_place(arguments):
        raise typer.Exit(call(arguments))
    place = ["--port", str(demo_port()), "--state", str(demo_state())]
    if not arguments:
        arguments = ["--size", world_size()]
    if not is_advance:
        raise typer.Exit(call([*arguments, *place]))
    with demo_sandbox():
        code = call([*arguments, *place])
    raise typer.Exit(code)


@contextmanager
def demo_sandbox() -> Iterator[None]:
    """The demo's sandbox as long as the block runs; nothing where other settings hold."""
    from orchestration.lib.session import uses_demo_settings

    if not uses_demo_settings():
        yield
        return
    from orchestration.lib.demo import open_shop

    with open_shop():
        yield


def _names_a_place(arguments: list[str]) -> bool:
    """Whether the user says which sandbox is meant."""
    return any(word.split("=")[0] in ("--port", "--state", "-h", "--help") for word in arguments)

"""`basketline dbt …`: any dbt command, with the settings of `.env`."""

from __future__ import annotations

import typer

PASS_EVERYTHING = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}


def dbt(context: typer.Context) -> None:
    """Run any dbt command with the settings of .env: basketline dbt show -s dim_stores."""
    from orchestration.lib.dbt import pass_through
    from orchestration.lib.session import open_settings

    raise typer.Exit(pass_through(open_settings(), context.args))

"""`basketline check`: whether a source's credentials are good."""

from __future__ import annotations

from typing import Annotated

import typer


def check(
    source: Annotated[str, typer.Argument(help="Which source, for example shopify or klaviyo.")],
    account: Annotated[
        list[str] | None, typer.Option(help="Only this account; may be given several times.")
    ] = None,
) -> None:
    """Test the credentials of one source with one cheap call an account."""
    from ingestion.check import check as ask
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import complain, say, ticking

    settings = open_settings()
    with ticking(f"{source}: asking"):
        found = ask(settings, source, accounts=account)
    for one in found:
        if one.error is None:
            say(f"{source} {one.account_id}: ok")
        else:
            place = "" if one.error.where else f"{source} {one.account_id}: "
            complain(f"{place}{one.error}")
    if any(one.error for one in found):
        raise typer.Exit(1)

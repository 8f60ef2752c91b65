"""`make demo`: a simulated shop, loaded, modelled and shown."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ingestion.settings import Settings


def demo(
    size: Annotated[
        str, typer.Option(help="The shop's size: tests, demo, models, bench.")
    ] = "demo",
    sources: Annotated[
        str | None, typer.Option(help="Load these only: shopify,ga4_events,…")
    ] = None,
) -> None:
    """Load a simulated shop, build the marts and show the headline numbers."""
    from orchestration.commands.run import run_and_show
    from orchestration.lib.demo import demo_port, open_shop, prepare_demo
    from orchestration.lib.manifest import prepare_manifest
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import say

    started = time.monotonic()
    prepare_demo(sources)
    settings = open_settings()
    say(f"Opening the simulated shop ({size}) ...")
    with ThreadPoolExecutor(1) as beside:
        # dbt reads the project while the shop opens.
        parsed = beside.submit(prepare_manifest, settings)
        with open_shop(size):
            parsed.result()
            say(f"It is open on port {demo_port()} after {time.monotonic() - started:.0f} s.")
            run_and_show(settings)
    show_headline(settings)
    say(f"The demo took {time.monotonic() - started:.0f} s.")


def show_headline(settings: Settings) -> None:
    """The first numbers of the shop, and where there is more.

    Args:
        settings: Name the warehouse.
    """
    from ingestion.destinations import Warehouse
    from orchestration.lib.demo import read_headline
    from orchestration.lib.publish import published_path
    from orchestration.lib.terminal import say, table

    shown = read_headline(settings)
    currency = shown.currency_code
    say("")
    table(
        ("headline", "value"),
        [
            ("orders", f"{shown.order_count:,}"),
            ("customers", f"{shown.customer_count:,}"),
            ("net sales", f"{shown.net_amount:,.2f} {currency}"),
            ("sessions", f"{shown.session_count:,}"),
            ("ad spend", f"{shown.ad_spend_amount:,.2f} {currency}"),
        ],
    )
    say("")
    table((f"segment on {shown.as_of}", "customers"), shown.segments)
    say("")
    table(
        ("where to look", ""),
        [
            ("make dagster", "the graph from raw table to report, and this run"),
            ("make docs", "every model with its columns, tests and lineage"),
            (str(published_path(settings)), "marts and reports, for a BI tool"),
            (Warehouse(settings).label, "the whole warehouse"),
            ("basketline sandbox advance --days 1", "a day passes; then: basketline run"),
        ],
    )

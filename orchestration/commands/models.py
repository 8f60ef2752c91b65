"""`basketline score`, and what the models say: `customer`, `archetypes`, `churn`, `growth`."""

from __future__ import annotations

from typing import Annotated

import typer

Form = Annotated[str, typer.Option("--format", help="table, csv, json or chart.")]

archetypes = typer.Typer(
    name="archetypes", help="Kinds of customers by what they do.", no_args_is_help=True
)
churn = typer.Typer(name="churn", help="Who will not buy again.", no_args_is_help=True)


def score() -> None:
    """Fit the models that are due, and score the customers of the newest snapshot."""
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import say, ticking
    from orchestration.models.everything import MODELS, run_model

    settings = open_settings()
    is_new = False
    for model in MODELS:
        with ticking("looking at the customers"):
            report = run_model(settings, model)
        say(str(report))
        is_new = is_new or report.outcome != "unchanged"
    if is_new:
        say("What reads it is built by: basketline build")


def customer(
    name: Annotated[str, typer.Argument(metavar="ID", help="The customer's id, or key.")],
    form: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
) -> None:
    """Show what the models say of a customer: archetype, traits, value, risk and what to do."""
    from orchestration.lib.session import open_settings
    from orchestration.models.asked import ask_customer
    from orchestration.models.shown import FACT_FORMATS, check_format, show_facts

    check_format(form, FACT_FORMATS)
    settings = open_settings()
    show_facts(form, ask_customer(settings, name), settings.reporting_currency)


@archetypes.command("top")
def top(
    metric: Annotated[str, typer.Option(help="total_ltv, avg_ltv or member_count.")] = "total_ltv",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 10,
    form: Form = "table",
) -> None:
    """The archetypes with the highest value, or the most members."""
    from orchestration.lib.session import open_settings
    from orchestration.models.asked import ask_archetypes
    from orchestration.models.shown import FORMATS, check_format, show_listing

    check_format(form, [*FORMATS])
    settings = open_settings()
    show_listing(form, ask_archetypes(settings, metric, limit), settings.reporting_currency)


@churn.command("summary")
def summary(form: Form = "table") -> None:
    """How many customers are at which risk, and how many will not buy in 30 and in 90 days."""
    from orchestration.lib.session import open_settings
    from orchestration.models.asked import ask_churn
    from orchestration.models.shown import FORMATS, check_format, show_listing

    check_format(form, [*FORMATS])
    settings = open_settings()
    show_listing(form, ask_churn(settings), settings.reporting_currency)


@churn.callback()
def _churn() -> None:
    """A command alone would be the whole program to typer; `churn summary` is to be said."""


@archetypes.callback()
def _archetypes() -> None:
    """The same for `archetypes top`."""


def growth(
    months: Annotated[int, typer.Option(help="6, 12, 18 or 24.")] = 12,
    by: Annotated[str | None, typer.Option(help="archetype.")] = None,
    form: Form = "table",
) -> None:
    """Show customers and revenue that are expected, with the bands in which they lie."""
    from orchestration.lib.session import open_settings
    from orchestration.models.asked import ask_growth
    from orchestration.models.shown import FORMATS, check_format, show_listing

    check_format(form, [*FORMATS])
    settings = open_settings()
    show_listing(form, ask_growth(settings, months, by), settings.reporting_currency)

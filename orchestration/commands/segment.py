"""`basketline segment`: how large a rule is, what segments there are, who is in one."""

from __future__ import annotations

from typing import Annotated

import typer

segment = typer.Typer(
    name="segment",
    help="Segments of customers by the rules in dbt_project/segments.",
    no_args_is_help=True,
)


@segment.command("estimate")
def estimate(
    what: Annotated[str, typer.Argument(help="A segment's key, or a YAML file with a rule.")],
) -> None:
    """How many customers a rule holds today; nothing is saved."""
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import say, ticking
    from orchestration.segments.asked import estimate as ask

    settings = open_settings()
    with ticking("estimating"):
        found = ask(settings, what)
    percent = 100 * found.member_count / found.customer_count if found.customer_count else 0.0
    say(f"{found.segment.label} ({found.segment.key}) on {found.as_of}")
    say(f"members: {found.member_count:,} of {found.customer_count:,} customers ({percent:.1f} %)")
    say(f"may be sent e-mail: {found.contactable_count:,}")


@segment.command("list")
def list_segments() -> None:
    """Every segment, with its size at the last build."""
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import table
    from orchestration.segments.asked import listed

    table(
        ("segment", "who", "members", "came in", "left"),
        [
            (
                each.segment.key,
                each.segment.description,
                *(
                    "" if count is None else f"{count:,}"
                    for count in (each.member_count, each.entered_count, each.left_count)
                ),
            )
            for each in listed(open_settings())
        ],
    )


@segment.command("members")
def members(
    key: Annotated[str, typer.Argument(help="The segment's key.")],
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")] = 20,
) -> None:
    """Who is in a segment; `basketline export segment:<key>` writes all of them to a file."""
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import table
    from orchestration.segments.asked import members as ask

    table(
        ("customer", "country", "purchases", "member since"),
        [
            (customer, country or "", f"{purchases:,}", str(since or "before the told time"))
            for customer, country, purchases, since in ask(open_settings(), key, limit)
        ],
    )


@segment.command("recalculate")
def recalculate() -> None:
    """Write what follows from the rules, and tell every membership anew."""
    from orchestration.commands.build import NodeLines
    from orchestration.lib.dbt import run_dbt
    from orchestration.lib.environment import project_dir
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import say, ticking
    from orchestration.segments.asked import MEMBERSHIPS, SEGMENTS, listed
    from orchestration.segments.written import write

    settings = open_settings()
    write(project_dir(settings))
    with ticking("dbt") as ticker:
        selection = ["build", "--select", MEMBERSHIPS, SEGMENTS]
        run_dbt(settings, selection, on_node=NodeLines(ticker))
    for each in listed(settings):
        say(f"{each.segment.key}: {each.member_count or 0:,} members")

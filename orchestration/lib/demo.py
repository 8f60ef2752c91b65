"""The demo's settings, and the numbers that it ends with."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ingestion.errors import SettingsError
from ingestion.registry import find_source
from ingestion.settings import Settings
from orchestration.errors import SandboxError
from orchestration.lib.ports import free_port
from orchestration.lib.session import data_dir, demo_file, take_over
from orchestration.lib.simulated_shop import is_listening, running, settings_of
from orchestration.lib.warehouse import open_reader

PORT_VARIABLE = "BASKETLINE_SANDBOX_PORT"
_SOURCES = re.compile("^SOURCES=.*$", re.MULTILINE)
_HEAD = """\
# Written by `make demo`: the simulated shop. It stands in for .env as long as there is none.
# Your own shop: cp .env.example .env
"""


@dataclass(frozen=True)
class Headline:
    """What a shop is worth knowing first.

    Attributes:
        order_count: Orders that count in sales.
        customer_count: Persons with a purchase.
        net_amount: Net sales.
        session_count: Visits.
        ad_spend_amount: Spent on advertising.
        currency_code: Of both amounts.
        as_of: The day that segments look back from.
        segments: RFM segment to how many customers.
    """

    order_count: int
    customer_count: int
    net_amount: Decimal
    session_count: int
    ad_spend_amount: Decimal
    currency_code: str
    as_of: str
    segments: tuple[tuple[str, int], ...]


def demo_port() -> int:
    """Where the demo's sandbox listens, or will."""
    return int(os.environ[PORT_VARIABLE])


def demo_state() -> Path:
    """The sandbox's folder."""
    return data_dir() / "sandbox"


def prepare_demo(sources: str | None = None) -> None:
    """Writes the demo's settings, for a port that is free, and takes them over.

    Args:
        sources: Those to load, as in SOURCES; unset, those of the demo before, or all.

    Raises:
        SettingsError: There is a `.env`, whose settings would mix with the demo's.
        UnknownSourceError: No such source.
    """
    for name in sources.split(",") if sources is not None else ():
        find_source(name)
    if Path(".env").exists():
        raise SettingsError(
            "There is a .env, and the demo has settings of its own",
            remedy="Run it in a clone without .env, or put yours away: mv .env .env.mine",
        )
    if demo_file().exists() and sources is None:
        take_over(demo_file())
        if is_listening(demo_port()) or _is_free(demo_port()):
            return
    port = free_port()
    lines = settings_of(port, demo_state())
    if sources is not None:
        lines = _SOURCES.sub(f"SOURCES={sources}", lines)
    demo_file().parent.mkdir(parents=True, exist_ok=True)
    demo_file().write_text(f"{_HEAD}{PORT_VARIABLE}={port}\n{lines}")
    take_over(demo_file(), again=True)


@contextmanager
def open_shop(size: str | None = None) -> Iterator[None]:
    """The demo's simulated shop as long as the block runs.

    Args:
        size: Of the world; unset, that of the world that is there.

    Raises:
        SandboxError: It does not start, or is another one than the demo has loaded before.
    """
    with running(demo_port(), demo_state(), "--size", size or world_size()):
        check_world()
        yield


def world_size() -> str:
    """The size of the world that is there; the demo's where there is none yet."""
    state = demo_state() / "state.json"
    return str(json.loads(state.read_text())["size"]) if state.exists() else "demo"


def check_world() -> None:
    """Makes sure that the demo's warehouse has the world that its sandbox now shows.

    Raises:
        SandboxError: It has another one, of another size or an earlier version.
    """
    state = json.loads((demo_state() / "state.json").read_text())
    world = " ".join(str(state[part]) for part in ("size", "seed", "code"))
    loaded = data_dir() / "demo.world"
    if loaded.exists() and loaded.read_text() != world:
        raise SandboxError(
            "The simulated shop is another one than the demo has loaded before",
            remedy="Throw that away first: make clean",
        )
    loaded.write_text(world)


def read_headline(settings: Settings) -> Headline:
    """The first numbers, from the marts.

    Args:
        settings: Name the warehouse.

    Returns:
        The numbers.
    """
    with open_reader(settings) as reader:
        schema = reader.warehouse.schema
        ((orders, customers, net, sessions, spend),) = reader.rows(
            "select sum(order_count), sum(new_customer_count), sum(net_amount),"
            f" sum(session_count), sum(ad_spend_amount) from {schema('reports')}.rpt_kpi_daily"
        )
        segments = reader.rows(
            "select coalesce(segment_name, no_segment_reason), count(*), max(as_of_date)"
            f" from {schema('marts')}.fct_customer_rfm"
            " group by coalesce(segment_name, no_segment_reason) order by count(*) desc, 1"
        )
    return Headline(
        order_count=int(orders or 0),
        customer_count=int(customers or 0),
        net_amount=Decimal(net or 0),
        session_count=int(sessions or 0),
        ad_spend_amount=Decimal(spend or 0),
        currency_code=settings.reporting_currency,
        as_of=str(segments[0][2]) if segments else "",
        segments=tuple((str(name), int(count)) for name, count, _ in segments),
    )


def _is_free(port: int) -> bool:
    from orchestration.errors import PortInUseError
    from orchestration.lib.ports import claim_port

    try:
        claim_port(port)
    except PortInUseError:
        return False
    return True

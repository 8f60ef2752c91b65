"""What is asked of segments: how many a rule would hold, who is in one, what there is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from ingestion.destinations import Warehouse
from ingestion.settings import Settings
from orchestration.errors import SegmentError
from orchestration.lib.environment import project_dir
from orchestration.lib.warehouse import PATIENCE, open_reader
from orchestration.segments.facts import read_facts
from orchestration.segments.rules import Segment, check_references, read_segment, read_segments
from orchestration.segments.sql import literal, membership_sql

MEMBERSHIPS, SEGMENTS = "fct_segment_memberships", "dim_segments"
_SCHEMAS = {"int": "intermediate", "stg": "staging", "rpt": "reports"}
_NOT_BUILT = "Run `basketline build`, then ask again"


@dataclass(frozen=True)
class Estimate:
    """How large a segment is today.

    Attributes:
        segment: The segment.
        member_count: Its members.
        customer_count: All customers.
        contactable_count: Members who accept e-mail.
        as_of: The day.
    """

    segment: Segment
    member_count: int
    customer_count: int
    contactable_count: int
    as_of: dt.date


@dataclass(frozen=True)
class Listed:
    """A segment and its size; no size where it has not been built."""

    segment: Segment
    member_count: int | None
    entered_count: int | None
    left_count: int | None


def known_segments(settings: Settings) -> dict[str, Segment]:
    """The segments of the project, by key."""
    project = project_dir(settings)
    return read_segments(project, read_facts(project))


def find_segment(settings: Settings, what: str) -> tuple[Segment, dict[str, Segment]]:
    """A segment by key, or by the file of one that is not among the project's.

    Args:
        settings: Name the project.
        what: Key or file.

    Returns:
        The segment, and all that it may refer to.

    Raises:
        SegmentError: There is none, or its rule is wrong.
    """
    file = Path(what)
    if file.suffix not in (".yml", ".yaml"):
        segments = known_segments(settings)
        return _by_key(segments, what), segments
    project = project_dir(settings)
    facts = read_facts(project)
    saved = {path.stem: path for path in (project / "segments").glob("[!_]*.yml")}
    read = {path.stem: path for path in (*saved.values(), file)}
    segments = {key: read_segment(path, facts) for key, path in sorted(read.items())}
    check_references(segments)
    return segments[file.stem], segments


def estimate(settings: Settings, what: str) -> Estimate:
    """How many customers a rule holds today, saved or not; nothing is written.

    Args:
        settings: Name the warehouse.
        what: Key of a segment, or a file with a rule.
    """
    segment, known = find_segment(settings, what)
    facts = read_facts(project_dir(settings))
    template = membership_sql(facts, {segment.key: segment}, known)
    warehouse = Warehouse(settings)
    counted = (
        f"select count(memberships.customer_key),"
        f" count(case when customers.accepts_email_marketing then 1 end)"
        f" from ({rendered(warehouse, template)}) as memberships"
        f" inner join {relation(warehouse, 'dim_customers')} as customers"
        f" on memberships.customer_key = customers.customer_key where memberships.is_member"
    )
    with open_reader(settings, patience=PATIENCE) as reader:
        _check_built(reader.relations(), warehouse, "dim_customers", "int_as_of")
        ((members, contactable),) = reader.rows(counted)
        ((everybody,),) = reader.rows(
            f"select count(*) from {relation(warehouse, 'dim_customers')} where not is_deleted"
        )
        ((as_of,),) = reader.rows(f"select as_of_date from {relation(warehouse, 'int_as_of')}")
    return Estimate(segment, int(members), int(everybody), int(contactable), as_of)


def listed(settings: Settings) -> list[Listed]:
    """Every segment with its size at the last build."""
    segments = known_segments(settings)
    warehouse = Warehouse(settings)
    sizes: dict[str, tuple[Any, ...]] = {}
    if settings.warehouse != "duckdb" or settings.duckdb_path.exists():
        with open_reader(settings, patience=PATIENCE) as reader:
            if _is_built(reader.relations(), warehouse, SEGMENTS):
                columns = "segment_key, member_count, entered_count, left_count"
                rows = reader.rows(f"select {columns} from {relation(warehouse, SEGMENTS)}")
                sizes = {row[0]: row[1:] for row in rows}
    return [
        Listed(segment, *sizes.get(key, (None, None, None))) for key, segment in segments.items()
    ]


def members(settings: Settings, key: str, limit: int) -> list[tuple[Any, ...]]:
    """The newest members of a segment: customer id, country, purchases, day of entry.

    Args:
        settings: Name the warehouse.
        key: The segment.
        limit: At most so many.
    """
    _by_key(known_segments(settings), key)
    warehouse = Warehouse(settings)
    with open_reader(settings, patience=PATIENCE) as reader:
        _check_built(reader.relations(), warehouse, MEMBERSHIPS)
        return list(
            reader.rows(
                "select customers.customer_id, customers.country_code, customers.purchase_count,"
                " case when memberships.is_entry_known then memberships.entry_date end"
                f" from {relation(warehouse, MEMBERSHIPS)} as memberships"
                f" inner join {relation(warehouse, 'dim_customers')} as customers"
                " on memberships.customer_key = customers.customer_key"
                f" where memberships.is_member and memberships.segment_key = {literal(key)}"
                " order by memberships.entry_date desc, customers.customer_id"
                f" limit {int(limit)}"
            )
        )


def relation(warehouse: Warehouse, model: str) -> str:
    """A model's name in the warehouse."""
    schema = _SCHEMAS.get(model.partition("_")[0], "marts")
    return f"{warehouse.schema(schema)}.{model}"


def rendered(warehouse: Warehouse, template: str, *, history_days: int = 0) -> str:
    """A template as the SQL of an engine.

    Args:
        warehouse: Says where models are, and how the engine adds days.
        template: By `membership_sql`.
        history_days: So many days of entries and exits; 0 tells members alone.
    """
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    return environment.from_string(template).render(
        ref=lambda model: relation(warehouse, model),
        var=lambda _: history_days,
        dbt={"dateadd": _adder(warehouse)},
    )


def _adder(warehouse: Warehouse) -> Any:
    if warehouse.engine == "snowflake":
        return lambda part, count, day: f"dateadd({part}, {count}, {day})"
    return lambda part, count, day: f"({day} + interval '{count} {part}s')"


def _by_key(segments: dict[str, Segment], key: str) -> Segment:
    if key not in segments:
        raise SegmentError(
            f"There is no segment {key!r}", remedy=f"There are: {', '.join(segments)}"
        )
    return segments[key]


def _is_built(found: set[tuple[str, str]], warehouse: Warehouse, *models: str) -> bool:
    return all(tuple(relation(warehouse, model).lower().split(".")) in found for model in models)


def _check_built(found: set[tuple[str, str]], warehouse: Warehouse, *models: str) -> None:
    if not _is_built(found, warehouse, *models):
        raise SegmentError("The customers' marts are not there yet", remedy=_NOT_BUILT)

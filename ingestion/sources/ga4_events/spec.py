"""The facts of the GA4 event export: its tables and the days that it restates."""

from __future__ import annotations

from ingestion.settings import Settings, load_section
from ingestion.sources.ga4_events.columns import DAY_COLUMN, EVENT_COLUMNS, ITEM_COLUMNS
from ingestion.sources.ga4_events.settings import RESTATEMENT_DAYS, Ga4EventsSettings
from ingestion.spec import SourceSpec, Table


def tables(restatement_days: int = RESTATEMENT_DAYS) -> tuple[Table, ...]:
    """The two tables, each replaced by whole days.

    Args:
        restatement_days: So many days up to the newest are read again by each run.
    """
    return (
        Table(
            "events",
            "One row per event that a tag sent.",
            EVENT_COLUMNS,
            primary_key=("event_id",),
            stream="events",
            cursor=DAY_COLUMN,
            restatement_days=restatement_days,
            replace_by=(DAY_COLUMN,),
        ),
        Table(
            "event_items",
            "One row per item of an event.",
            ITEM_COLUMNS,
            primary_key=("event_id", "item_index"),
            stream="events",
            cursor=DAY_COLUMN,
            restatement_days=restatement_days,
            replace_by=(DAY_COLUMN,),
        ),
    )


def _tables_of(_: Settings) -> tuple[Table, ...]:
    return tables(load_section(Ga4EventsSettings).restatement_days)


SPEC = SourceSpec(
    name="ga4_events",
    description="Web events of Google Analytics 4, from its event export.",
    settings=Ga4EventsSettings,
    tables=_tables_of,
    setup_hint="Set GA4_EVENTS__STREAMS__0__NAME and GA4_EVENTS__STREAMS__0__PATH in .env",
)

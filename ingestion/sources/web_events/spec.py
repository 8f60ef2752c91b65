"""The facts of the first-party events: two tables, merged by the message's id."""

from __future__ import annotations

from ingestion.sources.web_events.columns import EVENT_COLUMNS, ITEM_COLUMNS
from ingestion.sources.web_events.settings import WebEventsSettings
from ingestion.spec import SourceSpec, Table

EVENTS, ITEMS = "events", "event_items"

TABLES = (
    Table(
        EVENTS,
        "One row per message that a browser, an app or a server sent.",
        EVENT_COLUMNS,
        primary_key=("event_id",),
        stream=EVENTS,
    ),
    Table(
        ITEMS,
        "One row per product of a message.",
        ITEM_COLUMNS,
        primary_key=("event_id", "item_index"),
        stream=EVENTS,
    ),
)

SPEC = SourceSpec(
    name="web_events",
    description="First-party web events in Segment's form, as JSON lines in a folder.",
    settings=WebEventsSettings,
    tables=TABLES,
    setup_hint="Set WEB_EVENTS__STREAMS__0__NAME and WEB_EVENTS__STREAMS__0__PATH in .env",
    has_twin=False,
)

"""The facts of Gorgias: tables, keys, and how far back each run reads again."""

from __future__ import annotations

import datetime as dt

from ingestion.columns import typed_columns
from ingestion.sources.gorgias.settings import GorgiasSettings
from ingestion.spec import RateLimit, SourceSpec, Table

CHANGED, CREATED = "updated_datetime", "created_datetime"
# Clocks of several servers: a change may become visible after one that is a little younger.
CHANGE_OVERLAP = dt.timedelta(hours=1)
# A message is sent, fails or is deleted after it was created, which is all that it is ordered by.
MESSAGE_OVERLAP = dt.timedelta(days=3)
# A survey is sent days after it was created, and answered later still.
SURVEY_OVERLAP = dt.timedelta(days=60)


TICKETS = Table(
    "tickets",
    "One row per ticket, trashed ones included.",
    typed_columns(
        bigint="id customer__id assignee_user__id assignee_team__id messages_count",
        text="external_id order_id status priority channel via language subject first_tag"
        " customer__email customer__name",
        json="tags",
        bool="from_agent spam is_unread",
        timestamp="created_datetime opened_datetime updated_datetime closed_datetime"
        " trashed_datetime snooze_datetime last_message_datetime last_received_message_datetime",
    ),
    primary_key=("id",),
    cursor=CHANGED,
    overlap=CHANGE_OVERLAP,
)

MESSAGES = Table(
    "messages",
    "One row per message of a ticket, internal notes included, without its text.",
    typed_columns(
        bigint="id ticket_id sender__id integration_id rule_id",
        text="message_id external_id channel via sender__email source__type",
        bool="public from_agent",
        timestamp="created_datetime sent_datetime failed_datetime deleted_datetime opened_datetime",
    ),
    primary_key=("id",),
    cursor=CREATED,
    overlap=MESSAGE_OVERLAP,
)

CUSTOMERS = Table(
    "customers",
    "One row per person who wrote, or was written to.",
    typed_columns(
        bigint="id",
        text="external_id email name firstname lastname language timezone",
        timestamp="created_datetime updated_datetime",
    ),
    primary_key=("id",),
    cursor=CHANGED,
    overlap=CHANGE_OVERLAP,
)

SATISFACTION_SURVEYS = Table(
    "satisfaction_surveys",
    "One row per satisfaction survey; a ticket has at most one.",
    typed_columns(
        bigint="id ticket_id customer_id score",
        text="body_text",
        timestamp="created_datetime should_send_datetime sent_datetime scored_datetime",
    ),
    primary_key=("id",),
    cursor=CREATED,
    overlap=SURVEY_OVERLAP,
)

SPEC = SourceSpec(
    name="gorgias",
    description="Support tickets of Gorgias, who answered when, and how satisfied people were.",
    settings=GorgiasSettings,
    tables=(TICKETS, MESSAGES, CUSTOMERS, SATISFACTION_SURVEYS),
    setup_hint="Set GORGIAS__ACCOUNTS__0__DOMAIN, GORGIAS__ACCOUNTS__0__EMAIL and"
    " GORGIAS__ACCOUNTS__0__API_KEY in .env",
    # An API key's; enterprise accounts have the same in 10 seconds.
    rate_limit=RateLimit(40, 20),
)

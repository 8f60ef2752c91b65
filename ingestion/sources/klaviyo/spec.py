"""The facts of Klaviyo: tables, keys, page sizes, and the rate limit of each operation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ingestion.columns import typed_columns
from ingestion.settings import Settings, load_section
from ingestion.sources.klaviyo.settings import EVENT_OVERLAP_HOURS, REVISION, KlaviyoSettings
from ingestion.spec import RateLimit, SourceSpec, Table

# A revision is answered for a year as stable and for another as deprecated.
# https://developers.klaviyo.com/en/docs/api_versioning_and_deprecation_policy
REVISION_LIFE = dt.timedelta(days=730)


@dataclass(frozen=True)
class Operation:
    """How one list may be asked for.

    Attributes:
        steady: Requests a minute. The limit a second is hardly reached by one question after the
            other; where it is, Klaviyo says how long to wait.
        page_size: Largest page; 0 where the size cannot be chosen.
    """

    steady: int
    page_size: int

    @property
    def limit(self) -> RateLimit:
        """The limit a minute."""
        return RateLimit(self.steady, 60.0)


OPERATIONS = {
    "metrics": Operation(150, 0),
    "lists": Operation(750, 10),
    "segments": Operation(750, 10),
    "list_members": Operation(750, 100),
    "campaigns": Operation(150, 100),
    "flows": Operation(60, 50),
    "flow_actions": Operation(60, 50),
    # With predictive analytics; without them it would be 750.
    "profiles": Operation(150, 100),
    "events": Operation(3500, 1000),
}


METRICS = Table(
    "metrics",
    "One row per metric: the kind of an event.",
    typed_columns(
        text="id name integration__name integration__category", timestamp="created updated"
    ),
    primary_key=("id",),
    replaces_account=True,
)

LISTS = Table(
    "lists",
    "One row per list.",
    typed_columns(text="id name opt_in_process", timestamp="created updated"),
    primary_key=("id",),
    replaces_account=True,
)

SEGMENTS = Table(
    "segments",
    "One row per segment.",
    typed_columns(
        text="id name", bool="is_active is_processing is_starred", timestamp="created updated"
    ),
    primary_key=("id",),
    replaces_account=True,
)

LIST_MEMBERS = Table(
    "list_members",
    "One row per list and profile that is on it.",
    typed_columns(text="list_id profile_id", timestamp="joined_group_at"),
    primary_key=("list_id", "profile_id"),
    replaces_account=True,
)

CAMPAIGNS = Table(
    "campaigns",
    "One row per campaign, archived ones included.",
    typed_columns(
        text="id name channel status",
        bool="archived",
        json="audiences",
        timestamp="created_at scheduled_at send_time updated_at",
    ),
    primary_key=("id",),
    replaces_account=True,
)

CAMPAIGN_MESSAGES = Table(
    "campaign_messages",
    "One row per message of a campaign.",
    typed_columns(
        text="id campaign_id channel label subject preview_text from_email",
        timestamp="created_at updated_at",
    ),
    primary_key=("id",),
    stream="campaigns",
    replaces_account=True,
)

FLOWS = Table(
    "flows",
    "One row per flow, archived ones included.",
    typed_columns(text="id name status trigger_type", bool="archived", timestamp="created updated"),
    primary_key=("id",),
    replaces_account=True,
)

FLOW_MESSAGES = Table(
    "flow_messages",
    "One row per message that a flow sends.",
    typed_columns(
        text="id flow_id action_id channel name subject preview_text", timestamp="created updated"
    ),
    primary_key=("id",),
    stream="flows",
    replaces_account=True,
)

PROFILES = Table(
    "profiles",
    "One row per profile and version seen.",
    typed_columns(
        text="id email phone_number external_id first_name last_name organization title locale"
        " location__city location__region location__country location__zip location__timezone"
        " email_consent email_consent_method sms_consent",
        bool="can_receive_email_marketing",
        json="properties",
        timestamp="email_consent_timestamp last_event_date created updated",
    ),
    primary_key=("id",),
    cursor="updated",
    overlap=dt.timedelta(minutes=1),
    kind="observation",
)

PROFILE_PREDICTIONS = Table(
    "profile_predictions",
    "One row per profile and day on which its predictions were seen.",
    typed_columns(
        text="id",
        decimal="historic_clv predicted_clv total_clv average_order_value"
        " historic_number_of_orders predicted_number_of_orders average_days_between_orders"
        " churn_probability",
        date="expected_date_of_next_order",
        json="ranked_channel_affinity",
        timestamp="observed_at",
    ),
    primary_key=("id",),
    stream="profiles",
    cursor="observed_at",
    kind="observation",
)


def _events(overlap_hours: int) -> Table:
    return Table(
        "events",
        "One row per event of a profile.",
        typed_columns(
            text="id uuid metric_id profile_id message_id flow_id send_cohort campaign_name"
            " subject url list_name bounce_type is_machine_open is_bot_click",
            json="event_properties",
            bigint="timestamp",
            timestamp="datetime",
        ),
        primary_key=("id",),
        cursor="datetime",
        overlap=dt.timedelta(hours=overlap_hours),
    )


def tables(event_overlap_hours: int = EVENT_OVERLAP_HOURS) -> tuple[Table, ...]:
    """The tables.

    Args:
        event_overlap_hours: How far behind the newest event a run asks again.
    """
    return (
        METRICS,
        LISTS,
        SEGMENTS,
        LIST_MEMBERS,
        CAMPAIGNS,
        CAMPAIGN_MESSAGES,
        FLOWS,
        FLOW_MESSAGES,
        PROFILES,
        PROFILE_PREDICTIONS,
        _events(event_overlap_hours),
    )


def expiry(revision: str) -> dt.date:
    """The day from which a revision may no longer be answered."""
    return dt.date.fromisoformat(revision) + REVISION_LIFE


def _tables_of(_: Settings) -> tuple[Table, ...]:
    return tables(load_section(KlaviyoSettings).event_overlap_hours)


SPEC = SourceSpec(
    name="klaviyo",
    description="E-mail and SMS: profiles with predictions, events, campaigns, flows, lists.",
    settings=KlaviyoSettings,
    tables=_tables_of,
    setup_hint="Set KLAVIYO__ACCOUNTS__0__NAME and KLAVIYO__ACCOUNTS__0__API_KEY in .env",
    api_version=REVISION,
    api_version_expires=expiry(REVISION),
)

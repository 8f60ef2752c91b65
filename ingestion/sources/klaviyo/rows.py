"""Makes rows of Klaviyo's resources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

from ingestion.columns import as_text

Resource = Mapping[str, Any]
Row = dict[str, Any]

# Columns of events from the properties that Klaviyo's own metrics carry.
EVENT_PROPERTIES = {
    "message_id": ("$message",),
    "flow_id": ("$flow",),
    "send_cohort": ("$_cohort$message_send_cohort",),
    "campaign_name": ("Campaign Name",),
    "subject": ("Subject",),
    "url": ("URL",),
    "list_name": ("List",),
    "bounce_type": ("Bounce Type",),
    # Its pages call it "Apple Privacy Open", its API machine_open.
    "is_machine_open": ("machine_open", "Apple Privacy Open"),
    "is_bot_click": ("Bot Click", "bot_click"),
}
MESSAGE_ACTIONS = {"send-email": "email", "send-sms": "sms"}
_PREDICTIONS = (
    "historic_clv",
    "predicted_clv",
    "total_clv",
    "average_order_value",
    "historic_number_of_orders",
    "predicted_number_of_orders",
    "average_days_between_orders",
    "churn_probability",
    "ranked_channel_affinity",
)


def flat(resource: Resource, *names: str) -> Row:
    """The id and some attributes of a resource."""
    attributes = resource["attributes"]
    return {"id": resource["id"], **{name: attributes.get(name) for name in names}}


def event_table(events: Sequence[Resource]) -> pa.Table:
    """Events as a table, column by column: there are many of them."""
    attributes = [event["attributes"] for event in events]
    properties = [own.get("event_properties") or {} for own in attributes]
    columns = {
        "id": _texts([event["id"] for event in events]),
        "uuid": _texts([own.get("uuid") for own in attributes]),
        "metric_id": _texts([_related(event, "metric") for event in events]),
        "profile_id": _texts([_related(event, "profile") for event in events]),
        **{
            name: _texts([_first(own, keys) for own in properties])
            for name, keys in EVENT_PROPERTIES.items()
        },
        "event_properties": _texts([orjson.dumps(own).decode() for own in properties]),
        "timestamp": pa.array([own.get("timestamp") for own in attributes], pa.int64()),
        "datetime": _texts([own.get("datetime") for own in attributes]),
    }
    return pa.table(columns)


def metric_row(metric: Resource) -> Row:
    """A metric, with the integration that it comes from."""
    integration = metric["attributes"].get("integration") or {}
    return flat(metric, "name", "created", "updated") | {
        "integration__name": integration.get("name"),
        "integration__category": integration.get("category"),
    }


def campaign_row(campaign: Resource, channel: str) -> Row:
    """A campaign; its channel is that of the filter by which it was found."""
    names = ("name", "status", "archived", "audiences", "created_at", "scheduled_at", "send_time")
    return flat(campaign, *names, "updated_at") | {"channel": channel}


def campaign_message_rows(document: Mapping[str, Any]) -> Iterator[Row]:
    """The messages that came with a page of campaigns."""
    owners = {
        message["id"]: campaign["id"]
        for campaign in document["data"]
        for message in _related_list(campaign, "campaign-messages")
    }
    for message in document.get("included") or ():
        if message["type"] == "campaign-message":
            definition = message["attributes"].get("definition") or {}
            content = definition.get("content") or {}
            yield flat(message, "created_at", "updated_at") | {
                "campaign_id": owners.get(message["id"]),
                "channel": definition.get("channel"),
                "label": definition.get("label"),
                "subject": content.get("subject"),
                "preview_text": content.get("preview_text"),
                "from_email": content.get("from_email"),
            }


def flow_message_rows(flow_id: str, actions: Sequence[Resource]) -> Iterator[Row]:
    """The messages that a flow's actions send."""
    for action in actions:
        definition = action["attributes"].get("definition") or {}
        channel = MESSAGE_ACTIONS.get(str(definition.get("type")))
        message = (definition.get("data") or {}).get("message") or {}
        if channel and message.get("id"):
            yield {
                "id": message["id"],
                "flow_id": flow_id,
                "action_id": action["id"],
                "channel": channel,
                "name": message.get("name"),
                "subject": message.get("subject_line"),
                "preview_text": message.get("preview_text"),
                "created": action["attributes"].get("created"),
                "updated": action["attributes"].get("updated"),
            }


def profile_row(profile: Resource) -> Row:
    """A profile without its predictions."""
    attributes = profile["attributes"]
    location = attributes.get("location") or {}
    subscriptions = attributes.get("subscriptions") or {}
    email = (subscriptions.get("email") or {}).get("marketing") or {}
    sms = (subscriptions.get("sms") or {}).get("marketing") or {}
    names = ("email", "phone_number", "external_id", "first_name", "last_name", "organization")
    times = ("properties", "last_event_date", "created", "updated")
    parts = ("city", "region", "country", "zip", "timezone")
    return flat(profile, *names, "title", "locale", *times) | {
        **{f"location__{part}": location.get(part) for part in parts},
        "email_consent": email.get("consent"),
        "email_consent_method": email.get("method"),
        "email_consent_timestamp": email.get("consent_timestamp"),
        "can_receive_email_marketing": email.get("can_receive_email_marketing"),
        "sms_consent": sms.get("consent"),
    }


def prediction_row(profile: Resource, observed_at: dt.datetime) -> Row | None:
    """What Klaviyo predicts of a profile; None where it does not."""
    found = profile["attributes"].get("predictive_analytics") or {}
    if all(value is None for value in found.values()):
        return None
    expected = found.get("expected_date_of_next_order")
    return {
        "id": profile["id"],
        **{name: found.get(name) for name in _PREDICTIONS},
        "expected_date_of_next_order": str(expected)[:10] if expected else None,
        "observed_at": observed_at,
    }


def _related(resource: Resource, name: str) -> str | None:
    linked = ((resource.get("relationships") or {}).get(name) or {}).get("data") or {}
    return linked.get("id")


def _related_list(resource: Resource, name: str) -> Sequence[Resource]:
    linked = (resource.get("relationships") or {}).get(name) or {}
    return linked.get("data") or ()


def _first(properties: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    for key in keys:
        if key in properties:
            return properties[key]
    return None


def _texts(values: list[Any]) -> pa.Array:
    """Text as it is; what is none (a shop's own properties are free) as text."""
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array([None if v is None else as_text(v) for v in values], pa.string())

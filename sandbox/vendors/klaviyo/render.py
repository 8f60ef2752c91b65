"""Resources as Klaviyo's JSON:API has them, from rows of an account's frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

Resource = dict[str, Any]
HOST = "https://a.klaviyo.com/api"
COUNTRIES = {
    "AT": "Austria",
    "BE": "Belgium",
    "CA": "Canada",
    "CH": "Switzerland",
    "DE": "Germany",
    "ES": "Spain",
    "FR": "France",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "IT": "Italy",
    "NL": "Netherlands",
    "PL": "Poland",
    "US": "United States",
}


def iso(moment: pd.Timestamp) -> str | None:
    """A time with its zone, or nothing."""
    return None if pd.isna(moment) else moment.isoformat()


def text(value: Any) -> str | None:
    """A text, or nothing."""
    return None if pd.isna(value) or value == "" else str(value)


def number(value: Any) -> float | None:
    """A number, or nothing."""
    return None if pd.isna(value) else float(value)


def _resource(kind: str, path: str, identifier: str, attributes: Resource) -> Resource:
    return {
        "type": kind,
        "id": identifier,
        "attributes": attributes,
        "links": {"self": f"{HOST}/{path}/{identifier}/"},
    }


def _rows(frame: pd.DataFrame, render: Callable[[Any], Resource]) -> list[Resource]:
    return [render(row) for row in frame.itertuples(index=False)]


def metrics(frame: pd.DataFrame) -> list[Resource]:
    """Metrics."""

    def one(row: Any) -> Resource:
        category = "eCommerce" if row.integration == "Shopify" else "Internal"
        integration = {
            "object": "integration",
            "id": "0eMvjm" if row.integration == "Shopify" else "0rG4eQ",
            "key": row.integration.lower(),
            "name": row.integration,
            "category": category,
        }
        attributes = {
            "name": row.name,
            "created": iso(row.created_at),
            "updated": iso(row.created_at),
            "integration": integration,
        }
        return _resource("metric", "metrics", row.id, attributes)

    return _rows(frame, one)


def lists(frame: pd.DataFrame) -> list[Resource]:
    """Lists."""
    return _rows(
        frame,
        lambda row: _resource(
            "list",
            "lists",
            row.id,
            {
                "name": row.name,
                "created": iso(row.created_at),
                "updated": iso(row.updated_at),
                "opt_in_process": "single_opt_in",
            },
        ),
    )


def segments(frame: pd.DataFrame) -> list[Resource]:
    """Segments."""
    return _rows(
        frame,
        lambda row: _resource(
            "segment",
            "segments",
            row.id,
            {
                "name": row.name,
                "definition": {"condition_groups": []},
                "created": iso(row.created_at),
                "updated": iso(row.updated_at),
                "is_active": True,
                "is_processing": False,
                "is_starred": False,
            },
        ),
    )


def members(frame: pd.DataFrame, profiles: pd.DataFrame) -> list[Resource]:
    """Profiles of a list, with the time they joined."""
    joined = frame["joined_at"].tolist()
    found = profiles.set_index("id", drop=False).loc[frame["id"]]
    rendered = _rows(found, lambda row: _profile(row, frozenset()))
    for resource, moment in zip(rendered, joined, strict=True):
        resource["attributes"]["joined_group_at"] = iso(moment)
    return rendered


def profiles_of(frame: pd.DataFrame, additional: frozenset[str]) -> list[Resource]:
    """Profiles; what costs more is told only where it is asked for."""
    return _rows(frame, lambda row: _profile(row, additional))


def _profile(row: Any, additional: frozenset[str]) -> Resource:
    attributes: Resource = {
        "email": text(row.email),
        "phone_number": text(row.phone),
        "external_id": None if pd.isna(row.customer_id) else str(int(row.customer_id)),
        "first_name": text(row.first_name),
        "last_name": text(row.last_name),
        "organization": None,
        "locale": None,
        "title": None,
        "image": None,
        "created": iso(row.created_at),
        "updated": iso(row.updated_at),
        "last_event_date": iso(row.updated_at),
        "location": {
            "address1": None,
            "address2": None,
            "city": text(row.city),
            "country": COUNTRIES.get(row.country_code, text(row.country_code)),
            "latitude": None,
            "longitude": None,
            "region": None,
            "zip": None,
            "timezone": None,
            "ip": None,
        },
        "properties": {},
    }
    if "subscriptions" in additional:
        attributes["subscriptions"] = _subscriptions(row)
    if "predictive_analytics" in additional:
        attributes["predictive_analytics"] = _predictions(row)
    return _resource("profile", "profiles", row.id, attributes)


def _subscriptions(row: Any) -> Resource:
    is_subscribed = row.consent == "SUBSCRIBED"
    return {
        "email": {
            "marketing": {
                "can_receive_email_marketing": row.consent != "UNSUBSCRIBED",
                "consent": row.consent,
                "consent_timestamp": iso(row.consented_at),
                "last_updated": iso(row.consented_at),
                "method": "PREFERENCE_PAGE" if is_subscribed else None,
                "method_detail": "",
                "custom_method_detail": None,
                "double_optin": False,
                "suppression": [],
                "list_suppressions": [],
            }
        }
    }


def _predictions(row: Any) -> Resource:
    """Nulls where Klaviyo predicts nothing; its dates are times."""
    if pd.isna(row.predicted_at):
        names = (
            "historic_clv predicted_clv total_clv historic_number_of_orders"
            " predicted_number_of_orders average_days_between_orders average_order_value"
            " churn_probability expected_date_of_next_order"
        )
        return dict.fromkeys(names.split()) | {"ranked_channel_affinity": None}
    historic, predicted = int(row.historic_clv), int(row.predicted_clv)
    orders, expected = int(row.historic_orders), row.expected_date_of_next_order
    return {
        "historic_clv": historic / 100,
        "predicted_clv": predicted / 100,
        "total_clv": (historic + predicted) / 100,
        "historic_number_of_orders": orders,
        "predicted_number_of_orders": number(row.predicted_orders),
        "average_days_between_orders": number(row.average_days_between_orders),
        "average_order_value": round(historic / orders / 100, 2) if orders else None,
        "churn_probability": number(row.churn_probability),
        "expected_date_of_next_order": None if pd.isna(expected) else f"{expected:%Y-%m-%d}",
        "ranked_channel_affinity": ["email", "sms"],
    }


def campaigns(frame: pd.DataFrame) -> list[Resource]:
    """Campaigns, with the link to their message."""

    def one(row: Any) -> Resource:
        planned = row.scheduled_at if pd.notna(row.scheduled_at) else row.created_at
        attributes = {
            "name": row.name,
            "status": row.status,
            "archived": bool(row.archived),
            "audiences": {"included": [], "excluded": []},
            "send_options": {"use_smart_sending": True},
            "tracking_options": {"add_tracking_params": True, "custom_tracking_params": []},
            "send_strategy": {
                "method": "static",
                "datetime": iso(planned),
                "options": {"is_local": False},
            },
            "created_at": iso(row.created_at),
            "scheduled_at": iso(row.scheduled_at),
            "updated_at": iso(row.updated_at),
            "send_time": iso(row.sent_at if pd.notna(row.sent_at) else row.scheduled_at),
        }
        resource = _resource("campaign", "campaigns", row.id, attributes)
        links = f"{HOST}/campaigns/{row.id}"
        resource["relationships"] = {
            "campaign-messages": {
                "data": [{"type": "campaign-message", "id": row.message_id}],
                "links": {
                    "self": f"{links}/relationships/campaign-messages/",
                    "related": f"{links}/campaign-messages/",
                },
            }
        }
        return resource

    return _rows(frame, one)


def campaign_messages(frame: pd.DataFrame) -> list[Resource]:
    """The messages of campaigns."""

    def one(row: Any) -> Resource:
        content: Resource = {"subject": text(row.subject), "preview_text": None}
        definition: Resource = {"channel": "email", "label": row.name, "content": content}
        if row.channel == "sms":
            definition = {"channel": "sms", "content": {"body": text(row.subject)}}
        attributes = {
            "definition": definition,
            "send_times": [],
            "created_at": iso(row.created_at),
            "updated_at": iso(row.updated_at),
        }
        return _resource("campaign-message", "campaign-messages", row.message_id, attributes)

    return _rows(frame, one)


def flows(frame: pd.DataFrame) -> list[Resource]:
    """Flows."""
    return _rows(
        frame,
        lambda row: _resource(
            "flow",
            "flows",
            row.id,
            {
                "name": row.name,
                "status": row.status,
                "archived": bool(row.archived),
                "created": iso(row.created_at),
                "updated": iso(row.updated_at),
                "trigger_type": row.trigger_type,
            },
        ),
    )


def flow_actions(frame: pd.DataFrame) -> list[Resource]:
    """The actions of a flow: each sends one message."""

    def one(row: Any) -> Resource:
        message = {
            "id": row.message_id,
            "name": row.name,
            "subject_line": row.subject,
            "preview_text": None,
        }
        definition = {
            "id": row.id,
            "type": "send-email",
            "links": {"next": None},
            "data": {"message": message, "status": "live"},
        }
        attributes = {
            "definition": definition,
            "created": iso(row.created_at),
            "updated": iso(row.created_at),
        }
        return _resource("flow-action", "flow-actions", row.id, attributes)

    return _rows(frame, one)


def events(frame: pd.DataFrame) -> list[Resource]:
    """Events: there are many, so column by column."""
    names = ("id", "second", "moment", "profile_id", "metric_id")
    columns = (frame[name].tolist() for name in names)
    return [
        {
            "type": "event",
            "id": identifier,
            "attributes": {
                "timestamp": second,
                "event_properties": properties,
                "datetime": moment,
                "uuid": identifier,
            },
            "relationships": {
                "profile": {"data": {"type": "profile", "id": profile}},
                "metric": {"data": {"type": "metric", "id": metric}},
            },
            "links": {"self": f"{HOST}/events/{identifier}/"},
        }
        for identifier, second, moment, profile, metric, properties in zip(
            *columns, _properties(frame.drop(columns="happened_at")), strict=True
        )
    ]


def _properties(frame: pd.DataFrame) -> Iterator[Resource]:
    """What an event's metric carries."""
    for row in frame.itertuples(index=False):
        if row.channel == "shop":
            yield _order_properties(row)
            continue
        properties: Resource = {"$ESP": 0} if row.channel == "email" else {}
        if isinstance(row.message_id, str):
            properties |= {
                "$message": row.message_id,
                "$event_id": f"{row.message_id}:{int(row.email_message_id)}",
                "$_cohort$message_send_cohort": row.send_cohort,
                "Campaign Name": row.name,
            }
            if row.flow_id:
                properties["$flow"] = row.flow_id
            if row.channel == "email":
                properties["Subject"] = row.subject
                properties["Email Domain"] = row.email.strip().rpartition("@")[2].lower()
        else:
            properties["List"] = "Newsletter"
        yield properties | _of_kind(row)


def _of_kind(row: Any) -> Resource:
    if row.kind == "opened":
        return {"Client Type": "Webmail", "machine_open": bool(row.is_machine)}
    if row.kind == "clicked":
        return {"URL": row.url, "Bot Click": "True" if row.is_machine else "False"}
    return {"Bounce Type": "Hard"} if row.kind == "bounced" else {}


def _order_properties(row: Any) -> Resource:
    number_of_order = str(int(row.order_id))
    properties: Resource = {
        "$value": int(row.value) / 100,
        "$event_id": number_of_order,
        "OrderId": number_of_order,
    }
    if row.kind == "ordered":
        properties |= {
            "$event_id": f"{number_of_order}_{row.id}",
            "ProductName": row.product,
            "Quantity": int(row.quantity),
        }
    return properties

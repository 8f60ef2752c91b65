"""Makes flat rows of Gorgias' objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingestion.sources.gorgias.spec import CUSTOMERS, MESSAGES, SATISFACTION_SURVEYS, TICKETS

Row = dict[str, Any]
Answer = Mapping[str, Any]


def ticket_row(ticket: Answer, *, order_meta_key: str) -> Row:
    """A ticket.

    Args:
        ticket: As the API tells it.
        order_meta_key: The key of its `meta` that holds the order's id.
    """
    tags = [tag.get("name") for tag in ticket.get("tags") or ()]
    return _flat(ticket, TICKETS.columns) | {
        "order_id": (ticket.get("meta") or {}).get(order_meta_key),
        "tags": tags,
        "first_tag": tags[0] if tags else None,
    }


def message_row(message: Answer) -> Row:
    """A message without what was written: no metric needs it, and it is full of personal data."""
    return _flat(message, MESSAGES.columns)


def customer_row(customer: Answer) -> Row:
    """A customer."""
    return _flat(customer, CUSTOMERS.columns)


def survey_row(survey: Answer) -> Row:
    """A satisfaction survey."""
    return _flat(survey, SATISFACTION_SURVEYS.columns)


def _flat(found: Answer, columns: Mapping[str, str]) -> Row:
    """The declared columns; `customer__id` is the `id` within `customer`."""
    row: Row = {}
    for name in columns:
        outer, _, inner = name.partition("__")
        value = found.get(outer)
        row[name] = (value or {}).get(inner) if inner else value
    return row

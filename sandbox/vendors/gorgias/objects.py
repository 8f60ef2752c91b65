"""What the API shows of the ledger: objects with their times, to be put in order and paged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from sandbox.world.ledger import Ledger

Row = dict[str, Any]
CHANNELS = {"instagram": "instagram-direct-message"}
RULE_ID = 17
TEAM = {"id": 3, "name": "Customer care"}


def tickets(view: Ledger, shop: str) -> list[Row]:
    """Every ticket of a shop."""
    own = view.tickets[view.tickets["shop"] == shop]
    return [_ticket(found, shop) for found in own.to_dict("records")]


def messages(view: Ledger, shop: str) -> list[Row]:
    """Every message of a shop's tickets, internal notes included."""
    known = view.tickets[view.tickets["shop"] == shop]
    columns = ["ticket_id", "channel", "customer_email", "customer_name", "subject"]
    own = view.ticket_messages[view.ticket_messages["shop"] == shop]
    joined = own.merge(known[columns], on="ticket_id", validate="many_to_one")
    return [_message(found, shop) for found in joined.to_dict("records")]


def customers(view: Ledger, shop: str) -> list[Row]:
    """Everybody who has a ticket, by address."""
    own = view.tickets[view.tickets["shop"] == shop]
    grouped = own.sort_values("ticket_id").groupby("customer_email", as_index=False).agg(
        customer_name=("customer_name", "first"),
        created_at=("created_at", "min"),
        updated_at=("updated_at", "max"),
    )  # fmt: skip
    return [_customer(found, shop) for found in grouped.to_dict("records")]


def surveys(view: Ledger, shop: str) -> list[Row]:
    """Every satisfaction survey that was sent."""
    own = view.ticket_surveys[view.ticket_surveys["shop"] == shop]
    known = view.tickets[["ticket_id", "customer_email"]]
    joined = own.merge(known, on="ticket_id", validate="many_to_one")
    return [_survey(found, shop) for found in joined.to_dict("records")]


LISTS: Mapping[str, Callable[[Ledger, str], list[Row]]] = {
    "tickets": tickets,
    "messages": messages,
    "customers": customers,
    "satisfaction-surveys": surveys,
}


def customer_id(email: str, shop: str) -> int:
    """The same address has another id in another account."""
    digest = hashlib.sha256(f"{shop}|{email}".encode()).hexdigest()
    return int(digest[:8], 16)


def _ticket(found: Row, shop: str) -> Row:
    number = int(found["ticket_id"])
    is_agents = bool(found["opened_by_agent"])
    order = found["order_id"]
    return {
        "id": number,
        "uri": f"/api/tickets/{number}/",
        "external_id": None,
        "language": "de" if shop.endswith("-eu") else "en",
        "status": found["status"],
        "priority": found["priority"],
        "channel": _channel(found["channel"]),
        "via": "helpdesk" if is_agents else _channel(found["channel"]),
        "from_agent": is_agents,
        "spam": bool(found["is_spam"]),
        "customer": _person(found, shop),
        "assignee_user": None,
        "assignee_team": TEAM,
        "subject": found["subject"],
        "excerpt": found["subject"],
        "meta": {} if pd.isna(order) else {"order_id": str(int(order))},
        "tags": [{"id": 40, "name": found["reason"]}] if found["reason"] else [],
        "messages_count": int(found["messages_count"]),
        "is_unread": False,
        "created_datetime": moment(found["created_at"], number),
        "opened_datetime": moment(found["created_at"], number),
        "updated_datetime": moment(found["updated_at"], number),
        "closed_datetime": moment(found["closed_at"], number),
        "trashed_datetime": None,
        "snooze_datetime": None,
        "last_message_datetime": moment(found["updated_at"], number),
        "last_received_message_datetime": None,
    }


def _message(found: Row, shop: str) -> Row:
    number, is_agents = int(found["message_id"]), bool(found["from_agent"])
    channel = _channel(found["channel"]) if found["is_public"] else "internal-note"
    agent = {"id": 2, "email": found["agent_email"], "name": found["agent_name"]}
    via = "helpdesk" if is_agents else channel
    sent = moment(found["sent_at"], number)
    return {
        "id": number,
        "uri": f"/api/tickets/{found['ticket_id']}/messages/{number}/",
        "message_id": f"<{number}@mail.example>",
        "ticket_id": int(found["ticket_id"]),
        "external_id": None,
        "public": bool(found["is_public"]),
        "channel": channel,
        "via": "rule" if found["is_automated"] else via,
        "source": {"type": channel},
        "sender": agent if is_agents else _person(found, shop),
        "receiver": _person(found, shop) if is_agents else agent,
        "integration_id": 5,
        "rule_id": RULE_ID if found["is_automated"] else None,
        "from_agent": is_agents,
        "subject": found["subject"],
        "body_text": found["body"],
        "body_html": f"<p>{found['body']}</p>",
        "stripped_text": found["body"],
        "attachments": [],
        "created_datetime": sent,
        "sent_datetime": sent,
        "failed_datetime": None,
        "deleted_datetime": None,
        "opened_datetime": None,
    }


def _customer(found: Row, shop: str) -> Row:
    person = _person(found, shop)
    first, _, last = person["name"].partition(" ")
    return person | {
        "external_id": None,
        "language": "de" if shop.endswith("-eu") else "en",
        "timezone": "UTC",
        "firstname": first,
        "lastname": last,
        "channels": [{"type": "email", "address": person["email"]}],
        "meta": {},
        "created_datetime": moment(found["created_at"], person["id"]),
        "updated_datetime": moment(found["updated_at"], person["id"]),
    }


def _survey(found: Row, shop: str) -> Row:
    """Times without a zone, as in the vendor's own example."""
    number = int(found["survey_id"])
    return {
        "id": number,
        "uri": f"/api/satisfaction-surveys/{number}/",
        "ticket_id": int(found["ticket_id"]),
        "customer_id": customer_id(found["customer_email"], shop),
        "score": None if pd.isna(found["scored_at"]) else int(found["score"]),
        "body_text": None if pd.isna(found["scored_at"]) else found["comment"],
        "meta": None,
        "created_datetime": _bare(found["sent_at"]),
        "should_send_datetime": _bare(found["sent_at"]),
        "sent_datetime": _bare(found["sent_at"]),
        "scored_datetime": _bare(found["scored_at"]),
    }


def _person(found: Row, shop: str) -> Row:
    email = str(found["customer_email"])
    return {"id": customer_id(email, shop), "email": email, "name": str(found["customer_name"])}


def _channel(word: str) -> str:
    return CHANNELS.get(word, word)


def moment(at: pd.Timestamp, number: int) -> str | None:
    """A time with its zone; of every other object with a fraction, as the API mixes them."""
    if pd.isna(at):
        return None
    return at.isoformat(timespec="microseconds" if number % 2 else "seconds")


def _bare(at: pd.Timestamp) -> str | None:
    return None if pd.isna(at) else at.strftime("%Y-%m-%dT%H:%M:%S.%f")

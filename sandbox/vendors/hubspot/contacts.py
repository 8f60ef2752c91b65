"""Contacts as HubSpot has them: properties are text, times in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from sandbox.world.ledger import Ledger

Contact = dict[str, Any]
ALWAYS = ("createdate", "hs_object_id", "lastmodifieddate")


def contacts(view: Ledger, *, archived: bool) -> list[Contact]:
    """Contacts by id, with all their properties.

    Args:
        view: The ledger as of the clock.
        archived: Those in the archive, else all others.
    """
    frame = view.crm_contacts
    chosen = frame[frame["archived_at"].notna() == archived].sort_values("contact_id")
    return [_contact(row) for row in chosen.itertuples(index=False)]


def shown(contact: Contact, wanted: Iterable[str]) -> Contact:
    """A contact with the properties that were asked for, and those that always come."""
    names = sorted({*ALWAYS, *wanted})
    properties = {name: contact["properties"].get(name) for name in names}
    return {**contact, "properties": properties}


def _contact(row: Any) -> Contact:
    created, modified = _moment(row.created_at), _moment(row.updated_at)
    properties = {
        "hs_object_id": str(row.contact_id),
        "createdate": created,
        "lastmodifieddate": modified,
        "email": row.email or None,
        "phone": row.phone or None,
        "firstname": row.first_name or None,
        "lastname": row.last_name or None,
        "company": row.company or None,
        "country": row.country or None,
        "city": row.city or None,
        "lifecyclestage": row.lifecycle_stage,
        "hs_marketable_status": "true" if row.marketing_consent else "false",
        "hs_email_optout": None,
    }
    contact: Contact = {
        "id": str(row.contact_id),
        "properties": properties,
        "createdAt": created,
        "updatedAt": modified,
        "archived": pd.notna(row.archived_at),
    }
    if contact["archived"]:
        contact["archivedAt"] = _moment(row.archived_at)
    return contact


def _moment(moment: pd.Timestamp) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"

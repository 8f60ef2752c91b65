"""The facts of HubSpot: contacts as they were seen, and those that were archived."""

from __future__ import annotations

import datetime as dt

from ingestion.columns import typed_columns
from ingestion.sources.hubspot.settings import HubspotSettings
from ingestion.spec import RateLimit, SourceSpec, Table

PROPERTIES = (
    "email",
    "phone",
    "mobilephone",
    "firstname",
    "lastname",
    "company",
    "country",
    "state",
    "city",
    "zip",
    "lifecyclestage",
    "hs_marketable_status",
    "hs_email_optout",
    "createdate",
    "lastmodifieddate",
)
# Searching is limited by itself, below everything else.
SEARCH_LIMIT = RateLimit(4)
# The whole archive comes each time, so all of it is overlap: what is equal is told by its digest.
ARCHIVE_KEPT = dt.timedelta(days=3650)


CONTACTS = Table(
    "contacts",
    "One row per contact and version seen.",
    typed_columns(
        text=" ".join(("id", *(name for name in PROPERTIES if not name.endswith("date")))),
        timestamp="createdate lastmodifieddate",
    ),
    primary_key=("id",),
    cursor="lastmodifieddate",
    # The search's index follows after a while.
    overlap=dt.timedelta(hours=1),
    kind="observation",
)

ARCHIVED_CONTACTS = Table(
    "archived_contacts",
    "One row per contact that was archived.",
    typed_columns(text="id", timestamp="archived_at created_at updated_at"),
    primary_key=("id",),
    cursor="archived_at",
    overlap=ARCHIVE_KEPT,
)

SPEC = SourceSpec(
    name="hubspot",
    description="Contacts of the CRM, archived ones included.",
    settings=HubspotSettings,
    tables=(CONTACTS, ARCHIVED_CONTACTS),
    setup_hint="Set HUBSPOT__ACCOUNTS__0__NAME and HUBSPOT__ACCOUNTS__0__ACCESS_TOKEN in .env",
    api_version="v3",
    rate_limit=RateLimit(100, 10.0),
)

"""The facts of Typeform: tables, keys, and how far back each run reads again."""

from __future__ import annotations

import datetime as dt

from ingestion.columns import typed_columns
from ingestion.sources.typeform.settings import TypeformSettings
from ingestion.spec import RateLimit, SourceSpec, Table

# Responses of the last half hour may not be there yet.
OVERLAP = dt.timedelta(days=1)


FORMS = Table(
    "forms",
    "One row per form.",
    typed_columns(
        text="id title type language",
        timestamp="created_at last_updated_at published_at",
    ),
    primary_key=("id",),
    replaces_account=True,
)

FORM_FIELDS = Table(
    "form_fields",
    "One row per question of a form, those within groups included.",
    typed_columns(
        text="form_id id ref type title question_type", bigint="steps", bool="start_at_one"
    ),
    primary_key=("form_id", "id"),
    stream="forms",
    replaces_account=True,
)

RESPONSES = Table(
    "responses",
    "One row per completed response.",
    typed_columns(
        text="form_id token response_id response_type email customer_id order_id",
        json="hidden",
        decimal="calculated__score",
        timestamp="landed_at submitted_at",
    ),
    primary_key=("form_id", "token"),
    cursor="submitted_at",
    overlap=OVERLAP,
)

RESPONSE_ANSWERS = Table(
    "response_answers",
    "One row per response and question that was answered.",
    typed_columns(
        text="form_id token field__id field__ref field__type type text",
        decimal="number",
        timestamp="submitted_at",
    ),
    primary_key=("form_id", "token", "field__id"),
    stream="responses",
    cursor="submitted_at",
    overlap=OVERLAP,
    replace_by=("form_id", "token"),
    parent="responses",
)

SPEC = SourceSpec(
    name="typeform",
    description="Answers to surveys of Typeform, the net promoter score's among them.",
    settings=TypeformSettings,
    tables=(FORMS, FORM_FIELDS, RESPONSES, RESPONSE_ANSWERS),
    setup_hint="Set TYPEFORM__ACCOUNTS__0__NAME and TYPEFORM__ACCOUNTS__0__TOKEN in .env",
    rate_limit=RateLimit(2),
)

"""Makes flat rows of Typeform's objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ingestion.sources.typeform.settings import TypeformAccountSettings

Row = dict[str, Any]
Answer = Mapping[str, Any]
NPS_STEPS = 11


def form_row(form: Answer) -> Row:
    """A form without its questions."""
    return {
        "id": form.get("id"),
        "title": form.get("title"),
        "type": form.get("type"),
        "language": (form.get("settings") or {}).get("language"),
        "created_at": form.get("created_at"),
        "last_updated_at": form.get("last_updated_at"),
        "published_at": form.get("published_at"),
    }


def field_rows(form: Answer, account: TypeformAccountSettings) -> Iterator[Row]:
    """The questions of a form.

    Args:
        form: Its definition.
        account: Says which questions are which.
    """
    for field in _questions(form.get("fields")):
        properties = field.get("properties") or {}
        yield {
            "form_id": form["id"],
            "id": field["id"],
            "ref": field.get("ref"),
            "type": field.get("type"),
            "title": field.get("title"),
            "question_type": question_type(field, account),
            "steps": properties.get("steps"),
            "start_at_one": properties.get("start_at_one"),
        }


def question_type(field: Answer, account: TypeformAccountSettings) -> str:
    """What a question is for: nps, csat or other.

    Args:
        field: As the form defines it.
        account: Names the questions by their refs, or leaves it to their kind.
    """
    ref, kind = field.get("ref"), field.get("type")
    if ref in account.csat_refs:
        return "csat"
    if account.nps_refs:
        return "nps" if ref in account.nps_refs else "other"
    properties = field.get("properties") or {}
    is_scale = kind == "nps" or (kind == "opinion_scale" and properties.get("steps") == NPS_STEPS)
    return "nps" if is_scale and not properties.get("start_at_one") else "other"


def response_row(response: Answer, form_id: str, account: TypeformAccountSettings) -> Row:
    """A response without its answers.

    Args:
        response: As the API tells it.
        form_id: Its form.
        account: Names the hidden fields.
    """
    hidden = response.get("hidden") or {}
    return {
        "form_id": form_id,
        "token": response["token"],
        "response_id": response.get("response_id"),
        "response_type": response.get("response_type"),
        "email": hidden.get(account.email_field) or _typed_address(response),
        "customer_id": hidden.get(account.customer_field),
        "order_id": hidden.get(account.order_field),
        "hidden": hidden,
        "calculated__score": (response.get("calculated") or {}).get("score"),
        "landed_at": response.get("landed_at"),
        "submitted_at": response.get("submitted_at"),
    }


def answer_rows(response: Answer, form_id: str) -> Iterator[Row]:
    """What was answered; numbers as numbers, all else as text."""
    for answer in response.get("answers") or ():
        field, kind = answer["field"], str(answer.get("type"))
        value = answer.get(kind)
        yield {
            "form_id": form_id,
            "token": response["token"],
            "field__id": field["id"],
            "field__ref": field.get("ref"),
            "field__type": field.get("type"),
            "type": kind,
            "text": None if kind == "number" else _as_words(value),
            "number": value if kind == "number" else None,
            "submitted_at": response.get("submitted_at"),
        }


def _questions(fields: Any) -> Iterator[Answer]:
    for field in fields or ():
        inner = (field.get("properties") or {}).get("fields")
        if inner:
            yield from _questions(inner)
        else:
            yield field


def _typed_address(response: Answer) -> str | None:
    """The address that somebody typed, where the form asks for it."""
    return next(
        (one["email"] for one in response.get("answers") or () if one.get("type") == "email"), None
    )


def _as_words(value: Any) -> Any:
    """A choice by its label, several ones with commas."""
    if isinstance(value, Mapping):
        found = value.get("labels") or [value.get("label") or value.get("other")]
        return ", ".join(str(word) for word in found if word)
    return value

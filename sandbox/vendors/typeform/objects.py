"""What the API shows of the ledger: forms of a shop, and responses to them."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd

from sandbox.world.ledger import Ledger

Row = dict[str, Any]
NPS_REF, COMMENT_REF = "recommend", "comment"


def forms(view: Ledger, shop: str) -> list[str]:
    """Ids of the forms that a shop's customers have answered."""
    own = view.survey_responses[view.survey_responses["shop"] == shop]
    return sorted(own["form_id"].unique())


def summary(form_id: str, created: pd.Timestamp) -> Row:
    """A form as the list shows it."""
    return {
        "id": form_id,
        "type": "quiz",
        "title": "How did we do?",
        "created_at": _moment(created),
        "last_updated_at": _moment(created),
        "_links": {"display": f"https://form.typeform.com/to/{form_id}"},
    }


def definition(form_id: str, created: pd.Timestamp) -> Row:
    """A form with its questions; the second stands in a group."""
    score = {
        "id": _id(form_id, NPS_REF),
        "ref": NPS_REF,
        "title": "How likely are you to recommend us?",
        "type": "opinion_scale",
        "properties": {"steps": 11, "start_at_one": False},
        "validations": {"required": True},
    }
    comment = {
        "id": _id(form_id, COMMENT_REF),
        "ref": COMMENT_REF,
        "title": "Why?",
        "type": "long_text",
        "properties": {},
        "validations": {"required": False},
    }
    group = {"id": _id(form_id, "more"), "ref": "more", "title": "More", "type": "group"}
    return summary(form_id, created) | {
        "settings": {"language": "en", "is_public": True},
        "hidden": ["email", "order_id"],
        "fields": [score, group | {"properties": {"fields": [comment]}}],
        "published_at": _moment(created),
    }


def responses(view: Ledger, form_id: str) -> list[Row]:
    """Responses to a form, newest first."""
    own = view.survey_responses[view.survey_responses["form_id"] == form_id]
    ordered = own.sort_values(["submitted_at", "response_id"], ascending=False)
    return [_response(row, form_id) for row in ordered.to_dict("records")]


def _response(row: Row, form_id: str) -> Row:
    order = row["order_id"]
    hidden = {"email": row["email"], "order_id": "" if pd.isna(order) else str(int(order))}
    answers = [_answer(form_id, NPS_REF, "opinion_scale", "number", int(row["score"]))]
    if row["comment"]:
        answers.append(_answer(form_id, COMMENT_REF, "long_text", "text", row["comment"]))
    return {
        "landing_id": row["response_id"],
        "token": row["response_id"],
        "response_id": row["response_id"],
        "response_type": "completed",
        "landed_at": _moment(row["landed_at"]),
        "submitted_at": _moment(row["submitted_at"]),
        "metadata": {"platform": "other", "browser": "default", "network_id": "8a0111039f"},
        "hidden": hidden,
        "calculated": {"score": 0},
        "answers": answers,
    }


def _answer(form_id: str, ref: str, field: str, kind: str, value: Any) -> Row:
    known = {"id": _id(form_id, ref), "type": field, "ref": ref}
    return {"field": known, "type": kind, kind: value}


def _id(form_id: str, ref: str) -> str:
    return hashlib.sha256(f"{form_id} {ref}".encode()).hexdigest()[:12]


def _moment(at: pd.Timestamp) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")

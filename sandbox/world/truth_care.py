"""The truth of the help desk: how long people waited, and how content they were."""

from __future__ import annotations

import pandas as pd

from sandbox.world.ledger import Ledger
from sandbox.world.truth_web import with_dates

CONTENT = 4


def tickets(view: Ledger) -> pd.DataFrame:
    """One row per ticket: its local day, and the wait from the customer's first message.

    The wait ends with the first public answer after it that a person wrote; rules and notes do
    not count. Tickets the shop opened count from the customer's first message too, if there is
    one. ``score`` is the customer's answer to the survey, once given.
    """
    messages = view.ticket_messages
    asked = messages[~messages["from_agent"]].groupby("ticket_id")["sent_at"].min()
    by_person = messages["from_agent"] & messages["is_public"] & ~messages["is_automated"]
    answers = messages[by_person]
    answers = answers.assign(asked_at=asked.reindex(answers["ticket_id"]).array)
    answered = answers[answers["sent_at"] >= answers["asked_at"]]
    first = answered.groupby("ticket_id")["sent_at"].min()
    columns = ["ticket_id", "shop", "order_id", "channel", "reason", "is_spam", "created_at",
               "closed_at", "messages_count"]  # fmt: skip
    rows = view.tickets[columns]
    surveys = view.ticket_surveys.dropna(subset="scored_at").set_index("ticket_id")["score"]
    rows = rows.assign(
        asked_at=asked.reindex(rows["ticket_id"]).array,
        answered_at=first.reindex(rows["ticket_id"]).array,
        score=surveys.reindex(rows["ticket_id"]).array,
    )
    wait = rows["answered_at"] - rows["asked_at"]
    return with_dates(view, rows.assign(wait_seconds=wait.dt.total_seconds()), "created_at")


def tickets_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop and local day of opening, without spam; answers by that of the survey."""
    rows = tickets(view)
    rows = rows[~rows["is_spam"]]
    opened = rows.groupby(["shop", "date"]).agg(
        tickets=("ticket_id", "size"),
        answered=("answered_at", "count"),
        median_wait_seconds=("wait_seconds", "median"),
    )
    scored = view.ticket_surveys.dropna(subset="scored_at")
    scored = with_dates(view, scored.assign(content=scored["score"] >= CONTENT), "scored_at")
    given = scored.groupby(["shop", "date"]).agg(
        scores=("score", "count"), content=("content", "sum")
    )
    days = opened.join(given, how="outer")
    counts = ["tickets", "answered", "scores", "content"]
    return (
        days.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, "int64")).reset_index()
    )

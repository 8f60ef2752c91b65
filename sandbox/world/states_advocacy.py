"""States of advocacy and care that follow from what is visible."""

from __future__ import annotations

import numpy as np
import pandas as pd

Frames = dict[str, pd.DataFrame]


def review_states(reviews: pd.DataFrame) -> pd.DataFrame:
    """Reviews that are deleted by now say so."""
    times = reviews[["created_at", "deleted_at"]]
    return reviews.assign(is_deleted=reviews["deleted_at"].notna(), updated_at=times.max(axis=1))


def ticket_states(tickets: pd.DataFrame, messages: pd.DataFrame) -> pd.DataFrame:
    """Tickets with their status, messages so far and latest change."""
    own = messages.groupby("ticket_id")["sent_at"].agg(["size", "max"])
    own = own.reindex(tickets["ticket_id"]).reset_index(drop=True)
    times = pd.concat([tickets[["created_at", "closed_at"]], own["max"]], axis=1)
    closed = tickets["closed_at"].notna()
    return tickets.assign(
        status=pd.Series(np.where(closed, "closed", "open"), dtype="str"),
        messages_count=own["size"].fillna(0).astype("int64"),
        updated_at=times.max(axis=1),
    )


def ticket_survey_states(surveys: pd.DataFrame) -> pd.DataFrame:
    """Surveys without the score and comment still to come."""
    scored = surveys["scored_at"].notna()
    return surveys.assign(
        score=surveys["score"].where(scored), comment=surveys["comment"].where(scored, "")
    )

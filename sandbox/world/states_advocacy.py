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


def member_states(frames: Frames) -> pd.DataFrame:
    """Members with their newest tier, the points so far and the latest change."""
    members, tiers = frames["loyalty_members"], frames["loyalty_tiers"]
    newest = tiers.drop_duplicates("member_id", keep="last").set_index("member_id")
    entries = frames["loyalty_entries"].groupby("member_id").agg(
        points=("points", "sum"), latest=("happened_at", "max")
    )  # fmt: skip
    newest = newest.reindex(members["member_id"]).reset_index(drop=True)
    entries = entries.reindex(members["member_id"]).reset_index(drop=True)
    times = [members[["enrolled_at", "opted_out_at"]], newest["valid_from"], entries["latest"]]
    return members.assign(
        tier=newest["tier"].fillna("bronze").astype("str"),
        points_balance=entries["points"].fillna(0).astype("int64"),
        updated_at=pd.concat(times, axis=1).max(axis=1),
    )


def referral_states(clicks: pd.DataFrame) -> pd.DataFrame:
    """Referral clicks without the friend and the order still to come."""
    bought = clicks["converted_at"].notna()
    return clicks.assign(
        friend_email=clicks["friend_email"].where(bought, ""),
        order_id=clicks["order_id"].where(bought),
    )


def contact_states(contacts: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Contacts are customers once an order with their address is there."""
    address = orders["email"].str.strip().str.lower()
    first = orders["created_at"].groupby(address.to_numpy()).min()
    ordered = first.reindex(contacts["email"].str.strip().str.lower()).reset_index(drop=True)
    times = pd.concat([contacts[["created_at", "archived_at"]], ordered], axis=1)
    return contacts.assign(
        lifecycle_stage=contacts["lifecycle_stage"].mask(ordered.notna(), "customer"),
        updated_at=times.max(axis=1),
    )

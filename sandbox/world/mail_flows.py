"""Flows: messages that follow what people do, or leave undone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sandbox.world.drawing import ABSENT, DAY, HOUR, MINUTE, NEVER, Ints, between, ragged
from sandbox.world.identifiers import tokens
from sandbox.world.ledger import typed
from sandbox.world.mail_profiles import Profiles
from sandbox.world.phrases import SUBJECTS
from sandbox.world.presets import Preset
from sandbox.world.served import MAIL_HANDLES, Frames, micros_of, numbers_of
from sandbox.world.timeline import micros


class Flow(NamedTuple):
    """A flow: its purpose, name, trigger, and the delay of each of its messages in hours."""

    purpose: str
    name: str
    trigger: str
    delays: tuple[float, ...]
    status: str = "live"


FLOWS = (
    Flow("welcome", "welcome-series", "Added to List", (0.1, 72)),
    Flow("winback", "we-miss-you", "Metric", (0,)),
    Flow("post_purchase", "after-your-order", "Metric", (60,)),
    Flow("replenishment", "time-to-refill", "Metric", (0,)),
    Flow("abandoned_cart", "left-in-your-basket", "Metric", (4,)),
    Flow("winback", "winback-test", "Metric", (), "draft"),
)
QUIET_DAYS = 120
REFILL_DAYS = 45
REFILLED = "Tea & Coffee"


def frames(rng: np.random.Generator, preset: Preset) -> tuple[Frames, pd.DataFrame]:
    """The tables email_flows and email_flow_messages, and when each message follows its trigger.

    Returns:
        The tables, and one row per message: shop number, purpose, delay in microseconds.
    """
    made = micros(preset.start) - 55 * DAY
    shop = np.repeat(np.arange(len(MAIL_HANDLES)), len(FLOWS))
    flow = np.tile(np.arange(len(FLOWS)), len(MAIL_HANDLES))
    flows = typed(
        "email_flows",
        {
            "flow_id": tokens(rng, 6, len(flow)),
            "shop": np.array(MAIL_HANDLES, object)[shop],
            "name": _of(flow, "name"),
            "purpose": _of(flow, "purpose"),
            "status": _of(flow, "status"),
            "trigger_type": _of(flow, "trigger"),
            "created_at": np.full(len(flow), made),
            "updated_at": np.full(len(flow), made),
        },
    )
    owner, step = ragged(np.array([len(FLOWS[number].delays) for number in flow]))
    steps = typed(
        "email_flow_messages",
        {
            "message_id": tokens(rng, 6, len(owner)),
            "flow_id": flows["flow_id"].to_numpy(object)[owner],
            "shop": flows["shop"].to_numpy(object)[owner],
            "name": _of(flow[owner], "name") + "-" + (step + 1).astype(str).astype(object),
            "subject": np.array(SUBJECTS, object)[(owner + step) % len(SUBJECTS)],
            "created_at": np.full(len(owner), made),
        },
    )
    hours = [FLOWS[number].delays[place] for number, place in zip(flow[owner], step, strict=True)]
    delay = (np.array(hours) * HOUR).astype(np.int64)
    plan = {"shop": shop[owner], "purpose": _of(flow[owner], "purpose"), "delay": delay}
    return {"email_flows": flows, "email_flow_messages": steps}, pd.DataFrame(plan)


def _of(flow: Ints, attribute: str) -> np.ndarray:
    return np.array([getattr(each, attribute) for each in FLOWS], object)[flow]


def messages(
    rng: np.random.Generator,
    profiles: Profiles,
    shop: Frames,
    served: pd.DataFrame,
    flows: pd.DataFrame,
    end: int,
) -> pd.DataFrame:
    """Messages of flows to people who consented before: profile, source, at."""
    own = _person_triggers(shop, served)
    own = own.assign(profile=profiles.find(own["shop"], own["person_id"]))
    welcome = {"profile": np.arange(len(profiles.shop)), "at": profiles.consented}
    triggers = pd.concat(
        [
            pd.DataFrame({**welcome, "purpose": "welcome"}),
            own.loc[own["profile"] != ABSENT, ["profile", "at", "purpose"]],
        ]
    )
    consented = profiles.consented[triggers["profile"]]
    triggers = triggers[(consented != NEVER) & (consented <= triggers["at"])]
    triggers = triggers.assign(shop=profiles.shop[triggers["profile"]])
    rows = triggers.merge(flows.assign(source=np.arange(len(flows))), on=["shop", "purpose"])
    rows["at"] += rows["delay"] + between(rng, 0, 10 * MINUTE, len(rows))
    return rows.loc[rows["at"] < end, ["profile", "source", "at"]]


def _person_triggers(shop: Frames, served: pd.DataFrame) -> pd.DataFrame:
    """What people do or leave undone: shop, person, when, purpose."""
    keys = ["shop", "person_id"]
    bought = served[served["cancelled"] == NEVER]
    upcoming = bought.groupby(keys)["at"].shift(-1)
    quiet = bought["at"] + QUIET_DAYS * DAY
    silent = upcoming.isna() | (upcoming > quiet)
    lines = shop["order_lines"]
    refilled = lines.loc[lines["category"] == REFILLED, "order_id"]
    refills = bought["order_id"].isin(refilled)
    left = shop["checkouts"][shop["checkouts"]["abandoned_at"].notna()]
    left = left[left["shop"].isin(MAIL_HANDLES) & (numbers_of(left["person_id"]) > 0)]
    began, done = micros_of(left["created_at"]), micros_of(left["completed_at"])
    still = (done == NEVER) | (done > began + 5 * HOUR)
    blocks = (
        (bought[silent], quiet[silent], "winback"),
        (bought, bought["created"], "post_purchase"),
        (bought[refills], bought.loc[refills, "at"] + REFILL_DAYS * DAY, "replenishment"),
        (left[still], began[still], "abandoned_cart"),
    )
    return pd.concat(
        [rows[keys].assign(at=np.asarray(at), purpose=purpose) for rows, at, purpose in blocks]
    )

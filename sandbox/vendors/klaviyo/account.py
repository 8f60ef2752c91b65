"""What one account has, as frames that are sorted as its lists are; made once a view."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sandbox.world.ledger import Ledger

NAMESPACE = uuid.UUID("6f2c1de8-2f5b-4a4e-8a51-0c0e1b6f7a10")
KLAVIYO, SHOPIFY = "Klaviyo", "Shopify"
METRICS = {
    ("received", "email"): "Received Email",
    ("opened", "email"): "Opened Email",
    ("clicked", "email"): "Clicked Email",
    ("bounced", "email"): "Bounced Email",
    ("dropped", "email"): "Dropped Email",
    ("marked_spam", "email"): "Marked Email as Spam",
    ("subscribed", "email"): "Subscribed to Email Marketing",
    ("unsubscribed", "email"): "Unsubscribed from Email Marketing",
    ("received", "sms"): "Received SMS",
    ("clicked", "sms"): "Clicked SMS",
    ("bounced", "sms"): "Failed to Deliver SMS",
    ("subscribed", "sms"): "Subscribed to SMS Marketing",
    ("unsubscribed", "sms"): "Unsubscribed from SMS Marketing",
    ("placed", "shop"): "Placed Order",
    ("ordered", "shop"): "Ordered Product",
}
EVENT_COLUMNS = [
    "id",
    "kind",
    "channel",
    "profile_id",
    "happened_at",
    "email",
    "url",
    "is_machine",
    "message_id",
    "flow_id",
    "name",
    "subject",
    "send_cohort",
    "email_message_id",
    "value",
    "order_id",
    "product",
    "quantity",
]


def short_id(*parts: str) -> str:
    """A six-character id, as Klaviyo gives metrics and lists."""
    digits = hashlib.sha256(":".join(parts).encode()).digest()
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"
    return "".join(letters[digit % len(letters)] for digit in digits[:6])


def _seconds(moments: pd.Series) -> np.ndarray:
    """Times in whole seconds, all at once: there are many."""
    return moments.dt.tz_localize(None).to_numpy().astype("M8[s]")


def _as_klaviyo_counts(events: pd.DataFrame) -> pd.DataFrame:
    """Received is sent: what bounced as well, and when it was sent.

    Of an SMS that was never sent nothing is told.
    """
    bounced = events[events["kind"] == "bounced"]
    sent = bounced.assign(
        kind="received",
        id=[str(uuid.uuid5(NAMESPACE, f"received {event}")) for event in bounced["id"]],
    )
    untold = (events["kind"] == "dropped") & (events["channel"] == "sms")
    told = pd.concat([events[~untold], sent], ignore_index=True)
    is_sent = told["kind"] == "received"
    return told.assign(happened_at=told["sent_at"].where(is_sent, told["happened_at"]))


@dataclass
class Account:
    """One account.

    Attributes:
        shop: Its shop.
        view: The ledger as of the clock.
    """

    shop: str
    view: Ledger

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """Every kind of event, with the shop's age."""
        created = self.view.stores.set_index("shop").loc[self.shop, "created_at"]
        rows = [
            {
                "id": short_id(self.shop, name),
                "kind": kind,
                "channel": channel,
                "name": name,
                "integration": SHOPIFY if channel == "shop" else KLAVIYO,
                "created_at": created,
            }
            for (kind, channel), name in METRICS.items()
        ]
        return pd.DataFrame(rows).sort_values("id", ignore_index=True)

    @cached_property
    def profiles(self) -> pd.DataFrame:
        """Profiles with the newest prediction, by their last change."""
        profiles = self._own("email_profiles").rename(columns={"profile_id": "id"})
        known = self._own("profile_predictions").sort_values("predicted_at")
        newest = known.drop_duplicates("profile_id", keep="last").drop(columns="shop")
        merged = profiles.merge(newest, how="left", left_on="id", right_on="profile_id")
        return merged.sort_values(["updated_at", "id"], ignore_index=True)

    @cached_property
    def lists(self) -> pd.DataFrame:
        """Lists by id."""
        return self._by_id("email_lists", "list_id")

    @cached_property
    def segments(self) -> pd.DataFrame:
        """Segments by id."""
        return self._by_id("email_segments", "segment_id")

    @cached_property
    def members(self) -> pd.DataFrame:
        """Who is on which list, in the order of joining."""
        members = self._own("email_list_members").rename(columns={"profile_id": "id"})
        return members.sort_values(["joined_at", "id"], ignore_index=True)

    @cached_property
    def campaigns(self) -> pd.DataFrame:
        """Campaigns by id; none is archived."""
        return self._by_id("email_campaigns", "campaign_id").assign(archived=False)

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Flows by id; none is archived."""
        return self._by_id("email_flows", "flow_id").assign(archived=False)

    @cached_property
    def flow_messages(self) -> pd.DataFrame:
        """Messages of flows, with the action that sends each."""
        messages = self._own("email_flow_messages")
        actions = [short_id("action", found) for found in messages["message_id"]]
        return messages.assign(id=actions).sort_values("id", ignore_index=True)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Events of e-mail, SMS and the shop, by the time they happened."""
        every = pd.concat([self._message_events(), self._order_events()], ignore_index=True)
        metric_ids = self.metrics.set_index(["kind", "channel"])["id"]
        every["metric_id"] = metric_ids.reindex(
            pd.MultiIndex.from_frame(every[["kind", "channel"]])
        ).to_numpy()
        every["second"] = _seconds(every["happened_at"]).astype("int64")
        every["moment"] = [f"{at}+00:00" for at in _seconds(every["happened_at"]).astype("str")]
        return every.sort_values(["happened_at", "id"], ignore_index=True)

    def _message_events(self) -> pd.DataFrame:
        events = (
            self._own("email_events").astype({"kind": "str"}).rename(columns={"event_id": "id"})
        )
        columns = ["email_message_id", "message_id", "flow_id", "channel", "sent_at"]
        sent = self._own("email_messages")[columns]
        named = pd.concat(
            [
                frame[["message_id", "name", "subject"]]
                for frame in (self.campaigns, self.flow_messages)
            ]
        )
        addresses = self.profiles[["id", "email"]].rename(columns={"id": "profile_id"})
        merged = (
            events.merge(sent, how="left", on="email_message_id")
            .merge(named, how="left", on="message_id")
            .merge(addresses, how="left", on="profile_id")
        )
        merged["channel"] = merged["channel"].astype("object").fillna("email")
        merged = _as_klaviyo_counts(merged)
        sent_at = _seconds(merged["sent_at"]).astype("int64").astype("str").astype("object")
        merged["send_cohort"] = sent_at + ":" + merged["message_id"].astype("object")
        return merged.reindex(columns=EVENT_COLUMNS)

    def _order_events(self) -> pd.DataFrame:
        """What the shop's integration tells: an order, and beside it each of its products."""
        view = self.view
        orders = view.orders[
            (view.orders["shop"] == self.shop)
            & ~view.orders["is_test"]
            & view.orders["deleted_at"].isna()
        ]
        orders = orders.assign(address=orders["email"].str.strip().str.lower())
        profiles = self.profiles.assign(address=self.profiles["email"].str.strip().str.lower())
        known = profiles.drop_duplicates("address")[["id", "address", "email"]]
        placed = orders.drop(columns="email").merge(
            known.rename(columns={"id": "profile_id"}), on="address"
        )
        placed = placed.assign(
            kind="placed", channel="shop", happened_at=placed["created_at"], value=placed["total"]
        )
        lines = view.order_lines[["line_id", "order_id", "title", "quantity", "unit_price"]]
        ordered = placed[["order_id", "profile_id", "email", "happened_at"]].merge(
            lines, on="order_id"
        )
        ordered = ordered.assign(
            kind="ordered",
            channel="shop",
            product=ordered["title"],
            value=ordered["unit_price"] * ordered["quantity"],
        )
        placed["id"] = [str(uuid.uuid5(NAMESPACE, f"order {i}")) for i in placed["order_id"]]
        ordered["id"] = [str(uuid.uuid5(NAMESPACE, f"line {i}")) for i in ordered["line_id"]]
        return pd.concat([placed, ordered]).reindex(columns=EVENT_COLUMNS)

    def _by_id(self, table: str, name: str) -> pd.DataFrame:
        frame = self._own(table).rename(columns={name: "id"})
        return frame.sort_values("id", ignore_index=True)

    def _own(self, table: str) -> pd.DataFrame:
        frame = getattr(self.view, table)
        return frame[frame["shop"] == self.shop].reset_index(drop=True)

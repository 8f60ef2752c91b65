"""The ledger: every table of the world, and the view of it at a point in time."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from sandbox.world.drawing import ABSENT, NEVER, SECOND
from sandbox.world.schema import DTYPES, TABLES
from sandbox.world.states import (
    ad_states,
    checkout_states,
    line_states,
    order_states,
    updated_at,
    variant_states,
)
from sandbox.world.states_advocacy import (
    contact_states,
    member_states,
    referral_states,
    review_states,
    ticket_states,
    ticket_survey_states,
)
from sandbox.world.states_email import campaign_states, profile_states
from sandbox.world.states_goods import (
    discount_states,
    gift_card_states,
    stock_states,
    subscription_states,
)


@dataclass(frozen=True)
class Ledger:
    """Typed tables of everything that happens, past and (until cut) future.

    One ``DataFrame`` per table; grain, columns and units are in ``schema.TABLES``. Money is
    int64 cents in the shop's (ads: the account's) currency, times are ``datetime64[us, UTC]``.
    Rows are sorted by time, then id. A renderer never reads the full ledger: it takes
    ``World.view()``, which is ``as_of`` the clock.
    """

    stores: pd.DataFrame
    products: pd.DataFrame
    variants: pd.DataFrame
    variant_versions: pd.DataFrame
    people: pd.DataFrame
    customers: pd.DataFrame
    changes: pd.DataFrame
    visits: pd.DataFrame
    web_events: pd.DataFrame
    checkouts: pd.DataFrame
    checkout_lines: pd.DataFrame
    orders: pd.DataFrame
    order_lines: pd.DataFrame
    discount_allocations: pd.DataFrame
    shipping_lines: pd.DataFrame
    sales_entries: pd.DataFrame
    refunds: pd.DataFrame
    refund_lines: pd.DataFrame
    refund_shipping_lines: pd.DataFrame
    refund_adjustments: pd.DataFrame
    transactions: pd.DataFrame
    fulfillments: pd.DataFrame
    fulfillment_lines: pd.DataFrame
    order_costs: pd.DataFrame
    ad_accounts: pd.DataFrame
    ads: pd.DataFrame
    ad_entries: pd.DataFrame
    ad_conversions: pd.DataFrame
    fx: pd.DataFrame
    categories: pd.DataFrame
    inventory_entries: pd.DataFrame
    discount_codes: pd.DataFrame
    gift_cards: pd.DataFrame
    gift_card_entries: pd.DataFrame
    subscriptions: pd.DataFrame
    subscription_events: pd.DataFrame
    subscription_charges: pd.DataFrame
    email_profiles: pd.DataFrame
    email_lists: pd.DataFrame
    email_segments: pd.DataFrame
    email_list_members: pd.DataFrame
    email_campaigns: pd.DataFrame
    email_flows: pd.DataFrame
    email_flow_messages: pd.DataFrame
    email_messages: pd.DataFrame
    email_events: pd.DataFrame
    profile_predictions: pd.DataFrame
    reviews: pd.DataFrame
    ugc: pd.DataFrame
    loyalty_members: pd.DataFrame
    loyalty_tiers: pd.DataFrame
    loyalty_entries: pd.DataFrame
    referral_clicks: pd.DataFrame
    survey_responses: pd.DataFrame
    social_posts: pd.DataFrame
    social_entries: pd.DataFrame
    social_account_days: pd.DataFrame
    tickets: pd.DataFrame
    ticket_messages: pd.DataFrame
    ticket_surveys: pd.DataFrame
    crm_contacts: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name, in the order of the schema."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def as_of(self, now: pd.Timestamp) -> Ledger:
        """The part of the ledger that can be known at ``now``.

        Rows that are not visible yet are cut, times still to come are ``NaT``, and states
        (statuses, current amounts and quantities, prices in force, ``updated_at``) are
        recomputed from the entries that are left. Orders deleted by ``now`` keep their row,
        with ``deleted_at``: a renderer must not show them.

        Args:
            now: Time with zone; what happens at exactly ``now`` is visible.

        Returns:
            A ledger of its own; the receiver is unchanged.
        """
        cut = {name: _cut(frame, name, now) for name, frame in self.tables().items()}
        cut["variants"] = variant_states(cut["variants"], cut["variant_versions"])
        cut["variants"] = stock_states(cut["variants"], cut["inventory_entries"])
        cut["gift_cards"] = gift_card_states(cut["gift_cards"], cut["gift_card_entries"])
        cut["subscriptions"] = subscription_states(cut)
        allocations = cut["discount_allocations"]
        cut["discount_codes"] = discount_states(cut["discount_codes"], allocations)
        cut["order_lines"] = line_states(cut["order_lines"], cut["sales_entries"])
        cut["orders"] = order_states(cut)
        cut["ads"] = ad_states(cut["ads"])
        cut["checkouts"] = checkout_states(cut["checkouts"], cut["customers"])
        for entity in ("order", "customer", "product", "variant", "checkout"):
            name = f"{entity}s"
            cut[name] = updated_at(cut[name], cut["changes"], entity)
        cut["email_profiles"] = profile_states(cut)
        cut["email_campaigns"] = campaign_states(cut["email_campaigns"])
        cut["reviews"] = review_states(cut["reviews"])
        cut["tickets"] = ticket_states(cut["tickets"], cut["ticket_messages"])
        cut["ticket_surveys"] = ticket_survey_states(cut["ticket_surveys"])
        cut["loyalty_members"] = member_states(cut)
        cut["referral_clicks"] = referral_states(cut["referral_clicks"])
        cut["crm_contacts"] = contact_states(cut["crm_contacts"], cut["orders"])
        return Ledger(**cut)


def typed(name: str, columns: dict[str, object]) -> pd.DataFrame:
    """A frame with exactly the columns and kinds of the table ``name``.

    Args:
        name: Table of ``schema.TABLES``.
        columns: Arrays by column name. Times may be int64 microseconds with ``NEVER``, nullable
            integers int64 with ``ABSENT``.

    Returns:
        The frame, columns in schema order.

    Raises:
        ValueError: A column is missing or unknown.
    """
    table = TABLES[name]
    if set(columns) != set(table.names):
        odd = sorted(set(columns) ^ set(table.names))
        raise ValueError(f"table {name}: missing or unknown columns {odd}")
    return pd.DataFrame(
        {column.name: _column(columns[column.name], column.kind) for column in table.columns}
    )


def _column(values: object, kind: str) -> object:
    """Values of the kind's dtype; the generator's integer sentinels become NaT and NA."""
    if kind in ("time", "micro") and isinstance(values, np.ndarray) and values.dtype == np.int64:
        if kind == "time":
            values = np.where(values == NEVER, NEVER, values // SECOND * SECOND)
        return pd.DatetimeIndex(values.view("M8[us]")).tz_localize("UTC")
    if kind == "int?" and isinstance(values, np.ndarray):
        return pd.arrays.IntegerArray(values.astype(np.int64), values == ABSENT)
    return pd.Series(values).array.astype(DTYPES[kind])


def _cut(frame: pd.DataFrame, name: str, now: pd.Timestamp) -> pd.DataFrame:
    table = TABLES[name]
    if table.visible_at:
        frame = frame[frame[table.visible_at] <= now].reset_index(drop=True)
    hidden = {column: frame[column].where(frame[column] <= now) for column in table.later}
    return frame.assign(**hidden) if hidden else frame

"""Discounts as the shop made them: by code or automatic, with what they give and their uses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sandbox.vendors.shopify.columns import (
    flag,
    gid,
    ints,
    itself,
    moment,
    money,
    number,
    same,
    text,
    texts,
    times,
)
from sandbox.vendors.shopify.frames import NONE, Frame, Leaf, One, always
from sandbox.vendors.shopify.store import Store

CENTS, PERCENT = 100, 100


def discount_nodes(store: Store) -> Frame:
    """The node of every discount; its id tells whether it has a code."""
    ids = store.ids("discount_codes", "discount_id")
    kinds = np.where(_has_code(store), "DiscountCodeNode", "DiscountAutomaticNode")
    marks = [f"gid://shopify/{kind}/{each}" for kind, each in zip(kinds, ids, strict=True)]
    return Frame(
        always("DiscountNode"),
        ids,
        {"id": text(np.array(marks, object)), "discount": One(store.link("Discount"), itself())},
    )


def discounts(store: Store) -> Frame:
    """Every discount; which fields count is a matter of its type."""
    table = store.table("discount_codes")
    count = len(table)
    free = (table["kind"] == "free_shipping").to_numpy()
    head = np.where(_has_code(store), "DiscountCode", "DiscountAutomatic")
    names = (head + np.where(free, "FreeShipping", "Basic")).astype(object)
    coded = np.where(_has_code(store), np.arange(count), NONE)
    counts = Frame(
        always("Count"),
        np.empty(0, np.int64),
        {"count": number(_has_code(store).astype(np.int64)), "precision": same("EXACT")},
    )
    return Frame(
        lambda rows: names[rows].tolist(),
        np.empty(0, np.int64),
        {
            "title": text(texts(table, "title")),
            "status": text(discount_states(store)),
            "summary": text(texts(table, "title")),
            "startsAt": moment(times(table, "starts_at")),
            "endsAt": moment(times(table, "ends_at")),
            "createdAt": moment(times(table, "created_at")),
            "updatedAt": moment(times(table, "updated_at")),
            "asyncUsageCount": number(ints(table, "usage_count")),
            "usageLimit": Leaf(lambda rows: [None] * len(rows), "number"),
            "appliesOncePerCustomer": flag(np.zeros(count, np.bool_)),
            "customerGets": One(store.link("DiscountCustomerGets"), itself()),
            "codes": store.many("DiscountRedeemCode", coded, count),
            "codesCount": One(lambda: counts, itself()),
        },
    )


def redeem_codes(store: Store) -> Frame:
    """The code of every discount; rows without one are never shown."""
    table = store.table("discount_codes")
    ids = ints(table, "discount_id")
    return Frame(
        always("DiscountRedeemCode"),
        ids,
        {
            "id": gid("DiscountRedeemCode", ids),
            "code": text(texts(table, "code")),
            "asyncUsageCount": number(ints(table, "usage_count")),
        },
    )


def benefits(store: Store) -> Frame:
    """What the customer gets: a share of 1, or an amount."""
    table = store.table("discount_codes")
    value = table["value"].to_numpy(np.float64)
    is_share = (table["kind"] == "percentage").to_numpy()
    names = np.where(is_share, "DiscountPercentage", "DiscountAmount").astype(object)
    values = Frame(
        lambda rows: names[rows].tolist(),
        np.empty(0, np.int64),
        {
            "percentage": number(value / PERCENT),
            "amount": money(np.rint(value * CENTS).astype(np.int64), store.currency),
            "appliesOnEachItem": same(False),
        },
    )
    return Frame(
        always("DiscountCustomerGets"),
        np.empty(0, np.int64),
        {
            "value": One(lambda: values, itself()),
            "appliesOnOneTimePurchase": same(True),
            "appliesOnSubscription": same(False),
        },
    )


def discount_states(store: Store) -> NDArray[np.object_]:
    """Whether each discount can be used now."""
    table = store.table("discount_codes")
    expired = (table["ends_at"] <= store.now).to_numpy()
    early = (table["starts_at"] > store.now).to_numpy()
    return np.select([expired, early], ["EXPIRED", "SCHEDULED"], "ACTIVE").astype(object)


def _has_code(store: Store) -> NDArray[np.bool_]:
    return np.asarray(texts(store.table("discount_codes"), "code") != "", np.bool_)

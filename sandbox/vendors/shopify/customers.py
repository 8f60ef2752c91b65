"""Customer accounts."""

from __future__ import annotations

import numpy as np

from sandbox.vendors.shopify.addresses import address_frame
from sandbox.vendors.shopify.columns import (
    flag,
    flags,
    gid,
    ints,
    itself,
    lookup,
    moment,
    money,
    optional,
    same,
    text,
    texts,
    times,
    unsigned,
    words,
)
from sandbox.vendors.shopify.frames import NONE, Field, Frame, One, Rows, always
from sandbox.vendors.shopify.store import Store


def customers(store: Store) -> Frame:
    """Every customer account of the shop."""
    table = store.table("customers")
    ids = ints(table, "customer_id")
    first, last = texts(table, "first_name"), texts(table, "last_name")
    email = texts(table, "email")
    whole = np.array([f"{a} {b}".strip() for a, b in zip(first, last, strict=True)], object)
    return Frame(
        always("Customer"),
        ids,
        {
            "id": gid("Customer", ids),
            "legacyResourceId": unsigned(ids),
            "firstName": optional(first),
            "lastName": optional(last),
            "displayName": text(np.where(whole == "", email, whole).astype(object)),
            "email": optional(email),
            "phone": optional(texts(table, "phone")),
            "locale": text(texts(table, "locale")),
            "note": same(None),
            "state": text(texts(table, "state")),
            "tags": words(texts(table, "tags")),
            "taxExempt": same(False),
            "verifiedEmail": flag(email != ""),
            "createdAt": moment(times(table, "created_at")),
            "updatedAt": moment(times(table, "updated_at")),
            **_contacts(store),
            **_history(store),
        },
    )


def addresses(store: Store) -> Frame:
    """The default address of every customer."""
    table = store.table("customers")
    first, last = texts(table, "first_name"), texts(table, "last_name")
    whole = np.array([f"{a} {b}".strip() for a, b in zip(first, last, strict=True)], object)
    names = (whole, optional(first), optional(last))
    return address_frame(table, ints(table, "customer_id"), "", names)


def _contacts(store: Store) -> dict[str, Field]:
    table = store.table("customers")
    email, phone = texts(table, "email"), texts(table, "phone")
    agreed = flags(table, "accepts_marketing")
    mail = Frame(
        always("CustomerEmailAddress"),
        np.empty(0, np.int64),
        {
            "emailAddress": text(email),
            "marketingState": text(np.where(agreed, "SUBSCRIBED", "NOT_SUBSCRIBED").astype(object)),
            "marketingOptInLevel": optional(np.where(agreed, "SINGLE_OPT_IN", "").astype(object)),
            "marketingUpdatedAt": moment(times(table, "marketing_at")),
            "validFormat": same(True),
        },
    )
    call = Frame(always("CustomerPhoneNumber"), np.empty(0, np.int64), {"phoneNumber": text(phone)})
    settled = (table["address1"] != "").to_numpy()
    return {
        "defaultEmailAddress": One(lambda: mail, itself(email != "")),
        "defaultPhoneNumber": One(lambda: call, itself(phone != "")),
        "defaultAddress": One(store.link("CustomerAddress"), itself(settled)),
    }


def _history(store: Store) -> dict[str, Field]:
    """How much a customer bought; test orders do not count."""
    orders = store.table("orders")
    count = len(store.table("customers"))
    owner = store.rows("orders", "customer_id", "customers", "customer_id")
    real = (owner >= 0) & ~flags(orders, "is_test")
    paid = ints(orders, "received") - ints(orders, "refunded")
    number = np.bincount(owner[real], minlength=count)
    spent = np.bincount(owner[real], paid[real], count).astype(np.int64)
    return {
        "numberOfOrders": unsigned(number),
        "amountSpent": money(spent, store.currency),
        "lastOrder": One(store.link("Order"), lookup(_last_order(store, owner, count))),
    }


def _last_order(store: Store, owner: Rows, count: int) -> Rows:
    last = np.full(count, NONE, np.int64)
    by_time = np.argsort(times(store.table("orders"), "processed_at"), kind="stable")
    by_time = by_time[owner[by_time] >= 0]
    last[owner[by_time]] = by_time
    return last

"""The tables of goods and promotions: categories, stock, discounts, gift cards, subscriptions."""

from __future__ import annotations

from sandbox.world.tables import Table, table

GOODS_TABLES: dict[str, Table] = {
    "categories": table(
        "One row per category of a shop.",
        """
        category_id int the category
        shop str handle
        name str products.category names a category without children
        parent_id int? category above it
        """,
    ),
    "inventory_entries": table(
        "One row per variant x location x change of stock; the sum is what is on hand.",
        """
        entry_id int the change
        variant_id int what
        shop str handle
        location_id int shop_id x 10 + 1: every shop has one
        location_name str Warehouse, or Shop floor at the till
        change int signed units
        kind str count (the opening one too), restock, sale or return
        happened_at time when; never below zero, not even within a day
        """,
        visible_at="happened_at",
    ),
    "discount_codes": table(
        "One row per discount code or automatic discount of a shop.",
        """
        discount_id int the discount
        shop str handle
        code str empty: automatic
        title str name; of a code the code
        kind str percentage, fixed_amount or free_shipping
        value float percent, or money units
        starts_at time from when it can be used
        ends_at time until then, or NaT
        created_at time made
        updated_at time made or last used (as_of)
        usage_count int orders that used it (as_of)
        """,
        visible_at="created_at",
    ),
    "gift_cards": table(
        "One row per gift card; the balance is the initial value and all its entries.",
        """
        gift_card_id int Shopify's numeric id
        shop str handle
        order_id int? order that bought it; absent: the shop gave it away
        line_id int? line of that order
        last_characters str 4 of its code
        initial_value int cents
        balance int cents (as_of)
        currency str shop's currency
        created_at time issued
        updated_at time issued or last used (as_of)
        expires_on date last day, or NaT
        """,
        visible_at="created_at",
    ),
    "gift_card_entries": table(
        "One row per payment with a gift card, or money back to it.",
        """
        gift_card_entry_id int the entry
        gift_card_id int the card
        shop str handle
        order_id int order that it pays
        transaction_id int payment or refund with gateway gift_card
        amount int signed cents: negative spends
        happened_at time as its transaction
        """,
        visible_at="happened_at",
    ),
    "subscriptions": table(
        "One row per subscription.",
        """
        subscription_id int the subscription
        shop str handle
        customer_id int account
        person_id int hidden: whose
        email str lower-case address
        product_id int what
        variant_id int what
        quantity int units of each order
        price int cents of a unit
        interval_days int 30 or 60
        created_at time taken, and first charged
        status str ACTIVE, PAUSED, CANCELLED or EXPIRED (as_of)
        cancelled_at time while it is cancelled, or NaT (as_of)
        cancellation_reason str while it is cancelled, else empty (as_of)
        next_charge_at time planned while it is active, or NaT (as_of)
        updated_at time latest event or charge (as_of)
        """,
        visible_at="created_at",
    ),
    "subscription_events": table(
        "One row per change of a subscription.",
        """
        event_id int the change
        subscription_id int whose
        shop str handle
        kind str created, paused, resumed, cancelled, reactivated or expired
        happened_at time when
        """,
        visible_at="happened_at",
    ),
    "subscription_charges": table(
        "One row per charge of a subscription.",
        """
        charge_id int the charge
        subscription_id int whose
        shop str handle
        order_id int? the order it made, where it went well
        status str SUCCESS, ERROR or SKIPPED
        total int cents: of the order as placed, else price x quantity
        scheduled_at time planned
        processed_at time charged or refused; before that of a skipped one: when it was skipped
        """,
        visible_at="processed_at",
    ),
}

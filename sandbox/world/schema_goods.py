"""The tables of goods and promotions: categories, stock, discount codes, gift cards."""

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
}

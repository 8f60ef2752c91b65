"""Sales of shops whose platform books none itself: what is derived, against the sandbox's truth."""

from __future__ import annotations

from decimal import Decimal

from tests.e2e.sandbox_shop import SandboxShop

CENT = Decimal("0.01")
PARTS = {
    "gross": "gross",
    "discounts": "discount",
    "returns": "return",
    "tax": "tax",
    "shipping": "shipping",
    "fees": "fee",
    "net": "net",
}


def assert_days_equal_the_truth(shop: SandboxShop, handles: tuple[str, ...]) -> int:
    """Every part of every day in the shop's money, and net sales in the reporting currency.

    Returns:
        How many days were compared.
    """
    truth = shop.truth("sales_daily")
    expected = {
        (row["shop"], row["date"].date()): (
            *(row[part] * CENT for part in PARTS),
            Decimal(row["net_eur"]),
        )
        for row in truth[truth["shop"].isin(handles)].to_dict("records")
    }
    sums = ", ".join(f"sum(movements.{part}_store_amount)" for part in PARTS.values())
    found = shop.ask(f"""
        select stores.account_id, movements.movement_date, {sums}, sum(movements.net_amount)
        from intermediate.int_sales_movements as movements
        inner join marts.dim_stores as stores using (store_key)
        where movements.counts_in_sales and stores.account_id in {handles}
        group by stores.account_id, movements.movement_date
    """)
    nothing = (Decimal(0),) * (len(PARTS) + 1)
    told = {row[:2]: row[2:] for row in found if any(row[2:])}
    assert told == {day: sums for day, sums in expected.items() if sums != nothing}
    return len(told)


def assert_orders_equal_the_truth(shop: SandboxShop, handles: tuple[str, ...]) -> None:
    """Orders, what they count as, and their totals by day; ids differ from the world's."""
    truth = shop.truth("orders")
    truth = truth[truth["shop"].isin(handles) & ~truth["is_deleted"]]
    by_day = truth.groupby(["shop", "order_date"]).agg(
        orders=("order_id", "size"),
        counted=("counts_in_sales", "sum"),
        purchases=("counts_as_purchase", "sum"),
        total=("total", "sum"),
    )
    expected = {
        (str(name), day.date()): (row.orders, row.counted, row.purchases, row.total * CENT)
        for (name, day), row in zip(by_day.index, by_day.itertuples(), strict=True)
    }
    found = shop.ask(f"""
        select
            stores.account_id, orders.order_date, count(*),
            sum(cast(orders.counts_in_sales as integer)),
            sum(cast(orders.counts_as_purchase as integer)),
            sum(identified.total_amount)
        from marts.fct_orders as orders
        inner join intermediate.int_orders_identified as identified
            on orders.order_key = identified.order_key
        inner join marts.dim_stores as stores on orders.store_key = stores.store_key
        where not orders.is_deleted and stores.account_id in {handles}
        group by stores.account_id, orders.order_date
    """)
    assert {row[:2]: row[2:] for row in found} == expected


def assert_refunds_and_payments_equal_the_truth(
    shop: SandboxShop, handles: tuple[str, ...]
) -> None:
    """Money in and out by day and gateway, of orders that count."""
    truth = shop.truth("payments_daily")
    truth = truth[truth["shop"].isin(handles)]
    expected = {
        (row.shop, row.date.date(), row.gateway): (row.received * CENT, row.refunded * CENT)
        for row in truth.itertuples()
    }
    found = shop.ask(f"""
        select
            stores.account_id, payments.payment_date, payments.gateway,
            sum(greatest(payments.received_store_amount, 0)),
            sum(-least(payments.received_store_amount, 0))
        from marts.fct_payments as payments
        inner join marts.dim_stores as stores using (store_key)
        where payments.counts_in_sales and payments.received_store_amount != 0
            and stores.account_id in {handles}
        group by stores.account_id, payments.payment_date, payments.gateway
    """)
    assert {row[:3]: row[3:] for row in found} == expected

"""What is known of customers as of a day: nothing that came later moves it."""

import shutil

import duckdb
import pytest

from tests.e2e.conftest import SOURCES
from tests.e2e.sandbox_shop import SALT
from tests.integration.shop import DuckDBWarehouse, build

pytestmark = pytest.mark.e2e

MODELS = (
    "int_snapshot_dates",
    "int_purchases_dated",
    "int_customer_purchase_features",
    "int_customer_category_features",
    "int_customer_return_features",
    "int_customer_contact_features",
    "fct_customer_features",
)
# What happened on a day, and the column that says on which.
HAPPENED = {
    "marts.fct_orders": "order_date",
    "marts.fct_order_lines": "order_date",
    "marts.fct_sales_movements": "movement_date",
    "marts.fct_email_messages": "sent_date",
    "marts.fct_support_tickets": "created_date",
    "marts.fct_survey_responses": "response_date",
    "intermediate.int_customer_signals_daily": "signal_date",
}
# The newest order that was cancelled on a later day than its own, and a day on which it stood.
CANCELLED_LATER = """
    select movements.order_date from marts.fct_sales_movements as movements
    join marts.fct_orders as orders using (order_key)
    where movements.movement_type = 'cancellation' and orders.gross_amount > 0
        and movements.movement_date > movements.order_date and orders.customer_key is not null
    order by movements.order_date desc limit 1
"""


def test_nothing_that_came_later_moves_a_feature(whole_shop, tmp_path):
    """The same rows, to the last digit, from facts that end with the day."""
    ((day,),) = whole_shop.ask(CANCELLED_LATER)
    known, truncated = (copied(whole_shop, tmp_path / name) for name in ("known", "truncated"))
    forget_after(truncated, day)
    rows = [features(warehouse, tmp_path, day) for warehouse in (known, truncated)]
    assert rows[0] == rows[1]
    assert any(row[-1] == day for row in rows[0])


def copied(shop, folder):
    """The warehouse under its own name, which its views have inside."""
    folder.mkdir()
    return DuckDBWarehouse(shutil.copy(shop.warehouse.path, folder))


def forget_after(warehouse, day):
    """Leaves what was there at the end of the day: orders cancelled later are purchases again."""
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute(
            "update marts.fct_orders set counts_as_purchase = true, is_cancelled = false,"
            " cancelled_at = null where counts_in_sales and gross_amount > 0 and order_key in ("
            "  select order_key from marts.fct_sales_movements"
            "  where movement_type = 'cancellation' and movement_date > ?)",
            [day],
        )
        for table, column in HAPPENED.items():
            connection.execute(f"delete from {table} where {column} > ?", [day])
        connection.execute(
            "update marts.fct_order_lines set delivered_at = null where delivered_at >= ?",
            [day + 2 * day.resolution],  # a store's day ends at another hour
        )


def features(warehouse, folder, day):
    """Rows of the snapshots to the day, the day itself among them."""
    done = build(
        warehouse,
        folder / "dbt",
        *("--select", *MODELS, "--vars", f"{{extra_snapshot_dates: ['{day}']}}"),
        command="run",
        SOURCES=SOURCES,
        PRIVACY_SALT=SALT,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    return warehouse.query(
        "select * from marts.fct_customer_features"
        f" where snapshot_date <= date '{day}' order by customer_key, snapshot_date"
    )

"""Every metric says the same as mart, tall table, function and semantic layer, in every cell."""

import duckdb
import pytest

from orchestration.metrics.definitions import read_metrics
from tests.integration.metric_demands import DBT, DEMANDED, hold_against_demands
from tests.integration.metric_forms import Forms

pytestmark = pytest.mark.e2e

RANDOM_RANGES = 2


def test_four_forms_agree_in_every_cell(whole_shop):
    manifest = whole_shop.folder / "dbt/target/semantic_manifest.json"
    with duckdb.connect(str(whole_shop.warehouse.path), read_only=True) as connection:
        hold_against_demands(Forms(connection, "duckdb", manifest, RANDOM_RANGES))


def test_every_metric_has_the_dimensions_that_are_demanded():
    found = {key: set(metric.dimensions) for key, metric in read_metrics(DBT).items()}
    assert found == {key: set(words.split()) for key, words in DEMANDED.items()}


@pytest.mark.parametrize("key", ["visitors", "repeat_purchase_rate", "ltv"])
def test_what_is_distinct_or_a_state_is_not_the_sum_of_a_months_days(whole_shop, key):
    ((first, last),) = whole_shop.ask("""
        select min(date_day), max(date_day) from marts.dim_dates
        where month_start_date = (
            select max(month_start_date) from marts.dim_dates where is_complete
        ) and is_complete
    """)
    days = whole_shop.ask(f"""
        select value from reports.rpt_metrics_daily
        where metric_key = '{key}' and dimension = 'all'
            and metric_date between '{first}' and '{last}'
        order by metric_date
    """)
    ((month,),) = whole_shop.ask(f"select functions.calculate_{key}(date '{first}', date '{last}')")
    summed = sum(value for (value,) in days)
    assert 0 < month < summed
    if read_metrics(DBT)[key].kind == "state":
        assert month == days[-1][0]

"""Sources are switched on and off by one setting, and the star builds on what is left."""

import pytest

from tests.e2e.sandbox_shop import open_shop

pytestmark = pytest.mark.e2e

# One store, in the reporting currency, so that no rate is missing where `fx_rates` is off.
ACCOUNTS = {
    "files": ["demo_shop"],
    "fx_rates": ["ecb"],
    "ga4_events": ["basketline-eu"],
    "meta_ads": ["1001"],
    "shopify": ["basketline-eu"],
}
ALL = set(ACCOUNTS)
ALONE = [pytest.param({"files"}, marks=pytest.mark.slow), {"shopify"}]
# All but one each are part of `make test-sources`.
SETS = [*ALONE, *(pytest.param({*ALL} - {one}, marks=pytest.mark.slow) for one in sorted(ALL))]
# What a fact rests on: with none of them it is there, typed and empty.
RESTS_ON = {
    "fct_orders": {"shopify"},
    "fct_sales_movements": {"shopify"},
    "fct_web_events": {"ga4_events"},
    "fct_sessions": {"ga4_events"},
    "fct_ad_performance_daily": {"meta_ads"},
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Every source loaded, one account each; nothing built yet."""
    with open_shop(tmp_path_factory.mktemp("on_and_off")) as shop:
        for source, accounts in ACCOUNTS.items():
            shop.load(source, accounts=accounts)
        yield shop


@pytest.mark.parametrize("sources", SETS, ids=lambda sources: "+".join(sorted(sources)))
def test_the_star_builds_on_the_sources_that_are_on(shop, sources):
    """And holds what it promises, where one source is alone; the other sets build, typed."""
    left_out = ["unit_test"] if len(sources) == 1 else ["unit_test", "test"]
    done = shop.dbt(
        "--full-refresh",
        *("--exclude-resource-type", *left_out),
        sources=",".join(sorted(sources)),
    )
    assert done.returncode == 0, done.stdout[-3000:]
    for fact, needed in RESTS_ON.items():
        ((rows,),) = shop.ask(f"select count(*) from marts.{fact}")
        assert bool(rows) == bool(needed & sources), fact


def test_a_source_that_is_off_has_no_models(shop):
    done = shop.dbt("--resource-type", "model", "--output", "name", sources="files", command="list")
    staged = {name.split("__")[0] for name in done.stdout.split() if name.startswith("stg_")}
    # What the project itself writes is no source, and always there.
    assert staged - {"stg_ml", "stg_operations"} == {"stg_files"}

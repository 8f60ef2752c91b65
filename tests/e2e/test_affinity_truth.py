"""Pairs bought together, held to mlxtend's rules and scipy's test on the same baskets."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from mlxtend.frequent_patterns import association_rules, fpgrowth
from mlxtend.preprocessing import TransactionEncoder
from scipy.stats import false_discovery_control, fisher_exact

pytestmark = pytest.mark.e2e

MEASURES = ["support", "confidence", "lift", "leverage", "conviction"]
LEVELS = {"product": "product_key", "category": "category"}
MIN_SUPPORT, MIN_BASKETS, WINDOW_DAYS = 0.001, 2, 365


@pytest.fixture(scope="module")
def bought(whole_shop):
    """Store, basket and item of each level, once a basket."""
    lines = pd.DataFrame(
        whole_shop.ask(f"""
            select lines.store_key, lines.order_key, lines.product_key, products.category
            from marts.fct_order_lines as lines
            inner join marts.fct_orders as orders using (order_key)
            inner join marts.dim_products as products using (product_key)
            where
                orders.counts_as_purchase and lines.line_type = 'goods' and lines.quantity > 0
                and orders.order_date <= (select as_of_date from intermediate.int_as_of)
                and orders.order_date
                > (select as_of_date - {WINDOW_DAYS} from intermediate.int_as_of)
        """),
        columns=["store_key", "order_key", "product_key", "category"],
    )
    return {
        level: lines[["store_key", "order_key", item]]
        .set_axis(["store_key", "order_key", "item"], axis=1)
        .dropna()
        .drop_duplicates()
        for level, item in LEVELS.items()
    }


def rules_of(bought: pd.DataFrame) -> dict[tuple[str, str, str], list[float]]:
    """Store and both items -> mlxtend's measures of the rule from one to the other."""
    found = {}
    for store, rows in bought.groupby("store_key"):
        baskets = rows.groupby("order_key")["item"].agg(list).tolist()
        encoder = TransactionEncoder()
        table = pd.DataFrame(encoder.fit_transform(baskets), columns=encoder.columns_)
        # Half a basket below the count that is needed, so that no rounding decides.
        least = (max(math.ceil(MIN_SUPPORT * len(baskets)), MIN_BASKETS) - 0.5) / len(baskets)
        frequent = fpgrowth(table, min_support=least, use_colnames=True, max_len=2)
        pairs = frequent["itemsets"].map(len) == 2
        if not pairs.any():
            continue
        rules = association_rules(frequent, metric="support", min_threshold=least)
        for rule in rules.to_dict("records"):
            key = (store, *rule["antecedents"], *rule["consequents"])
            found[key] = [rule[measure] for measure in MEASURES]
    return found


@pytest.mark.parametrize("level", LEVELS)
def test_every_measure_equals_mlxtend(whole_shop, bought, level):
    item = LEVELS[level]
    rows = whole_shop.ask(
        f"select store_key, {item}, other_{item}, {', '.join(MEASURES)}"
        f" from marts.fct_{level}_affinities"
    )
    expected = rules_of(bought[level])
    assert rows
    assert {row[:3] for row in rows} == set(expected)
    for row in rows:
        measures = [float("inf") if value is None else value for value in row[3:]]
        assert measures == pytest.approx(expected[row[:3]], rel=1e-12, abs=1e-12)


def test_chance_is_told_as_scipy_tells_it(whole_shop):
    rows = whole_shop.ask("""
        select
            store_key, item_level, pair_count, first_count, second_count, basket_count,
            p_value, adjusted_p_value
        from intermediate.int_item_pairs_tested
    """)
    pairs = pd.DataFrame(
        rows, columns=["store", "level", "both", "first", "second", "all", "p", "adjusted"]
    )
    exact = [
        fisher_exact([[both, first - both], [second - both, every - first - second + both]]).pvalue
        for both, first, second, every in pairs[["both", "first", "second", "all"]].to_numpy()
    ]
    assert pairs["p"].tolist() == pytest.approx(exact, rel=1e-9, abs=1e-300)
    for _, own in pairs.groupby(["store", "level"]):
        expected = false_discovery_control(own["p"].to_numpy())
        assert own["adjusted"].tolist() == pytest.approx(expected.tolist(), rel=1e-12)


def test_what_is_recommended_is_no_chance_and_the_likeliest_first(whole_shop):
    rows = whole_shop.ask("""
        with good as (
            select
                product_key, other_product_key,
                row_number() over (
                    partition by product_key
                    order by confidence desc, lift desc, pair_basket_count desc, other_product_key
                ) as place
            from marts.fct_product_affinities
            where lift > 1 and adjusted_p_value <= 0.05
        )
        select product_key, other_product_key, place from good where place <= 5
    """)
    found = whole_shop.ask(
        "select product_key, other_product_key, place from reports.rpt_cross_sells"
    )
    assert set(found) == set(rows)

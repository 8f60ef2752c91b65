"""When a product is bought again, by the gaps that were known on the day of the purchase."""

from __future__ import annotations

import itertools
import statistics
from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

ENOUGH = 20

Prediction = tuple[str, int, float]


def predictions(
    purchases: Iterable[tuple[str, str, str | None, pd.Timestamp]],
) -> dict[tuple[str, str, pd.Timestamp], Prediction]:
    """Every purchase that a median of enough gaps could be told of.

    Args:
        purchases: Customer, product, category and day, each day once.

    Returns:
        From customer, product and day to whose gaps they are, how many, and their median.
    """
    bought = sorted(purchases, key=lambda row: (row[0], row[1], row[3]))
    gaps = defaultdict(list)
    for before, after in itertools.pairwise(bought):
        if before[:2] == after[:2]:
            gap = (after[3], (after[3] - before[3]).days)
            gaps["product", after[1]].append(gap)
            if after[2] is not None:
                gaps["category", after[2]].append(gap)
    found = {}
    for customer, product, category, day in bought:
        for basis, key in (("product", product), ("category", category)):
            known = [gap for closed, gap in gaps.get((basis, key), ()) if closed < day]
            if len(known) >= ENOUGH:
                found[customer, product, day] = (basis, len(known), statistics.median(known))
                break
    return found

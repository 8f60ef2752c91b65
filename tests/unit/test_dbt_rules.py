"""Rules that stand in seeds, and names that every engine can carry."""

import csv
from collections import Counter
from itertools import product
from pathlib import Path

import yaml

DBT = Path(__file__).parents[2] / "dbt_project"
SEGMENT_COUNTS = {
    "Champions": 8,
    "Cannot Lose": 8,
    "Price Sensitive": 20,
    "Loyal Customers": 19,
    "New Customers": 10,
    "Potential Loyalists": 26,
    "At Risk": 22,
    "Hibernating": 6,
    "Lost": 6,
}
POSTGRES_NAME_LENGTH = 63


def rfm_rules() -> list[dict[str, str]]:
    with (DBT / "seeds/customers/rfm_segment_rules.csv").open() as file:
        return sorted(csv.DictReader(file), key=lambda rule: int(rule["priority"]))


def segment(rules: list[dict[str, str]], scores: dict[str, int]) -> str:
    return next(
        rule["segment_name"]
        for rule in rules
        if all(
            int(rule[f"{name}_min"]) <= score <= int(rule[f"{name}_max"])
            for name, score in scores.items()
        )
    )


def test_segments_cover_all_125_scores_as_decided():
    rules = rfm_rules()
    names = ("recency", "frequency", "monetary")
    won = Counter(
        segment(rules, dict(zip(names, scores, strict=True)))
        for scores in product(range(1, 6), repeat=3)
    )
    assert won == SEGMENT_COUNTS


def test_unit_tests_have_names_that_postgresql_can_carry():
    files = DBT.glob("models/**/*__unit_tests.yml")
    tests = [test for file in files for test in yaml.safe_load(file.read_text())["unit_tests"]]
    assert not [test["name"] for test in tests if len(test["name"]) > POSTGRES_NAME_LENGTH]

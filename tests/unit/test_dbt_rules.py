"""Rules that stand in seeds, names that engines can carry, and what everything is described by."""

import csv
from collections import Counter
from functools import cache
from itertools import product
from pathlib import Path

import pytest
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
KINDS = {
    "models": ("models/**/_*__models.yml", "models/**/*.sql"),
    "seeds": ("seeds/**/_*__seeds.yml", "seeds/**/*.csv"),
}


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


def read(file: Path) -> dict:
    return yaml.load(file.read_text(), yaml.CSafeLoader)


@cache
def described(kind: str) -> dict[str, dict]:
    """Every model, or seed, by its name, as the YAML has it."""
    entries = (entry for file in DBT.glob(KINDS[kind][0]) for entry in read(file)[kind])
    return {entry["name"]: entry for entry in entries}


def source_tables() -> list[dict]:
    files = DBT.glob("models/staging/*/_*__sources.yml")
    return [table for f in files for source in read(f)["sources"] for table in source["tables"]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_is_described_and_nothing_else(kind):
    assert set(described(kind)) == {file.stem for file in DBT.glob(KINDS[kind][1])}


@pytest.mark.parametrize("kind", KINDS)
def test_a_description_starts_with_the_grain(kind):
    assert not [
        name
        for name, entry in described(kind).items()
        if not entry["description"].startswith("One row per ")
    ]


def test_a_raw_tables_description_starts_with_the_grain():
    tables = source_tables()
    assert not [t["name"] for t in tables if not t["description"].startswith("One row per ")]


def test_every_column_is_described():
    entries = [*described("models").values(), *described("seeds").values(), *source_tables()]
    assert not [
        (entry["name"], column["name"])
        for entry in entries
        for column in entry.get("columns", ())
        if not column.get("description", "").strip()
    ]


@pytest.mark.pitfall(5)
def test_a_mart_has_a_key_that_tests_hold_unique():
    """One column, unique and never null, or the columns of its grain together."""
    files = (
        file for layer in ("marts", "reports") for file in DBT.glob(f"models/{layer}/**/*.sql")
    )
    models = [described("models")[file.stem] for file in files]
    assert not [
        model["name"]
        for model in models
        if "one_row_per" not in data_tests(model)
        and not any(
            "unique" in data_tests(column) and is_never_null(column) for column in model["columns"]
        )
    ]


def is_never_null(column: dict) -> bool:
    """Whether the engine holds it while it writes, or a test afterwards."""
    return {"type": "not_null"} in column.get("constraints", ()) or "not_null" in data_tests(column)


def test_what_is_never_null_in_a_table_is_held_by_the_engine():
    """But for money: rows that have no rate are to be seen where they are."""
    tables = {
        file.stem for layer in ("marts", "reports") for file in DBT.glob(f"models/{layer}/**/*.sql")
    }
    assert not [
        (name, column["name"])
        for name in tables
        for column in described("models")[name]["columns"]
        if "not_null" in data_tests(column) and not column["name"].endswith("_amount")
    ]


def data_tests(entry: dict) -> set[str]:
    """Names of the data tests of a model or a column."""
    listed = entry.get("data_tests", ())
    return {name for test in listed for name in ([test] if isinstance(test, str) else test)}


def test_a_seeds_columns_are_those_of_its_file():
    for file in DBT.glob(KINDS["seeds"][1]):
        columns = [column["name"] for column in described("seeds")[file.stem]["columns"]]
        assert columns == file.read_text().partition("\n")[0].split(","), file.stem


def test_contracts_are_enforced_right_of_staging():
    """By the folder: no model of its own may leave that out, and each types its columns."""
    folders = read(DBT / "dbt_project.yml")["models"]["basketline"]
    assert folders["+contract"] == {"enforced": True}
    assert [name for name, folder in folders.items() if "+contract" in folder] == ["staging"]
    models = described("models").values()
    assert not [model["name"] for model in models if "contract" in model.get("config", {})]
    assert not [file.stem for file in DBT.glob(KINDS["models"][1]) if "contract" in head(file)]
    assert not [
        (model["name"], column["name"])
        for model in models
        if not model["name"].startswith(("stg_", "base_"))
        for column in model["columns"]
        if not column.get("data_type")
    ]


def head(file: Path) -> str:
    """What a model says of itself before its first query."""
    return file.read_text().partition("with ")[0]

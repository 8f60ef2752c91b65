"""Which columns are somebody's: all are tagged, and no tag passes the seam but into marts_pii.

`tests/e2e` looks into the tables themselves for what the tags cannot know.
"""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

MODELS = Path(__file__).parents[2] / "dbt_project/models"
PERSONAL = re.compile(
    r"(\w+_)?(email|customer_id|phone|first_name|last_name|full_name|street|postal_code|city)"
    r"|member_id|profile_id|visitor_id|user_agent|ip_address|answer_text|body|note"
)
# Who may be read right of the seam.
PERSONS = "dim_customers_pii"
# What is named like a person's and tells nobody: a salted hash.
HASHED = {
    ("dim_customers", "customer_id"),
    ("fct_customer_current", "customer_id"),
    ("fct_customer_history", "customer_id"),
    ("rpt_customer_360", "customer_id"),
}

Column = tuple[str, str, bool]


@cache
def columns(folder: str) -> tuple[Column, ...]:
    """Of every model in a folder each column: model, name, whether it is tagged."""
    return tuple(
        (model["name"], column["name"], bool(meta(column).get("personal")))
        for file in (MODELS / folder).rglob("_*__models.yml")
        for model in yaml.load(file.read_text(), yaml.CSafeLoader)["models"]
        for column in model["columns"]
    )


def meta(column: dict) -> dict:
    return column.get("config", {}).get("meta", {})


def is_left(model: str) -> bool:
    return model.startswith(("stg_", "base_")) or model.endswith("_unioned")


def named_personal(name: str) -> bool:
    return bool(PERSONAL.fullmatch(name))


@pytest.mark.parametrize("folder", ["staging", "intermediate"])
def test_left_of_the_seam_every_personal_column_is_tagged(folder):
    untagged = [
        (model, name)
        for model, name, is_tagged in columns(folder)
        if is_left(model) and named_personal(name) and not is_tagged
    ]
    assert not untagged


def test_a_source_tags_what_the_seam_tags():
    tagged = {
        (model.removeprefix("int_").removesuffix("_unioned"), name)
        for model, name, is_tagged in columns("intermediate")
        if is_tagged
    }
    assert not [
        (model, name)
        for model, name, is_tagged in columns("staging")
        if (model.partition("__")[2], name) in tagged and not is_tagged
    ]


def test_right_of_the_seam_persons_are_in_one_place():
    elsewhere = [
        (model, name)
        for folder in ("intermediate", "marts", "reports")
        for model, name, is_tagged in columns(folder)
        if not is_left(model)
        and model != PERSONS
        and (is_tagged or named_personal(name))
        and (model, name) not in HASHED
    ]
    assert not elsewhere


def test_that_one_place_is_a_schema_of_its_own():
    text = (MODELS / "marts/core/_core_dimensions__models.yml").read_text()
    (persons,) = [m for m in yaml.load(text, yaml.CSafeLoader)["models"] if m["name"] == PERSONS]
    assert persons["config"]["schema"] == "marts_pii"
    assert [name for model, name, is_tagged in columns("marts") if model == PERSONS and is_tagged]

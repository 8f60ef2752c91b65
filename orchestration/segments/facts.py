"""What rules may ask: read from `dbt_project/segments/_facts.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FactsByName = dict[str, "Fact"]
Type = Literal["number", "text", "flag"]


class FactField(BaseModel):
    """A column that a rule may compare.

    Attributes:
        type: What it is compared with.
        description: What it says.
        expression: Its SQL, where it is no column of the same name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Type
    description: str
    expression: str = Field(default="", alias="as")


class Fact(BaseModel):
    """A mart that rules count.

    Attributes:
        description: What its rows are.
        model: The mart.
        day: Column of the day on which a row happened.
        start: Of rows that last, from when.
        end: And to when: the first day on which they hold no more.
        where: The rows that count.
        has_store: Whether `store_name` is one of its fields.
        is_state: Whether its fields are asked of the customer, by `field`.
        fields: What can be compared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: str
    model: str
    day: str = ""
    start: str = Field(default="", alias="from")
    end: str = Field(default="", alias="to")
    where: str = ""
    has_store: bool = False
    is_state: bool = False
    fields: dict[str, FactField]

    def expression(self, field: str) -> str:
        """A field's SQL."""
        return self.fields[field].expression or f"fact.{field}"


STORE_NAME = FactField.model_validate(
    {"type": "text", "description": "Name of the store.", "as": "stores.store_name"}
)


def read_facts(project: Path) -> FactsByName:
    """Every fact by name.

    Args:
        project: The folder of `dbt_project.yml`.
    """
    text = (project / "segments" / "_facts.yml").read_text()
    entries = yaml.load(text, yaml.CSafeLoader)["facts"]
    facts = {name: Fact.model_validate(entry) for name, entry in entries.items()}
    return {
        name: fact.model_copy(update={"fields": fact.fields | {"store_name": STORE_NAME}})
        if fact.has_store
        else fact
        for name, fact in facts.items()
    }


def state_fields(facts: FactsByName) -> dict[str, str]:
    """Field of a customer to the fact that tells it."""
    return {field: name for name, fact in facts.items() if fact.is_state for field in fact.fields}

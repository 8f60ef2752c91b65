"""What metrics there are: read from `dbt_project/models/semantic/metrics_<category>.yml`.

That YAML is the one place where a metric is defined. dbt reads it for its semantic layer; this
module reads it for everything else.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["additive", "distinct", "state"]
Unit = Literal["count", "money", "rate", "number", "seconds", "days", "minutes", "score"]

GROUPS: dict[str, tuple[str, ...]] = {
    "ads": ("store", "ad_platform", "channel", "campaign"),
    "sessions": ("store", "country", "device", "channel", "campaign", "visitor_type"),
    "spend": ("store", "channel", "ad_platform", "campaign"),
    "sign_ups": ("store", "country", "device", "channel"),
    "orders": (
        *("store", "country", "channel", "campaign", "customer_type"),
        *("rfm_segment", "archetype"),
    ),
    "order_lines": (
        *("store", "country", "channel", "campaign", "customer_type"),
        *("rfm_segment", "archetype", "product_category", "product"),
    ),
    "cohorts": ("cohort",),
    "customers": ("store", "country", "channel"),
    "messages": ("store", "provider", "campaign"),
    "store": ("store",),
}
"""Dimensions that several metrics have, under the name their YAML says."""


class MetricDefinition(BaseModel):
    """A metric of the catalogue.

    Attributes:
        key: What it is called by.
        label: Its name for people.
        description: What it says, and of what.
        number: Its number among the 44; None beside them.
        category: What it is listed under, and whose daily mart has it.
        kind: How it is had over several days: by a sum, by a recount, or as of the last.
        unit: Of the value.
        dimensions: What it can be asked by.
        numerator: The component above the line.
        denominator: The one below; None where the numerator is the value.
        scale: The ratio is multiplied with it.
        numerator_may_lack: Without a numerator there is no value, rather than 0.
        unknown: The component that counts what the numerator should have and nobody knows: where
            there is any, there is no value.
        caveats: What to know before using it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    label: str
    description: str
    number: int | None = None
    category: str
    kind: Kind
    unit: Unit
    dimensions: tuple[str, ...]
    numerator: str
    denominator: str | None = None
    scale: int = 1
    numerator_may_lack: bool = False
    unknown: str | None = None
    caveats: tuple[str, ...] = Field(default=())

    @property
    def components(self) -> tuple[str, ...]:
        """What it is made of."""
        parts = (self.numerator, self.denominator, self.unknown)
        return tuple(part for part in parts if part)


class Fact(BaseModel):
    """What components are counted from, as `macros/metrics/facts/<name>.sql` says it.

    Attributes:
        relation: The model.
        date: Its day.
        where: The rows that count; None takes all.
        dimensions: Dimension to its expression, which is never null.
        components: Component to its aggregate, its type and its description.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    relation: str
    date: str
    where: str | None = None
    dimensions: dict[str, str]
    components: dict[str, tuple[str, str, str]]


def read_facts(project: Path) -> dict[str, Fact]:
    """Every fact by name: the macros' literals, which are Python's too.

    Args:
        project: The folder of `dbt_project.yml`.
    """
    files = sorted((project / "macros" / "metrics" / "facts").glob("*.sql"))
    return {file.stem: Fact.model_validate(_literal(file.read_text())) for file in files}


def _literal(macro: str) -> Any:
    return ast.literal_eval(macro[macro.index("return(") + 7 : macro.rindex(") }}")])


def read_metrics(project: Path) -> dict[str, MetricDefinition]:
    """Every metric of the catalogue, by key, category by category in the files' order.

    Args:
        project: The folder of `dbt_project.yml`.

    Returns:
        The definitions. Metrics without `meta` are steps on the way to others and left out.

    Raises:
        pydantic.ValidationError: A metric's `meta` is wrong.
    """
    return _read(project.resolve())


@cache
def _read(project: Path) -> dict[str, MetricDefinition]:
    files = sorted((project / "models" / "semantic").glob("metrics_*.yml"))
    entries = [
        entry
        for file in files
        for entry in yaml.load(file.read_text(), yaml.CSafeLoader)["metrics"]
    ]
    by_name = {entry["name"]: entry for entry in entries}
    return {name: _define(entry, by_name) for name, entry in by_name.items() if "config" in entry}


def _define(entry: dict[str, Any], by_name: dict[str, Any]) -> MetricDefinition:
    meta = dict(entry["config"]["meta"])
    shared = GROUPS[meta.pop("dimensions")]
    more = tuple(meta.pop("more_dimensions", ()))
    return MetricDefinition(
        key=entry["name"],
        label=entry["label"],
        description=entry["description"],
        dimensions=(*shared, *more),
        **(_components(entry, by_name) | meta),
    )


def _components(entry: dict[str, Any], by_name: dict[str, Any]) -> dict[str, str]:
    """Numerator and denominator, where the semantic layer's own entry tells them."""
    parts = entry["type_params"]
    if entry["type"] == "simple":
        return {"numerator": _name(parts["measure"])}
    if entry["type"] == "ratio":
        return {side: _measure(parts[side], by_name) for side in ("numerator", "denominator")}
    return {}


def _measure(part: str | dict[str, Any], by_name: dict[str, Any]) -> str:
    """The measure of a simple metric; measures that are metrics of their own have one name."""
    entry = by_name.get(_name(part))
    return _name(entry["type_params"]["measure"]) if entry else _name(part)


def _name(part: str | dict[str, Any]) -> str:
    return part if isinstance(part, str) else part["name"]

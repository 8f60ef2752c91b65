"""Files that follow from the metrics' definitions: `make metrics` writes them.

dbt wants one file a function, and a macro cannot read YAML: what would be said twice is written
from the one place where it is said, and a test fails where that was forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from orchestration.metrics.catalogue import catalogue
from orchestration.metrics.definitions import Fact, MetricDefinition, read_facts, read_metrics

PROJECT = Path(__file__).parents[2] / "dbt_project"
NOTE = "Written by `make metrics` from models/semantic and macros/metrics/facts: change those."
FACTS_OF_A_METRIC = {
    "kind",
    "numerator",
    "denominator",
    "scale",
    "numerator_may_lack",
    "unknown",
    "dimensions",
}
ARGUMENTS = """\
    arguments:
      - {name: p_start_date, data_type: date, description: First day.}
      - {name: p_end_date, data_type: date, description: Last day.}
      - {name: p_dimension, data_type: varchar, default_value: "null", description: A dimension.}
      - {name: p_value, data_type: varchar, default_value: "null", description: Its value.}
    returns: {data_type: double precision}
"""
Column = tuple[str, str, str]
"""Name, type, description."""
CELL: tuple[Column, ...] = (
    ("dimension", "varchar", "The dimension of the row, or all."),
    ("dimension_value", "varchar", "Its value, or all."),
)
DAY: Column = ("metric_date", "date", "The day.")


def written_files(project: Path) -> dict[Path, str]:
    """Every file that follows from the definitions, with its text.

    Args:
        project: The folder of `dbt_project.yml`.
    """
    by_key, facts = read_metrics(project), read_facts(project)
    metrics = list(by_key.values())
    categories = {
        name: list(group) for name, group in groupby(metrics, key=lambda metric: metric.category)
    }
    macros, functions, marts = (project / name for name in ("macros", "functions", "models/marts"))
    components = project / "models/intermediate/metrics"
    return {
        project.parent / "docs/metrics.md": catalogue(by_key, facts),
        macros / "metrics/metric_definitions.sql": _returning("metric_definitions", categories),
        macros / "metrics/metric_facts.sql": _facts_macro(facts),
        functions / "_functions.yml": _yaml("functions", map(_signature, metrics)),
        components / "_int_metrics__models.yml": _yaml("models", _component_models(facts)),
        **{
            functions / metric.category / f"calculate_{metric.key}.sql": _calling(
                "metric_function", metric.key
            )
            for metric in metrics
        },
        **{
            components / f"int_{name}_components_daily.sql": _calling(
                "components_daily", name, is_table=name in _shared(metrics, facts)
            )
            for name in facts
        },
        **{
            marts / name / f"fct_{name}_metrics_daily.sql": _calling("category_metrics_daily", name)
            for name in categories
        },
        **{
            marts / name / f"_{name}_metrics__models.yml": _yaml(
                "models", [_category_model(name, group, facts)]
            )
            for name, group in categories.items()
        },
    }


def _shared(metrics: Iterable[MetricDefinition], facts: dict[str, Fact]) -> set[str]:
    """Facts whose components several categories have: as a view they would be counted in each."""
    users: dict[str, set[str]] = {}
    for metric in metrics:
        for part in metric.components:
            users.setdefault(part, set()).add(metric.category)
    return {
        name
        for name, fact in facts.items()
        if len(set().union(*(users.get(part, set()) for part in fact.components))) > 1
    }


def _calling(macro: str, argument: str, *, is_table: bool = False) -> str:
    # The linter knows no grouping sets.
    config = "{{ config(materialized='table') }}\n" if is_table else ""
    return f"-- {NOTE}\n-- noqa: disable=PRS\n{config}{{{{ {macro}('{argument}') }}}}\n"


def _returning(macro: str, categories: dict[str, list[MetricDefinition]]) -> str:
    known = {
        name: {metric.key: metric.model_dump(include=FACTS_OF_A_METRIC) for metric in group}
        for name, group in categories.items()
    }
    literal = json.dumps(known, indent=4).replace(": null", ": none")
    return _macro(macro, literal)


def _facts_macro(facts: Iterable[str]) -> str:
    return _macro(
        "metric_facts", "{" + ", ".join(f"'{name}': {name}_facts()" for name in facts) + "}"
    )


def _macro(name: str, value: str) -> str:
    return (
        f"{{# {NOTE} #}}\n{{% macro {name}() -%}}\n"
        f"    {{{{ return({value}) }}}}\n{{%- endmacro %}}\n"
    )


def _yaml(kind: str, entries: Iterable[str]) -> str:
    return f"# {NOTE}\nversion: 2\n\n{kind}:\n" + "\n".join(entries)


def _signature(metric: MetricDefinition) -> str:
    text = f"{metric.label} of the days from p_start_date to p_end_date. {metric.description}"
    return f"  - name: calculate_{metric.key}\n    description: {json.dumps(text)}\n{ARGUMENTS}"


def _component_models(facts: dict[str, Fact]) -> Iterable[str]:
    for name, fact in facts.items():
        grain = f"One row per day, dimension and value: what {fact.relation} adds to metrics."
        columns = [DAY, *CELL, *_components(fact)]
        yield _model(f"int_{name}_components_daily", grain, columns)


def _components(fact: Fact) -> list[Column]:
    return [(name, part[1], part[2]) for name, part in fact.components.items()]


def _category_model(name: str, metrics: list[MetricDefinition], facts: dict[str, Fact]) -> str:
    used = {part for metric in metrics for part in metric.components}
    components = [
        column for fact in facts.values() for column in _components(fact) if column[0] in used
    ]
    names = {column[0] for column in components}
    values = [
        (metric.key, _value_type(metric, components), f"{metric.label}: {metric.description}")
        for metric in metrics
        if metric.key not in names
    ]
    key = (f"{name}_metrics_key", "varchar", "Hash of day, dimension, value.")
    grain = (
        f"One row per day, dimension and value, and per day in all: metrics of {name} and what "
        "they are made of. Distinct counts are of the one day and do not add up."
    )
    return _model(
        f"fct_{name}_metrics_daily", grain, [key, *CELL, *components, *values, DAY], key=key[0]
    )


def _value_type(metric: MetricDefinition, components: list[Column]) -> str:
    if metric.denominator:
        return "double precision"
    return next(column[1] for column in components if column[0] == metric.numerator)


def _model(name: str, description: str, columns: Iterable[Column], key: str | None = None) -> str:
    lines = [f"  - name: {name}", f"    description: {json.dumps(description)}", "    columns:"]
    for column, data_type, text in columns:
        lines += [
            f"      - name: {column}",
            f"        data_type: {data_type.replace(', ', ',')}",
            f"        description: {json.dumps(text)}",
        ]
        if column == key:
            lines.append("        constraints: [{type: not_null}]")
            lines.append("        data_tests: [unique]")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Writes the files, and removes functions that no metric has any more."""
    files = written_files(PROJECT)
    for stale in set(PROJECT.glob("functions/**/*.sql")) - set(files):
        stale.unlink()
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()

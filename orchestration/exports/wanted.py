"""What can be exported, as a query; personal columns only where they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ingestion.destinations import Warehouse
from orchestration.errors import ExportError
from orchestration.segments.sql import literal

PERSONS = "dim_customers_pii"
_MEMBER = (
    *("memberships.segment_key", "customers.customer_key", "customers.customer_id"),
    *("customers.country_code", "customers.purchase_count", "customers.accepts_email_marketing"),
    *("customers.last_purchase_date", "memberships.entry_date", "memberships.is_entry_known"),
)


@dataclass(frozen=True)
class Model:
    """A table people may read.

    Attributes:
        name: The model.
        schema: Its schema, without the prefix of the environment.
        columns: Those of everybody.
        personal: Those of persons.
    """

    name: str
    schema: str
    columns: tuple[str, ...]
    personal: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """A query and what it is of.

    Attributes:
        name: For people.
        sql: The query.
        models: What it reads.
        is_personal: Whether personal columns are among its own.
        left_out: Personal columns that were not asked for.
    """

    name: str
    sql: str
    models: tuple[Model, ...]
    is_personal: bool
    left_out: tuple[str, ...] = ()


def read_models(project: Path) -> dict[str, Model]:
    """Every mart and report by name, with its columns, as their YAML says.

    Args:
        project: The folder of `dbt_project.yml`.
    """
    return {
        entry["name"]: _model(entry, layer)
        for layer in ("marts", "reports")
        for file in sorted((project / "models" / layer).rglob("_*__models.yml"))
        for entry in yaml.load(file.read_text(), yaml.CSafeLoader)["models"]
    }


def _model(entry: dict[str, Any], layer: str) -> Model:
    personal = tuple(
        column["name"]
        for column in entry["columns"]
        if column.get("config", {}).get("meta", {}).get("personal")
    )
    names = tuple(column["name"] for column in entry["columns"])
    schema = entry.get("config", {}).get("schema", layer)
    return Model(
        entry["name"], schema, tuple(name for name in names if name not in personal), personal
    )


@dataclass(frozen=True)
class Catalogue:
    """What there is.

    Attributes:
        warehouse: Says how schemas are called.
        models: Marts and reports.
        segments: Keys of segments.
        metrics: Keys of metrics.
    """

    warehouse: Warehouse
    models: dict[str, Model]
    segments: Sequence[str]
    metrics: Sequence[str]

    def find(self, what: str, *, with_personal_data: bool) -> Wanted:
        """The query for a name, or for `model:name`, `segment:key`, `metric:key`.

        Args:
            what: The name.
            with_personal_data: Whether personal columns are asked for.

        Raises:
            ExportError: Nothing, or more than one thing, has that name.
        """
        kind, _, name = what.rpartition(":")
        among = {"model": self.models, "segment": self.segments, "metric": self.metrics}
        kinds = [each for each in among if kind in ("", each) and name in among[each]]
        if len(kinds) > 1:
            raise ExportError(
                f"{name} is {' and '.join(kinds)}",
                remedy=f"Write {' or '.join(f'{each}:{name}' for each in kinds)}",
            )
        if not kinds:
            raise ExportError(
                f"There is no mart, report, segment or metric {what!r}",
                remedy="See `basketline segment list`, `basketline metric list`, `basketline docs`",
            )
        if kinds == ["model"]:
            return self._of_model(self.models[name], with_personal_data)
        if kinds == ["segment"]:
            return self._of_segment(name, with_personal_data)
        return self._of_metric(name)

    def _of_model(self, model: Model, with_personal_data: bool) -> Wanted:
        personal = model.personal if with_personal_data else ()
        columns = ", ".join([*model.columns, *personal])
        sql = f"select {columns} from {self._relation(model)}"
        left_out = () if with_personal_data else model.personal
        return Wanted(model.name, sql, (model,), bool(personal), left_out)

    def _of_segment(self, key: str, with_personal_data: bool) -> Wanted:
        persons = self.models[PERSONS]
        memberships, customers = (
            self.models[name] for name in ("fct_segment_memberships", "dim_customers")
        )
        columns = list(_MEMBER)
        join = ""
        if with_personal_data:
            columns += [f"persons.{column}" for column in persons.personal]
            join = (
                f" left join {self._relation(persons)} as persons"
                " on memberships.customer_key = persons.customer_key"
            )
        sql = (
            f"select {', '.join(columns)} from {self._relation(memberships)} as memberships"
            f" inner join {self._relation(customers)} as customers"
            f" on memberships.customer_key = customers.customer_key{join}"
            f" where memberships.is_member and memberships.segment_key = {literal(key)}"
        )
        models = (memberships, customers, *([persons] if with_personal_data else []))
        left_out = () if with_personal_data else persons.personal
        return Wanted(key, sql, models, with_personal_data, left_out)

    def _of_metric(self, key: str) -> Wanted:
        model = self.models["rpt_metrics_daily"]
        sql = (
            f"select {', '.join(model.columns)} from {self._relation(model)}"
            f" where metric_key = {literal(key)}"
        )
        return Wanted(key, sql, (model,), is_personal=False)

    def _relation(self, model: Model) -> str:
        return f"{self.warehouse.schema(model.schema)}.{model.name}"

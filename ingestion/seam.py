"""The seam's contract: which entities there are, and their columns.

It stands in one place, the YAML of the models `int_<entity>_unioned`; files are mapped to it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.columns import ColumnType
from ingestion.errors import SettingsError
from ingestion.settings import Settings
from ingestion.spec import LOADED_COLUMN

_MODEL_NAME = re.compile(r"^int_(?P<entity>\w+)_unioned$")
# Made by the models, or by every load itself.
_NOT_FROM_FILES = frozenset({"source_name", "account_id", LOADED_COLUMN})
_TYPES: tuple[tuple[str, ColumnType], ...] = (
    (r"varchar|text", "text"),
    (r"bigint|integer|smallint", "bigint"),
    (r"numeric.*|decimal.*", "decimal"),
    (r"double precision", "double"),
    (r"boolean", "bool"),
    (r"date", "date"),
    (r"timestamp", "timestamp"),
)

Entities = dict[str, dict[str, ColumnType]]


def read_entities(settings: Settings, source: str) -> Entities:
    """The entities that a source may bring, with their columns in the contract's order.

    Keys, the source's name and the account are made by the models and are left out.

    Args:
        settings: Their `project_dir` has the dbt project.
        source: The source's word in `vars.source_entities` of `dbt_project.yml`.

    Returns:
        From entity to column to type.

    Raises:
        SettingsError: There is no dbt project.
    """
    return _read(settings.project_dir.resolve() / "dbt_project", source)


@cache
def _read(project: Path, source: str) -> Entities:
    if not (project / "dbt_project.yml").exists():
        raise SettingsError(
            f"There is no dbt project at {project}", remedy="Correct PROJECT_DIR in .env"
        )
    names = _load(project / "dbt_project.yml")["vars"]["source_entities"][source]
    contracts = _contracts(project / "models" / "intermediate")
    return {name: contracts[name] for name in names if name in contracts}


def _contracts(folder: Path) -> Entities:
    entities: Entities = {}
    for path in sorted(folder.rglob("_*__models.yml")):
        for model in _load(path).get("models") or ():
            match = _MODEL_NAME.match(model["name"])
            if match:
                entities[match["entity"]] = _columns(model)
    return entities


def _columns(model: dict[str, Any]) -> dict[str, ColumnType]:
    return {
        column["name"]: _type_of(column["data_type"])
        for column in model.get("columns", ())
        if column["name"] not in _NOT_FROM_FILES and not column["name"].endswith("_key")
    }


def _type_of(data_type: str) -> ColumnType:
    for pattern, kind in _TYPES:
        if re.fullmatch(pattern, data_type.strip().lower()):
            return kind
    raise SettingsError(
        f"The seam has a column of type {data_type!r}, which no file can be read into",
        remedy="Use one of varchar, bigint, numeric, double precision, boolean, date, timestamp",
    )


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(), Loader=_Loader)


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

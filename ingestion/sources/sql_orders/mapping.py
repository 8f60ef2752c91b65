"""A mapping from tables and queries of a database to entities of the seam.

It is the mapping of the source `files`, with a table or a query where that has files.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from ingestion.seam import Entities
from ingestion.sources.files.mapping import EntityRule, FileFormat, FileMapping, read_mapping

SHIPPED = Path(__file__).parent / "mappings"
DELETED_COLUMN = "is_deleted"


class TableRule(EntityRule):
    """How rows of a table, or of a query, become rows of one entity.

    Attributes:
        table: The table, with its schema in front where it needs one.
        query: A query instead of a table.
        cursor: Column of the time at which a row last changed; without one everything is read
            each time.
        compare_keys: Whether each run reads all keys, so that rows that are gone are noticed.
    """

    table: str | None = None
    query: str | None = None
    cursor: str | None = None
    compare_keys: bool = False

    @model_validator(mode="after")
    def _has_one_origin(self) -> TableRule:
        if bool(self.table) == bool(self.query):
            raise ValueError(f"{self.entity} needs either table or query")
        if self.files:
            raise ValueError(f"{self.entity} has files, and this is a database")
        if self.compare_keys and DELETED_COLUMN in self.columns:
            raise ValueError(f"{self.entity} has {DELETED_COLUMN} and compare_keys: keep one")
        return self

    @property
    def origin(self) -> str:
        """What it is read from, for messages."""
        return self.table or f"the query of {self.entity}"


class DatabaseMapping(FileMapping):
    """A whole mapping.

    Attributes:
        files: How values are written, where they are text; `values:` in the YAML.
        entities: What tables and queries feed.
    """

    files: FileFormat = Field(default=FileFormat(), alias="values")
    entities: tuple[TableRule, ...]


def load_database_mapping(name: str, entities: Entities) -> DatabaseMapping:
    """Reads and checks a mapping.

    Args:
        name: Name of one that ships with the project, or the path of a file.
        entities: The seam's contract.

    Raises:
        MappingError: It is not there, or names something that is not, with the nearest names.
    """
    return read_mapping(DatabaseMapping, name, entities, SHIPPED)

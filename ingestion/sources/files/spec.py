"""Facts of the source `files`."""

from __future__ import annotations

from pydantic import BaseModel
from pydantic_settings import SettingsConfigDict

from ingestion.columns import ColumnType
from ingestion.seam import read_entities
from ingestion.settings import Numbered, Settings, SourceSettings
from ingestion.spec import SourceSpec, Table

REJECTED = "_rejected"
FILE_COLUMN = "_source_file"
LINE_COLUMN = "_source_line"
PRECEDENCE_COLUMN = "_precedence"

_OWN_COLUMNS: dict[str, ColumnType] = {
    FILE_COLUMN: "text",
    LINE_COLUMN: "bigint",
    PRECEDENCE_COLUMN: "bigint",
}


class Feed(BaseModel):
    """One export that is read again and again.

    Attributes:
        mapping: Name of a mapping that ships with the project, or the path of your own.
        path: A file, a folder or a pattern; local, or any address that fsspec knows.
        account: Name of the account; unset, the mapping's name.
    """

    mapping: str
    path: str
    account: str | None = None

    @property
    def account_id(self) -> str:
        """What stands in `_account_id`."""
        return self.account or self.mapping.rsplit("/", 1)[-1].removesuffix(".yml")


class FilesSettings(SourceSettings):
    """The section FILES__ of the settings.

    Attributes:
        feeds: What to read: `FILES__FEEDS__0__MAPPING`, `FILES__FEEDS__0__PATH`.
    """

    model_config = SettingsConfigDict(env_prefix="FILES__")

    feeds: Numbered[Feed] = ()

    def accounts(self) -> tuple[Feed, ...]:
        """Every feed is an account."""
        return self.feeds


def entity_tables(settings: Settings) -> tuple[Table, ...]:
    """One table an entity of the seam, and `_rejected`; all exist, also without a row."""
    entities = read_entities(settings, "files")
    return (
        *(
            Table(
                name=entity,
                description=f"One row per row of {entity} that a file has.",
                columns={**columns, **_OWN_COLUMNS},
                stream="files",
                replace_by=(FILE_COLUMN,),
            )
            for entity, columns in entities.items()
        ),
        Table(
            name=REJECTED,
            description="One row per line of a file that could not be read.",
            columns={
                FILE_COLUMN: "text",
                LINE_COLUMN: "bigint",
                "entity": "text",
                "reason": "text",
            },
            stream="files",
            replace_by=(FILE_COLUMN,),
        ),
    )


SPEC = SourceSpec(
    name="files",
    description="CSV, JSON lines and Parquet files, with a mapping to any entity of the seam",
    settings=FilesSettings,
    tables=entity_tables,
    setup_hint="Set FILES__FEEDS__0__MAPPING and FILES__FEEDS__0__PATH in .env",
    has_twin=False,
)

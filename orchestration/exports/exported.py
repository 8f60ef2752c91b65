"""An export from its name to its file."""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.destinations import Warehouse
from ingestion.settings import Settings
from orchestration.errors import ExportError
from orchestration.exports.batches import batches
from orchestration.exports.files import check_place, write
from orchestration.exports.wanted import Catalogue, Wanted, read_models
from orchestration.lib.environment import project_dir
from orchestration.lib.warehouse import PATIENCE, Reader, open_reader
from orchestration.metrics.definitions import read_metrics
from orchestration.segments.asked import known_segments


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        row_count: So many rows.
        left_out: Personal columns that were not asked for.
    """

    row_count: int
    left_out: tuple[str, ...]


def export(
    settings: Settings, what: str, to: str, form: str, *, with_personal_data: bool = False
) -> Exported:
    """Writes a mart, a segment or a metric to a file.

    Args:
        settings: Name the warehouse.
        what: The name, or `model:`, `segment:`, `metric:` and the name.
        to: A path or `s3://bucket/key`.
        form: csv or parquet.
        with_personal_data: Whether columns of persons are written too.

    Raises:
        ExportError: There is no such thing, or it cannot be written there.
    """
    check_place(to)
    project = project_dir(settings)
    catalogue = Catalogue(
        warehouse=Warehouse(settings),
        models=read_models(project),
        segments=tuple(known_segments(settings)),
        metrics=tuple(read_metrics(project)),
    )
    wanted = catalogue.find(what, with_personal_data=with_personal_data)
    with open_reader(settings, patience=PATIENCE) as reader:
        _check_built(reader, wanted)
        rows = batches(settings.warehouse, reader.connection, wanted.sql)
        count = write(
            rows, to, form, is_personal=wanted.is_personal, s3_endpoint=settings.s3_endpoint
        )
    return Exported(count, wanted.left_out)


def _check_built(reader: Reader, wanted: Wanted) -> None:
    found = reader.relations()
    missing = [
        model.name
        for model in wanted.models
        if (reader.warehouse.schema(model.schema).lower(), model.name) not in found
    ]
    if missing:
        raise ExportError(
            f"{', '.join(missing)} has not been built", remedy="Run `basketline build` first"
        )

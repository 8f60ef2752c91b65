"""Files that are whole or not there: written beside, then renamed, or sent when they are done."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from orchestration.errors import ExportError

REMOTE = "s3://"
FORMATS = ("csv", "parquet")
PART_BYTES = 8 * 1024**2


class BatchWriter(Protocol):
    """What Arrow's writers have in common."""

    def write_batch(self, batch: pa.RecordBatch) -> None:
        """Appends rows."""

    def close(self) -> None:
        """Ends the file."""


def write(
    batches: Iterable[pa.RecordBatch],
    to: str,
    form: str,
    *,
    is_personal: bool,
    s3_endpoint: str = "",
) -> int:
    """Writes rows to a path or to `s3://bucket/key`.

    Args:
        batches: The rows.
        to: Where.
        form: One of `FORMATS`.
        is_personal: Whether only the owner may read the file.
        s3_endpoint: Where S3 is, if not at Amazon.

    Returns:
        How many rows there are.

    Raises:
        ExportError: It cannot be written there.
    """
    check_place(to)
    if to.startswith(REMOTE):
        with tempfile.TemporaryDirectory(prefix="basketline-export-") as folder:
            file = Path(folder) / "rows"
            rows = _fill(batches, file, form)
            _send(file, to, s3_endpoint)
        return rows
    target = Path(to)
    with _beside(target) as file:
        rows = _fill(batches, file, form)
        file.chmod(0o600 if is_personal else 0o644)
        file.replace(target)
    return rows


def check_place(to: str) -> None:
    """Refuses what is no place for a file, before anything is asked of the warehouse.

    Raises:
        ExportError: It is none.
    """
    scheme, separator, rest = to.partition("://")
    if separator and scheme != "s3":
        raise ExportError(f"{scheme}:// cannot be written", remedy="Give a path or s3://bucket/key")
    if separator and not all(rest.partition("/")[::2]):
        raise ExportError("An address in S3 has bucket and key", remedy="Write: s3://bucket/key")
    if not separator and (Path(to).is_dir() or to.endswith("/")):
        raise ExportError(f"{to} is a folder", remedy="Name a file in it")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file beside the target; what a killed export left there is removed first."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for leftover in target.parent.glob(f".{target.name}.*.part"):
            leftover.unlink()
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", suffix=".part", delete=False
        ) as opened:
            file = Path(opened.name)
    except OSError as error:
        raise ExportError(
            f"{target} cannot be written: {error.strerror}", remedy="Give another path"
        ) from None
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


def _fill(batches: Iterable[pa.RecordBatch], file: Path, form: str) -> int:
    rows = 0
    writer: BatchWriter | None = None
    try:
        for batch in batches:
            writer = writer or _writer(file, form, batch.schema)
            writer.write_batch(batch)
            rows += batch.num_rows
    finally:
        if writer:
            writer.close()
    return rows


def _writer(file: Path, form: str, schema: pa.Schema) -> Any:
    if form == "csv":
        return pa_csv.CSVWriter(str(file), schema)
    return pa_parquet.ParquetWriter(str(file), schema, compression="zstd")


def _send(file: Path, to: str, endpoint: str) -> None:
    """Sends a whole file: S3 makes an object of the parts when the last has arrived.

    Arrow's `copy_files` loses the error of a part that is refused, which only closing tells.
    """
    from pyarrow import fs

    scheme, _, host = endpoint.rpartition("://")
    elsewhere = {"scheme": scheme or "https", "endpoint_override": host} if host else {}
    try:
        store = fs.S3FileSystem(**elsewhere)
        with file.open("rb") as rows, store.open_output_stream(to.removeprefix(REMOTE)) as target:
            shutil.copyfileobj(rows, target, PART_BYTES)
    except OSError as error:
        raise ExportError(
            f"S3 refuses the file: {error}",
            where=to,
            remedy="Check the bucket, AWS_REGION and the credentials in the environment",
        ) from None

"""Reads files into batches of text columns, with the line of each row; sets broken lines aside."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from ingestion.columns import as_text
from ingestion.errors import FileInputError
from ingestion.sources.files.listing import SourceFile
from ingestion.sources.files.mapping import FileFormat

BATCH_LINES = 50_000


@dataclass
class TextBatch:
    """Lines of one file.

    Attributes:
        columns: From the file's column to its cells.
        lines: Where each row begins: line of a text file, row of a Parquet file, from 1.
        broken: Lines that are no row, with the reason.
    """

    columns: dict[str, Any]
    lines: list[int] | range
    broken: list[tuple[int, str]] = field(default_factory=list)

    def table(self, file: str) -> pa.Table:
        """The rows, each with its file and line."""
        cells = {
            name: values
            if isinstance(values, pa.Array | pa.ChunkedArray)
            else pa.array(values, pa.string())
            for name, values in self.columns.items()
        }
        count = len(self.lines)
        own = {
            "_source_file": pa.repeat(pa.scalar(file, pa.string()), count),
            "_source_line": pa.array(self.lines, pa.int64()),
        }
        return pa.table(cells | own)


def read_file(file: SourceFile, files: FileFormat) -> Iterator[TextBatch]:
    """Reads a file.

    Args:
        file: The file.
        files: How it is written.

    Yields:
        Batches of its lines, at least one, all with the same columns.

    Raises:
        FileInputError: It cannot be read at all.
    """
    with file.open() as stream:
        if file.type == "csv":
            content = stream.read()
            whole = _read_sound_csv(content, files)
            if whole is not None:
                yield whole
            else:
                yield from _read_csv(_as_text_lines(io.BytesIO(content), file, files), file, files)
        elif file.type == "jsonl":
            yield from _read_jsonl(stream)
        else:
            yield from _read_parquet(stream, file)


def _read_sound_csv(content: bytes, files: FileFormat) -> TextBatch | None:
    """Reads a CSV at once if every line is one row of as many fields as the header.

    Returns:
        The rows; None where the file needs a closer look: broken rows, line breaks within fields,
        blank lines, doubtful names or bytes.
    """
    names = list(files.columns) or _sound_header(content, files)
    header_lines = 0 if files.columns else 1
    if not names or len(set(names)) < len(names):
        return None
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            read_options=pa_csv.ReadOptions(
                use_threads=False,
                column_names=names,
                skip_rows=header_lines,
                encoding=files.encoding,
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=files.delimiter, quote_char=files.quote, ignore_empty_lines=False
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowException, UnicodeError, LookupError):
        return None
    line_count = content.count(b"\n") + (not content.endswith(b"\n"))
    if table.num_rows + header_lines != line_count or b"\n\n" in content:
        return None
    lines = range(1 + header_lines, 1 + line_count)
    return TextBatch({name: table[name] for name in names}, lines)


def _sound_header(content: bytes, files: FileFormat) -> list[str]:
    """The names in the first line; none where they may go on in the next."""
    line = content[: content.find(b"\n") + 1]
    try:
        text = line.decode(_codec(files))
    except (UnicodeError, LookupError):
        return []
    if text.count(files.quote) % 2:
        return []
    reader = csv.reader([text], delimiter=files.delimiter, quotechar=files.quote)
    return [name.strip() for name in next(reader, [])]


def _codec(files: FileFormat) -> str:
    """The encoding; a mark of byte order before UTF-8 is no part of the first name."""
    return "utf-8-sig" if files.encoding.lower() in ("utf-8", "utf8") else files.encoding


def _as_text_lines(stream: IO[bytes], file: SourceFile, files: FileFormat) -> Iterator[str]:
    try:
        yield from io.TextIOWrapper(stream, encoding=_codec(files), newline="")
    except UnicodeDecodeError:
        raise FileInputError(
            f"It is not written in {files.encoding}",
            where=file.name,
            remedy="Set files.encoding of the mapping, for example latin-1 or cp1252",
        ) from None
    except LookupError:
        raise FileInputError(
            f"There is no encoding {files.encoding!r}", remedy="Correct files.encoding"
        ) from None


class _Lines:
    """Lines that can be given back, so that an unclosed quote costs one line and not the rest."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self.next_line = 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._taken.append(line)
        return line

    def is_torn(self, dialect: dict[str, Any]) -> bool:
        """Whether the record runs over lines only because a quote is not closed."""
        if len(self._taken) == 1:
            return False
        try:
            next(csv.reader(self._taken, strict=True, **dialect))
        except csv.Error:
            return True
        return False

    def accept(self) -> int:
        """Counts the lines of the record that was read; gives its first line's number."""
        first = self.next_line
        self.next_line += len(self._taken)
        self._taken.clear()
        return first

    def reject(self) -> int:
        """As `accept`, but only its first line: the others are read again, as records."""
        first = self.next_line
        self.next_line += 1
        self._again.extendleft(reversed(self._taken[1:]))
        self._taken.clear()
        return first


def _read_csv(text: Iterator[str], file: SourceFile, files: FileFormat) -> Iterator[TextBatch]:
    lines = _Lines(text)
    dialect: dict[str, Any] = {"delimiter": files.delimiter, "quotechar": files.quote}
    records = csv.reader(lines, **dialect)
    header = list(files.columns) or _read_header(records, lines, file)
    width = len(header)
    rows: list[list[str]] = []
    starts: list[int] = []
    broken: list[tuple[int, str]] = []
    is_first = True
    while True:
        try:
            for row in records:
                if lines.is_torn(dialect):
                    broken.append((lines.reject(), "a quote that is not closed"))
                elif len(row) == width:
                    starts.append(lines.accept())
                    rows.append(row)
                    if len(rows) == BATCH_LINES:
                        break
                elif row:
                    broken.append((lines.reject(), f"{len(row)} fields instead of {width}"))
                else:
                    lines.accept()
            else:
                break
        except csv.Error as error:
            broken.append((lines.reject(), f"not readable: {error}"))
            continue
        yield TextBatch(_transposed(header, rows), starts, broken)
        rows, starts, broken, is_first = [], [], [], False
    if rows or broken or is_first:
        yield TextBatch(_transposed(header, rows), starts, broken)


def _read_header(records: Any, lines: _Lines, file: SourceFile) -> list[str]:
    header = [name.strip() for name in next(records, [])]
    lines.accept()
    doubled = sorted({name for name in header if header.count(name) > 1})
    if not header or doubled:
        problem = f"It has the column {doubled[0]!r} twice" if doubled else "It has no header"
        raise FileInputError(
            problem,
            where=file.name,
            remedy="Correct the file, or give files.columns in the mapping",
        )
    return header


def _transposed(header: list[str], rows: list[list[str]]) -> dict[str, Any]:
    cells: Iterable[Any] = zip(*rows, strict=True) if rows else ([] for _ in header)
    return dict(zip(header, cells, strict=True))


def _read_jsonl(stream: IO[bytes]) -> Iterator[TextBatch]:
    """Objects with other keys than those before are fine: what is absent is NULL."""
    objects: list[dict[str, str | None]] = []
    starts: list[int] = []
    broken: list[tuple[int, str]] = []
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            broken.append((number, "no JSON"))
            continue
        if not isinstance(value, dict):
            broken.append((number, "no JSON object"))
            continue
        objects.append(_flat(value))
        starts.append(number)
        if len(objects) == BATCH_LINES:
            yield TextBatch(_as_columns(objects), starts, broken)
            objects, starts, broken = [], [], []
    if objects or broken:
        yield TextBatch(_as_columns(objects), starts, broken)


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, str | None]:
    """Objects inside become columns `outer__inner`; lists become JSON text."""
    cells: dict[str, str | None] = {}
    for name, cell in value.items():
        if isinstance(cell, dict):
            cells |= _flat(cell, f"{prefix}{name}__")
        else:
            cells[prefix + name] = None if cell is None else as_text(cell)
    return cells


def _as_columns(objects: list[dict[str, str | None]]) -> dict[str, Any]:
    names: dict[str, None] = {}
    for one in objects:
        names |= dict.fromkeys(one)
    return {name: [one.get(name) for one in objects] for name in names}


def _read_parquet(stream: IO[bytes], file: SourceFile) -> Iterator[TextBatch]:
    try:
        parquet = pq.ParquetFile(stream)
    except pa.ArrowInvalid as error:
        raise FileInputError(
            "It is no Parquet file", where=file.name, remedy="Export it again"
        ) from error
    start = 1
    for batch in parquet.iter_batches(BATCH_LINES):
        table = _flat_table(pa.Table.from_batches([batch]))
        columns = {name: text_column(table[name]) for name in table.column_names}
        yield TextBatch(columns, range(start, start + table.num_rows))
        start += table.num_rows


def _flat_table(table: pa.Table) -> pa.Table:
    while any(pa.types.is_struct(column.type) for column in table.schema):
        names = set(table.column_names)
        flat = table.flatten()
        fixed = [
            name if name in names else name.replace(".", "__", 1) for name in flat.column_names
        ]
        table = flat.rename_columns(fixed)
    return table


def text_column(column: pa.ChunkedArray) -> Any:
    """A column as text; what is nested as JSON."""
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return [None if cell is None else as_text(cell) for cell in column.to_pylist()]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return pc.cast(column, pa.string())

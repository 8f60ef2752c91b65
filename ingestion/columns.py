"""Column types, and the way of a vendor's values into them.

Nothing is lost on the way: a cell that does not fit its column's type becomes NULL there and
stands as text in `<column>__v_text`, so that one odd value neither stops a load nor disappears.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Literal, TypeAlias, cast, get_args

import orjson
import pyarrow as pa
import pyarrow.compute as pc

ColumnType = Literal["text", "bigint", "decimal", "double", "bool", "date", "timestamp", "json"]
Rows: TypeAlias = Sequence[Mapping[str, Any]] | pa.Table
"""A batch as a client gives it: records, or a table."""


def typed_columns(**names: str) -> dict[str, ColumnType]:
    """Column types from names in one text a type; the order of columns is the order given.

    Args:
        **names: Column names apart by blanks, by their type: `text="id name", bigint="quantity"`.

    Raises:
        ValueError: There is no such type.
    """
    if unknown := set(names) - set(get_args(ColumnType)):
        raise ValueError(f"no column type is called {', '.join(sorted(unknown))}")
    return {name: cast("ColumnType", kind) for kind, some in names.items() for name in some.split()}


VARIANT_SUFFIX = "__v_text"
DECIMAL_SCALE = 9

ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "bigint": pa.int64(),
    "decimal": pa.decimal128(38, DECIMAL_SCALE),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
    "json": pa.string(),
}

DLT_TYPES: dict[str, dict[str, Any]] = {
    "text": {"data_type": "text"},
    "bigint": {"data_type": "bigint"},
    "decimal": {"data_type": "decimal", "precision": 38, "scale": DECIMAL_SCALE},
    "double": {"data_type": "double"},
    "bool": {"data_type": "bool"},
    "date": {"data_type": "date"},
    "timestamp": {"data_type": "timestamp"},
    "json": {"data_type": "text"},
}

_QUANTUM = Decimal(1).scaleb(-DECIMAL_SCALE)
_BIGINT_LIMIT = 2**63


@dataclass(frozen=True)
class TypedBatch:
    """A batch in its declared types.

    Attributes:
        table: Declared columns in their order, then variants, then what the vendor sends unasked.
        variant_columns: Columns of which a cell did not fit.
        new_columns: Columns that the spec does not declare; text.
    """

    table: pa.Table
    variant_columns: frozenset[str]
    new_columns: frozenset[str]


def type_batch(rows: Rows, columns: Mapping[str, ColumnType]) -> TypedBatch:
    """Brings a batch into its declared types.

    Args:
        rows: Records or a table. What is absent is NULL.
        columns: Declared names and types.

    Returns:
        The typed batch.
    """
    cells = _columns_of(rows)
    count = rows.num_rows if isinstance(rows, pa.Table) else len(rows)
    arrays: dict[str, pa.Array | pa.ChunkedArray] = {}
    variants: dict[str, pa.Array] = {}
    for name, kind in columns.items():
        if name not in cells:
            arrays[name] = pa.nulls(count, ARROW_TYPES[kind])
            continue
        arrays[name], variant = _cast(cells[name], kind)
        if variant is not None:
            variants[name] = variant
    extras = {name: _as_text_array(cells[name]) for name in cells if name not in columns}
    arrays |= {name + VARIANT_SUFFIX: variant for name, variant in variants.items()} | extras
    return TypedBatch(pa.table(arrays), frozenset(variants), frozenset(extras))


def empty_table(columns: Mapping[str, ColumnType]) -> pa.Table:
    """A table of the declared columns without a row."""
    arrays = [pa.nulls(0, ARROW_TYPES[kind]) for kind in columns.values()]
    return pa.Table.from_arrays(arrays, names=list(columns))


def _columns_of(rows: Rows) -> dict[str, Any]:
    if isinstance(rows, pa.Table):
        return {name: rows.column(name) for name in rows.column_names}
    names: dict[str, None] = {}
    for row in rows:
        names |= dict.fromkeys(row)
    return {name: [row.get(name) for row in rows] for name in names}


def _cast(cells: Any, kind: ColumnType) -> tuple[pa.Array | pa.ChunkedArray, pa.Array | None]:
    """The whole column at once; cell by cell only where that fails."""
    fast = _cast_at_once(cells, kind)
    if fast is not None:
        return fast, None
    values = cells.to_pylist() if isinstance(cells, pa.Array | pa.ChunkedArray) else cells
    converted = [_convert(value, kind) for value in values]
    failed = [
        as_text(value) if typed is None and not _is_absent(value) else None
        for value, typed in zip(values, converted, strict=True)
    ]
    variant = pa.array(failed, pa.string()) if any(text is not None for text in failed) else None
    return pa.array(converted, ARROW_TYPES[kind]), variant


def _cast_at_once(cells: Any, kind: ColumnType) -> pa.Array | pa.ChunkedArray | None:
    target = ARROW_TYPES[kind]
    try:
        array = cells if isinstance(cells, pa.Array | pa.ChunkedArray) else pa.array(cells)
        if array.type == target or pa.types.is_null(array.type):
            return array.cast(target)
        if not _is_lossless(array.type, kind):
            return None
        if pa.types.is_string(array.type) and kind != "text":
            array = pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
        return array.cast(target)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, OverflowError):
        return None


def _is_lossless(source: pa.DataType, kind: ColumnType) -> bool:
    """Casts that Arrow does exactly as the cell rules below do."""
    if pa.types.is_string(source):
        return kind in ("text", "json", "bigint", "decimal", "double", "date", "timestamp")
    if pa.types.is_integer(source):
        return kind in ("bigint", "decimal", "double")
    if pa.types.is_floating(source):
        return kind == "double"
    if pa.types.is_timestamp(source):
        return kind == "timestamp" and source.tz is not None
    return pa.types.is_decimal(source) and kind == "decimal"


def _convert(value: Any, kind: ColumnType) -> Any:
    """One cell in its type, or None where it does not fit."""
    if _is_absent(value):
        return None
    if kind in ("text", "json"):
        return as_text(value)
    try:
        return _CONVERTERS[kind](value)
    except (ValueError, TypeError, ArithmeticError, InvalidOperation, KeyError):
        return None


def _is_absent(value: Any) -> bool:
    return value is None or value == ""


def as_text(value: Any) -> str:
    """One value as text; objects and lists as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list | tuple):
        return orjson.dumps(value, default=str).decode()
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)


def _as_text_array(cells: Any) -> pa.Array:
    values: Iterable[Any] = (
        cells.to_pylist() if isinstance(cells, pa.Array | pa.ChunkedArray) else cells
    )
    return pa.array([None if value is None else as_text(value) for value in values], pa.string())


def _to_bigint(value: Any) -> int:
    number = Decimal(str(value))
    if number != number.to_integral_value() or abs(number) >= _BIGINT_LIMIT:
        raise ValueError(value)
    return int(number)


def _to_decimal(value: Any) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) >= Decimal(10) ** (38 - DECIMAL_SCALE):
        raise ValueError(value)
    return number.quantize(_QUANTUM, rounding=ROUND_HALF_UP)


def _to_bool(value: Any) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[str(value).lower()]


def _to_date(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        raise TypeError(value)
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))


def _to_timestamp(value: Any) -> dt.datetime:
    """Without a zone the value is UTC."""
    moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


_CONVERTERS: dict[str, Any] = {
    "bigint": _to_bigint,
    "decimal": _to_decimal,
    "double": float,
    "bool": _to_bool,
    "date": _to_date,
    "timestamp": _to_timestamp,
}

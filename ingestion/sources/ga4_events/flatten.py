"""The SQL that makes flat rows of an export's nested ones, for DuckDB.

One pass, in vectors: a row is never a Python object. An event has no id of its own in the export;
its id is a hash of what tells it apart, with a number for those that agree in all of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingestion.columns import ColumnType
from ingestion.sources.ga4_events.columns import DAY_COLUMN, EVENT_ORIGINS, ITEM_ORIGINS, Origin

Shape = Mapping[str, str]
"""From the path of a field, lists included (`items.item_id`), to its DuckDB type."""

_SQL_TYPES: dict[ColumnType, str] = {
    "text": "varchar",
    "bigint": "bigint",
    "decimal": "decimal(38, 9)",
    "double": "double",
}
_VALUE_FIELDS = ("string_value", "int_value", "double_value", "float_value")
# What makes the order of events that agree in stream, visitor, time and name the same every time.
_TIE_BREAKERS = (
    "event_bundle_sequence_id",
    "batch_page_id",
    "batch_ordering_id",
    "batch_event_index",
    "ecommerce.transaction_id",
)

JSON_TYPES = {
    "event_date": "varchar",
    "event_timestamp": "bigint",
    "event_name": "varchar",
    "event_bundle_sequence_id": "bigint",
    "batch_page_id": "bigint",
    "batch_ordering_id": "bigint",
    "batch_event_index": "bigint",
    "user_pseudo_id": "varchar",
    "user_id": "varchar",
    "stream_id": "varchar",
    "platform": "varchar",
    "privacy_info": "struct(analytics_storage varchar)",
    "device": "struct(category varchar, operating_system varchar, language varchar,"
    " web_info struct(browser varchar, hostname varchar))",
    "geo": "struct(country varchar, region varchar, city varchar)",
    "traffic_source": "struct(source varchar, medium varchar, name varchar)",
    "collected_traffic_source": "struct(manual_source varchar, manual_medium varchar,"
    " manual_campaign_name varchar, manual_campaign_id varchar, manual_content varchar,"
    " manual_term varchar, gclid varchar)",
    "ecommerce": "struct(transaction_id varchar, purchase_revenue double)",
    "event_params": "struct(key varchar, value struct(string_value varchar, int_value bigint,"
    " float_value double, double_value double))[]",
    "items": "struct(item_id varchar, item_name varchar, item_brand varchar, item_variant varchar,"
    " item_category varchar, coupon varchar, item_list_name varchar, price double,"
    " item_revenue double, quantity bigint)[]",
}


def scan_sql(paths: list[str], file_format: str) -> str:
    """Reads files of one format, with the path of each row's file in `filename`.

    JSON has no types of its own, so only the fields that are used are read, in their types.
    """
    listed = "[" + ", ".join(_quoted(path) for path in paths) + "]"
    if file_format == "parquet":
        return f"read_parquet({listed}, union_by_name=true, filename=true)"
    types = ", ".join(f"{name}: {_quoted(kind)}" for name, kind in JSON_TYPES.items())
    return (
        f"read_json({listed}, format='newline_delimited', filename=true, "
        f"maximum_object_size=33554432, columns={{{types}}})"
    )


def flat_sql(scan: str, shape: Shape) -> str:
    """Events with their columns, what tells them apart, and their items still nested.

    Args:
        scan: What is read; see `scan_sql`.
        shape: The fields that it has.
    """
    columns = ",\n    ".join(
        f"{_event_expression(origin, shape)} as {name}" for name, origin in EVENT_ORIGINS.items()
    )
    ties = ", ".join(
        f"{_field(path, shape)} as _tie_{number}" for number, path in enumerate(_TIE_BREAKERS)
    )
    return f"""
with source as (
    select *, {_keys(shape)} as _keys, {_values(shape)} as _values from {scan}
)
select
    cast(strptime(regexp_extract(filename, '.*events_(?:intraday_)?(\\d{{8}})', 1), '%Y%m%d')
        as date) as {DAY_COLUMN},
    contains(filename, 'events_intraday_') as is_intraday,
    {columns},
    {_other_params(shape)} as other_params,
    md5(concat_ws('|', coalesce({_text("stream_id", shape)}, ''),
        coalesce({_text("user_pseudo_id", shape)}, ''),
        {_text("event_timestamp", shape)}, {_text("event_name", shape)})) as _identity,
    {ties},
    {"items" if "items" in shape else "null"} as _items
from source"""


def numbered_sql(flat: str) -> str:
    """Numbers the few events that agree in all that tells events apart; the others are alone.

    Args:
        flat: The table that `flat_sql` made.
    """
    ties = [f"_tie_{number} nulls first" for number in range(len(_TIE_BREAKERS))]
    order = ", ".join(
        [*ties, "param__page_location", "param__engagement_time_msec", "other_params"]
    )
    return f"""
select rowid as _row,
    row_number() over (partition by {DAY_COLUMN}, _identity order by {order}) as _number
from {flat}
where _identity in (select _identity from {flat} group by _identity having count(*) > 1)"""


def events_sql(flat: str, numbered: str) -> str:
    """Events as they are loaded.

    Args:
        flat: The table that `flat_sql` made.
        numbered: The table that `numbered_sql` made.
    """
    return f"""
select
    {event_id(numbered)} as event_id,
    {DAY_COLUMN},
    make_timestamptz(event_timestamp) as occurred_at,
    is_intraday,
    {", ".join(EVENT_ORIGINS)},
    other_params
from {flat}
left join {numbered} on {flat}.rowid = {numbered}._row"""


def event_id(numbered: str) -> str:
    """The id of an event: stays the same however often the day is exported."""
    number = f"{numbered}._number"
    return f"case when {number} > 1 then md5(_identity || {number}) else _identity end"


def items_sql(flat: str, numbered: str, shape: Shape) -> str:
    """Items of events, in the order of their list; empty text where the export has none.

    Args:
        flat: The table that `flat_sql` made.
        numbered: The table that `numbered_sql` made.
        shape: The fields of the scan.
    """
    if "items" not in shape:
        return ""
    columns = ",\n    ".join(
        f"{_cast(_field('items.' + origin.field, shape, root='item'), origin.kind)} as {name}"
        for name, origin in ITEM_ORIGINS.items()
    )
    return f"""
with unnested as (
    select {event_id(numbered)} as event_id, {DAY_COLUMN}, unnest(_items) as item,
        generate_subscripts(_items, 1) - 1 as item_index
    from {flat}
    left join {numbered} on {flat}.rowid = {numbered}._row
    where len(_items) > 0
)
select event_id, item_index, {DAY_COLUMN},
    {columns}
from unnested"""


def _event_expression(origin: Origin, shape: Shape) -> str:
    if origin.param:
        return _param(origin, shape)
    return _cast(_field(origin.field, shape), origin.kind)


def _field(path: str, shape: Shape, root: str = "") -> str:
    """A field, or NULL where the export does not have it."""
    if path not in shape:
        return "null"
    return f"{root}.{path.split('.', 1)[1]}" if root else path


def _param(origin: Origin, shape: Shape) -> str:
    if "event_params" not in shape:
        return "null"
    return _cast(f"_values[list_position(_keys, {_quoted(origin.param)})]", origin.kind)


def _keys(shape: Shape) -> str:
    return "list_transform(event_params, lambda p: p.key)" if "event_params" in shape else "null"


def _values(shape: Shape) -> str:
    """The parameters' values as text, whichever of its four fields holds each."""
    fields = [field for field in _VALUE_FIELDS if f"event_params.value.{field}" in shape]
    if not fields:
        return "null"
    texts = ", ".join(f"cast(p.value.{field} as varchar)" for field in fields)
    return f"list_transform(event_params, lambda p: coalesce({texts}))"


def _other_params(shape: Shape) -> str:
    """Parameters without a column of their own, as JSON: a list of key and value."""
    if "event_params" not in shape:
        return "null"
    known = ", ".join(_quoted(origin.param) for origin in EVENT_ORIGINS.values() if origin.param)
    others = f"list_filter(list_zip(_keys, _values), lambda p: p[1] not in ({known}))"
    pairs = f"list_transform({others}, lambda p: {{'key': p[1], 'value': p[2]}})"
    return f"nullif(cast(to_json({pairs}) as varchar), '[]')"


def _text(path: str, shape: Shape) -> str:
    return f"cast({_field(path, shape)} as varchar)"


def _cast(expression: str, kind: ColumnType) -> str:
    """A value that does not fit is NULL: the export's types are Google's, not the visitor's."""
    return f"try_cast({expression} as {_SQL_TYPES[kind]})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

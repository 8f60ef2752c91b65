"""The SQL that makes flat rows of messages, for DuckDB: in vectors, never row by row.

A line is a message, or a batch of them, whose `sentAt`, `receivedAt`, `writeKey` and `context`
count for those that have none of their own. All that is wanted of a message is taken out of its
JSON at once, as a list of texts: it is then read only one time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingestion.columns import ColumnType
from ingestion.sources.web_events.columns import (
    CONTEXT_FIELDS,
    ITEM_PROPERTIES,
    MESSAGE_FIELDS,
    PROPERTIES,
    TRAITS,
    Keys,
)

_SQL_TYPES: dict[ColumnType, str] = {
    "text": "varchar",
    "bigint": "bigint",
    "decimal": "decimal(38, 9)",
}
_OBJECT_BYTES = 32 * 1024**2


def scan_sql(paths: Sequence[str]) -> str:
    """Reads lines as JSON; null where a line is none.

    Args:
        paths: The files, `.gz` too.
    """
    listed = "[" + ", ".join(_quoted(path) for path in paths) + "]"
    return f"read_ndjson_objects({listed}, ignore_errors=true, maximum_object_size={_OBJECT_BYTES})"


def messages_sql(lines: str, consent_category: str) -> str:
    """Messages with their columns, products still as JSON.

    Args:
        lines: The table that `scan_sql` was read into; its rows are in the order of the lines.
        consent_category: Key of the consent that is needed.
    """
    wanted = _Wanted(consent_category)
    return f"""
with single as (
    {_single(lines)}
),
taken as (
    select message, _line, _place, json_extract_string(message, [{wanted.paths()}]) as _values
    from single
),
named as (
    select {wanted.columns()}, message, _line, _place
    from taken
),
moments as (
    select * exclude (type, original_timestamp, sent_at, received_at),
        lower(type) as type,
        {_moment("coalesce(original_timestamp, timestamp)")} as original_timestamp,
        {_moment("sent_at")} as sent_at,
        {_moment("received_at")} as received_at
    from named
    where type is not null
)
select
    * exclude (message, message_id, tracked, named, consent, item_product_id, item_sku, products),
    {_event_id()} as event_id,
    case when type = 'track' then tracked else named end as event,
    try_cast(consent as boolean) as has_consent,
    coalesce(original_timestamp + coalesce(received_at - sent_at, interval 0 second), received_at)
        as occurred_at,
    case
        when products <> '[]' then json_extract(message, '$.properties.products[*]')
        when type = 'track' and (item_product_id is not null or item_sku is not null)
            then [json_extract(message, '$.properties')]
    end as _products
from moments"""


def newest_sql(messages: str, seen: str) -> str:
    """Rows of messages that are the newest of their id and were not read before in this run.

    Args:
        messages: The table that `messages_sql` made.
        seen: A table of the hashes of ids that were read.
    """
    return f"""
select rowid as _row
from {messages}
where hash(event_id) not in (select id_hash from {seen})
qualify row_number() over (partition by event_id order by _line desc, _place desc) = 1"""


def events_sql(messages: str, newest: str, devices: str, columns: Mapping[str, ColumnType]) -> str:
    """Events as they are loaded.

    Args:
        messages: The table that `messages_sql` made.
        newest: The table that `newest_sql` made.
        devices: A table from user agent to device.
        columns: Their columns.
    """
    own = {
        "device__category": f"coalesce({devices}.category, case lower(device__type)"
        " when 'ios' then 'mobile' when 'android' then 'mobile' else lower(device__type) end)",
        "device__browser": f"{devices}.browser",
        "device__os": f"coalesce({devices}.os, os__name)",
    }
    listed = ",\n    ".join(f"{own.get(name, messages + '.' + name)} as {name}" for name in columns)
    return f"""
select
    {listed}
from {messages}
inner join {newest} on {messages}.rowid = {newest}._row
left join {devices} on {messages}.user_agent = {devices}.user_agent"""


def items_sql(messages: str, newest: str) -> str:
    """Products of messages, in the order of their list.

    Args:
        messages: The table that `messages_sql` made.
        newest: The table that `newest_sql` made.
    """
    return f"""
with unnested as (
    select event_id, unnest(_products) as product,
        generate_subscripts(_products, 1) - 1 as item_index
    from {messages}
    inner join {newest} on {messages}.rowid = {newest}._row
    where len(_products) > 0
),
read as (
    select event_id, item_index,
        json_extract_string(product, [{_paths(ITEM_PROPERTIES)}]) as _values
    from unnested
)
select event_id, item_index,
    {", ".join(_picked(ITEM_PROPERTIES, 1))}
from read"""


class _Wanted:
    """What is taken out of a message, and at which place of the list it is then.

    Args:
        consent_category: Key of the consent that is needed.
    """

    def __init__(self, consent_category: str) -> None:
        words = (consent_category, consent_category.capitalize(), consent_category.upper())
        consent = tuple(f"context.consent.categoryPreferences.{word}" for word in words)
        self._keys: dict[str, Keys] = {
            **{name: ("text", (path,)) for name, path in MESSAGE_FIELDS.items()},
            **{name: ("text", (f"context.{path}",)) for name, path in CONTEXT_FIELDS.items()},
            **_below("properties", PROPERTIES),
            **{
                name: (kind, tuple(f"{root}.{key}" for root in _TRAITS for key in keys))
                for name, (kind, keys) in TRAITS.items()
            },
            "consent": ("text", consent),
            "item_product_id": ("text", ("properties.product_id",)),
            "item_sku": ("text", ("properties.sku",)),
            "products": ("text", ("properties.products",)),
        }

    def paths(self) -> str:
        """For `json_extract_string`."""
        return _paths(self._keys)

    def columns(self) -> str:
        """The columns out of the list."""
        return ",\n        ".join(_picked(self._keys, 1))


_TRAITS = ("traits", "context.traits")


def _below(root: str, keys: Mapping[str, Keys]) -> dict[str, Keys]:
    return {
        name: (kind, tuple(f"{root}.{key}" for key in names))
        for name, (kind, names) in keys.items()
    }


def _single(lines: str) -> str:
    """One row a message, those of batches after each other with what they share."""
    return f"""select json as message, rowid as _line, 0 as _place
    from {lines}
    where json_type(json, '$.batch') is null
    union all
    select json_merge_patch(shared, one) as message, _line, _place
    from (
        select json_merge_patch(json, '{{"batch": null}}') as shared,
            unnest(json_extract(json, '$.batch[*]')) as one,
            generate_subscripts(json_extract(json, '$.batch[*]'), 1) as _place,
            rowid as _line
        from {lines}
        where json_type(json, '$.batch') = 'ARRAY'
    )"""


def _event_id() -> str:
    """The message's id; of one without, a hash of all that it says."""
    return "coalesce(message_id, md5(cast(message as varchar)))"


def _paths(keys: Mapping[str, Keys]) -> str:
    return ", ".join(_quoted(f"$.{_path(name)}") for _, names in keys.values() for name in names)


def _picked(keys: Mapping[str, Keys], place: int) -> list[str]:
    """The columns out of a list of texts; a value that does not fit is NULL."""
    columns = []
    for name, (kind, names) in keys.items():
        places = range(place, place + len(names))
        texts = ", ".join(f"nullif(_values[{number}], '')" for number in places)
        chosen = f"coalesce({texts})" if len(names) > 1 else texts
        typed = chosen if kind == "text" else f"try_cast({chosen} as {_SQL_TYPES[kind]})"
        columns.append(f"{typed} as {name}")
        place += len(names)
    return columns


def _moment(text: str) -> str:
    return f"try_cast({text} as timestamptz)"


def _path(name: str) -> str:
    """A path whose keys are quoted."""
    return ".".join('"' + part.replace('"', "") + '"' for part in name.split("."))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

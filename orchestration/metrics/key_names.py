"""Names of what dimensions have keys for: people ask for a store by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from orchestration.lib.warehouse import Reader
from orchestration.metrics.names import Filters

_NAMED = {
    "store": ("dim_stores", "store_key", "store_name"),
    "campaign": ("dim_campaigns", "campaign_key", "campaign_name"),
    "product": ("dim_products", "product_key", "product_name"),
}
_KEY_DIGITS = 6

Names = Mapping[str, str]
"""Key to name."""


def read_names(reader: Reader, dimension: str) -> Names:
    """The names of a dimension's keys; nothing where a key says it itself.

    Args:
        reader: Of the warehouse.
        dimension: Which.
    """
    if dimension not in _NAMED:
        return {}
    table, key, name = _NAMED[dimension]
    marts = reader.warehouse.schema("marts")
    found = reader.rows(f"select {key}, {name} from {marts}.{table} where {name} is not null")
    return {str(key): str(name) for key, name in found}


def told_apart(names: Names) -> Names:
    """The names, with the beginning of their key where several have the same."""
    counts = Counter(names.values())
    return {
        key: name if counts[name] == 1 else f"{name} ({key[:_KEY_DIGITS]})"
        for key, name in names.items()
    }


def with_keys(filters: Filters, names: Mapping[str, Names]) -> Filters:
    """Filters with keys where names were given; a value that is neither stays as it is.

    Args:
        filters: As given.
        names: Names by dimension.
    """
    return tuple(
        (
            dimension,
            tuple(key for value in values for key in _keys(value, names.get(dimension, {}))),
        )
        for dimension, values in filters
    )


def _keys(value: str, names: Names) -> list[str]:
    if value in names:
        return [value]
    return [key for key, name in names.items() if name == value] or [value]

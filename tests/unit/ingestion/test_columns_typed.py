"""Column types from names in one text a type."""

import pytest

from ingestion.columns import typed_columns


def test_columns_stand_in_the_order_given():
    found = typed_columns(text="id name", bigint="quantity", timestamp="created_at")
    assert list(found.items()) == [
        ("id", "text"),
        ("name", "text"),
        ("quantity", "bigint"),
        ("created_at", "timestamp"),
    ]


def test_a_type_that_is_none_is_named():
    with pytest.raises(ValueError, match="varchar"):
        typed_columns(varchar="id")

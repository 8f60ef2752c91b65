"""What every raw table has, whatever its source."""

import datetime as dt
from collections import Counter

import pytest

from ingestion.hints import empty_batch
from ingestion.registry import source_specs
from ingestion.settings import load_settings

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("spec", source_specs().values(), ids=source_specs())
def test_no_column_comes_twice(spec):
    for table in spec.tables_for(load_settings(env_file=None)):
        columns = Counter(empty_batch(table, NOW).column_names)
        assert max(columns.values()) == 1, f"{table.name}: {columns.most_common(1)}"

"""The published file has marts, reports and the functions over them, without the warehouse."""

import duckdb
import pytest

from ingestion.settings import Settings
from orchestration.lib.publish import publish

pytestmark = pytest.mark.integration

MANIFEST = {
    "functions": {
        "function.p.calculate": {
            "name": "calculate",
            "arguments": [{"name": "first"}, {"name": "channel", "default_value": "null"}],
        }
    }
}


def test_functions_keep_their_defaults_and_read_the_published_tables(tmp_path):
    settings = Settings(_env_file=None, data_dir=tmp_path, duckdb_path=tmp_path / "shop.duckdb")
    with duckdb.connect(str(settings.duckdb_path)) as connection:
        connection.execute(
            "create schema marts; create schema functions; create schema raw_files;"
            "create table marts.fct as select 'ads' as kind, 2 as amount union all select 'web', 3;"
            "create table raw_files.secret as select 1 as one;"
            "create macro functions.calculate(first, channel := null) as ("
            " select sum(amount) * first from shop.marts.fct"
            " where channel is null or kind = channel)"
        )
    file = publish(settings, MANIFEST)
    settings.duckdb_path.unlink()
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute("select functions.calculate(10)").fetchall() == [(50,)]
        called = connection.execute("select functions.calculate(10, channel := 'web')")
        assert called.fetchall() == [(30,)]
        schemas = connection.execute("select schema_name from information_schema.schemata")
        assert "raw_files" not in {name for (name,) in schemas.fetchall()}


def test_a_server_is_read_directly(tmp_path):
    settings = Settings(_env_file=None, data_dir=tmp_path, warehouse="postgres")
    assert publish(settings, {}) is None

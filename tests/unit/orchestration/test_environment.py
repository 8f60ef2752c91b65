"""dbt is told everything it reads, and nothing else reads the settings for it."""

import re
from pathlib import Path

import pytest

from ingestion.errors import SettingsError
from ingestion.settings import Settings
from orchestration.lib.build_state import settings_fingerprint
from orchestration.lib.environment import dbt_environment, privacy_salt, target_dir

PROJECT = Path(__file__).parents[3]
SALT = "0123456789abcdef" * 4


@pytest.fixture
def settings(tmp_path):
    def make(**values):
        folder = tmp_path / "dbt_project"
        folder.mkdir(exist_ok=True)
        (folder / "dbt_project.yml").write_text("name: tiny\n")
        (folder / "profiles.yml").touch()
        defaults = {"project_dir": tmp_path, "data_dir": tmp_path, "duckdb_path": tmp_path / "w"}
        return Settings(_env_file=None, **defaults | values)

    return make


def test_every_variable_that_the_project_reads_is_exported(settings):
    """What dbt's files ask for by env_var(), for each engine's own part of the profile."""
    exported: set[str] = set()
    for engine in ("duckdb", "postgres", "snowflake"):
        exported |= set(dbt_environment(settings(warehouse=engine, privacy_salt=SALT)))
    files = [*(PROJECT / "dbt_project").rglob("*.yml"), *(PROJECT / "dbt_project").rglob("*.sql")]
    text = "\n".join(file.read_text() for file in [*files, PROJECT / "profiles.yml.example"])
    asked = set(re.findall(r"env_var\(\s*'(\w+)'", text))
    assert asked
    assert asked <= exported


def test_values_of_duckdb(settings, tmp_path):
    found = dbt_environment(
        settings(warehouse_env="dev_anna", sources="files,shopify", as_of="2011-05-31")
    )
    assert found["DUCKDB_PATH"] == str(tmp_path / "w")
    assert found["SCHEMA_PREFIX"] == "dev_anna_"
    assert found["SOURCES"] == "files,shopify"
    assert found["AS_OF"] == "2011-05-31"
    assert "POSTGRES_PASSWORD" not in found


def test_values_of_postgres(settings):
    url = "postgresql://ann%40home:p%2Fw@db.test:6543/shop"
    found = dbt_environment(settings(warehouse="postgres", postgres_url=url, privacy_salt=SALT))
    parts = {name: found[f"POSTGRES_{name}"] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    assert parts == {"HOST": "db.test", "PORT": "6543", "USER": "ann@home", "PASSWORD": "p/w"}
    assert found["POSTGRES_DATABASE"] == "shop"


def test_a_socket_is_a_host(settings):
    url = "postgresql://postgres@/postgres?host=/run/pg"
    found = dbt_environment(settings(warehouse="postgres", postgres_url=url, privacy_salt=SALT))
    assert found["POSTGRES_HOST"] == "/run/pg"


def test_a_laptop_gets_a_salt_of_its_own_and_keeps_it(settings, tmp_path):
    first = privacy_salt(settings())
    assert re.fullmatch(r"[0-9a-f]{64}", first)
    assert privacy_salt(settings()) == first
    assert (tmp_path / "privacy_salt").stat().st_mode & 0o077 == 0


def test_a_shared_warehouse_needs_a_salt(settings):
    with pytest.raises(SettingsError, match="PRIVACY_SALT is not set"):
        privacy_salt(settings(warehouse="postgres"))


def test_two_warehouses_never_share_a_folder(settings, tmp_path):
    one, other = settings(), settings(duckdb_path=tmp_path / "other")
    assert target_dir(one) != target_dir(other)
    assert target_dir(one) != target_dir(settings(warehouse_env="dev"))


@pytest.mark.parametrize(
    ("change", "is_other"),
    [
        ({"reporting_currency": "USD"}, True),
        ({"sources": "files,shopify"}, True),
        ({"privacy_salt": SALT}, True),
        ({"as_of": "2026-01-01"}, True),
        ({"schedule_cron": "0 3 * * *"}, False),
        ({"log_format": "json"}, False),
    ],
)
def test_settings_that_change_the_models_change_the_fingerprint(settings, change, is_other):
    before = settings_fingerprint(settings())
    assert (settings_fingerprint(settings(**change)) != before) is is_other

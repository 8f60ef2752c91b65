"""Settings: one line that names the variable, numbered accounts, and no secret in sight."""

import pytest
from pydantic import BaseModel, SecretStr
from pydantic_settings import SettingsConfigDict

from ingestion.errors import SettingsError
from ingestion.settings import Numbered, SourceSettings, load_section, load_settings
from ingestion.sources.files.spec import SPEC, FilesSettings


class Store(BaseModel):
    shop: str
    access_token: SecretStr | None = None

    @property
    def account_id(self) -> str:
        return self.shop


class StoresSettings(SourceSettings):
    model_config = SettingsConfigDict(env_prefix="STORES_TEST__")
    stores: Numbered[Store] = ()

    def accounts(self):
        return self.stores


def test_accounts_are_numbered_in_the_environment_and_in_the_file(monkeypatch, tmp_path):
    env_file = tmp_path / ".env"
    env_file.write_text(
        "STORES_TEST__STORES__10__SHOP=last\nSTORES_TEST__STORES__1__SHOP=second\n"
        "STORES_TEST__STORES__1__ACCESS_TOKEN=shpat_0123456789abcdef\n"
    )
    monkeypatch.setenv("STORES_TEST__STORES__0__SHOP", "first")
    section = load_section(StoresSettings, env_file=env_file)
    assert [store.shop for store in section.stores] == ["first", "second", "last"]
    assert "shpat_" not in repr(section)


def test_a_wrong_value_names_its_variable_and_hides_the_value(monkeypatch):
    monkeypatch.setenv("PRIVACY_SALT", "not-so-secret-salt")
    with pytest.raises(SettingsError) as caught:
        load_settings(env_file=None)
    line = str(caught.value)
    assert "PRIVACY_SALT" in line
    assert "openssl rand -hex 32" in line
    assert "not-so-secret" not in line
    assert "\n" not in line


def test_a_wrong_value_of_an_account_names_its_variable(monkeypatch):
    monkeypatch.setenv("STORES_TEST__STORES__0__ACCESS_TOKEN", "x")
    with pytest.raises(SettingsError, match="STORES_TEST__STORES__0__SHOP"):
        load_section(StoresSettings, env_file=None)


@pytest.mark.parametrize("value", ["Dev", "dev-anna", "1dev"])
def test_a_prefix_that_is_no_schema_name_is_refused(value):
    with pytest.raises(SettingsError, match="WAREHOUSE_ENV"):
        load_settings(env_file=None, warehouse_env=value)


def test_sources_are_a_comma_list_and_blanks_are_unset(monkeypatch):
    monkeypatch.setenv("SOURCES", "files, shopify ,")
    monkeypatch.setenv("AS_OF", "")
    settings = load_settings(env_file=None)
    assert settings.sources == ("files", "shopify")
    assert settings.as_of is None


def test_a_source_without_account_says_what_to_set():
    with pytest.raises(SettingsError, match="FILES__FEEDS__0__MAPPING"):
        SPEC.pick_accounts(FilesSettings(_env_file=None))


def test_two_feeds_of_one_mapping_need_names_of_their_own():
    feed = {"mapping": "online_retail", "path": "x"}
    with pytest.raises(SettingsError, match="online_retail twice"):
        SPEC.pick_accounts(FilesSettings(_env_file=None, feeds=[feed, feed]))
    named = FilesSettings(_env_file=None, feeds=[feed, feed | {"account": "other"}])
    assert len(SPEC.pick_accounts(named)) == 2
    with pytest.raises(SettingsError, match="no account third"):
        SPEC.pick_accounts(named, ("third",))

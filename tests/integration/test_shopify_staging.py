"""From the twin to the seam: every entity of Shopify's, the same rows on both engines."""

import datetime as dt
from collections import Counter
from urllib.parse import urlsplit

import pytest

from ingestion.run import ingest
from ingestion.settings import Settings
from ingestion.sources.shopify.settings import ShopifySettings, StoreSettings
from ingestion.sources.shopify.spec import SPEC
from sandbox.vendors.shopify.access import admin_token
from sandbox.world.shops import SHOPIFY, handles_of
from tests.integration.connector import wait_briefly
from tests.integration.shop import PostgresWarehouse, build, entities
from tests.running_sandbox import run_sandbox

pytestmark = [pytest.mark.integration, pytest.mark.postgres]

SALT = "5a" * 32
NOW = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
SEAM = {entity: f"int_{entity}_unioned" for entity in entities("shopify")}


@pytest.fixture(scope="module")
def section(tmp_path_factory):
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        stores = [
            StoreSettings(
                shop=shop,
                access_token=admin_token(shop),
                base_url=f"{sandbox.url('shopify')}/{shop}",
            )
            for shop in handles_of(SHOPIFY)
        ]
        yield ShopifySettings(_env_file=None, stores=tuple(stores))


@pytest.fixture(scope="module")
def seam(section, new_warehouse, tmp_path_factory):
    """The rows of every entity, by engine."""
    found = {}
    for engine in ("duckdb", "postgres"):
        warehouse, folder = new_warehouse(engine), tmp_path_factory.mktemp(engine)
        ingest(
            settings_of(warehouse, folder),
            SPEC,
            section=section,
            clock=lambda: NOW,
            sleep=wait_briefly,
        )
        done = build(warehouse, folder, "-s", "staging.shopify", *SEAM.values(),
                     "--indirect-selection", "cautious",
                     SOURCES="shopify", PRIVACY_SALT=SALT)  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:]
        found[engine] = {
            entity: Counter(warehouse.query(f"select * from intermediate.{model}"))
            for entity, model in SEAM.items()
        }
    return found


def settings_of(warehouse, folder):
    common = {"_env_file": None, "data_dir": folder / "data"}
    if isinstance(warehouse, PostgresWarehouse):
        server = urlsplit(warehouse.uri)
        url = server._replace(path=f"/{warehouse.database}").geturl()
        return Settings(**common, warehouse="postgres", postgres_url=url)
    return Settings(**common, duckdb_path=warehouse.path)


@pytest.mark.parametrize("entity", SEAM)
def test_both_engines_have_the_same_rows(seam, entity):
    assert seam["duckdb"][entity]
    assert seam["postgres"][entity] == seam["duckdb"][entity]

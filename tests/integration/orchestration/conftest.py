"""A project of the same shape that builds in seconds, with a warehouse and a Dagster of its own."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from ingestion.destinations import Warehouse
from ingestion.settings import Settings
from orchestration.lib.daily import DailyRun, run_daily

PROJECT = Path(__file__).parents[3]
TINY = Path(__file__).parents[1] / "tiny_project"


@dataclass
class Shop:
    """A copy of the tiny project.

    Attributes:
        folder: Where it lies.
        first_run: The daily run that it had already, if it had one.
    """

    folder: Path
    first_run: DailyRun | None = None

    def settings(self, **values) -> Settings:
        defaults = {
            "project_dir": self.folder,
            "data_dir": self.folder / "data",
            "duckdb_path": self.folder / "warehouse.duckdb",
            "privacy_salt": "5a" * 32,
        }
        return Settings(_env_file=None, **defaults | values)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def sell(self, order: str, customer: str = "a") -> None:
        """One more order in the export."""
        with (self.folder / "export/orders.csv").open("a") as file:
            file.write(f"{order},{customer}\n")

    def rows(self, sql: str, file: str = "warehouse.duckdb") -> list[tuple]:
        with duckdb.connect(str(self.folder / file), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def enter(self, monkeypatch) -> None:
        """Makes it the shop that settings and sections mean."""
        monkeypatch.chdir(self.folder)
        monkeypatch.setenv("FILES__FEEDS__0__MAPPING", str(self.folder / "shop.yml"))
        monkeypatch.setenv("FILES__FEEDS__0__PATH", "export")
        for name in ("DAGSTER_HOME", "BASKETLINE_DEMO", "DAGSTER_URL"):
            monkeypatch.delenv(name, raising=False)


@pytest.fixture
def shop(tmp_path, monkeypatch) -> Shop:
    """A shop that nobody loaded yet."""
    shop = _new_shop(tmp_path / "shop")
    shop.enter(monkeypatch)
    return shop


@pytest.fixture(scope="session")
def opened_shop(tmp_path_factory) -> Shop:
    """A shop after its first daily run; tests take copies of it."""
    with pytest.MonkeyPatch.context() as patch:
        shop = _new_shop(tmp_path_factory.mktemp("opened") / "shop")
        shop.enter(patch)
        shop.first_run = run_daily(shop.settings())
    return shop


@pytest.fixture
def built(opened_shop, tmp_path, monkeypatch) -> Shop:
    """A shop after its first daily run, of one's own."""
    shop = Shop(tmp_path / "shop", opened_shop.first_run)
    shutil.copytree(opened_shop.folder, shop.folder)
    before, after = (Warehouse(each.settings()).identity for each in (opened_shop, shop))
    for part in ("dlt", "dbt", "builds"):
        (shop.folder / "data" / part / before).rename(shop.folder / "data" / part / after)
    shop.enter(monkeypatch)
    return shop


def _new_shop(folder: Path) -> Shop:
    shutil.copytree(TINY, folder)
    shutil.copy(PROJECT / "profiles.yml.example", folder / "dbt_project/profiles.yml")
    shutil.copy(PROJECT / "dbt_project/macros/ops/functions.sql", folder / "dbt_project/macros")
    return Shop(folder)

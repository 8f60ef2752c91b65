"""The one warehouse that most of the truth is asked of: every source, two loads, all models."""

import datetime as dt
from contextlib import contextmanager

import pandas as pd
import pytest

from ingestion.registry import source_specs
from sandbox.world.presets import PRESETS
from tests.e2e.sandbox_shop import open_shop
from tests.integration.connector import wait_briefly

SOURCES = ",".join(source_specs())
DAYS_BETWEEN_THE_LOADS = 9
# Whichever test comes first waits for two loads and two builds of everything.
SECONDS_WITH_THE_WHOLE_SHOP = 1800


def pytest_collection_modifyitems(items):
    for item in items:
        if "whole_shop" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(SECONDS_WITH_THE_WHOLE_SHOP))


@pytest.fixture(scope="session")
def whole_shop(tmp_path_factory):
    """Every source loaded and modelled, then again after nine days, and then tested.

    So what it holds has come by first loads and by later ones. Unit tests run elsewhere.
    """
    with loaded_twice(tmp_path_factory.mktemp("whole"), but=("unit_test",)) as shop:
        yield shop


@contextmanager
def loaded_twice(folder, *, but, **options):
    """A shop whose warehouse was loaded and built, and again after nine days.

    Args:
        folder: Of everything.
        but: Kinds of nodes that are left out of the second build.
        **options: Of the sandbox: seed.
    """
    before = pd.Timestamp(PRESETS["tests"].now) - dt.timedelta(days=DAYS_BETWEEN_THE_LOADS)
    with open_shop(folder, now=str(before), **options) as shop:
        load_and_build(shop, but=("unit_test", "test"))
        shop.running.advance(DAYS_BETWEEN_THE_LOADS)
        load_and_build(shop, but=but)
        yield shop


def load_and_build(shop, *, but):
    now = shop.running.sandbox.world.clock.now.to_pydatetime()
    for source in source_specs():
        shop.load(source, clock=lambda: now, sleep=wait_briefly)
    done = shop.dbt("--exclude-resource-type", *but, sources=SOURCES)
    assert done.returncode == 0, done.stdout[-5000:]

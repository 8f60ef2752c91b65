"""One world a seed, built once for all suites: what is asked of the models is asked of each."""

import pytest

from tests.models.modelled_world import ModelledWorld, modelled_world


@pytest.fixture(scope="session", params=[1, 2, 3], ids="seed {}".format)
def world(request, tmp_path_factory) -> ModelledWorld:
    """Twenty thousand customers of three years, and what is true of them."""
    return modelled_world("models", request.param, tmp_path_factory.mktemp("world"))

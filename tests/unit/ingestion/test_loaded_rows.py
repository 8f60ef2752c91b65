"""How many rows can be gone at once."""

import pytest

from ingestion.loaded_rows import is_suspicious


@pytest.mark.pitfall(14)
def test_too_many_missing_orders_are_a_lost_right():
    assert not is_suspicious(20, 20)
    assert not is_suspicious(30, 1000)
    assert is_suspicious(30, 100)

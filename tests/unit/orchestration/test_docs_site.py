"""The docs that are written beside something else."""

import threading

import pytest

from ingestion.errors import LoadError
from ingestion.settings import Settings
from orchestration.lib import docs_site


def test_they_are_there_when_the_block_ends(monkeypatch):
    may_end, written = threading.Event(), []

    def write(_):
        assert may_end.wait(10)
        written.append(True)

    monkeypatch.setattr(docs_site, "write_docs", write)
    with docs_site.docs_beside(Settings(_env_file=None)):
        assert not written
        may_end.set()
    assert written


@pytest.mark.parametrize("error", [LoadError("no", remedy="none"), OSError("disk full")])
def test_what_goes_wrong_is_left_to_who_asks_for_them(monkeypatch, error):
    tried = []

    def write(settings):
        tried.append(settings)
        raise error

    monkeypatch.setattr(docs_site, "write_docs", write)
    with docs_site.docs_beside(Settings(_env_file=None)):
        pass
    assert len(tried) == 1

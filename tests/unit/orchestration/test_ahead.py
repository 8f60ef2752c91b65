"""Work of later steps goes on while an earlier one is told of."""

import threading

import pytest

from orchestration.lib.ahead import WorkAhead


def test_work_goes_on_beside_the_block_one_task_after_the_other():
    ahead, told, done = WorkAhead(), threading.Event(), []

    def first():
        assert told.wait(5)
        done.append("first")
        return 1

    with ahead.begun("run", {"a": first, "b": lambda: [*done, "second"]}):
        told.set()
    assert ahead.result("run", "a", list) == 1
    assert ahead.result("run", "b", list) == ["first", "second"]


def test_what_nobody_did_ahead_is_done_now():
    ahead = WorkAhead()
    with ahead.begun("run", {"a": lambda: "ahead"}):
        pass
    assert ahead.result("another", "a", lambda: "now") == "now"
    assert ahead.result("run", "a", lambda: "now") == "ahead"
    assert ahead.result("run", "a", lambda: "now") == "now"


def test_after_a_failure_nothing_is_done():
    ahead, done = WorkAhead(), []

    def fails():
        raise ValueError("no warehouse")

    with ahead.begun("run", {"a": fails, "b": lambda: done.append("b")}):
        pass
    for step in ("a", "b"):
        with pytest.raises(ValueError, match="no warehouse"):
            ahead.result("run", step, list)
    assert not done

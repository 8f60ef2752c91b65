"""The sandbox as a process: ready, advanced, failing on request, and started again."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.integration
PROJECT = Path(__file__).parents[2]
TOKEN = "EAASANDBOX"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(*arguments):
    return [sys.executable, "-m", "sandbox", *map(str, arguments)]


def run(*arguments):
    return subprocess.run(
        command(*arguments), cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False
    )


class Running:
    """A sandbox that listens."""

    def __init__(self, state, *options):
        self.port = free_port()
        arguments = ("--size", "tests", "--port", self.port, "--state", state, *options)
        self.process = subprocess.Popen(
            command(*arguments), cwd=PROJECT, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self.first_line = self.process.stdout.readline()
        assert self.first_line, "it ended without a word"
        for _ in range(100):
            try:
                self.call("/_sandbox/health")
            except urllib.error.URLError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the sandbox does not answer")

    def call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def fail(self, kind, count=1):
        self.call("/_sandbox/faults", {"vendor": "meta_ads", "kind": kind, "count": count})

    def ads(self):
        return self.call(f"/meta_ads/v26.0/act_1001/ads?access_token={TOKEN}")

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=30)


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="module")
def sandbox(state):
    running = Running(state)
    yield running
    running.stop()


def test_it_says_what_it_serves(sandbox):
    assert re.match(r"sandbox ready at http://127.0.0.1:\d+: tests world", sandbox.first_line)
    told = sandbox.call("/_sandbox/state")
    assert {"shopify", "meta_ads"} <= set(told["vendors"])


def test_faults_come_as_often_as_asked_for(sandbox):
    sandbox.fail("throttle", 2)
    for _ in range(2):
        with pytest.raises(urllib.error.HTTPError) as refused:
            sandbox.ads()
        with refused.value as answer:
            assert json.load(answer)["error"]["code"] == 17
    sandbox.fail("server_error")
    with pytest.raises(urllib.error.HTTPError) as failed:
        sandbox.ads()
    assert failed.value.code == 500
    failed.value.close()
    sandbox.fail("cut_json")
    with pytest.raises(json.JSONDecodeError):
        sandbox.ads()
    sandbox.fail("cut_connection")
    with pytest.raises((OSError, ValueError, Exception)) as cut:
        sandbox.ads()
    assert type(cut.value).__name__ in {"IncompleteRead", "RemoteDisconnected", "JSONDecodeError"}
    assert len(sandbox.ads()["data"]) == 16


def test_the_clock_moves_the_world_and_its_files(sandbox, state):
    before = sandbox.call("/_sandbox/state")
    old = pd.read_parquet(state / "truth/orders.parquet")
    done = run("advance", "--days", 2, "--port", sandbox.port)
    assert done.returncode == 0, done.stderr
    assert "now 2026-07-02T12:00:00" in done.stdout
    after = sandbox.call("/_sandbox/state")
    assert after["web_events"] > before["web_events"]
    new = pd.read_parquet(state / "truth/orders.parquet")
    assert set(old["order_id"]) < set(new["order_id"])


def test_a_late_update_moves_the_clock_while_pages_are_read(sandbox):
    before = pd.Timestamp(sandbox.call("/_sandbox/state")["now"])
    sandbox.fail("late_update")
    sandbox.ads()
    assert pd.Timestamp(sandbox.call("/_sandbox/state")["now"]) == before + pd.Timedelta(hours=6)


def test_bad_input_has_one_clear_line(sandbox, tmp_path):
    taken = run("--size", "tests", "--port", sandbox.port, "--state", tmp_path)
    assert taken.returncode == 1
    remedy = "stop what listens there or choose another --port"
    assert taken.stderr == f"sandbox: port {sandbox.port} is in use; {remedy}\n"
    far = run("--size", "tests", "--port", free_port(), "--state", tmp_path, "--now", "2031-01-01")
    assert far.returncode == 1
    assert "the tests world goes from 2025-01-01 to" in far.stderr
    nobody = run("advance", "--port", free_port())
    assert nobody.returncode == 1
    assert "no sandbox listens on port" in nobody.stderr
    too_far = run("advance", "--days", 4000, "--port", sandbox.port)
    assert too_far.returncode == 1
    assert "the clock cannot stand at" in too_far.stderr


def test_a_second_start_goes_on_where_the_first_one_stood(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    first = Running(tmp_path, "--now", "2026-06-01")
    first.call("/_sandbox/advance", {"days": 3})
    first.stop()
    assert not any(scratch.iterdir())
    second = Running(tmp_path)
    assert second.call("/_sandbox/state")["now"].startswith("2026-06-04T12:00:00")
    second.stop()
    third = Running(tmp_path, "--now", "2026-06-02")
    assert third.call("/_sandbox/state")["now"].startswith("2026-06-02T12:00:00")
    third.stop()


def test_its_settings_name_every_account(tmp_path):
    printed = run("env", "--port", 8905, "--state", tmp_path).stdout
    for name in (
        "SOURCES",
        "SHOPIFY__STORES__1__BASE_URL",
        "META_ADS__ACCOUNTS__1__ACCOUNT_ID",
        "GA4_EVENTS__STREAMS__1__PATH",
        "FILES__FEEDS__0__MAPPING",
    ):
        assert f"{name}=" in printed
    assert "127.0.0.1:8905" in printed

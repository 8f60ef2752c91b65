"""Patience with faults that pass, one line for those that do not; time is a number here."""

import datetime as dt
import random
from types import SimpleNamespace

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from ingestion.errors import CredentialsError, RequestRefusedError, VendorUnavailableError
from ingestion.http import RetryPolicy, VendorHttp
from ingestion.rate_limit import Limiter
from ingestion.spec import RateLimit


class Time:
    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def clock(self) -> dt.datetime:
        return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=self.now)


class Session:
    """Answers in order; an exception in the list is raised."""

    def __init__(self, *answers) -> None:
        self.headers = {}
        self.answers = list(answers)
        self.asked: list[str] = []

    def request(self, method, url, **_):
        self.asked.append(f"{method} {url}")
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def answer(status=200, body=b"{}", **headers):
    response = requests.Response()
    response.status_code = status
    response._content, response._content_consumed = body, True
    response.headers = CaseInsensitiveDict({k.replace("_", "-"): v for k, v in headers.items()})
    return response


def vendor(*answers, time=None, **options):
    time = time or Time()
    session = Session(*answers)
    http = VendorHttp(
        SimpleNamespace(source="acme", clock=time.clock, sleep=time.sleep),
        base_url="https://api.acme.test/v1",
        account="eu",
        credentials_hint="ACME__TOKEN",
        session=session,
        rng=random.Random(1),
        **options,
    )
    return http, session, time


@pytest.mark.parametrize(
    "fault",
    [
        answer(429),
        answer(503),
        answer(200, b'{"a": 1, "b": [1, 2'),
        requests.ConnectionError("https://api.acme.test/v1?token=123 refused"),
        requests.Timeout(),
        requests.exceptions.ChunkedEncodingError(),
    ],
)
def test_what_passes_is_asked_again(fault):
    http, session, time = vendor(fault, answer(body=b'{"ok": true}'))
    assert http.get("orders") == {"ok": True}
    assert session.asked == ["GET https://api.acme.test/v1/orders"] * 2
    assert 0 < time.waits[0] <= 0.5


@pytest.mark.parametrize("asked", ["7", "Thu, 01 Jan 2026 00:00:07 GMT"])
def test_retry_after_is_honoured(asked):
    http, _, time = vendor(answer(429, Retry_After=asked), answer())
    http.get("orders")
    assert 7 <= time.waits[0] <= 7.5


def test_waits_grow_with_jitter_and_end():
    http, _, time = vendor(*[answer(500)] * 7)
    with pytest.raises(VendorUnavailableError, match="failed 7 times") as caught:
        http.get("orders", params={"token": "s3cr3t"})
    assert len(time.waits) == 6
    assert all(0.25 * 2**n <= wait <= 0.5 * 2**n for n, wait in enumerate(time.waits))
    assert "s3cr3t" not in str(caught.value)
    assert caught.value.is_transient


def test_an_answer_that_means_later_is_asked_again_as_the_vendor_says():
    http, _, time = vendor(answer(body=b'{"wait": 3}'), answer(400, b'{"wait": 2}'), answer())
    http.get("x", throttled=lambda _, body: (body or {}).get("wait"))
    assert [round(wait) for wait in time.waits] == [3, 2]


def test_refused_credentials_name_variable_endpoint_and_status():
    http, session, _ = vendor(answer(401, b'{"errors": "[API] Invalid token"}'))
    with pytest.raises(CredentialsError) as caught:
        http.get("shop.json")
    line = str(caught.value)
    for word in ("acme eu", "api.acme.test/v1/shop.json", "401", "ACME__TOKEN", "Invalid token"):
        assert word in line
    assert len(session.asked) == 1


def test_another_refusal_is_not_asked_again():
    http, session, _ = vendor(answer(404, b"<html>"))
    with pytest.raises(RequestRefusedError, match="404"):
        http.get("shop.json")
    assert len(session.asked) == 1


@given(
    st.integers(min_value=1, max_value=50),
    st.floats(min_value=0.1, max_value=10),
    st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=100),
)
def test_no_window_has_more_requests_than_allowed(requests_allowed, seconds, pauses):
    time = Time()
    limiter = Limiter(
        RateLimit(requests_allowed, seconds), clock=lambda: time.now, sleep=time.sleep
    )
    moments = []
    for pause in pauses:
        time.now += pause
        limiter.acquire()
        moments.append(time.now)
    for first in moments:
        window = [at for at in moments if first <= at < first + seconds * 0.999]
        # A bucket that was full lets a whole window's requests through at once, then refills.
        assert len(window) <= 2 * requests_allowed
    rate = requests_allowed / seconds
    assert len(moments) <= requests_allowed + rate * (moments[-1] + 1e-6) + 1


def test_the_wait_never_passes_its_ceiling():
    policy = RetryPolicy(max_seconds=5)
    rng = random.Random(0)
    assert all(policy.wait(n, None, rng) <= 5 for n in range(20))
    assert policy.wait(0, 3600, rng) == 5

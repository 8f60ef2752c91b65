"""Asks a vendor over HTTP: patient with faults that pass, clear about those that do not."""

from __future__ import annotations

import datetime as dt
import email.utils
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson
import requests

from ingestion.errors import (
    CredentialsError,
    RequestRefusedError,
    VendorUnavailableError,
)
from ingestion.rate_limit import Limiter
from ingestion.spec import ClientContext, RateLimit

PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
TIMEOUT_SECONDS = (10, 60)
DOWNLOAD_CHUNK_BYTES = 1 << 20
_PASSING_FAULTS = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class TornAnswerError(Exception):
    """What reads a body may raise it: the body is cut or damaged, and is asked for again."""


Throttled = Callable[[int, Any], float | None]
"""Status and body of an answer to the seconds to wait before asking again, or None."""


@dataclass(frozen=True)
class RetryPolicy:
    """How long to be patient.

    Attributes:
        attempts: How often one question is asked at most.
        base_seconds: Longest wait after the first failure; it doubles with each further one.
        max_seconds: Longest wait between two attempts, also where the vendor asks for more.
    """

    attempts: int = 7
    base_seconds: float = 0.5
    max_seconds: float = 60.0

    def wait(self, attempt: int, asked: float | None, rng: random.Random) -> float:
        """Seconds to wait after a failed attempt.

        Args:
            attempt: 0 for the first.
            asked: What the vendor asks for; a little is added, so that not all come at once.
            rng: Source of the jitter.
        """
        ceiling = min(self.max_seconds, self.base_seconds * 2**attempt)
        if asked is not None:
            return min(self.max_seconds, asked + rng.uniform(0, self.base_seconds))
        return rng.uniform(ceiling / 2, ceiling)


class VendorHttp:
    """A session with one account of a vendor.

    Args:
        context: The client's context; its clock and sleep are used.
        base_url: Where relative paths start.
        account: Whose session, for messages.
        headers: Sent with every request.
        credentials_hint: The variable to look at when the vendor refuses the credentials.
        limit: The vendor's rate limit.
        policy: How long to be patient.
        session: What does the talking; a test gives its own.
        rng: Source of the jitter.
    """

    def __init__(
        self,
        context: ClientContext,
        *,
        base_url: str,
        account: str,
        headers: Mapping[str, str] | None = None,
        credentials_hint: str = "the credentials",
        limit: RateLimit | None = None,
        policy: RetryPolicy | None = None,
        session: requests.Session | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self._context = context
        self._base_url = base_url.rstrip("/") + "/"
        self._where = f"{context.source} {account}"
        self._hint = credentials_hint
        self._policy = policy or RetryPolicy()
        self._session = session or requests.Session()
        self._session.headers.update({"User-Agent": "basketline", **(headers or {})})
        self._rng = rng or random.Random()
        clock = context.clock
        self._limiter = Limiter(limit, clock=lambda: clock().timestamp(), sleep=context.sleep)

    @property
    def headers(self) -> Any:
        """Sent with every request; may be changed, as when a token is renewed."""
        return self._session.headers

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        throttled: Throttled | None = None,
    ) -> Any:
        """Reads JSON.

        Args:
            path: A path below the base, or a whole address.
            params: The query.
            throttled: Recognises an answer that means "later" without a status that says so.

        Returns:
            The decoded body.

        Raises:
            CredentialsError: The vendor refuses the credentials.
            RequestRefusedError: It refuses the request.
            VendorUnavailableError: It does not answer properly, after all attempts.
        """
        return self._ask("GET", path, throttled, params=params)

    def post(
        self,
        path: str,
        *,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        throttled: Throttled | None = None,
    ) -> Any:
        """Sends JSON or a form, reads JSON; as `get` in everything else."""
        return self._ask("POST", path, throttled, json=json, data=data)

    def read(
        self,
        path: str,
        reader: Callable[[requests.Response], Any],
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Any:
        """Reads what is no JSON; as `get` in everything else.

        Args:
            path: A path below the base, or a whole address.
            reader: Makes something of a good answer, 304 included; raises `TornAnswerError` where
                the body is cut.
            headers: For this request alone.
            params: The query.

        Returns:
            What the reader makes of it.
        """
        return self._with_patience("GET", path, reader, None, headers=headers, params=params)

    def download(self, url: str, target: Path) -> Path:
        """Fetches a file whole; a cut body is fetched again.

        Args:
            url: The file's address.
            target: Where it goes.

        Returns:
            The target.
        """
        target.parent.mkdir(parents=True, exist_ok=True)

        def read(response: requests.Response) -> Path:
            with target.open("wb") as file:
                for chunk in response.iter_content(DOWNLOAD_CHUNK_BYTES):
                    file.write(chunk)
            return target

        result: Path = self._with_patience("GET", url, read, None, stream=True)
        return result

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def _ask(self, method: str, path: str, throttled: Throttled | None, **parts: Any) -> Any:
        return self._with_patience(
            method, path, lambda response: orjson.loads(response.content), throttled, **parts
        )

    def _with_patience(
        self,
        method: str,
        path: str,
        read: Callable[[requests.Response], Any],
        throttled: Throttled | None,
        **parts: Any,
    ) -> Any:
        """Asks until there is an answer, a refusal, or no patience left."""
        url = urljoin(self._base_url, path.lstrip("/") if "://" not in path else path)
        reason = ""
        for attempt in range(self._policy.attempts):
            self._limiter.acquire()
            asked: float | None = None
            try:
                with self._session.request(method, url, timeout=TIMEOUT_SECONDS, **parts) as answer:
                    asked = _retry_after(answer, self._context.clock())
                    status = answer.status_code
                    if status not in PASSING_STATUSES:
                        body = self._judge(answer, url, read, throttled)
                        if not isinstance(body, _Later):
                            return body
                        asked, status = body.seconds, 429
                    reason = "it asks to wait" if status == 429 else f"status {status}"
            except _PASSING_FAULTS as fault:
                reason = _name_fault(fault)
            except orjson.JSONDecodeError:
                reason = "its answer is cut or no JSON"
            except TornAnswerError:
                reason = "its answer is cut or damaged"
            if attempt + 1 < self._policy.attempts:
                self._context.sleep(self._policy.wait(attempt, asked, self._rng))
        raise VendorUnavailableError(
            f"{method} {_short(url)} failed {self._policy.attempts} times; the last time {reason}",
            where=self._where,
            remedy="Look at the vendor's status page and at the address in .env, then start again",
        )

    def _judge(
        self,
        answer: requests.Response,
        url: str,
        read: Callable[[requests.Response], Any],
        throttled: Throttled | None,
    ) -> Any:
        """The body of a good answer, `_Later`, or an error."""
        if answer.ok:
            body = read(answer)
            wait = throttled(answer.status_code, body) if throttled else None
            return body if wait is None else _Later(wait)
        problem = _decode(answer)
        wait = throttled(answer.status_code, problem) if throttled else None
        if wait is not None:
            return _Later(wait)
        if answer.status_code in (401, 403):
            raise CredentialsError(
                f"{_short(url)} refuses the credentials (status {answer.status_code})"
                f"{_vendor_words(problem)}",
                where=self._where,
                remedy=f"Check {self._hint} in .env, and the rights it was given",
            )
        raise RequestRefusedError(
            f"{_short(url)} refuses the request (status {answer.status_code})"
            f"{_vendor_words(problem)}",
            where=self._where,
            remedy="Check the account's name and address in .env, and the API version",
        )


@dataclass(frozen=True)
class _Later:
    seconds: float


def _retry_after(answer: requests.Response, now: dt.datetime) -> float | None:
    """Seconds that the vendor asks to wait: a number, or a date."""
    text = answer.headers.get("Retry-After", "")
    try:
        return max(float(text), 0.0)
    except ValueError:
        pass
    try:
        return max((email.utils.parsedate_to_datetime(text) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _decode(answer: requests.Response) -> Any:
    try:
        return orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return None


def _vendor_words(problem: Any) -> str:
    """The vendor's own message, where the body has one in a usual place."""
    found = problem
    for key in ("errors", "error", "message", "error_description"):
        if isinstance(found, list):
            found = found[0] if found else None
        if isinstance(found, dict) and key in found:
            found = found[key]
    return f": {found[:200]}" if isinstance(found, str) and found else ""


def _name_fault(fault: Exception) -> str:
    if isinstance(fault, requests.Timeout):
        return "it did not answer in time"
    if isinstance(fault, requests.exceptions.ChunkedEncodingError):
        return "its answer was cut"
    return "it could not be reached"


def _short(url: str) -> str:
    """An address without its query, which may carry a token."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"

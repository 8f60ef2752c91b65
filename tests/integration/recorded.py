"""Every answer that a vendor's twin gives while a connector asks it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import requests


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        method: Of the request.
        path: Of the request, as the twin sees it: below its mount.
        status: Of the answer.
        body: Decoded.
    """

    method: str
    path: str
    status: int
    body: Any


@contextmanager
def recorded_answers(mount: str) -> Iterator[list[Answer]]:
    """Lists the answers of a twin; the connector reads them as ever.

    Args:
        mount: Where the twin is mounted, as `pinterest_ads`.
    """
    answers: list[Answer] = []
    send = requests.Session.send

    def listening(session, request, **options):
        answer = send(session, request, **options)
        path = urlsplit(request.url).path.removeprefix(f"/{mount}")
        answers.append(
            Answer(request.method, path, answer.status_code, orjson.loads(answer.content))
        )
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "send", listening)
        yield answers

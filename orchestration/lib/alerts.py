"""Tells people, once a cause, through a webhook that Slack and its likes understand."""

from __future__ import annotations

import json
import logging
import os
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingestion.errors import redact
from ingestion.settings import Settings

logger = logging.getLogger("basketline.alerts")

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Cause:
    """Something that people should know.

    Attributes:
        scope: Where it was found: a job's failures, or its checks.
        name: What it is, the same text every time it is found.
        text: One line for people.
    """

    scope: str
    name: str
    text: str


class AlertBook:
    """Remembers which causes were told and are still there.

    Args:
        path: Its file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def untold(self, scope: str, causes: Iterable[Cause]) -> tuple[Cause, ...]:
        """Those among the causes found now that nobody was told of yet.

        Args:
            scope: Where was looked.
            causes: All that is there now.
        """
        told = set(self._read().get(scope, ()))
        return tuple(cause for cause in causes if cause.name not in told)

    def remember(self, scope: str, causes: Iterable[Cause]) -> None:
        """Notes what is there now; what went away may be told again when it comes back.

        Args:
            scope: Where was looked.
            causes: All that is there now.
        """
        book = {**self._read(), scope: sorted({cause.name for cause in causes})}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        beside.write_text(json.dumps(book, indent=1))
        beside.replace(self._path)

    def _read(self) -> Mapping[str, list[str]]:
        try:
            book: Mapping[str, list[str]] = json.loads(self._path.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return book


def tell(settings: Settings, scope: str, causes: Iterable[Cause], *, title: str, link: str) -> bool:
    """Posts one message with what nobody was told of yet.

    A message that could not be sent is not remembered as told.

    Args:
        settings: Where to, and where the book is.
        scope: Where the causes were found.
        causes: All that is there now; none says that all is well again.
        title: What happened.
        link: The run's page.

    Returns:
        Whether a message went out.
    """
    found = tuple(causes)
    book = AlertBook(settings.data_dir.resolve() / "alerts.json")
    new = book.untold(scope, found)
    if new and settings.alert_webhook_url:
        lines = "\n".join(f"• {redact(cause.text)}" for cause in new)
        if not _post(settings.alert_webhook_url.get_secret_value(), f"{title}\n{lines}\n{link}"):
            return False
    book.remember(scope, found)
    return bool(new and settings.alert_webhook_url)


def _post(url: str, text: str) -> bool:
    request = urllib.request.Request(
        url,
        data=json.dumps({"text": text}).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
            return True
    except (OSError, ValueError) as error:
        # Never the address: whoever knows it can post.
        logger.error(
            "ALERT_WEBHOOK_URL did not take a message: %s",
            getattr(error, "code", type(error).__name__),
        )
        return False

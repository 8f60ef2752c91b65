"""A vendor that answers from a function: what a client asks, how long it waits, what it notes."""

import datetime as dt
import json
from urllib.parse import urlsplit

import requests

from ingestion.settings import Settings
from ingestion.spec import ClientContext

NOW = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)


class Asked:
    """One question: method, path, and what was sent in query, form or JSON."""

    def __init__(self, method, url, parts, headers):
        self.method, self.path = method, urlsplit(url).path.lstrip("/")
        self.sent = parts.get("params") or parts.get("json") or parts.get("data") or {}
        self.headers = dict(headers)


class Talk:
    """A client of one account with its questions.

    Args:
        connect: The source's `connect`.
        section: Its section of the settings.
        answer: From `Asked` to status and body.
        monkeypatch: Of the test.
        now: The time, which stands still.
    """

    def __init__(self, connect, section, answer, monkeypatch, now=NOW):
        self.asked, self.waits, self.notes = [], [], []
        self.now = now
        talk = self

        class Session:
            def __init__(self):
                self.headers = {}

            def request(self, method, url, **parts):
                talk.asked.append(Asked(method, url, parts, self.headers))
                status, body = answer(talk.asked[-1])
                found = requests.Response()
                found.status_code = status
                found._content, found._content_consumed = json.dumps(body).encode(), True
                return found

            def close(self):
                return None

        monkeypatch.setattr(requests, "Session", Session)
        context = ClientContext(
            source="a_source",
            settings=Settings(_env_file=None),
            section=section,
            now=now,
            clock=lambda: self.now,
            sleep=self.waits.append,
            state={},
            note=self.notes.append,
        )
        self.client = connect(section.accounts()[0], context)

    def rows(self, stream, window):
        """Every row that a stream gives."""
        return [row for _, rows in self.client.extract(stream, window) for row in rows]

    def sent_to(self, end):
        """What was sent to paths of that end."""
        return [asked.sent for asked in self.asked if asked.path.endswith(end)]

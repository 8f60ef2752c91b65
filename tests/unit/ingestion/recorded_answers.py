"""A client that talks to answers given by the test, for sources that are read from fixtures."""

import datetime as dt
import json
from pathlib import Path

import requests

from ingestion.settings import Settings
from ingestion.spec import ClientContext

FIXTURES = Path(__file__).parents[2] / "fixtures"
NOW = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)


def fixture(source, name):
    """A recorded answer."""
    return json.loads((FIXTURES / source / f"{name}.json").read_text())


class Answers:
    """A session that answers by method, address and what is sent, and remembers it.

    Args:
        answer: Gives status and body, or status, body and headers.
    """

    def __init__(self, answer):
        self.headers, self.asked, self._answer = {}, [], answer

    def request(self, method, url, **parts):
        sent = parts.get("params") or parts.get("json") or parts.get("data") or {}
        self.asked.append((method, url, dict(sent)))
        status, body, *headers = self._answer(method, url, sent)
        answer = requests.Response()
        answer.status_code = status
        answer.headers.update(headers[0] if headers else {})
        answer._content, answer._content_consumed = json.dumps(body).encode(), True
        return answer

    def close(self):
        return None


class Talk:
    """A client with its session, the waits and the notes.

    Args:
        source: The source's name.
        connect: Its `connect`.
        section: Its section of the settings.
        answer: As `Answers` takes it.
        now: The start of the run.
        state: What the client remembers.
    """

    def __init__(self, source, connect, section, answer, *, now=NOW, state=None):
        self.waits, self.notes, self.session = [], [], Answers(answer)
        context = ClientContext(
            source=source,
            settings=Settings(_env_file=None),
            section=section,
            now=now,
            clock=lambda: now,
            sleep=self.waits.append,
            state={} if state is None else state,
            note=self.notes.append,
        )
        original, requests.Session = requests.Session, lambda: self.session
        try:
            self.client = connect(section.accounts()[0], context)
        finally:
            requests.Session = original

    def rows(self, stream, window):
        """Everything a stream gives, by table."""
        found = {}
        for name, rows in self.client.extract(stream, window):
            found.setdefault(name, []).extend(rows)
        return found

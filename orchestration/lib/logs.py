"""Log files: `logs/combined.log` has everything, `logs/error.log` what went wrong.

Every line passes `redact`, so that neither a secret nor an e-mail address reaches a file.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Literal

from ingestion.errors import redact

LOG_DIR = Path("logs")
MAX_BYTES = 10 * 1024 * 1024
KEPT_FILES = 5
# What a record has of itself; everything else was given by the caller as `extra`.
_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Chatty below warnings, and nothing in it that our own lines do not say.
_QUIET = ("dlt", "urllib3", "duckdb", "dagster", "alembic", "sqlalchemy", "asyncio", "uvicorn")


class RedactingFormatter(logging.Formatter):
    """One line a record, without secrets and personal data; a traceback keeps its lines in text."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        """UTC with milliseconds."""
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        head = f"{self.formatTime(record)} {record.levelname:<7} {record.name}"
        extra = "".join(f" {name}={value}" for name, value in _extra(record).items())
        return f"{head} {redact(record.getMessage())}{extra}{self._traceback(record)}"

    def _traceback(self, record: logging.LogRecord) -> str:
        if not record.exc_info:
            return ""
        lines = self.formatException(record.exc_info).splitlines()
        return "".join(f"\n  {_indent(line)}{redact(line)}" for line in lines)


class JsonFormatter(RedactingFormatter):
    """One JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON: time, level, logger, message, what the caller added, traceback."""
        fields = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        } | _extra(record)
        if record.exc_info:
            fields["traceback"] = self._traceback(record).strip()
        return json.dumps(fields, ensure_ascii=False)


def configure_logging(
    log_format: Literal["text", "json"], *, folder: Path = LOG_DIR
) -> logging.Logger:
    """Sends what the project and its libraries log to the two files; a second call replaces it.

    Args:
        log_format: `text` or `json`.
        folder: Where the files go; made if needed.

    Returns:
        The logger `basketline`, whose children the project uses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    formatter = JsonFormatter() if log_format == "json" else RedactingFormatter()
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, _LogFile)]:
        root.removeHandler(old)
        old.close()
    for name, level in (("combined.log", logging.INFO), ("error.log", logging.ERROR)):
        handler = _LogFile(
            folder / name, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
        )
        handler.setLevel(level)
        handler.setFormatter(formatter)
        root.addHandler(handler)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    ours = logging.getLogger("basketline")
    ours.setLevel(logging.INFO)
    return ours


class _LogFile(RotatingFileHandler):
    """Ours, told apart from handlers that others added."""


def _extra(record: logging.LogRecord) -> dict[str, object]:
    """What the caller added; texts are redacted, everything else is a number or becomes text."""
    given = {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS}
    return {
        name: value if isinstance(value, bool | int | float | None) else redact(f"{value}")
        for name, value in given.items()
    }


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip()))

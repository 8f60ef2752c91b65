"""What can go wrong while loading, and what to do about it.

    IngestionError                  one line: what, where, remedy
    ├── TerminalError               trying again gives the same
    │   ├── SettingsError           a variable is missing or wrong
    │   ├── UnknownSourceError      no such source
    │   ├── MappingError            a file mapping does not fit its file or the seam
    │   ├── FileInputError          a file is missing or unreadable
    │   ├── CredentialsError        the vendor refuses the credentials (401, 403)
    │   ├── RequestRefusedError     the vendor refuses the request (other 4xx), or answers nonsense
    │   ├── EmptyReplaceError       a full read returned nothing where there was data
    │   └── LoadError               the warehouse refuses the data
    └── TransientError              the same call may work later
        ├── VendorUnavailableError  429, 5xx, time-outs and cut bodies, after all retries
        ├── WarehouseBusyError      another process holds the warehouse
        ├── WarehouseUnreachableError
        └── AlreadyRunningError     another load of the same source is under way

Messages never carry a secret or personal data: everything passes `redact`.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

HIDDEN = "***"

_URL_QUERY = re.compile(r"(?P<address>\b\w+://[^\s?#\"']+)[?#][^\s\"')]*")
_URL_USER = re.compile(r"(?P<scheme>\b\w+://)[^\s/@]+@")
_NAMED_SECRET = re.compile(
    r"(?i)(?P<name>[\w-]*(?:token|secret|password|passwd|api[-_]?key|authorization|salt)[\w-]*"
    r"[\"']?\s*[:=]\s*[\"']?)(?:(?:bearer|basic)\s+)?[^\s\"',;&)]+"
)
_BEARER = re.compile(r"(?i)\b(?P<kind>bearer|basic)\s+[\w.~+/=-]{8,}")
_VENDOR_TOKEN = re.compile(r"\b(?:shp[a-z]{2}_\w{8,}|EAA\w{12,}|ey[\w-]{10,}\.[\w-]+\.[\w-]+)")
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]*\w")


def redact(text: str) -> str:
    """Hides tokens, passwords, e-mail addresses and everything after `?` in an address.

    Args:
        text: Any text that is about to be shown or logged.

    Returns:
        The text on one line, with `***` where something was hidden.
    """
    one_line = " ".join(text.split())
    one_line = _URL_QUERY.sub(rf"\g<address>?{HIDDEN}", one_line)
    one_line = _URL_USER.sub(rf"\g<scheme>{HIDDEN}@", one_line)
    one_line = _NAMED_SECRET.sub(rf"\g<name>{HIDDEN}", one_line)
    one_line = _BEARER.sub(rf"\g<kind> {HIDDEN}", one_line)
    one_line = _VENDOR_TOKEN.sub(HIDDEN, one_line)
    return _EMAIL.sub(HIDDEN, one_line)


def causes(error: BaseException) -> list[BaseException]:
    """An error and what caused it, the first cause last."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        inner = getattr(current, "exception", None)
        wrapped = inner if isinstance(inner, BaseException) else None
        current = wrapped or current.__cause__ or current.__context__
    return chain


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


class IngestionError(Exception):
    """One line that says what happened, where, and how to mend it.

    Args:
        what: What went wrong.
        where: Source, endpoint, file or variable; empty where `what` says it.
        remedy: What the reader can do.
    """

    is_transient = False

    def __init__(self, what: str, *, where: str = "", remedy: str) -> None:
        self.what = redact(what)
        self.where = redact(where)
        self.remedy = redact(remedy)
        super().__init__(str(self))

    def __reduce__(self) -> tuple[Any, ...]:
        """Comes whole from one process to another."""
        again = partial(type(self), self.what, where=self.where, remedy=self.remedy)
        return again, ()

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{_sentence(self.what)} {_sentence(self.remedy)}"


class TerminalError(IngestionError):
    """Trying again gives the same."""


class SettingsError(TerminalError):
    """A variable is missing or has a wrong value."""


class UnknownSourceError(TerminalError):
    """No source has that name."""


class MappingError(TerminalError):
    """A file mapping does not fit its file, or names something that the seam does not have."""


class FileInputError(TerminalError):
    """A file is missing or unreadable."""


class CredentialsError(TerminalError):
    """The vendor refuses the credentials."""


class RequestRefusedError(TerminalError):
    """The vendor refuses the request, or answers with something that is no answer."""


class EmptyReplaceError(TerminalError):
    """A full read returned nothing where there was data: the table is kept as it was."""


class LoadError(TerminalError):
    """The warehouse refuses the data."""


class TransientError(IngestionError):
    """The same call may work later."""

    is_transient = True


class VendorUnavailableError(TransientError):
    """The vendor did not answer properly, after all retries."""


class WarehouseBusyError(TransientError):
    """Another process holds the warehouse."""


class WarehouseUnreachableError(TransientError):
    """The warehouse does not answer."""


class AlreadyRunningError(TransientError):
    """Another load of the same source is under way."""

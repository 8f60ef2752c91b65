"""Reads the bank's files: the whole history as zipped CSV, the last days as XML."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

from ingestion.http import TornAnswerError

DATE_COLUMN = "Date"
_NO_RATE = frozenset({"", "N/A"})
_CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"

Row = dict[str, Any]


def read_history(content: bytes) -> list[Row]:
    """The rates of `eurofxref-hist.zip`: one CSV, one column a currency, newest day first.

    Args:
        content: The archive.

    Raises:
        TornAnswerError: It is cut, or not such a file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = archive.read(archive.namelist()[0]).decode("utf-8")
    except (zipfile.BadZipFile, zlib.error, EOFError, IndexError, UnicodeDecodeError) as error:
        raise TornAnswerError from error
    rows = csv.reader(io.StringIO(text))
    header = [name.strip() for name in next(rows, [])]
    if header[:1] != [DATE_COLUMN]:
        raise TornAnswerError
    return list(_csv_rates(header, rows))


def read_recent(content: bytes) -> list[Row]:
    """The rates of `eurofxref-hist-90d.xml` or `eurofxref-daily.xml`.

    Args:
        content: The file.

    Raises:
        TornAnswerError: It is cut, or not such a file.
    """
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise TornAnswerError from error
    rows = [
        _row(day.attrib["time"], rate.attrib["currency"], rate.attrib["rate"])
        for day in root.iter(_CUBE)
        if "time" in day.attrib
        for rate in day.findall(_CUBE)
    ]
    if not rows:
        raise TornAnswerError
    return rows


def _csv_rates(header: list[str], rows: Iterable[list[str]]) -> Iterator[Row]:
    """One row a rate. Lines end with a comma, and a currency that is gone has `N/A`."""
    for row in rows:
        for currency, rate in zip(header[1:], row[1:], strict=False):
            if currency and rate.strip() not in _NO_RATE:
                yield _row(row[0], currency, rate.strip())


def _row(day: str, currency: str, rate: str) -> Row:
    return {"quote_currency_code": currency, "rate_date": day.strip(), "rate": rate}

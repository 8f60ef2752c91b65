"""The European Central Bank's files of reference rates: zipped CSV, and XML of the last days.

No account and no paging: a file is whole. The CSV has a column of every currency that ever had a
rate, ``N/A`` where there is none, the newest day first, and a comma at the end of every line.
"""

from __future__ import annotations

import io
import zipfile

import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.vendors import ASGIApp, Vendor
from sandbox.world.world import World

FOLDER = "/stats/eurofxref"
RECENT_DAYS = 90
HEADER = (
    "Date,USD,JPY,BGN,CYP,CZK,DKK,EEK,GBP,HUF,LTL,LVL,MTL,PLN,ROL,RON,SEK,SIT,SKK,CHF,ISK,NOK,HRK,"
    "RUB,TRL,TRY,AUD,BRL,CAD,CNY,HKD,IDR,ILS,INR,KRW,MXN,MYR,NZD,PHP,SGD,THB,ZAR,"
)
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" \
xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
"""


def history(fx: pd.DataFrame) -> bytes:
    """``eurofxref-hist.zip``: every day, the newest first."""
    currencies = HEADER.rstrip(",").split(",")[1:]
    table = _texts(fx).unstack("currency").reindex(columns=currencies).fillna("N/A")
    lines = [HEADER]
    for day, cells in zip(table.index[::-1], table.to_numpy()[::-1], strict=True):
        lines.append(",".join([f"{day:%Y-%m-%d}", *cells]) + ",")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("eurofxref-hist.csv", ZIP_TIME), "\n".join(lines) + "\n")
    return packed.getvalue()


def recent(fx: pd.DataFrame, days: int) -> bytes:
    """``eurofxref-hist-90d.xml``: days back from the newest, which comes first.

    Args:
        fx: The published rates.
        days: How many calendar days, the newest included.
    """
    texts = _texts(fx)
    dates = texts.index.get_level_values("rate_date")
    newest = dates.max()
    parts = [_HEAD, "\t<Cube>\n"]
    for day in sorted(dates.unique(), reverse=True):
        if (newest - day).days < days:
            parts.append(f"\t\t<Cube time='{day:%Y-%m-%d}'>\n")
            parts += [
                f"\t\t\t<Cube currency='{currency}' rate='{rate}'/>\n"
                for currency, rate in texts.loc[day].items()
            ]
            parts.append("\t\t</Cube>\n")
    return "".join([*parts, "\t</Cube>\n</gesmes:Envelope>\n"]).encode()


def _texts(fx: pd.DataFrame) -> pd.Series:
    """Rates as they are written, by day and currency."""
    keyed = fx.set_index(["rate_date", "currency"]).sort_index()
    return (keyed["rate_e4"] / 10_000).map("{:.4f}".format)


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The bank's web server."""
    del clock, faults

    async def serve_history(_: Request) -> Response:
        return Response(history(world.view().fx), media_type="application/zip")

    async def serve_recent(_: Request) -> Response:
        return Response(recent(world.view().fx, RECENT_DAYS), media_type="text/xml")

    async def serve_daily(_: Request) -> Response:
        return Response(recent(world.view().fx, 1), media_type="text/xml")

    return Starlette(
        routes=[
            Route(f"{FOLDER}/eurofxref-hist.zip", serve_history),
            Route(f"{FOLDER}/eurofxref-hist-90d.xml", serve_recent),
            Route(f"{FOLDER}/eurofxref-daily.xml", serve_daily),
        ]
    )


def settings(address: str) -> dict[str, str]:
    """The settings that read it."""
    return {"FX_RATES__BASE_URL": address + FOLDER}


_HTML = {"Content-Type": "text/html; charset=utf-8"}

VENDOR = Vendor(
    name="fx_rates",
    app=app,
    throttled=(429, {**_HTML, "Retry-After": "1"}, b"<html><body>Too many requests</body></html>"),
    failed=(503, _HTML, b"<html><body>Service unavailable</body></html>"),
    settings=settings,
)

"""`basketline export`: a mart, a segment or a metric as a file."""

from __future__ import annotations

import time
from typing import Annotated

import typer


def export(
    what: Annotated[
        str,
        typer.Argument(help="A mart or report, a segment or a metric; or segment:vip, metric:cac."),
    ],
    to: Annotated[str, typer.Option("--to", help="A path, or s3://bucket/key.")],
    form: Annotated[str, typer.Option("--format", help="csv or parquet.")] = "parquet",
    with_personal_data: Annotated[
        bool, typer.Option("--with-personal-data", help="E-mail addresses, names … too.")
    ] = False,
) -> None:
    """Write rows to a file: basketline export vip --format csv --to vip.csv."""
    from orchestration.errors import ExportError
    from orchestration.exports.exported import export as write_file
    from orchestration.exports.files import FORMATS
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import say, ticking

    if form not in FORMATS:
        raise ExportError(f"There is no format {form!r}", remedy=f"There are: {', '.join(FORMATS)}")
    started = time.monotonic()
    settings = open_settings()
    with ticking("exporting"):
        done = write_file(settings, what, to, form, with_personal_data=with_personal_data)
    say(f"Wrote {done.row_count:,} rows to {to} in {time.monotonic() - started:.1f} s")
    if done.left_out:
        columns = ", ".join(done.left_out)
        say(f"Left out: {columns}. They come with --with-personal-data.")

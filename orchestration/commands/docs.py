"""`basketline docs`: the dbt docs site."""

from __future__ import annotations

from typing import Annotated

import typer

DEFAULT_PORT = 8080


def docs(
    port: Annotated[int, typer.Option(help="Where the site is.")] = DEFAULT_PORT,
    write_only: Annotated[
        bool, typer.Option("--write-only", help="Write the page and do not serve it.")
    ] = False,
) -> None:
    """Serve the docs: every model with its columns, tests and lineage."""
    from orchestration.lib.docs_site import serve_docs, write_docs
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import say, ticking

    settings = open_settings()
    server = None if write_only else serve_docs(settings, port)
    with ticking("writing the docs"):
        page = write_docs(settings)
    if server is None:
        say(f"Docs: {page}")
        return
    say(f"Docs: http://127.0.0.1:{port} (Ctrl-C ends it)")
    with server:
        server.serve_forever()

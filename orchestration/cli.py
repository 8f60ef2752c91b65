"""`basketline`: loads, builds, runs and shows. Every command is a module in `commands/`."""

from __future__ import annotations

import logging
import signal
import sys

import typer

from orchestration.commands import (
    build,
    check,
    dagster,
    dbt,
    demo,
    docs,
    export,
    ingest,
    metric,
    models,
    run,
    sandbox,
    segment,
    sources,
    status,
)
from orchestration.lib.simulated_shop import is_here
from orchestration.lib.terminal import complain

app = typer.Typer(
    name="basketline",
    help="One open warehouse for an online shop's whole customer journey.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("ingest")(ingest.ingest)
app.command("build")(build.build)
app.command("run")(run.run)
app.command("metric")(metric.metric)
app.add_typer(segment.segment)
app.command("score")(models.score)
app.command("customer")(models.customer)
app.add_typer(models.archetypes)
app.add_typer(models.churn)
app.command("growth")(models.growth)
app.command("export")(export.export)
app.command("status")(status.status)
app.command("sources")(sources.sources)
app.command("check")(check.check)
app.command("dagster")(dagster.dagster)
app.command("docs")(docs.docs)
app.command("dbt", context_settings=dbt.PASS_EVERYTHING)(dbt.dbt)
app.command("demo", hidden=True)(demo.demo)
app.command("sandbox", context_settings=sandbox.PASS_EVERYTHING, hidden=not is_here())(
    sandbox.sandbox
)

INTERRUPTED, TERMINATED = 130, 143


def main() -> None:
    """Runs a command; what goes wrong is one line on stderr and an exit code."""
    # Whoever ends this process also ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        app(prog_name="basketline")
    except KeyboardInterrupt:
        complain("Interrupted. Start again: what was half done is finished or undone then.")
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last stop of every error
        sys.exit(_tell(error))


def _tell(error: Exception) -> int:
    """Shows an error as one line; one that nobody foresaw leaves its traceback in the log."""
    from ingestion.errors import IngestionError, redact
    from orchestration.lib.logs import configure_logging

    if not logging.getLogger().handlers:
        configure_logging("text")
    logger = logging.getLogger("basketline")
    if isinstance(error, IngestionError):
        logger.error("%s", error)
        complain(str(error))
        return 1
    logger.error("unexpected", exc_info=error)
    complain(
        f"Unexpected {type(error).__name__}: {redact(str(error))}. "
        "The traceback is in logs/error.log."
    )
    return 2


if __name__ == "__main__":
    main()

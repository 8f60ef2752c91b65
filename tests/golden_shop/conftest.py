"""Engines to build the golden shop on, and the table of wrong rules at the end."""

from tests.integration.conftest import new_warehouse, postgres_uri, warehouse

__all__ = ["new_warehouse", "postgres_uri", "warehouse"]
BREAKS = "breaks"


def pytest_terminal_summary(terminalreporter) -> None:
    """A wrong rule a line, with the first expected row that it breaks."""
    for report in terminalreporter.getreports("passed"):
        for name, broken in report.user_properties:
            if name == BREAKS:
                mutant, difference = broken
                terminalreporter.write_line(f"{mutant:<60} {difference}")

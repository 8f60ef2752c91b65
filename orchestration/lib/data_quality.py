"""Rows that break a rule, as the marts count them, in one line for people."""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.settings import Settings
from orchestration.lib.warehouse import open_reader

TABLE = "fct_data_quality_issues"


@dataclass(frozen=True)
class Issue:
    """A rule that rows of a table break.

    Attributes:
        rule: Its name.
        table: The table.
        rows: How many.
    """

    rule: str
    table: str
    rows: int

    def __str__(self) -> str:
        """As it stands in a list."""
        return f"{self.rule} in {self.table} {self.rows:,}"


def read_issues(settings: Settings) -> tuple[Issue, ...]:
    """What the marts say is wrong, the most rows first; nothing where they do not say it."""
    with open_reader(settings) as reader:
        marts = reader.warehouse.schema("marts")
        if (marts.lower(), TABLE) not in reader.relations():
            return ()
        found = reader.rows(
            f"select rule_name, table_name, sum(row_count) from {marts}.{TABLE}"
            " group by rule_name, table_name order by 3 desc, 1, 2"
        )
    return tuple(Issue(str(rule), str(table), int(rows)) for rule, table, rows in found)


def issues_line(issues: tuple[Issue, ...]) -> str:
    """All of them; the table says by store what is wrong and what to do."""
    total = sum(issue.rows for issue in issues)
    told = ", ".join(map(str, issues))
    return f"Data quality: {total:,} rows break a rule ({told}); see marts.{TABLE}"

"""What a build did, for people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orchestration.lib.data_quality import Issue, issues_line
from orchestration.lib.planner import SkippedModels

SHOWN_NAMES = 4


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    Attributes:
        reason: Why these models.
        counts: Kind of node (`model`, `test`) to how many ran.
        warnings: Names of tests that warn.
        issues: Rules that rows break.
        skipped: Models left as they are, with the reason.
        seconds: How long it took.
        published: The file for BI tools, if it was written.
    """

    reason: str
    counts: dict[str, int]
    warnings: tuple[str, ...]
    issues: tuple[Issue, ...]
    skipped: tuple[SkippedModels, ...]
    seconds: float
    published: Path | None

    def lines(self) -> list[str]:
        """What was built, and what was not and why, for people."""
        lines = []
        if self.counts:
            parts = ", ".join(f"{count:,} {kind}s" for kind, count in sorted(self.counts.items()))
            lines.append(f"Built {parts} in {self.seconds:.1f} s")
        lines += [f"Warning: {name}" for name in self.warnings]
        if self.issues:
            lines.append(issues_line(self.issues))
        for group in self.skipped:
            more = len(group.names) - SHOWN_NAMES
            names = ", ".join(group.names[:SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")
            lines.append(f"Skipped {len(group.names)} models: {group.reason} ({names})")
        if self.published:
            lines.append(f"Published marts, reports and functions to {self.published}")
        return lines

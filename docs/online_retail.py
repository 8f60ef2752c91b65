"""Draws the README's picture of the Online Retail example, from a warehouse that was built of it.

.venv/bin/python docs/online_retail.py .data/retail.duckdb
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

PICTURE = Path(__file__).parent / "images/online-retail.svg"
WIDTH, HEIGHT = 980, 330
ROW, CELL = 34, 62
INK, PALE, BAR = "#1f2933", "#6b7785", "#2f6f9f"
DARK_FROM = 0.5
"""Cells above this rate are written in white."""

COHORTS = """
    select cohort_month, customer_count, month_number, retention_rate
    from reports.rpt_cohorts_monthly
    where dimension = 'all' and is_complete
    order by cohort_month, month_number
"""
SEGMENTS = """
    select segment_name, count(*) as customer_count
    from marts.fct_customer_rfm
    where segment_name is not null
    group by segment_name
    order by customer_count desc
"""


def main() -> None:
    """Reads the warehouse that is named, and writes the picture."""
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        cohorts = connection.execute(COHORTS).fetchall()
        segments = connection.execute(SEGMENTS).fetchall()
    parts = [*triangle(cohorts, left=20), *bars(dict(segments), left=600)]
    PICTURE.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Helvetica, Arial, sans-serif"'
        f' font-size="13">\n<rect width="100%" height="100%" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def triangle(rows: Iterable[tuple[dt.date, int, int, float]], left: int) -> list[str]:
    """The share of each month's new customers who bought again in the months after."""
    parts = [text(left, 28, "Who comes back: new customers by month, and months since", INK, 15)]
    months: dict[dt.date, int] = {}
    for month, size, number, rate in rows:
        top = 58 + ROW * months.setdefault(month, len(months) + 1)
        if number == 0:
            parts.append(text(left, top + 22, f"{month:%b %Y}  {size:,}", INK))
        x = left + 120 + CELL * number
        parts.append(
            f'<rect x="{x}" y="{top}" width="{CELL - 2}" height="{ROW - 2}" rx="3"'
            f' fill="{BAR}" fill-opacity="{0.06 + 0.94 * rate:.3f}"/>'
        )
        colour = "#ffffff" if rate > DARK_FROM else INK
        parts.append(text(x + CELL / 2 - 1, top + 21, f"{rate:.0%}", colour, anchor="middle"))
        if month == min(months):
            parts.append(text(x + CELL / 2 - 1, 80, str(number), PALE, anchor="middle"))
    return parts


def bars(segments: Mapping[str, int], left: int) -> list[str]:
    """How many customers each segment has."""
    parts = [text(left, 28, "RFM segments at the end of May 2011", INK, 15)]
    longest = max(segments.values())
    for number, (name, count) in enumerate(segments.items()):
        top = 58 + 28 * number
        length = 170 * count / longest
        parts.append(text(left, top + 15, name, INK))
        parts.append(
            f'<rect x="{left + 140}" y="{top}" width="{length:.1f}" height="20" rx="3"'
            f' fill="{BAR}"/>'
        )
        parts.append(text(left + 148 + length, top + 15, f"{count:,}", PALE))
    return parts


def text(x: float, y: float, words: str, colour: str, size: int = 13, anchor: str = "start") -> str:
    """One line of text."""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" fill="{colour}" font-size="{size}"'
        f' text-anchor="{anchor}" xml:space="preserve">{words}</text>'
    )


if __name__ == "__main__":
    main()

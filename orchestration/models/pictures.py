"""Pictures of models for Dagster's pages, as PNG; drawn without a screen."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from ml.archetypes.model import Scores

DPI = 80


def data_uri(png: bytes, title: str) -> str:
    """A picture within Markdown."""
    return f"![{title}](data:image/png;base64,{base64.b64encode(png).decode()})"


def segments_picture(scores: Scores) -> bytes:
    """Shares of the segments, a bar an axis."""
    segments = scores.segments().drop(columns="customer_key")
    figure = _figure(8, 4)
    plot = figure.subplots()
    for place, axis in enumerate(segments):
        begin = 0.0
        for name, share in segments[axis].value_counts(normalize=True).sort_index().items():
            plot.barh(place, share, left=begin, edgecolor="white")
            if share > 0.08:
                plot.text(begin + share / 2, place, str(name), ha="center", va="center", fontsize=6)
            begin += share
    plot.set_yticks(range(len(segments.columns)), [*map(str, segments.columns)], fontsize=8)
    plot.set_xlabel("share of customers")
    return _png(figure)


def values_picture(values: pd.DataFrame) -> bytes:
    """How values are spread over customers, the highest percent left out."""
    known = values["probabilistic_clv_amount"].astype(float).dropna()
    figure = _figure(6, 3)
    plot = figure.subplots()
    if len(known):
        plot.hist(known[known <= known.quantile(0.99)], bins=40)
    plot.set_xlabel("expected net revenue of twelve months")
    plot.set_ylabel("customers")
    return _png(figure)


def growth_picture(rows: pd.DataFrame, history: pd.DataFrame) -> bytes:
    """Active customers of the past, and of the months ahead with their bands."""
    total = rows[(rows["archetype"] == "all") & (rows["measure"] == "customers")]
    total = total.sort_values("horizon_months")
    figure = _figure(6, 3)
    plot = figure.subplots()
    plot.plot(range(1 - len(history), 1), history["active_customers"])
    for share, strength in ((95, 0.2), (80, 0.4)):
        bands = (total[f"low_{share}"], total[f"high_{share}"])
        plot.fill_between(total["horizon_months"], *bands, alpha=strength, color="tab:orange")
    plot.plot(total["horizon_months"], total["value"], color="tab:orange")
    plot.set_xlabel("months from now")
    plot.set_ylabel("active customers")
    return _png(figure)


def calibration_picture(curve: pd.DataFrame) -> bytes:
    """What was foretold beside what came, a point a group of customers."""
    figure = _figure(4, 4)
    plot = figure.subplots()
    plot.plot([0, 1], [0, 1], linewidth=0.8, color="grey")
    plot.plot(curve["mean_probability"], curve["churned_share"], marker="o")
    plot.set_xlabel("probability that was told")
    plot.set_ylabel("share that did not buy")
    return _png(figure)


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="tight")


def _png(figure: Figure) -> bytes:
    written = io.BytesIO()
    figure.savefig(written, format="png", dpi=DPI)
    return written.getvalue()

"""What models did, as `ml.model_runs` keeps it, and the parameters of the last good fit."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from orchestration.lib.warehouse import Reader
from orchestration.models.tables import Writer, read_frame, table_name

if TYPE_CHECKING:
    import pandas as pd

TABLE = "model_runs"
FORMAT = "2"
"""Changes where the same rows would give other results than before."""

NEWEST = "as_of_date desc, started_at desc"
BELOW_BASELINE = "model_below_baseline"

Outcome = Literal["published", "kept_last", "no_model", "unchanged"]
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class ModelReport:
    """What a model did, or why it did nothing.

    Attributes:
        model_name: Which.
        model_version: What spoke; None where nothing could.
        outcome: `published`: a new fit or new scores; `kept_last`: a refit gave nothing, the last
            good model speaks; `no_model`; `unchanged`: nothing to do.
        reason: Why there is no model, or no new one.
        row_count: Rows that it read.
        as_of: Day of the data; None where there are none.
        metrics: What was measured: numbers and text.
        pictures: PNG by title.
    """

    model_name: str
    model_version: str | None
    outcome: Outcome
    reason: str | None
    row_count: int
    as_of: dt.date | None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Whether a fit of this week is not good enough to speak.

        Too little history to fit at all is no fault.
        """
        return self.reason is not None and (
            self.model_version is not None or self.reason == BELOW_BASELINE
        )

    def __str__(self) -> str:
        """For people, in a line."""
        told = f"{self.model_name}: {self.outcome.replace('_', ' ')}"
        version = f", {self.model_version}" if self.model_version else ""
        reason = f" ({self.reason})" if self.reason else ""
        return f"{told}{version}, {self.row_count:,} rows{reason}"


@dataclass(frozen=True)
class Fitted:
    """A fit that is kept.

    Attributes:
        version: Its name.
        as_of: Day of its data.
        parameters: Plain numbers and names.
    """

    version: str
    as_of: dt.date
    parameters: dict[str, Any]


class Runs:
    """The log of models, as far as it was written.

    Args:
        reader: Open.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def fits(self, model: str) -> dict[dt.date, Fitted]:
        """Every fit that gave a model, by the day of its data."""
        return {fitted.as_of: fitted for fitted in self._fits(model, "as_of_date, started_at")}

    def refusal(self, model: str, first: dt.date, last: dt.date) -> str | None:
        """Why the newest fit on data of some days gave no model; None where it did, or none was.

        Args:
            model: Which.
            first: The first of the days.
            last: The last.
        """
        rows = self._rows(
            f"select parameters, reason from {{}} where model_name = '{model}' and action = 'fit'"
            f" and as_of_date between date '{first}' and date '{last}'"
            f" order by {NEWEST} limit 1"
        )
        return next((str(reason) for parameters, reason in rows if not parameters), None)

    def newest_fit(self, model: str) -> Fitted | None:
        """The last fit that gave a model; those before it are large, and not asked for."""
        return next(iter(self._fits(model, f"{NEWEST} limit 1")), None)

    def fingerprints(self, model: str) -> dict[str, str]:
        """Fingerprint of the rows that the last scores were made from, by what they describe."""
        rows = self._rows(
            f"select input_fingerprint from {{}} where model_name = '{model}'"
            " and action = 'score' order by started_at desc, as_of_date desc limit 1"
        )
        return dict(json.loads(rows[0][0])) if rows and rows[0][0] else {}

    def _fits(self, model: str, order: str) -> list[Fitted]:
        rows = self._rows(
            f"select model_version, as_of_date, parameters from {{}} where model_name = '{model}'"
            f" and action = 'fit' and parameters is not null order by {order}"
        )
        return [Fitted(str(version), day, json.loads(kept)) for version, day, kept in rows]

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return list(self._reader.rows(sql.format(table_name(self._reader, TABLE))))


def note(
    writer: Writer,
    report: ModelReport,
    *,
    action: Literal["fit", "score"],
    times: tuple[dt.datetime, dt.datetime],
    parameters: Mapping[str, Any] | None = None,
    fingerprints: Mapping[str, str] | None = None,
) -> None:
    """Writes a run beside what it made, in the same transaction.

    The same work done again replaces its row.
    """
    import pandas as pd

    kept = json.dumps(fingerprints, sort_keys=True) if fingerprints is not None else None
    facts = [report.model_name, action, report.model_version, str(report.as_of), kept]
    run_id = sha256(json.dumps(facts).encode()).hexdigest()[:16]
    row = {
        "run_id": run_id,
        "model_name": report.model_name,
        "model_version": report.model_version,
        "action": action,
        "outcome": report.outcome,
        "reason": report.reason,
        "row_count": report.row_count,
        "metrics": json.dumps(report.metrics, allow_nan=False, sort_keys=True),
        "parameters": json.dumps(parameters, allow_nan=False) if parameters else None,
        "input_fingerprint": kept,
        "as_of_date": report.as_of,
        "started_at": times[0],
        "ended_at": times[1],
    }
    writer.delete(TABLE, f"run_id = '{run_id}'")
    writer.insert(TABLE, pd.DataFrame([row]))


def fingerprint(frame: pd.DataFrame, *more: str) -> str:
    """Changes with any cell, whatever order the rows come in."""
    import numpy as np
    import pandas as pd

    hashed = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    digest = sha256(np.sort(hashed).tobytes())
    digest.update("|".join([FORMAT, *frame.columns, *more]).encode())
    return digest.hexdigest()[:16]


def utc_now() -> dt.datetime:
    """The clock, as the tables keep it: UTC without a zone."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)


def read_features(reader: Reader, columns: str = "*") -> pd.DataFrame:
    """What is known of customers, every snapshot.

    Args:
        reader: Open.
        columns: Those that are needed.
    """
    name = f"{reader.warehouse.schema('marts')}.fct_customer_features"
    return read_frame(reader, f"select {columns} from {name} order by snapshot_date, customer_key")

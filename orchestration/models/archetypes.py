"""Archetypes of every snapshot, each by the model that was in force on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from orchestration.lib.warehouse import Reader
from orchestration.models.pictures import segments_picture
from orchestration.models.runs import (
    Clock,
    ModelReport,
    Runs,
    fingerprint,
    note,
    read_features,
)
from orchestration.models.tables import Writer, check_there, read_frame, table_name, writing
from orchestration.models.weeks import fit_day

if TYPE_CHECKING:
    import pandas as pd

    from ml.archetypes.model import ArchetypeModel, Scores

NAME = "archetypes"
READS = ("marts", "fct_customer_features")
TABLES = ("archetype_memberships", "archetypes", "archetype_models", "archetype_drift")
LEVELS = ("archetype_level", "archetype_id")


@dataclass
class _Work:
    """Snapshots, the models that speak on them, and what these say, each made once.

    Attributes:
        customers: Rows of each snapshot.
        models: Models by the day of their data; new ones are added.
        fitted: Days of the models that were fitted just now.
    """

    customers: dict[dt.date, pd.DataFrame]
    models: dict[dt.date, ArchetypeModel]
    fitted: list[dt.date] = field(default_factory=list)
    said: dict[tuple[dt.date, str], Scores] = field(default_factory=dict)

    def in_force(self, day: dt.date) -> ArchetypeModel:
        """The model that speaks on a day, fitted where there is none yet."""
        from ml.archetypes.model import ArchetypeModel

        known = fit_day(day, self.customers, self.models)
        if known not in self.models:
            self.models[known] = ArchetypeModel.fitted(
                self.customers[known], version=f"{NAME}_{known:%Y%m%d}", as_of=known
            )
            self.fitted.append(known)
        return self.models[known]

    def scores(self, day: dt.date, model: ArchetypeModel) -> Scores:
        """What a model says of a snapshot."""
        if (day, model.version) not in self.said:
            self.said[day, model.version] = model.score(self.customers[day])
        return self.said[day, model.version]


def write_archetypes(reader: Reader, clock: Clock) -> ModelReport:
    """Fits what is due and scores the snapshots whose rows are new.

    Args:
        reader: Open, with the warehouse for itself.
        clock: UTC without a zone.

    Returns:
        What was done.

    Raises:
        ModelError: The features were never built.
    """
    from ml.archetypes.axes import COLUMNS

    started = clock()
    check_there(reader, READS, *(("ml", table) for table in TABLES))
    features = read_features(reader, ", ".join(COLUMNS))
    if features.empty:
        return ModelReport(NAME, None, "no_model", "no_customers", 0, None)
    days = features["snapshot_date"].dt.date
    work = _Work(dict(iter(features.groupby(days))), _kept_models(reader))
    versions = {day: work.in_force(day).version for day in sorted(work.customers)}
    prints = {
        day.isoformat(): fingerprint(rows, versions[day]) for day, rows in work.customers.items()
    }
    before = Runs(reader).fingerprints(NAME)
    stale = [day for day in sorted(work.customers) if before.get(f"{day}") != prints[f"{day}"]]
    newest = max(work.customers)
    if not stale and set(before) == set(prints):
        return ModelReport(NAME, versions[newest], "unchanged", None, len(features), newest)
    return _written(reader, work, (stale, before, prints), (started, clock))


def _kept_models(reader: Reader) -> dict[dt.date, ArchetypeModel]:
    """Models by the day of their data; one of another format or other features is fitted anew."""
    from ml.archetypes.model import ArchetypeModel

    rows = reader.rows(
        f"select as_of_date, parameters from {table_name(reader, 'archetype_models')}"
        " order by as_of_date"
    )
    models = {}
    for day, parameters in rows:
        try:
            models[day] = ArchetypeModel.from_json(parameters)
        except (ValueError, KeyError):
            continue
    return models


def _written(
    reader: Reader,
    work: _Work,
    rows: tuple[list[dt.date], Collection[str], dict[str, str]],
    time: tuple[dt.datetime, Clock],
) -> ModelReport:
    """Scores what is stale and writes it with all that belongs to it."""
    import pandas as pd

    (stale, known, prints), (started, clock) = rows, time
    newest = max(work.customers)
    model = work.in_force(newest)
    said = {day: work.scores(day, work.in_force(day)) for day in stale}
    moved = _moved(sorted(work.customers), stale, known)
    drifted = _drifted(work, moved)
    report = ModelReport(
        NAME,
        model.version,
        "published",
        None,
        sum(map(len, work.customers.values())),
        newest,
        metrics=_metrics(model),
        pictures={"segments": segments_picture(work.scores(newest, model))},
    )
    moment = clock()
    memberships = [
        scores.table().assign(
            model_version=work.in_force(day).version, snapshot_date=day, scored_at=moment
        )
        for day, scores in said.items()
    ]
    with writing(reader) as writer:
        _write_models(writer, work, moment)
        writer.delete("archetype_memberships", _of_days(stale, work))
        writer.insert("archetype_memberships", pd.concat(memberships or [pd.DataFrame()]))
        _write_catalogue(reader, writer, list(said.values()), moment)
        writer.delete("archetype_drift", _of_days(moved, work))
        writer.insert("archetype_drift", drifted.assign(drifted_at=moment))
        note(writer, report, action="score", times=(started, clock()), fingerprints=prints)
    return report


def _of_days(days: Collection[dt.date], work: _Work) -> str:
    """A condition for rows of days, and of days that are no snapshot any more."""
    kept = ", ".join(f"date '{day}'" for day in sorted(work.customers) if day not in days)
    return f"snapshot_date not in ({kept})" if kept else ""


def _write_models(writer: Writer, work: _Work, moment: dt.datetime) -> None:
    import pandas as pd

    for day in work.fitted:
        model = work.models[day]
        writer.delete("archetype_models", f"as_of_date = date '{day}'")
        row = {
            "model_version": model.version,
            "customer_count": len(work.customers[day]),
            "parameters": model.to_json(),
            "as_of_date": day,
            "fitted_at": moment,
        }
        writer.insert("archetype_models", pd.DataFrame([row]))


def _write_catalogue(
    reader: Reader, writer: Writer, said: list[Scores], moment: dt.datetime
) -> None:
    """Adds the archetypes that nobody was in before; what an id stands for never changes."""
    import pandas as pd

    from ml.archetypes.catalogue import described

    if not said:
        return
    met = pd.concat([described(scores) for scores in said]).drop_duplicates([*LEVELS])
    known = read_frame(
        reader, f"select {', '.join(LEVELS)} from {table_name(reader, 'archetypes')}"
    )
    is_new = ~pd.MultiIndex.from_frame(met[[*LEVELS]]).isin(pd.MultiIndex.from_frame(known))
    writer.insert("archetypes", met[is_new].assign(described_at=moment))


def _moved(days: list[dt.date], stale: Collection[dt.date], known: Collection[str]) -> set[dt.date]:
    """Snapshots whose drift is to be told anew: they or the one before are not as they were."""
    follows = {later: earlier for earlier, later in pairwise(sorted(known))}
    return {
        day
        for earlier, day in pairwise(days)
        if day in stale or earlier in stale or follows.get(f"{day}") != f"{earlier}"
    }


def _drifted(work: _Work, moved: Collection[dt.date]) -> pd.DataFrame:
    """How far the customers have moved since the snapshot before, and what a refit has changed."""
    import pandas as pd

    from ml.archetypes.drift import drift

    parts = []
    for before, day in pairwise(sorted(work.customers)):
        if day not in moved:
            continue
        old, new = work.in_force(before), work.in_force(day)
        now = work.scores(day, new)
        population = drift(work.scores(before, new), now)
        parts.append(_named(population, "population", (new, new), (before, day)))
        if old.version != new.version:
            refitted = drift(work.scores(day, old), now)
            parts.append(_named(refitted, "refit", (old, new), (day, day)))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _named(
    moved: pd.DataFrame,
    kind: str,
    models: tuple[ArchetypeModel, ArchetypeModel],
    days: tuple[dt.date, dt.date],
) -> pd.DataFrame:
    return moved.assign(
        drift_type=kind,
        from_model_version=models[0].version,
        to_model_version=models[1].version,
        from_snapshot_date=days[0],
        snapshot_date=days[1],
    )


def _metrics(model: ArchetypeModel) -> dict[str, object]:
    """What each axis was fitted on and how well it is told apart, or why it is not."""
    import math

    told: dict[str, object] = {}
    for name, axis in model.axes.items():
        measures = axis.measures or {}
        finite = {key: round(value, 6) for key, value in measures.items() if math.isfinite(value)}
        told[name] = {"rows": axis.row_count, "reason": axis.reason, **finite}
    return told | {"warnings": dict(model.warnings)}

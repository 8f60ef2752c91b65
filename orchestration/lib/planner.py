"""Decides what dbt has to build: what lies downstream of new rows, and code that changed.

The warehouse itself says what arrived: every raw row carries `_loaded_at`, so a table's newest
stamp and its row count, compared with those at the start of the last successful build, tell
whether it changed. Nothing has to be handed over from load to build, so that a build that failed,
or a load by somebody else, is never forgotten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

RUNS = "operations.pipeline_runs"
OWN = "ml"
"""Source of what the project's own models write."""
OF_MODELS = f"source:{OWN}+"
"""How dbt selects what reads those tables, and all that follows."""

Manifest = Mapping[str, Any]
"""dbt's `manifest.json`."""


@dataclass(frozen=True)
class Arrival:
    """What a raw table holds.

    Attributes:
        rows: How many.
        newest: Text of the newest `_loaded_at`; empty where there is none.
    """

    rows: int
    newest: str


@dataclass(frozen=True)
class Situation:
    """All that decides over a build.

    Attributes:
        arrivals: Raw table (`shopify.orders`) to what it holds.
        settings: Fingerprint of the settings that change what models give.
        code: Fingerprint of the dbt project's files.
    """

    arrivals: Mapping[str, Arrival]
    settings: str
    code: str


@dataclass(frozen=True)
class BuildPlan:
    """What dbt is asked to build.

    Attributes:
        selection: For `dbt build --select`; empty means everything, see `is_empty`.
        changed_tables: Raw tables that differ from the last build.
        reason: Why, in words for the reader.
        is_empty: There is nothing to build.
        compares_code: The selection needs the last manifest as `--state`.
    """

    selection: tuple[str, ...] = ()
    changed_tables: tuple[str, ...] = ()
    reason: str = ""
    is_empty: bool = False
    compares_code: bool = False

    def before_models(self) -> tuple[str, ...]:
        """Arguments for dbt: all but what lies downstream of the project's own models."""
        return (*self.whole(), "--exclude", OF_MODELS)

    def after_models(self) -> tuple[str, ...]:
        """Arguments for dbt: what lies downstream of the project's own models."""
        if not self.selection:
            return ("--select", OF_MODELS)
        return ("--select", *(f"{each},{OF_MODELS}" for each in self.selection))

    def whole(self) -> tuple[str, ...]:
        """Arguments for dbt: all of it at once."""
        return ("--select", *self.selection) if self.selection else ()

    def with_written(self, tables: Sequence[str]) -> BuildPlan:
        """The plan after the project's own models have run.

        Args:
            tables: Those of theirs that are not as they were at the last build.
        """
        new = tuple(table for table in tables if table not in self.changed_tables)
        if self.is_everything or not new:
            return self
        return replace(
            self,
            selection=(*self.selection, *map(_downstream_of, new)),
            changed_tables=(*self.changed_tables, *new),
            reason=", ".join([*([] if self.is_empty else [self.reason]), *new]),
            is_empty=False,
        )

    @property
    def is_of_models_only(self) -> bool:
        """Whether nothing has changed but what the project's own models wrote."""
        is_own = all(table.startswith(f"{OWN}.") for table in self.changed_tables)
        return bool(self.changed_tables) and is_own and not self.compares_code

    @property
    def is_everything(self) -> bool:
        """Whether all of the project is built."""
        return not self.is_empty and not self.selection

    @property
    def starts_anew(self) -> bool:
        """Whether incremental tables are built from the start.

        They find what rows change, not what rules do: a model, a seed or a setting that changed
        holds for the rows of all times.
        """
        return self.is_everything or self.compares_code

    def __str__(self) -> str:
        if self.is_empty:
            return f"Nothing to build: {self.reason}"
        if self.is_everything:
            return f"Building everything: {self.reason}"
        return f"Building what lies downstream of: {self.reason}"


@dataclass(frozen=True)
class SkippedModels:
    """Models that were left as they are, for one reason.

    Attributes:
        names: The models.
        reason: Why.
    """

    names: tuple[str, ...]
    reason: str


def plan_build(
    now: Situation,
    last: Situation | None,
    *,
    known_tables: Collection[str] = (),
    missing: Iterable[str] = (),
    full: bool = False,
) -> BuildPlan:
    """Compares the situation with that of the last successful build.

    Args:
        now: Read before the build starts, so that what arrives meanwhile is left to the next one.
        last: That of the last successful build; None where there was none.
        known_tables: Raw tables that some model reads.
        missing: Relations of the last build that the warehouse does not have any more.
        full: The user asks for everything.

    Returns:
        The plan.
    """
    if full:
        return BuildPlan(reason="everything was asked for")
    if last is None:
        return BuildPlan(reason="this warehouse has no successful build yet")
    if now.settings != last.settings:
        return BuildPlan(reason="settings that the models depend on have changed")
    if gone := sorted(missing):
        return BuildPlan(reason=f"{gone[0]} is not in the warehouse any more")
    changed = changed_tables(now.arrivals, last.arrivals, known_tables)
    # Every build tells the runs since the last one, whatever else it does.
    runs = (name for name in known_tables if name == RUNS)
    selection = tuple(map(_downstream_of, (*changed, *runs)))
    if now.code != last.code:
        because = ", ".join([*changed, "changed code"])
        return BuildPlan((*selection, "state:modified+"), changed, because, compares_code=True)
    if not changed:
        return BuildPlan(reason="no raw table received rows, no code changed", is_empty=True)
    return BuildPlan(selection, changed, ", ".join(changed))


def changed_tables(
    now: Mapping[str, Arrival], last: Mapping[str, Arrival], known: Iterable[str]
) -> tuple[str, ...]:
    """Raw tables that some model reads and that differ, in alphabetical order."""
    return tuple(name for name in sorted(known) if now.get(name) != last.get(name))


def _downstream_of(table: str) -> str:
    """How dbt selects what reads a raw table, and all that follows."""
    return f"source:{table}+"


def source_tables(manifest: Manifest) -> dict[str, str]:
    """Unique id to `source.table` of every raw table that the project declares."""
    return {
        unique_id: f"{node['source_name']}.{node['name']}"
        for unique_id, node in manifest.get("sources", {}).items()
    }


def read_tables(manifest: Manifest) -> set[str]:
    """Those raw tables, as `source.table`, that something in the project reads."""
    tables = source_tables(manifest)
    return {tables[each] for each in tables if manifest["child_map"].get(each)}


def relations(manifest: Manifest) -> set[tuple[str, str]]:
    """Schema and name of everything that a build leaves in the warehouse as a table or view."""
    return {
        (node["schema"].lower(), (node.get("alias") or node["name"]).lower())
        for node in manifest.get("nodes", {}).values()
        if node["resource_type"] in ("model", "seed", "snapshot")
        and node["config"].get("materialized") != "ephemeral"
    }


def functions(manifest: Manifest) -> set[tuple[str, str]]:
    """Schema and name of every function that a build leaves in the warehouse."""
    return {
        (node["schema"].lower(), (node.get("alias") or node["name"]).lower())
        for node in manifest.get("functions", {}).values()
    }


def skipped_models(
    manifest: Manifest, built: Iterable[str], plan: BuildPlan
) -> tuple[SkippedModels, ...]:
    """What was left as it is, grouped by the sources that would have changed it.

    Args:
        manifest: Of the project as it was built.
        built: Unique ids that dbt built.
        plan: The plan.

    Returns:
        Groups, the largest first.
    """
    done = set(built)
    tables = source_tables(manifest)
    groups: dict[str, list[str]] = defaultdict(list)
    for unique_id, node in manifest.get("nodes", {}).items():
        if node["resource_type"] != "model" or unique_id in done:
            continue
        upstream = {
            tables[parent] for parent in _ancestors(manifest, unique_id) if parent in tables
        }
        groups[_why(upstream, plan)].append(node["name"])
    found = [SkippedModels(tuple(sorted(names)), reason) for reason, names in groups.items()]
    return tuple(sorted(found, key=lambda group: (-len(group.names), group.reason)))


def reaches_readers_of_models(manifest: Manifest, plan: BuildPlan) -> bool:
    """Whether a plan has anything that lies downstream of the project's own models.

    Args:
        manifest: Of the project as it is now.
        plan: The plan; of changed code only dbt knows what it reaches.
    """
    if plan.is_everything or plan.compares_code:
        return True
    tables = source_tables(manifest)
    changed, own = (
        _reached(manifest["child_map"], [each for each in tables if tables[each] in wanted])
        for wanted in (
            set(plan.changed_tables),
            {table for table in tables.values() if table.startswith(f"{OWN}.")},
        )
    )
    return bool(changed & own)


def _ancestors(manifest: Manifest, unique_id: str) -> set[str]:
    return _reached(manifest["parent_map"], [unique_id])


def _reached(edges: Mapping[str, Sequence[str]], starts: Iterable[str]) -> set[str]:
    """Whatever an edge leads to, however far away."""
    found: set[str] = set()
    open_ids = list(starts)
    while open_ids:
        for other in edges.get(open_ids.pop(), ()):
            if other not in found:
                found.add(other)
                open_ids.append(other)
    return found


def _why(upstream: set[str], plan: BuildPlan) -> str:
    if upstream & set(plan.changed_tables):
        return "not in the selection"
    if not upstream:
        return "reads no source, and its code is unchanged"
    sources = sorted({table.partition(".")[0] for table in upstream})
    return f"no new rows in what they read of {', '.join(sources)}"

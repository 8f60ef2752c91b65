"""What a build is to do, from what the warehouse and the project are like when it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingestion.settings import Settings
from orchestration.errors import BuildError
from orchestration.lib.build_state import (
    BuildStore,
    LastBuild,
    code_fingerprint,
    settings_fingerprint,
)
from orchestration.lib.dbt import forget_results, read_artifact
from orchestration.lib.planner import (
    BuildPlan,
    Manifest,
    Situation,
    changed_tables,
    functions,
    plan_build,
    read_tables,
    relations,
)
from orchestration.lib.warehouse import Reader, open_reader

# Unit tests prove code, not data: `make test` and `make ci-slim` run them, a build does not.
BUILD = ("build", "--exclude-resource-type", "unit_test")


@dataclass(frozen=True)
class PlannedBuild:
    """A plan with what it was made from.

    Attributes:
        settings: The settings.
        plan: What to build.
        situation: What the warehouse held when it was made.
        last: The build before.
    """

    settings: Settings
    plan: BuildPlan
    situation: Situation
    last: LastBuild | None

    def arguments(self, selection: Sequence[str]) -> list[str]:
        """What dbt is called with to build the part of the plan that is selected."""
        arguments = [*BUILD]
        if self.plan.starts_anew:
            arguments.append("--full-refresh")
        arguments += selection
        if self.plan.compares_code and self.last:
            arguments += ["--state", str(self.last.state_dir)]
        return arguments

    def manifest(self) -> Manifest:
        """The manifest of dbt's last command, else of the last build."""
        found: Manifest = read_artifact(self.settings, "manifest.json")
        return found or (self.last.manifest() if self.last else {})

    def after_models(self) -> PlannedBuild:
        """The same with what the project's own models have written since it was made."""
        with open_reader(self.settings) as reader:
            written = reader.written()
        last = self.last.situation.arrivals if self.last else {}
        changed = changed_tables(written, last, written.keys() & read_tables(self.manifest()))
        now = replace(self.situation, arrivals={**self.situation.arrivals, **written})
        return replace(self, plan=self.plan.with_written(changed), situation=now)


def prepare_build(settings: Settings, *, full: bool = False) -> PlannedBuild:
    """Looks at the warehouse and decides what to build; leaves no connection open.

    Args:
        settings: Name the warehouse.
        full: Build everything, incremental tables from the start.

    Returns:
        The plan.

    Raises:
        IngestionError: The warehouse cannot be had, or a source was never loaded.
    """
    forget_results(settings)
    last = BuildStore(settings).last()
    manifest = last.manifest() if last else {}
    with open_reader(settings, exclusive=True) as reader:
        _check_sources_loaded(settings, reader)
        arrivals = reader.arrivals() | reader.written()
        missing = absent(manifest, reader)
    situation = Situation(arrivals, settings_fingerprint(settings), code_fingerprint(settings))
    plan = plan_build(
        situation,
        last.situation if last else None,
        known_tables=read_tables(manifest),
        missing=[f"{schema}.{name}" for schema, name in missing],
        full=full,
    )
    return PlannedBuild(settings, plan, situation, last)


def absent(manifest: Manifest, reader: Reader) -> set[tuple[str, str]]:
    """Schema and name of what a build has left in the warehouse and is not there any more."""
    gone = relations(manifest) - reader.relations()
    made = functions(manifest)
    return gone | (made - reader.functions() if made else set())


def _check_sources_loaded(settings: Settings, reader: Reader) -> None:
    """Better one line here than an error of the first model that finds no raw table."""
    schemas = {schema for schema, _ in reader.relations()}
    for source in settings.sources:
        if reader.warehouse.schema(f"raw_{source}") not in schemas:
            raise BuildError(
                f"{source} is switched on but was never loaded into {reader.warehouse.label}",
                remedy=f"Run `basketline ingest {source}` first, or take {source} out of SOURCES",
            )

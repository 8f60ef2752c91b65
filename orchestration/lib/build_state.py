"""What the last successful build saw: kept a warehouse, and never half-written."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import shutil
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ingestion.destinations import Warehouse
from ingestion.settings import Settings
from orchestration.lib.environment import dbt_environment
from orchestration.lib.planner import Arrival, Manifest, Situation

# Where a table lies, and who asks, does not change what is in it.
_WITHOUT_EFFECT = ("DBT_", "DUCKDB_PATH", "POSTGRES_", "SNOWFLAKE_")
_CODE_FOLDERS = ("models", "macros", "seeds", "snapshots", "tests", "functions", "segments")
RECORD = "last_build.json"
MANIFEST, SEMANTIC_MANIFEST = "manifest.json", "semantic_manifest.json"


@dataclass(frozen=True)
class LastBuild:
    """A successful build.

    Attributes:
        finished_at: UTC, ISO text.
        seconds: How long it took.
        counts: Kind of node (`model`, `test`) to how many ran.
        situation: What it was based on.
        state_dir: Folder with its manifests, for dbt's `--state` and the semantic layer.
    """

    finished_at: str
    seconds: float
    counts: dict[str, int]
    situation: Situation
    state_dir: Path

    def manifest(self) -> Manifest:
        """The manifest of that build."""
        manifest: Manifest = json.loads((self.state_dir / MANIFEST).read_text())
        return manifest

    @property
    def semantic_manifest(self) -> Path:
        """The metrics as that build made them, for the semantic layer."""
        return self.state_dir / SEMANTIC_MANIFEST


class BuildStore:
    """Keeps the last successful build of one warehouse under DATA_DIR.

    Args:
        settings: Name the warehouse.
    """

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.data_dir.resolve() / "builds" / Warehouse(settings).identity

    def last(self) -> LastBuild | None:
        """The last successful build, if there was one."""
        try:
            record = json.loads((self._folder / RECORD).read_text())
            build = _from_record(record, self._folder)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
        kept = (build.state_dir / name for name in (MANIFEST, SEMANTIC_MANIFEST))
        return build if all(file.exists() for file in kept) else None

    def save(
        self,
        situation: Situation,
        *,
        target: Path,
        counts: dict[str, int],
        seconds: float,
        now: dt.datetime,
    ) -> LastBuild:
        """Replaces the record: the manifests first, then the one file that names them.

        Args:
            situation: As it was when the build started.
            target: Where dbt left the manifests of that build.
            counts: How many of each kind ran.
            seconds: How long it took.
            now: UTC.

        Returns:
            What `last` gives from now on.
        """
        state_dir = self._folder / now.strftime("%Y%m%dT%H%M%S%f")
        state_dir.mkdir(parents=True)
        for name in (MANIFEST, SEMANTIC_MANIFEST):
            shutil.copy(target / name, state_dir / name)
        build = LastBuild(now.isoformat(), round(seconds, 2), counts, situation, state_dir)
        record = dataclasses.asdict(build) | {"state_dir": state_dir.name}
        beside = self._folder / f"{RECORD}.{os.getpid()}"
        beside.write_text(json.dumps(record, indent=1))
        beside.replace(self._folder / RECORD)
        self._drop_others(state_dir)
        return build

    def _drop_others(self, kept: Path) -> None:
        for folder in self._folder.iterdir():
            if folder.is_dir() and folder != kept:
                shutil.rmtree(folder, ignore_errors=True)


def settings_fingerprint(settings: Settings) -> str:
    """Changes when something changes that models depend on but dbt's state comparison misses."""
    known = dbt_environment(settings)
    kept = {k: v for k, v in known.items() if not k.startswith(_WITHOUT_EFFECT)}
    digest = sha256(json.dumps(kept, sort_keys=True).encode())
    digest.update(version("dbt-core").encode())
    digest.update((settings.project_dir / "dbt_project" / "dbt_project.yml").read_bytes())
    return digest.hexdigest()[:16]


def code_fingerprint(settings: Settings) -> str:
    """Changes with any file of the dbt project."""
    project = settings.project_dir / "dbt_project"
    files = (file for name in _CODE_FOLDERS for file in (project / name).rglob("*"))
    digest = sha256()
    for file in sorted(file for file in files if file.is_file()):
        digest.update(str(file.relative_to(project)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _from_record(record: dict[str, Any], folder: Path) -> LastBuild:
    situation = record["situation"]
    return LastBuild(
        finished_at=record["finished_at"],
        seconds=record["seconds"],
        counts=record["counts"],
        situation=Situation(
            arrivals={name: Arrival(**seen) for name, seen in situation["arrivals"].items()},
            settings=situation["settings"],
            code=situation["code"],
        ),
        state_dir=folder / record["state_dir"],
    )

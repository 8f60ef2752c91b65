"""dbt's manifest, parsed again only when the project or the settings changed."""

from __future__ import annotations

from pathlib import Path

from ingestion.settings import Settings
from orchestration.lib.build_state import code_fingerprint, settings_fingerprint
from orchestration.lib.dbt import run_dbt
from orchestration.lib.environment import target_dir

STAMP = "manifest.stamp"


def prepare_manifest(settings: Settings) -> Path:
    """The manifest of the project as it is now, for the sources that are switched on.

    Args:
        settings: Name the warehouse and the sources.

    Returns:
        Path of `manifest.json`.

    Raises:
        BuildError: The project does not parse.
    """
    target = target_dir(settings)
    manifest, stamp = target / "manifest.json", target / STAMP
    current = f"{settings_fingerprint(settings)} {code_fingerprint(settings)}"
    if manifest.exists() and stamp.exists() and stamp.read_text() == current:
        return manifest
    stamp.unlink(missing_ok=True)
    run_dbt(settings, ["parse"])
    stamp.write_text(current)
    return manifest

"""The dbt project as the golden shop has it: the same models, and settings of its own as seeds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.golden_shop.cases import HERE
from tests.golden_shop.raw import SOURCES
from tests.integration.shop import DBT, Warehouse

SETTINGS = {
    "SOURCES": ",".join(SOURCES),
    "REPORTING_CURRENCY": "EUR",
    "AS_OF": "2026-05-05",
    "PRIVACY_SALT": "5a" * 32,
}


@dataclass(frozen=True)
class Project:
    """A copy of the dbt project.

    Attributes:
        folder: Where it lies; dbt's target and logs lie in it.
    """

    folder: Path

    @classmethod
    def copy(cls, folder: Path) -> Project:
        """Copies the project, with the golden shop's seeds in place of those of the same name."""
        left_out = shutil.ignore_patterns("target", "logs", "profiles.yml")
        shutil.copytree(DBT, folder, ignore=left_out)
        shutil.copy(DBT.parent / "profiles.yml.example", folder / "profiles.yml")
        for seed in (HERE / "seeds").glob("*.csv"):
            (replaced,) = (folder / "seeds").rglob(seed.name)
            shutil.copy(seed, replaced)
        return cls(folder)

    def dbt(self, warehouse: Warehouse, *arguments: str) -> None:
        """Runs dbt.

        Raises:
            AssertionError: With dbt's output, where it fails.
        """
        done = subprocess.run(
            [
                *(str(Path(sys.executable).with_name("dbt")), "--quiet", *arguments),
                *("--project-dir", str(self.folder), "--profiles-dir", str(self.folder)),
                *("--target-path", "target", "--log-path", str(self.folder / "logs")),
            ],
            env={**os.environ, **SETTINGS, **warehouse.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

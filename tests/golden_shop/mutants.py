"""Wrong rules in a copy of the dbt project, and the first expected row that each of them breaks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.golden_shop.cases import GoldenShop, load_yaml, read
from tests.golden_shop.comparison import Difference
from tests.golden_shop.golden import compare, models
from tests.golden_shop.project import Project
from tests.golden_shop.raw import load
from tests.integration.shop import DuckDBWarehouse

DAY = 2


@dataclass(frozen=True)
class Mutant:
    """A change of one file.

    Attributes:
        name: The wrong rule, as a person would say it.
        file: The file, in the dbt project.
        right: What stands there exactly once.
        wrong: What comes in its place.
    """

    name: str
    file: str
    right: str
    wrong: str

    @contextmanager
    def in_place(self, project: Project) -> Iterator[None]:
        """The project with the wrong rule.

        Raises:
            LookupError: Where the right one does not stand there exactly once.
        """
        path = project.folder / self.file
        text = path.read_text()
        if (count := text.count(self.right)) != 1:
            raise LookupError(f"{self.name}: {self.file} has {self.right!r} {count} times")
        path.write_text(text.replace(self.right, self.wrong))
        try:
            yield
        finally:
            path.write_text(text)


def read_mutants() -> list[Mutant]:
    """All of them, in the order of the file."""
    return [
        Mutant(name, facts["file"], facts["replace"], facts["with"])
        for name, facts in load_yaml("mutants").items()
    ]


@dataclass
class Laboratory:
    """A warehouse with the right rules, of which each mutant gets a copy.

    Attributes:
        folder: Where everything lies.
    """

    folder: Path

    def __post_init__(self) -> None:
        self.shop: GoldenShop = read()
        self._models = models(self.shop)
        self._project = Project.copy(self.folder / "golden_project")
        self._warehouse = DuckDBWarehouse(self.folder / "warehouse.duckdb")
        load(self._warehouse, self.shop.arrivals, day=DAY)
        marts = [f"+{name}" for name in self._models]
        self._project.dbt(self._warehouse, "build", *_NO_TESTS, "-s", *marts)
        shutil.copy(self._warehouse.path, self._ready)
        shutil.copytree(self._project.folder / "target", self._state)

    @property
    def _ready(self) -> Path:
        return self.folder / "ready.duckdb"

    @property
    def _state(self) -> Path:
        return self.folder / "right"

    def right(self) -> list[Difference]:
        """What the right rules break: nothing."""
        shutil.copy(self._ready, self._warehouse.path)
        return compare(self._warehouse, self.shop, day=DAY)

    def broken_by(self, mutant: Mutant) -> list[Difference]:
        """Builds what lies downstream of the change, on the warehouse of the right rules.

        It lies where that was built: views name its file, and dbt parses all anew for another.
        """
        shutil.copy(self._ready, self._warehouse.path)
        changed = [f"state:modified+,+{name}" for name in self._models]
        with mutant.in_place(self._project):
            self._project.dbt(
                self._warehouse,
                *("build", "--full-refresh", *_NO_TESTS),
                *("--state", str(self._state), "-s", *changed),
            )
        return compare(self._warehouse, self.shop, day=DAY)


_NO_TESTS = ("--resource-type", "seed", "--resource-type", "model")

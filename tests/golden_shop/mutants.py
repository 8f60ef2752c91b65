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
        self._project = Project.copy(self.folder / "golden_project")
        ready = self.folder / "ready" / "warehouse.duckdb"
        ready.parent.mkdir()
        self._ready = DuckDBWarehouse(ready)
        load(self._ready, self.shop.arrivals, day=DAY)
        self._models = models(self.shop)
        marts = [f"+{name}" for name in self._models]
        self._project.dbt(self._ready, "build", *_NO_TESTS, "-s", *marts)
        shutil.copytree(self._project.folder / "target", self.folder / "right")

    def right(self) -> list[Difference]:
        """What the right rules break: nothing."""
        return compare(self._ready, self.shop, day=DAY)

    def broken_by(self, mutant: Mutant) -> list[Difference]:
        """Builds what lies downstream of the change, in a copy of the warehouse.

        The copy's file has the same name: views name it.
        """
        path = self.folder / "mutant" / self._ready.path.name
        path.parent.mkdir(exist_ok=True)
        shutil.copy(self._ready.path, path)
        warehouse = DuckDBWarehouse(path)
        with mutant.in_place(self._project):
            state = ("--state", str(self.folder / "right"))
            changed = [f"state:modified+,+{name}" for name in self._models]
            self._project.dbt(
                warehouse, "build", "--full-refresh", *_NO_TESTS, *state, "-s", *changed
            )
        return compare(warehouse, self.shop, day=DAY)


_NO_TESTS = ("--resource-type", "seed", "--resource-type", "model")

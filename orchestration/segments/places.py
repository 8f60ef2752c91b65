"""YAML whose entries know where they stand, so that what is wrong is told with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.errors import SegmentError

DEPTH = 20
_SCALARS = {f"tag:yaml.org,2002:{kind}": kind for kind in ("str", "int", "float", "bool")}


@dataclass(frozen=True)
class Place:
    """File, line and column."""

    file: str
    line: int
    column: int

    def error(self, what: str, remedy: str) -> SegmentError:
        """What is wrong here."""
        return SegmentError(what, where=f"{self.file}:{self.line}:{self.column}", remedy=remedy)


@dataclass(frozen=True)
class Entry:
    """A node of the YAML.

    Attributes:
        node: As PyYAML composes it.
        file: Name of the file.
        depth: How deep it lies.
    """

    node: yaml.Node
    file: str
    depth: int = 0

    @property
    def place(self) -> Place:
        """Where it begins."""
        mark = self.node.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)

    def keys(self) -> dict[str, Entry]:
        """The entries of a mapping by key.

        Raises:
            SegmentError: It is no mapping, or says a key twice.
        """
        if not isinstance(self.node, yaml.MappingNode):
            raise self.place.error("Here stand keys with values", "Write: key: value")
        found: dict[str, Entry] = {}
        for key_node, value in self.node.value:
            key = self._below(key_node)
            name = str(key.value())
            if name in found:
                raise key.place.error(f"{name!r} stands here twice", "Leave one of them")
            found[name] = self._below(value)
        return found

    def items(self) -> list[Entry]:
        """The entries of a list that is not empty."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.place.error("Here stands a list", "Write: [one, two], or a line each with -")
        return [self._below(node) for node in self.node.value]

    def value(self) -> Any:
        """A text, number or flag.

        Raises:
            SegmentError: It is something else.
        """
        kind = _SCALARS.get(self.node.tag)
        if not isinstance(self.node, yaml.ScalarNode) or kind is None:
            raise self.place.error(
                "Here stands a text, a number, true or false",
                "Put other texts in quotes",
            )
        return self.node.value if kind == "str" else yaml.safe_load(self.node.value)

    def entry(self, key: str) -> Entry:
        """The entry under a key that has to be there."""
        found = self.keys()
        if key not in found:
            raise self.place.error(f"{key!r} is missing", f"Write: {key}: …")
        return found[key]

    def text(self, key: str) -> str:
        """The text under a key that has to be there."""
        found = self.entry(key)
        value = found.value()
        if not isinstance(value, str) or not value.strip():
            raise found.place.error(f"{key!r} is a text", "Put it in quotes")
        return value

    def only(self, *known: str) -> None:
        """Refuses keys that mean nothing here."""
        for key, entry in self.keys().items():
            if key not in known:
                raise entry.place.error(
                    f"{key!r} means nothing here", f"What does: {', '.join(known)}"
                )

    def _below(self, node: yaml.Node) -> Entry:
        if self.depth >= DEPTH:
            raise self.place.error("This rule is too deep", "Make a segment of a part of it")
        return Entry(node, self.file, self.depth + 1)


def read_entry(file: Path) -> Entry:
    """The top of a YAML file.

    Raises:
        SegmentError: It cannot be read, or is empty.
    """
    try:
        node = yaml.compose(file.read_text(), yaml.SafeLoader)
    except (OSError, UnicodeDecodeError):
        raise SegmentError(f"{file.name} cannot be read", remedy="Name a YAML file") from None
    except yaml.MarkedYAMLError as error:
        raise _broken(file, error) from None
    except yaml.YAMLError:
        raise Place(file.name, 1, 1).error("This is no YAML", "Write it anew") from None
    if node is None:
        raise Place(file.name, 1, 1).error("The file is empty", "Write label, description, rule")
    return Entry(node, file.name)


def _broken(file: Path, error: yaml.MarkedYAMLError) -> SegmentError:
    mark = error.problem_mark
    place = Place(file.name, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)
    return place.error(f"This is no YAML: {error.problem}", "Mend it here or in the line before")


def alternatives(entry: Entry) -> Iterator[Entry]:
    """The entries of a list, or the one entry there is."""
    if isinstance(entry.node, yaml.SequenceNode):
        yield from entry.items()
    else:
        yield entry

"""Bulk results: a selection is compiled once, then whole columns become JSON lines.

Nothing here runs GraphQL object by object. Each type of the selection becomes one template and a
list of columns; a line is one ``%`` of a template, so that histories of millions of lines take
seconds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.collect_fields import collect_fields, collect_sub_fields
from graphql.execution.values import get_argument_values

from sandbox.vendors.shopify.frames import Frame, Leaf, Many, One, Rows, spans

ROOTS_A_CHUNK = 2_000

Fragments = dict[str, FragmentDefinitionNode]


class _Quoted(dict[str | None, str]):
    """Texts as JSON."""

    def __missing__(self, value: str) -> str:
        found = self[value] = orjson.dumps(value).decode()
        return found


@dataclass(frozen=True)
class Inline:
    """One field that is written into its owner's line.

    Attributes:
        key: Its name in the response.
        name: Its name in the schema.
        plans: Of an object or a list.
        first: At most so many of a list.
        names: Of a list only objects of these names.
    """

    key: str
    name: str
    plans: Plans | None = None
    first: int | None = None
    names: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Plan:
    """What to write of one type.

    Attributes:
        inline: The fields of its line, in the order selected.
        connections: Field and plans of the connections below.
    """

    inline: tuple[Inline, ...]
    connections: tuple[tuple[str, Plans], ...]


@dataclass(frozen=True)
class Plans:
    """A plan for every type that a selection may meet."""

    by_type: dict[str, Plan]

    @property
    def have_connections(self) -> bool:
        """Whether there are connections below any of the types."""
        return any(
            plan.connections
            or any(each.plans and each.plans.have_connections for each in plan.inline)
            for plan in self.by_type.values()
        )


@dataclass
class Compiler:
    """Turns selections into plans.

    Attributes:
        schema: The served schema.
        fragments: The document's fragments.
    """

    schema: GraphQLSchema
    fragments: Fragments

    def node_plans(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Plans:
        """Plans of the nodes of a connection.

        Args:
            kind: Type that the connection is a field of.
            nodes: The selections of the connection.
        """
        connection = get_named_type(kind.fields[nodes[0].name.value].type)
        edges = self._below(connection, nodes)["edges"]
        edge = get_named_type(connection.fields["edges"].type)
        inner = self._below(edge, edges)["node"]
        return self._plans(get_named_type(edge.fields["node"].type), inner)

    def roots(self, root: GraphQLObjectType, selections: SelectionSetNode) -> list[FieldNode]:
        """The selections of the one root field."""
        found = collect_fields(self.schema, self.fragments, {}, root, selections)
        return next(iter(found.values()))

    def _below(self, kind: Any, nodes: list[FieldNode]) -> dict[str, list[FieldNode]]:
        return collect_sub_fields(self.schema, self.fragments, {}, kind, nodes)

    def _plans(self, kind: Any, nodes: list[FieldNode]) -> Plans:
        kinds = self.schema.get_possible_types(kind) if is_abstract_type(kind) else [kind]
        return Plans({one.name: self._plan(one, nodes) for one in kinds})

    def _plan(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Plan:
        inline: list[Inline] = []
        connections: list[tuple[str, Plans]] = []
        for key, found in self._below(kind, nodes).items():
            name = found[0].name.value
            if name == "__typename":
                inline.append(Inline(key, name))
                continue
            definition = kind.fields[name]
            named = get_named_type(definition.type)
            if named.name.endswith("Connection"):
                connections.append((name, self.node_plans(kind, found)))
                continue
            plans = self._plans(named, found) if found[0].selection_set else None
            given = get_argument_values(definition, found[0], {})
            names = tuple(given["names"]) if "names" in given else None
            inline.append(Inline(key, name, plans, given.get("first"), names))
        return Plan(tuple(inline), tuple(connections))


@dataclass
class Renderer:
    """Writes the lines of one bulk result.

    Attributes:
        grouped: Children stand directly behind their parent.
        lines: Lines written so far.
        roots: Root objects written so far.
    """

    plans: Plans
    grouped: bool
    lines: int = 0
    roots: int = 0
    _quoted: _Quoted = field(default_factory=lambda: _Quoted({None: "null"}))

    def chunks(self, frame: Frame, rows: Rows) -> Iterator[bytes]:
        """The result piece by piece; parents stand before their children in every piece."""
        for start in range(0, len(rows), ROOTS_A_CHUNK):
            part = rows[start : start + ROOTS_A_CHUNK]
            self.roots += len(part)
            if self.grouped:
                yield "".join(self._blocks(self.plans, frame, part, None)).encode()
            else:
                yield "".join(self._levels(self.plans, frame, part, None)).encode()

    def _blocks(
        self, plans: Plans, frame: Frame, rows: Rows, parents: list[str] | None
    ) -> list[str]:
        """Each object's line with the lines of all its descendants behind it."""
        blocks = self._lines(plans, frame, rows, parents)
        for many, below, owners, holders in self._connections(plans, frame, rows):
            targets, place = spans(many, holders)
            ids = self._ids(frame, rows[owners])
            found = self._blocks(below, many.frame(), targets, [ids[at] for at in place.tolist()])
            bounds = np.searchsorted(place, np.arange(len(owners) + 1)).tolist()
            for at, owner in enumerate(owners.tolist()):
                blocks[owner] += "".join(found[bounds[at] : bounds[at + 1]])
        return blocks

    def _levels(
        self, plans: Plans, frame: Frame, rows: Rows, parents: list[str] | None
    ) -> Iterator[str]:
        """All objects' lines, then all their children's, one connection after the other."""
        yield from self._lines(plans, frame, rows, parents)
        for many, below, owners, holders in self._connections(plans, frame, rows):
            targets, place = spans(many, holders)
            ids = self._ids(frame, rows[owners])
            yield from self._levels(
                below, many.frame(), targets, [ids[at] for at in place.tolist()]
            )

    def _connections(
        self, plans: Plans, frame: Frame, rows: Rows
    ) -> Iterator[tuple[Many, Plans, Rows, Rows]]:
        """Connections below the rows: whose they are, and which row of which object holds them.

        A connection may stand in an object of the node's line; its children name the node.
        """
        names = np.array(frame.typename(rows), object)
        for kind, plan in plans.by_type.items():
            owners = np.flatnonzero(names == kind)
            if not owners.size:
                continue
            for name, below in plan.connections:
                many = frame.fields[name]
                assert isinstance(many, Many)
                yield many, below, owners, rows[owners]
            for each in plan.inline:
                if each.plans is None or not each.plans.have_connections:
                    continue
                one = frame.fields[each.name]
                assert isinstance(one, One)
                targets = one.target(rows[owners])
                there = np.flatnonzero(targets >= 0)
                for many, below, inner, holders in self._connections(
                    each.plans, one.frame(), targets[there]
                ):
                    yield many, below, owners[there[inner]], holders

    def _lines(
        self, plans: Plans, frame: Frame, rows: Rows, parents: list[str] | None
    ) -> list[str]:
        self.lines += len(rows)
        return self._objects(plans, frame, rows, parents, end="\n")

    def _ids(self, frame: Frame, rows: Rows) -> list[str]:
        """The ids that children refer to."""
        return [f'"{value}"' for value in frame.leaf("id").values(rows)]

    def _objects(
        self,
        plans: Plans,
        frame: Frame,
        rows: Rows,
        parents: list[str] | None = None,
        end: str = "",
    ) -> list[str]:
        """The JSON text of every row."""
        names = frame.typename(rows)
        kinds = set(names)
        if len(kinds) == 1:
            return self._alike(plans.by_type[kinds.pop()], frame, rows, parents, end)
        found = [""] * len(rows)
        places = np.array(names, object)
        for kind in kinds:
            at = np.flatnonzero(places == kind)
            theirs = [parents[place] for place in at.tolist()] if parents else None
            texts = self._alike(plans.by_type[kind], frame, rows[at], theirs, end)
            for place, text in zip(at.tolist(), texts, strict=True):
                found[place] = text
        return found

    def _alike(
        self, plan: Plan, frame: Frame, rows: Rows, parents: list[str] | None, end: str
    ) -> list[str]:
        """The JSON text of rows that are all of one type."""
        template, columns = self._parts(plan, frame, rows)
        if parents is not None:
            comma = "," if columns else ""
            template = f'{template[:-1]}{comma}"__parentId":%s}}'
            columns.append(parents)
        if not columns:
            return [template + end] * len(rows)
        template += end
        return [template % values for values in zip(*columns, strict=True)]

    def _parts(self, plan: Plan, frame: Frame, rows: Rows) -> tuple[str, list[list[str]]]:
        """A template, and the columns for its places."""
        parts: list[str] = []
        columns: list[list[str]] = []
        for each in plan.inline:
            wanted = None if each.name == "__typename" else frame.fields[each.name]
            if isinstance(wanted, One) and wanted.own and each.plans is not None:
                (inner,) = each.plans.by_type.values()
                text, more = self._parts(inner, wanted.frame(), rows)
                parts.append(f'"{each.key}":{text}')
                columns += more
                continue
            parts.append(f'"{each.key}":%s')
            columns.append(self._column(wanted, frame, rows, each))
        return "{" + ",".join(parts) + "}", columns

    def _column(
        self,
        wanted: Leaf | One | Many | None,
        frame: Frame,
        rows: Rows,
        each: Inline,
    ) -> list[str]:
        if wanted is None:
            return [f'"{name}"' for name in frame.typename(rows)]
        if isinstance(wanted, Leaf):
            return self._leaf(wanted, rows)
        assert each.plans is not None
        if isinstance(wanted, One):
            return self._one(wanted, rows, each.plans)
        return self._list(wanted, rows, each.plans, each)

    def _leaf(self, leaf: Leaf, rows: Rows) -> list[str]:
        values = leaf.values(rows)
        if leaf.kind == "plain":
            return ["null" if value is None else f'"{value}"' for value in values]
        if leaf.kind == "text":
            quoted = self._quoted
            return [quoted[value] for value in values]
        if leaf.kind == "flag":
            return ["true" if value else "false" for value in values]
        if leaf.kind == "list":
            return [orjson.dumps(value).decode() for value in values]
        return ["null" if value is None else str(value) for value in values]

    def _one(self, one: One, rows: Rows, plans: Plans) -> list[str]:
        targets = one.target(rows)
        present = targets >= 0
        if present.all():
            return self._objects(plans, one.frame(), targets) if len(rows) else []
        if not present.any():
            return ["null"] * len(rows)
        there = iter(self._objects(plans, one.frame(), targets[present]))
        return [next(there) if is_there else "null" for is_there in present.tolist()]

    def _list(self, many: Many, rows: Rows, plans: Plans, each: Inline) -> list[str]:
        targets, owner = spans(many, rows)
        if each.names is not None:
            names = many.frame().leaf("name").values(targets)
            kept = np.isin(np.array(names, object), each.names)
            targets, owner = targets[kept], owner[kept]
        texts = self._objects(plans, many.frame(), targets) if targets.size else []
        bounds = np.searchsorted(owner, np.arange(len(rows) + 1)).tolist()
        return [f"[{','.join(texts[a:b][: each.first])}]" for a, b in itertools.pairwise(bounds)]

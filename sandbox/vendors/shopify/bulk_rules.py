"""What a bulk query may ask for.

The restrictions and the wording of their errors are those of
https://shopify.dev/docs/api/usage/bulk-operations/queries: at most five connections, nested two
deep below the root, none of them inside a list, every parent of one with its ``id``, contents
through ``edges { node }``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from sandbox.vendors.shopify.schema import checked, served_schema

MOST_CONNECTIONS = 5
DEEPEST = 2
IN_A_LIST = (
    "Queries that contain a connection field within a list field are not currently supported."
)


def faults(query: str) -> list[str]:
    """What keeps a query from being run in bulk; nothing if it may.

    Args:
        query: GraphQL text.
    """
    document, errors = checked(query)
    if document is None:
        return [f"Invalid bulk query: {_reading(query, errors[0])}"]
    if errors:
        return [f"Invalid bulk query: {error.message}" for error in errors]
    operation = operation_of(document)
    if operation is None or operation.operation != OperationType.QUERY:
        return ["Invalid operation type. Only `query` operations are supported."]
    return _Survey(fragments_of(document)).of(operation).faults()


def operation_of(document: DocumentNode) -> OperationDefinitionNode | None:
    """The first operation of a document."""
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            return node
    return None


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """A document's fragments by name."""
    return {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }


def _reading(query: str, error: GraphQLError) -> str:
    if not query.strip():
        return "syntax error, unexpected end of file"
    return error.message.removeprefix("Syntax Error: ")


@dataclass
class _Survey:
    """Counts a query's connections, and notes the ones in wrong places."""

    fragments: dict[str, FragmentDefinitionNode]
    roots: list[str] = field(default_factory=list)
    connections: int = 0
    depth: int = 0
    in_list: bool = False
    through_nodes: list[str] = field(default_factory=list)
    without_id: list[str] = field(default_factory=list)

    def of(self, operation: OperationDefinitionNode) -> _Survey:
        """Look at the whole operation."""
        root = served_schema().query_type
        assert root is not None
        self.roots = [node.name.value for node in self._fields(operation.selection_set)]
        self._walk(root, operation.selection_set, -1, listed=False, parent=None)
        return self

    def faults(self) -> list[str]:
        """The errors, in the order Shopify reports them."""
        found = []
        if self.through_nodes:
            names = "', '".join(self.through_nodes)
            found.append(
                "All connection fields in a bulk query must select their contents using "
                f"'edges' > 'node', e.g: '{self.through_nodes[0]} {{ edges {{ node {{'. "
                f"Selecting via 'nodes' is not supported. Invalid connection fields: '{names}'."
            )
        if {"node", "nodes"} & set(self.roots):
            found.append("Bulk queries cannot contain a top level `node` field.")
        if len(self.roots) > 1:
            found.append("Bulk queries cannot contain more than one top level field.")
        if self.depth > DEEPEST:
            found.append(
                f"Bulk queries cannot contain connections with a nesting depth greater than "
                f"{DEEPEST}."
            )
        if self.connections > MOST_CONNECTIONS:
            found.append(f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections.")
        if self.without_id:
            names = ", ".join(self.without_id)
            found.append(
                "The parent 'node' field for a nested connection must select the 'id' field "
                "without an alias and must be of 'ID' return type. Connection fields without "
                f"'id': {names}."
            )
        if self.in_list:
            found.append(IN_A_LIST)
        if not self.connections:
            found.append("Bulk queries must contain at least one connection.")
        return found

    def _walk(
        self,
        kind: Any,
        selections: SelectionSetNode,
        depth: int,
        *,
        listed: bool,
        parent: tuple[str, bool] | None,
    ) -> None:
        """Look at an object's fields.

        Args:
            kind: Its type.
            selections: Its selections.
            depth: Nested connections above it; -1 at the root.
            listed: It is in a list.
            parent: Name of the connection whose node it belongs to, and whether that node
                selects its id.
        """
        for node in selections.selections:
            if isinstance(node, FieldNode):
                if node.selection_set is not None:
                    self._field(kind, node, depth, listed=listed, parent=parent)
                continue
            body = self._body(node)
            condition = body.type_condition
            inner = served_schema().type_map[condition.name.value] if condition else kind
            self._walk(inner, body.selection_set, depth, listed=listed, parent=parent)

    def _field(
        self,
        kind: Any,
        node: FieldNode,
        depth: int,
        *,
        listed: bool,
        parent: tuple[str, bool] | None,
    ) -> None:
        wanted = kind.fields[node.name.value].type
        named = get_named_type(wanted)
        assert node.selection_set is not None
        if not named.name.endswith("Connection"):
            inside = listed or is_list_type(get_nullable_type(wanted))
            self._walk(named, node.selection_set, depth, listed=inside, parent=parent)
            return
        self.connections += 1
        self.depth = max(self.depth, depth + 1)
        self.in_list |= listed
        if parent and not parent[1] and parent[0] not in self.without_id:
            self.without_id.append(parent[0])
        for item in self._fields(node.selection_set):
            if item.name.value == "nodes":
                self.through_nodes.append(node.name.value)
            if item.selection_set is None or item.name.value not in ("edges", "nodes"):
                continue
            self._edges(named, node, item, depth + 1)

    def _edges(self, named: Any, owner: FieldNode, item: FieldNode, depth: int) -> None:
        """Look at the node of a connection's edges."""
        kind: Any = get_named_type(named.fields[item.name.value].type)
        assert item.selection_set is not None
        if item.name.value == "nodes":
            self._node(kind, owner, item.selection_set, depth)
            return
        for inner in self._fields(item.selection_set):
            if inner.name.value == "node" and inner.selection_set is not None:
                node_kind = get_named_type(kind.fields["node"].type)
                self._node(node_kind, owner, inner.selection_set, depth)

    def _node(self, kind: Any, owner: FieldNode, inside: SelectionSetNode, depth: int) -> None:
        has_id = any(one.name.value == "id" and one.alias is None for one in self._fields(inside))
        self._walk(kind, inside, depth, listed=False, parent=(owner.name.value, has_id))

    def _fields(self, selections: SelectionSetNode) -> list[FieldNode]:
        """Fields of a selection, through its fragments."""
        found: list[FieldNode] = []
        for node in selections.selections:
            if isinstance(node, FieldNode):
                found.append(node)
            else:
                found += self._fields(self._body(node).selection_set)
        return found

    def _body(self, node: SelectionNode) -> InlineFragmentNode | FragmentDefinitionNode:
        """What a fragment stands for."""
        if isinstance(node, FragmentSpreadNode):
            return self.fragments[node.name.value]
        assert isinstance(node, InlineFragmentNode)
        return node

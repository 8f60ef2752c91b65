"""Query cost and the bucket it is paid from.

The calculation is that of https://shopify.dev/docs/api/usage/limits with the scaling Shopify's
engineers gave in their forum: scalars 0, objects 1, a connection 2 plus its items' cost times
``floor(2 ln(max(2, first)))``, mutations 10, and nothing for a few plain value objects.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from graphql.execution.values import get_argument_values

HIGHEST = 1_000
MUTATION = 10
FREE = frozenset({"pageInfo", "unitCost", "address", "billingAddress"})


@dataclass(frozen=True)
class Plan:
    """The rate of a shop's plan.

    Attributes:
        restore_rate: Points per second.
        bucket: Points that can be saved up.
    """

    restore_rate: float
    bucket: float


STANDARD = Plan(100, 2_000)
PLUS = Plan(1_000, 20_000)


@dataclass
class Bucket:
    """The leaky bucket of one app in one shop.

    Attributes:
        plan: Its size and rate.
        available: Points left at ``seconds``.
        seconds: When it was last looked at, in the limiter's virtual seconds.
    """

    plan: Plan
    available: float
    seconds: float = 0.0

    def refill(self, seconds: float) -> None:
        """Let the points of the time that has passed run in."""
        gained = (seconds - self.seconds) * self.plan.restore_rate
        self.available = min(self.plan.bucket, self.available + max(gained, 0.0))
        self.seconds = max(seconds, self.seconds)

    def wait_for(self, points: float) -> float:
        """Seconds until so many points are there."""
        return max(points - self.available, 0.0) / self.plan.restore_rate

    def pay(self, points: float) -> None:
        """Take points out."""
        self.available -= points

    def status(self) -> dict[str, float]:
        """``throttleStatus`` of an answer."""
        return {
            "maximumAvailable": self.plan.bucket,
            "currentlyAvailable": math.floor(self.available),
            "restoreRate": self.plan.restore_rate,
        }


def scaled(count: int, each: float) -> float:
    """Cost of so many items of a connection."""
    return 2 + each * math.floor(2 * math.log(max(2, count))) if count > 0 else 2


class Costs:
    """Costs of one operation: what it asks for, and what its answer took."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]
    ) -> None:
        """Take the operation, with coerced variables."""
        self._schema, self._variables = schema, variables
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }

    def requested(self, operation: OperationDefinitionNode) -> int:
        """Most that the operation can cost."""
        return self._operation(operation, None)

    def actual(self, operation: OperationDefinitionNode, data: Any) -> int:
        """What its answer cost: empty pages and nulls are cheaper."""
        return self._operation(operation, data if data is not None else {})

    def _operation(self, operation: OperationDefinitionNode, data: Any) -> int:
        if operation.operation == OperationType.MUTATION:
            return MUTATION * len(operation.selection_set.selections)
        root = self._schema.query_type
        assert root is not None
        return math.ceil(self._selections(root, operation.selection_set, data))

    def _selections(self, parent: Any, selections: SelectionSetNode, data: Any) -> float:
        """Cost of an object's fields; the dearest type counts under an interface."""
        own = [parent]
        if is_abstract_type(parent):
            own = list(self._schema.get_possible_types(parent))
            if isinstance(data, dict) and "__typename" in data:
                own = [kind for kind in own if kind.name == data["__typename"]]
        return max(
            sum(self._field(kind, node, data) for node in self._fields(kind, selections))
            for kind in own
        )

    def _fields(self, kind: GraphQLObjectType, selections: SelectionSetNode) -> list[FieldNode]:
        found: list[FieldNode] = []
        for node in selections.selections:
            if isinstance(node, FieldNode):
                if node.name.value in kind.fields:
                    found.append(node)
                continue
            body: Any = node
            if isinstance(node, FragmentSpreadNode):
                body = self._fragments[node.name.value]
            condition = body.type_condition
            if condition is None or self._applies(kind, condition.name.value):
                found += self._fields(kind, body.selection_set)
        return found

    def _applies(self, kind: GraphQLObjectType, name: str) -> bool:
        wanted: Any = self._schema.type_map[name]
        return wanted is kind or (
            is_abstract_type(wanted) and self._schema.is_sub_type(wanted, kind)
        )

    def _field(self, parent: GraphQLObjectType, node: FieldNode, data: Any) -> float:
        definition = parent.fields[node.name.value]
        kind = get_named_type(definition.type)
        if node.name.value in FREE or not is_composite_type(kind) or node.selection_set is None:
            return 0
        value = None if data is None else data.get((node.alias or node.name).value)
        if data is not None and value is None:
            return 0
        if not kind.name.endswith("Connection"):
            return self._object(kind, node.selection_set, value)
        arguments = get_argument_values(definition, node, dict(self._variables))
        asked = arguments.get("first") or arguments.get("last") or 0
        return self._connection(kind, node.selection_set, value, asked)

    def _object(self, kind: Any, selections: SelectionSetNode, value: Any) -> float:
        if isinstance(value, list):
            one = [self._selections(kind, selections, item) for item in value if item is not None]
            return 1 + max(one, default=0)
        return 1 + self._selections(kind, selections, value)

    def _connection(self, kind: Any, selections: SelectionSetNode, value: Any, asked: int) -> float:
        """A connection's items, through ``nodes`` or ``edges { node }``."""
        each, count = 0.0, asked if value is None else 0
        for node in self._fields(kind, selections):
            name, key = node.name.value, (node.alias or node.name).value
            if name not in ("nodes", "edges") or node.selection_set is None:
                continue
            items = None if value is None else value[key]
            inner = get_named_type(kind.fields[name].type)
            found = self._items(inner, node.selection_set, items)
            each += found if name == "edges" else 1 + found
            count = max(count, 0 if items is None else len(items))
        return scaled(count, each)

    def _items(self, kind: Any, selections: SelectionSetNode, items: list[Any] | None) -> float:
        if items is None:
            return self._selections(kind, selections, None)
        return max((self._selections(kind, selections, item) for item in items), default=0)

"""The served part of the Admin schema, and validation in Shopify's words."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    KnownArgumentNamesRule,
    Node,
    OperationDefinitionNode,
    ProvidedRequiredArgumentsRule,
    Undefined,
    ValidationRule,
    ValuesOfCorrectTypeRule,
    build_schema,
    get_named_type,
    is_composite_type,
    is_required_argument,
    parse,
    print_ast,
    specified_rules,
    validate,
    value_from_ast,
)
from graphql.language import VariableNode
from graphql.validation import FieldsOnCorrectTypeRule, ScalarLeafsRule

VERSION = "2026-10"


@cache
def served_schema() -> GraphQLSchema:
    """The types and fields that the twin serves: a subset of the official schema."""
    return build_schema(Path(__file__).with_name("schema.graphql").read_text())


@lru_cache(maxsize=256)
def checked(query: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """A document and what is wrong with it; documents are checked once.

    Args:
        query: GraphQL text.

    Returns:
        The document (``None`` if it cannot be read) and the errors.
    """
    try:
        document = parse(query)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(served_schema(), document, _RULES))


def _path(ancestors: list[Any], node: Node) -> list[str]:
    """Shopify's path of a fault: the operation, then fields and fragments down to the node."""
    return [name for part in (*ancestors, node) if (name := _name(part))]


def _name(node: Any) -> str | None:
    if isinstance(node, OperationDefinitionNode):
        return f"{node.operation.value} {node.name.value if node.name else ''}".strip()
    if isinstance(node, FragmentDefinitionNode):
        return f"fragment {node.name.value}"
    if isinstance(node, InlineFragmentNode) and node.type_condition:
        return f"... on {node.type_condition.name.value}"
    if isinstance(node, FieldNode):
        return (node.alias or node.name).value
    return node.name.value if isinstance(node, ArgumentNode) else None


class _Rule(ValidationRule):
    """A rule that reports as Shopify does."""

    def fault(self, message: str, code: str, node: Node, ancestors: Any, **more: str) -> None:
        extensions = {"code": code, **more}
        self.report_error(
            GraphQLError(message, node, path=_path(ancestors, node), extensions=extensions)
        )


class _Fields(_Rule):
    """Fields exist, and objects have selections."""

    def enter_field(self, node: FieldNode, _key: Any, _parent: Any, _path: Any, up: Any) -> None:
        kind = self.context.get_parent_type()
        name = node.name.value
        found = self.context.get_type()
        if kind and not self.context.get_field_def():
            self.fault(
                f"Field '{name}' doesn't exist on type '{kind.name}'",
                "undefinedField",
                node,
                up,
                typeName=kind.name,
                fieldName=name,
            )
        elif found and is_composite_type(get_named_type(found)) and not node.selection_set:
            named = get_named_type(found).name
            self.fault(
                f"Field must have selections (field '{name}' returns {named} but has no "
                f"selections. Did you mean '{name} {{ ... }}'?)",
                "selectionMismatch",
                node,
                up,
                nodeName=f"field '{name}'",
                typeName=named,
            )
        elif found and node.selection_set and not is_composite_type(get_named_type(found)):
            named = get_named_type(found).name
            self.fault(
                f"Selections can't be made on scalars (field '{name}' returns {named} but has "
                "selections)",
                "selectionMismatch",
                node,
                up,
                nodeName=f"field '{name}'",
                typeName=named,
            )


class _Arguments(_Rule):
    """Arguments exist, have the right type, and are all there."""

    def enter_argument(
        self, node: ArgumentNode, _key: Any, _parent: Any, _path: Any, up: Any
    ) -> None:
        field, definition = self.context.get_field_def(), self.context.get_argument()
        if field is None or not isinstance(up[-1], FieldNode):
            return
        owner, name = up[-1].name.value, node.name.value
        if definition is None:
            self.fault(
                f"Field '{owner}' doesn't accept argument '{name}'",
                "argumentNotAccepted",
                node,
                up,
                name=owner,
                typeName="Field",
                argumentName=name,
            )
        elif not isinstance(node.value, VariableNode) and (
            value_from_ast(node.value, definition.type) is Undefined
        ):
            self.fault(
                f"Argument '{name}' on Field '{owner}' has an invalid value "
                f"({print_ast(node.value)}). Expected type '{definition.type}'.",
                "argumentLiteralsIncompatible",
                node,
                up,
                typeName="Field",
                argumentName=name,
            )

    def leave_field(self, node: FieldNode, _key: Any, _parent: Any, _path: Any, up: Any) -> None:
        definition = self.context.get_field_def()
        if definition is None:
            return
        given = {argument.name.value for argument in node.arguments}
        missing = [
            name
            for name, argument in definition.args.items()
            if is_required_argument(argument) and name not in given
        ]
        if missing:
            names = ", ".join(missing)
            self.fault(
                f"Field '{node.name.value}' is missing required arguments: {names}",
                "missingRequiredArguments",
                node,
                up,
                className="Field",
                name=node.name.value,
                arguments=names,
            )


_REPLACED = {
    FieldsOnCorrectTypeRule,
    ScalarLeafsRule,
    KnownArgumentNamesRule,
    ValuesOfCorrectTypeRule,
    ProvidedRequiredArgumentsRule,
}
_RULES = [rule for rule in specified_rules if rule not in _REPLACED] + [_Fields, _Arguments]

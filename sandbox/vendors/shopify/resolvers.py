"""Resolvers: the schema with a way from every field to the frames."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from graphql import (
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    get_named_type,
)

from sandbox.vendors.shopify.frames import Ref
from sandbox.vendors.shopify.paging import Page, Window, nested_pages
from sandbox.vendors.shopify.roots import CONNECTIONS, COUNTS, NESTED, SINGLES, Request
from sandbox.vendors.shopify.schema import served_schema

Resolver = Callable[..., Any]


@cache
def executable_schema() -> GraphQLSchema:
    """The served schema, every field resolved."""
    schema = served_schema()
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, definition in kind.fields.items():
                definition.resolve = _resolver(kind, name, definition.type)
    for name in ("query_type", "mutation_type"):
        kind = getattr(schema, name)
        for field, resolve in _roots().items():
            if field in kind.fields:
                kind.fields[field].resolve = resolve
    return schema


def type_of(value: Any, _info: GraphQLResolveInfo, _abstract: Any) -> str:
    """The concrete type of an object under an interface."""
    return value.typename if isinstance(value, Ref) else str(value["__typename"])


def _resolver(kind: GraphQLObjectType, name: str, wanted: Any) -> Resolver:
    if kind.name.endswith("Connection"):
        return _CONNECTION[name]
    if kind.name.endswith("Edge"):
        return _EDGE[name]
    if kind.name == "PageInfo":
        return _PAGE_INFO[name]
    if get_named_type(wanted).name.endswith("Connection"):
        return _searched(name) if name in NESTED else _nested(name)
    if "first" in kind.fields[name].args:
        return _cut(name)
    if "names" in kind.fields[name].args:
        return _named(name)
    return lambda source, _info: source.get(name)


def _nested(name: str) -> Resolver:
    """A connection of an object: the same page of every object in its batch, made at once."""

    def resolve(source: Ref, _info: GraphQLResolveInfo, **arguments: Any) -> Page:
        pages: list[Page] = source.batch.once(
            (name, *sorted(arguments.items())),
            lambda: nested_pages(source.batch.column(name), Window.of(arguments)),
        )
        return pages[source.position]

    return resolve


def _searched(name: str) -> Resolver:
    """A nested connection that can be searched: one that is not found is not on any page."""

    def resolve(
        source: Ref, info: GraphQLResolveInfo, query: str | None = None, **arguments: Any
    ) -> Page:
        found = _request(info).found(name, query, str(info.path.key))
        refs = [ref for ref in source.get(name) if found[ref.row]]
        return nested_pages([refs], Window.of(arguments))[0]

    return resolve


def _named(name: str) -> Resolver:
    """A list with ``names``: only the objects of those names."""
    return lambda source, _info, names: [
        each for each in source.get(name) if each.get("name") in names
    ]


def _cut(name: str) -> Resolver:
    """A list with ``first``: the rest is not shown, and nothing tells so."""
    return lambda source, _info, first=None: source.get(name)[:first]


_CONNECTION: dict[str, Resolver] = {
    "edges": lambda page, _info: page.edges,
    "nodes": lambda page, _info: page.refs,
    "pageInfo": lambda page, _info: page,
}
_EDGE: dict[str, Resolver] = {
    "node": lambda edge, _info: edge.node,
    "cursor": lambda edge, _info: edge.cursor,
}
_PAGE_INFO: dict[str, Resolver] = {
    "hasNextPage": lambda page, _info: page.has_next,
    "hasPreviousPage": lambda page, _info: page.has_previous,
    "startCursor": lambda page, _info: page.start_cursor,
    "endCursor": lambda page, _info: page.end_cursor,
}


def _roots() -> dict[str, Resolver]:
    return {
        **{name: _connection(name) for name in CONNECTIONS},
        **{name: _single(kind) for name, kind in SINGLES.items()},
        **{name: _count(name) for name in COUNTS},
        "shop": lambda _root, info: _request(info).shop(),
        "node": lambda _root, info, id: _request(info).node(id),
        "nodes": lambda _root, info, ids: [_request(info).node(one) for one in ids],
        "bulkOperation": lambda _root, info, id: _operation(info, id),
        "currentBulkOperation": lambda _root, info, **_: _request(info).operations.newest(
            _request(info).base_url
        ),
        "bulkOperationRunQuery": _run_query,
        "bulkOperationCancel": lambda _root, info, id: _request(info).operations.cancel(
            id, _request(info).base_url
        ),
    }


def _request(info: GraphQLResolveInfo) -> Request:
    request: Request = info.context
    return request


def _connection(name: str) -> Resolver:
    return lambda _root, info, **arguments: _request(info).connection(
        name, arguments, str(info.path.key)
    )


def _single(kind: str) -> Resolver:
    return lambda _root, info, id: _request(info).single(kind, id)


def _count(name: str) -> Resolver:
    return lambda _root, info, **arguments: _request(info).count(
        name, arguments, str(info.path.key)
    )


def _operation(info: GraphQLResolveInfo, identity: str) -> dict[str, Any] | None:
    found = _request(info).node(identity)
    return found if isinstance(found, dict) else None


def _run_query(
    _root: Any,
    info: GraphQLResolveInfo,
    query: str,
    groupObjects: bool = False,  # noqa: N803
) -> dict[str, Any]:
    request = _request(info)
    return request.operations.run(query, request, grouped=groupObjects)

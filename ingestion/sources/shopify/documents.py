"""The GraphQL documents of this folder, each with the fragments that it spreads."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import orjson

_SPREAD = re.compile(r"\.\.\.(?P<name>[A-Z]\w*)")
_DEFINITION = re.compile(r"^fragment (?P<name>\w+) on ", re.MULTILINE)
_OPERATION = re.compile(r"^query \w+ ", re.MULTILINE)
_FILTER = '(query: "$filter")'
_QUERIES = files(__package__) / "queries"


@cache
def document(name: str) -> str:
    """A document of `queries/`, complete.

    Args:
        name: Its file, without `.graphql`.

    Returns:
        The operation, then every fragment that it needs, once.
    """
    operation = (_QUERIES / f"{name}.graphql").read_text("utf-8")
    needed: dict[str, None] = {}
    waiting = _spreads(operation)
    while waiting:
        fragment = waiting.pop(0)
        if fragment not in needed:
            needed[fragment] = None
            waiting += _spreads(_fragments()[fragment])
    return "\n".join([operation, *(_fragments()[name] for name in needed)])


def bulk_document(name: str, search: str) -> str:
    """A document for a bulk operation, which takes no variables: the filter stands in its text.

    Args:
        name: Its file, without `.graphql`.
        search: The filter in Shopify's search syntax; empty for everything.

    Returns:
        The document.
    """
    anonymous = _OPERATION.sub("query ", document(name))
    return anonymous.replace(_FILTER, f"(query: {orjson.dumps(search).decode()})" if search else "")


def document_names() -> tuple[str, ...]:
    """Every document of the folder, without its fragments."""
    found = (entry.name for entry in _QUERIES.iterdir())
    return tuple(
        sorted(name.removesuffix(".graphql") for name in found if name.endswith(".graphql"))
    )


@cache
def _fragments() -> dict[str, str]:
    texts = (entry.read_text("utf-8") for entry in (_QUERIES / "fragments").iterdir())
    return {_DEFINITION.findall(text)[0]: text for text in texts}


def _spreads(text: str) -> list[str]:
    return list(dict.fromkeys(_SPREAD.findall(text)))

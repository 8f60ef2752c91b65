"""Holds answers against a vendor's OpenAPI document (3.0), whatever it says of the answer."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

ROOT = "urn:vendor"


class OpenApi:
    """A document.

    Args:
        document: Decoded.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = _with_nulls(document)
        resource = Resource.from_contents(self._document, default_specification=DRAFT4)
        self._registry = Registry().with_resource(ROOT, resource)
        self._paths = {
            path: re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$")
            for path in sorted(document["paths"], key=lambda path: path.count("{"))
        }

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths that the document has."""
        return tuple(self._paths)

    def check(self, method: str, path: str, status: int, body: Any) -> str:
        """Validates an answer; returns the operation that it is of.

        Args:
            method: As get.
            path: As asked, below the server's address.
            status: Of the answer.
            body: Decoded.

        Raises:
            jsonschema.ValidationError: It is not what the document says.
        """
        template = next(name for name, shape in self._paths.items() if shape.match(path))
        answers = self._document["paths"][template][method.lower()]["responses"]
        found = answers.get(str(status)) or answers["default"]
        schema = _absolute(found["content"]["application/json"]["schema"])
        jsonschema.Draft4Validator(schema, registry=self._registry).validate(body)
        return f"{method.lower()} {template}"


def _absolute(schema: Any) -> Any:
    """References as of the whole document."""
    if isinstance(schema, dict):
        found = {name: _absolute(value) for name, value in schema.items()}
        if str(found.get("$ref", "")).startswith("#"):
            found["$ref"] = ROOT + found["$ref"]
        return found
    return [_absolute(value) for value in schema] if isinstance(schema, list) else schema


def _with_nulls(schema: Any) -> Any:
    """`nullable` of OpenAPI 3.0 in the words of JSON Schema."""
    if isinstance(schema, list):
        return [_with_nulls(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _with_nulls(value) for name, value in schema.items()}
    if found.pop("nullable", None) is True:
        return {"anyOf": [found, {"type": "null"}]}
    return found

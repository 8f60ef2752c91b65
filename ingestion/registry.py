"""Finds the sources: every package `ingestion.sources.<word>` that has a `spec.SPEC`."""

from __future__ import annotations

import difflib
import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import cast

from ingestion import sources
from ingestion.errors import UnknownSourceError
from ingestion.spec import Connect, Settle, SourceSpec


@cache
def source_specs() -> dict[str, SourceSpec]:
    """Every source by name, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(sources.__path__) if module.ispkg)
    return {name: import_module(f"{sources.__name__}.{name}.spec").SPEC for name in names}


def find_source(name: str) -> SourceSpec:
    """The spec of a source.

    Args:
        name: The source's word.

    Returns:
        Its spec.

    Raises:
        UnknownSourceError: With the nearest names.
    """
    specs = source_specs()
    if name in specs:
        return specs[name]
    near = difflib.get_close_matches(name, specs, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(specs)}"
    raise UnknownSourceError(f"There is no source {name!r}", remedy=hint)


def find_connect(spec: SourceSpec) -> Connect:
    """The function that makes a source's client; imported only when it is needed."""
    return spec.connect or cast("Connect", _client_module(spec).connect)


def find_settle(spec: SourceSpec) -> Settle | None:
    """The function that puts a source's tables in order after a load, where it has one."""
    if spec.connect:
        return None
    return cast("Settle | None", getattr(_client_module(spec), "settle", None))


def _client_module(spec: SourceSpec) -> ModuleType:
    return import_module(f"{sources.__name__}.{spec.name}.client")

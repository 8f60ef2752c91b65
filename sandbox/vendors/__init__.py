"""The vendors' APIs, each as its vendor speaks it.

A vendor is a module (or package) here with a module-level ``VENDOR = Vendor(...)``; the server
finds it by itself and mounts its app at ``/<name>``. A vendor reads ``world.view()`` (what is
visible now) and nothing else of the world; faults that any vendor can have (429 storms, 5xx,
time-outs, cut connections and JSON) are put before it by the server, those that need to know
pages (``duplicate_page``, ``shifting_page``) it asks for with ``faults.take(name, kind)``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.world.world import World

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Message, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Vendor:
    """One vendor of the sandbox.

    Attributes:
        name: The product's word for the source (``shopify``); also the mount path.
        app: Builds the ASGI app (a Starlette application). Paths it sees are the vendor's own;
            the shop comes first where the vendor has a host per shop
            (``/basketline-eu/admin/api/2026-10/graphql.json``).
        throttled: Status, headers and body of the vendor's own "too many requests".
        failed: Status, headers and body of the vendor's own server error.
        settings: The product's settings that point to it, from its address here.
    """

    name: str
    app: Callable[[World, Clock, Faults], ASGIApp]
    throttled: tuple[int, dict[str, str], bytes]
    failed: tuple[int, dict[str, str], bytes]
    settings: Callable[[str], dict[str, str]]


def vendors() -> Iterator[Vendor]:
    """Every vendor of this package, by name."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        vendor = getattr(importlib.import_module(f"{__name__}.{module.name}"), "VENDOR", None)
        if isinstance(vendor, Vendor):
            yield vendor

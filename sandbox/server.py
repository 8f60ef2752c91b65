"""The ASGI shell: every vendor under its name, and the sandbox's own switches."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from sandbox.faults import Fault, Faults
from sandbox.gate import Gate
from sandbox.publish import publish
from sandbox.store import StateError, Store, check_clock
from sandbox.vendors import vendors
from sandbox.world.parameters import parameters
from sandbox.world.world import World
from sandbox.writing import write_text

LATE_UPDATE_TIME = pd.Timedelta(hours=6)


@dataclass
class Sandbox:
    """A running sandbox.

    Attributes:
        world: The world and its clock.
        store: Its state folder.
        faults: What goes wrong next.
    """

    world: World
    store: Store
    faults: Faults

    def publish(self) -> list[str]:
        """Write truth and files as of the clock; returns the feeds' files that changed."""
        self.store.save(self.world)
        known = json.dumps(parameters(self.world.size), indent=2) + "\n"
        write_text(self.store.folder / "truth/parameters.json", known)
        return publish(self.world.view(), self.world.clock.now, self.store.folder)

    def advance(self, by: pd.Timedelta) -> list[str]:
        """Move the clock on and publish what is then visible.

        Raises:
            StateError: The world ends before that.
        """
        clock = self.world.clock
        check_clock(self.world.size, clock.now + by)
        clock.advance(by)
        return self.publish()

    def state(self) -> dict[str, object]:
        """What the sandbox is, in JSON."""
        view = self.world.view()
        return {
            "size": self.world.size,
            "seed": self.world.seed,
            "now": self.world.clock.now.isoformat(),
            "vendors": [vendor.name for vendor in vendors()],
            "folder": str(self.store.folder.resolve()),
            "orders": len(view.orders),
            "web_events": len(view.web_events),
            "faults": self.faults.pending,
        }


def application(sandbox: Sandbox) -> Starlette:
    """The whole server."""
    world, faults = sandbox.world, sandbox.faults

    def late_update() -> None:
        sandbox.advance(LATE_UPDATE_TIME)

    gates = [
        Mount(
            f"/{vendor.name}",
            app=Gate(vendor, vendor.app(world, world.clock, faults), faults, late_update),
        )
        for vendor in vendors()
    ]
    return Starlette(routes=[Mount("/_sandbox", routes=_switches(sandbox)), *gates])


def _switches(sandbox: Sandbox) -> list[Route]:
    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def state(_: Request) -> JSONResponse:
        return JSONResponse(sandbox.state())

    async def advance(request: Request) -> JSONResponse:
        try:
            days = int((await request.json())["days"])
            changed = sandbox.advance(pd.Timedelta(days=days))
        except (json.JSONDecodeError, KeyError, TypeError, ValueError):
            return JSONResponse({"error": 'send {"days": <whole number>}'}, 400)
        except StateError as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({**sandbox.state(), "changed_files": changed})

    async def faults(request: Request) -> JSONResponse:
        try:
            body = await request.json()
            if body.get("clear"):
                sandbox.faults.clear()
            else:
                kind, count = Fault(body["kind"]), int(body.get("count", 1))
                sandbox.faults.schedule(str(body["vendor"]), kind, count)
        except (json.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
            kinds = ", ".join(Fault)
            wanted = f'send {{"vendor": ..., "kind": one of {kinds}, "count": ...}}'
            return JSONResponse({"error": wanted}, 400)
        return JSONResponse({"faults": sandbox.faults.pending})

    return [
        Route("/health", health),
        Route("/state", state),
        Route("/advance", advance, methods=["POST"]),
        Route("/faults", faults, methods=["POST"]),
    ]

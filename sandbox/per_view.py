"""Remembers what was rendered of a view, until the clock moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from sandbox.world.ledger import Ledger


class PerView:
    """Renderings of one view of the world, by name: a list is made once, not once a page."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._view: Ledger | None = None
        self._made: dict[Hashable, Any] = {}

    def get(self, view: Ledger, name: Hashable, make: Callable[[], Any]) -> Any:
        """What was made of the view under that name; made now, if it was not yet.

        Args:
            view: The view; another one than before forgets everything.
            name: Tells renderings apart.
            make: Makes it.
        """
        if view is not self._view:
            self._view, self._made = view, {}
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

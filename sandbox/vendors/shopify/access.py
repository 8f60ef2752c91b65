"""Who may ask: the sandbox's access tokens and the client-credentials grant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock

CLIENT_ID = "basketline-sandbox"
CLIENT_SECRET = "shpss_basketline_sandbox"
LIFETIME_SECONDS = 86_399
SCOPES = "read_all_orders,read_customers,read_inventory,read_locations,read_orders,read_products"


def admin_token(shop: str) -> str:
    """The token of the custom app that every shop of the sandbox has; it never expires."""
    return f"shpat_sandbox_{shop}"


@dataclass
class Access:
    """The tokens of one shop.

    Attributes:
        shop: Its handle.
        clock: Counts the life of granted tokens.
    """

    shop: str
    clock: Clock
    _granted: dict[str, float] = field(default_factory=dict)

    def allows(self, token: str | None) -> bool:
        """Whether a token is good now."""
        if token == admin_token(self.shop):
            return True
        return self._granted.get(token or "", 0.0) > self.clock.seconds

    def grant(self, form: dict[str, Any]) -> dict[str, Any] | None:
        """The client-credentials grant.

        Args:
            form: ``client_id``, ``client_secret`` and ``grant_type``.

        Returns:
            The answer with a token good for a day, or ``None`` for wrong credentials.
        """
        wanted = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "grant_type": "client_credentials",
        }
        if any(form.get(name) != value for name, value in wanted.items()):
            return None
        token = f"shpca_sandbox_{self.shop}_{len(self._granted) + 1}"
        self._granted[token] = self.clock.seconds + LIFETIME_SECONDS
        return {"access_token": token, "scope": SCOPES, "expires_in": LIFETIME_SECONDS}

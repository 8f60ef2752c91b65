"""Who may ask: the sandbox's access tokens and the client-credentials grant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock

CLIENT_ID = "basketline-sandbox"
CLIENT_SECRET = "shpss_basketline_sandbox"
LIFETIME_SECONDS = 86_399
SCOPES = (
    "read_all_orders",
    "read_customers",
    "read_discounts",
    "read_gift_cards",
    "read_inventory",
    "read_locations",
    "read_orders",
    "read_products",
)


def admin_token(shop: str, *, without: str = "") -> str:
    """The token of a custom app that every shop of the sandbox has; it never expires.

    Args:
        shop: The shop's handle.
        without: A scope that this app was not given.
    """
    return f"shpat_sandbox_{shop}" + (f".without.{without}" if without else "")


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

    def scopes(self, token: str | None) -> frozenset[str]:
        """What a token may read now; nothing if it is not good."""
        own, _, lacking = (token or "").partition(".without.")
        is_good = own == admin_token(self.shop) or (
            self._granted.get(own, 0.0) > self.clock.seconds
        )
        return frozenset(SCOPES) - {lacking} if is_good else frozenset()

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
        return {"access_token": token, "scope": ",".join(SCOPES), "expires_in": LIFETIME_SECONDS}

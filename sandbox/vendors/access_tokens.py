"""Access tokens for a refresh token, which end on the virtual clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.clock import Clock


@dataclass
class TokenDesk:
    """Gives out tokens and knows which are good.

    Attributes:
        clock: The virtual clock.
        prefix: How a token begins.
        lifetime: Seconds.
    """

    clock: Clock
    prefix: str
    lifetime: int
    _ends: dict[str, float] = field(default_factory=dict)

    def issue(self) -> str:
        """A new token."""
        token = f"{self.prefix}{len(self._ends):08d}"
        self._ends[token] = self.clock.seconds + self.lifetime
        return token

    def knows(self, token: str) -> bool:
        """Whether the token was ever given out."""
        return token in self._ends

    def is_good(self, token: str) -> bool:
        """Whether the token was given out and has not ended."""
        return self._ends.get(token, 0.0) > self.clock.seconds


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form."""
    return dict(parse_qsl((await request.body()).decode()))

"""Ports of this machine."""

from __future__ import annotations

import socket

from orchestration.errors import PortInUseError

HOST = "127.0.0.1"


def claim_port(port: int, *, option: str = "--port") -> None:
    """Makes sure that nobody listens on a port.

    Args:
        port: Which.
        option: How the user can name another.

    Raises:
        PortInUseError: Somebody does.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise PortInUseError(
                f"Port {port} is in use or not allowed",
                remedy=f"Stop what listens there, or name another: {option} {port % 60000 + 1}",
            ) from error


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port

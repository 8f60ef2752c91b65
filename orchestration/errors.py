"""What can go wrong after the load; the same one line as in `ingestion.errors`.

TerminalError
├── BuildError         dbt failed: a model, a test or the project itself
├── MetricError        a metric was asked for what it cannot tell
├── PortInUseError     another program listens there
├── RunFailedError     a step of the daily run failed
└── SandboxError       the simulated shop did not start
"""

from __future__ import annotations

from ingestion.errors import TerminalError


class BuildError(TerminalError):
    """A model, a test or the dbt project itself failed."""


class MetricError(TerminalError):
    """A metric was asked for what it cannot tell."""


class PortInUseError(TerminalError):
    """Another program listens on the port."""


class RunFailedError(TerminalError):
    """A step of the daily run failed."""


class SandboxError(TerminalError):
    """The simulated shop did not start."""

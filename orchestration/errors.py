"""What can go wrong after the load; the same one line as in `ingestion.errors`.

TerminalError
├── BuildError         dbt failed: a model, a test or the project itself
├── ExportError        something cannot be written to a file
├── MetricError        a metric was asked for what it cannot tell
├── ModelError         a model has nothing to read, or was asked for what it does not know
├── PortInUseError     another program listens there
├── RunFailedError     a step of the daily run failed
├── SandboxError       the simulated shop did not start
└── SegmentError       a rule of a segment is wrong, or there is no such segment
"""

from __future__ import annotations

from ingestion.errors import TerminalError


class BuildError(TerminalError):
    """A model, a test or the dbt project itself failed."""


class ExportError(TerminalError):
    """Something cannot be written to a file, or is not there."""


class MetricError(TerminalError):
    """A metric was asked for what it cannot tell."""


class ModelError(TerminalError):
    """A model has nothing to read, or was asked for what it does not know."""


class PortInUseError(TerminalError):
    """Another program listens on the port."""


class RunFailedError(TerminalError):
    """A step of the daily run failed."""


class SandboxError(TerminalError):
    """The simulated shop did not start."""


class SegmentError(TerminalError):
    """A rule of a segment is wrong, or there is no such segment."""

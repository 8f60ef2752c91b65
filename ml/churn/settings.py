"""What the churn model may be told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChurnSettings:
    """What churn means, what is done with it, and how large the fit is.

    Attributes:
        horizon_days: Churned is who does not buy in so many days.
        short_horizon_days: The nearer question that is answered beside it.
        eligible_days: Who last bought longer ago than this is past losing.
        critical: From this probability on the risk is critical.
        high: From this on it is high.
        medium: From this on it is medium, below it is low.
        splits: Out-of-time splits, a horizon apart.
        bootstraps: Models whose agreement on the level is the confidence.
        fewest_rows: Customers that a split needs, to learn from and to be held against.
        most_rows: A fit takes a sample of so many of its rows where there are more.
        most_bootstrap_rows: The same of each bootstrap model.
        seed: Of all samples.
    """

    horizon_days: int = 90
    short_horizon_days: int = 30
    eligible_days: int = 365
    critical: float = 0.8
    high: float = 0.6
    medium: float = 0.3
    splits: int = 3
    bootstraps: int = 50
    fewest_rows: int = 200
    most_rows: int = 60_000
    most_bootstrap_rows: int = 10_000
    seed: int = 7

    @property
    def levels(self) -> tuple[tuple[str, float], ...]:
        """Levels with the probability each starts at, the highest first."""
        return (
            ("critical", self.critical),
            ("high", self.high),
            ("medium", self.medium),
            ("low", 0.0),
        )

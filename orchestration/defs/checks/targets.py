"""Whether metrics are within their targets: a check a metric that has one."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence

import dagster as dg

from ingestion.errors import IngestionError
from ingestion.settings import Settings
from orchestration.defs.policies import warehouse_pool
from orchestration.lib.environment import project_dir
from orchestration.lib.metric_alerts import TABLE, Alert, read_alerts

ALERTS = dg.AssetKey(["reports", TABLE])
SEED = "seeds/metrics/metric_targets.csv"


def target_checks(
    settings: Settings, made: Collection[dg.AssetKey]
) -> list[dg.AssetChecksDefinition]:
    """The checks of all targets; none where nothing has one.

    Args:
        settings: Name the project and the warehouse.
        made: Keys that dbt makes.
    """
    keys = _metrics_with_targets(settings)
    if not keys or ALERTS not in made:
        return []

    @dg.multi_asset_check(
        name="check_targets",
        specs=[
            dg.AssetCheckSpec(
                _name(key), asset=ALERTS, description=f"{key} kept its targets on the newest day."
            )
            for key in keys
        ],
        pool=warehouse_pool(settings),
    )
    def check_targets() -> Iterator[dg.AssetCheckResult]:
        try:
            alerts = read_alerts(settings)
        except IngestionError as error:
            raise dg.Failure(str(error), allow_retries=error.is_transient) from error
        for key in keys:
            yield _result(key, [alert for alert in alerts if alert.metric_key == key])

    return [check_targets]


def _metrics_with_targets(settings: Settings) -> list[str]:
    seed = project_dir(settings) / SEED
    if not seed.exists():
        return []
    with seed.open(newline="") as file:
        return sorted({row["metric_key"] for row in csv.DictReader(file)})


def _result(key: str, alerts: Sequence[Alert]) -> dg.AssetCheckResult:
    is_error = any(alert.severity == "error" for alert in alerts)
    return dg.AssetCheckResult(
        asset_key=ALERTS,
        check_name=_name(key),
        passed=not alerts,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        description="; ".join(map(str, alerts)) or None,
        metadata={"cells_outside": len(alerts)},
    )


def _name(key: str) -> str:
    return f"target_of_{key}"

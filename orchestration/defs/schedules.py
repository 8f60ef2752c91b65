"""The job `daily` and when it runs."""

from __future__ import annotations

import dagster as dg
from dagster._utils.schedules import is_valid_cron_schedule

from ingestion.errors import SettingsError
from ingestion.settings import Settings

DAILY = "daily"


def daily_schedule(settings: Settings) -> dg.ScheduleDefinition:
    """Loads every source, builds what has to be built, writes the docs, at SCHEDULE_CRON.

    Args:
        settings: Have the cron line; its hours are UTC.

    Raises:
        SettingsError: The cron line cannot be read.
    """
    if not is_valid_cron_schedule(settings.schedule_cron):
        raise SettingsError(
            f"SCHEDULE_CRON is not usable: {settings.schedule_cron}",
            remedy="Write five fields, for example 0 2 * * *",
        )
    job = dg.define_asset_job(
        DAILY,
        selection=dg.AssetSelection.all(),
        description="Loads every source, builds what lies downstream of new rows, writes the docs.",
    )
    return dg.ScheduleDefinition(
        name="daily_schedule",
        job=job,
        cron_schedule=settings.schedule_cron,
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )

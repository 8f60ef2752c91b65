"""Reads one Klaviyo account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ingestion.columns import Rows
from ingestion.sources.klaviyo import rows
from ingestion.sources.klaviyo.api import KlaviyoApi
from ingestion.sources.klaviyo.settings import KlaviyoAccountSettings, KlaviyoSettings
from ingestion.sources.klaviyo.spec import expiry
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

CHANNELS = ("email", "sms")
BATCH_EVENTS = 20_000
EXPIRY_NOTICE = dt.timedelta(days=60)
Batches = Iterator[tuple[str, Rows] | Removed]


def connect(account: KlaviyoAccountSettings, context: ClientContext) -> KlaviyoClient:
    """Makes the client of one account; asks nothing yet."""
    return KlaviyoClient(account, context)


class KlaviyoClient:
    """One account.

    Args:
        account: Its settings.
        context: The section of the settings, clock and notes.
    """

    def __init__(self, account: KlaviyoAccountSettings, context: ClientContext) -> None:
        section = context.section
        self._section = section if isinstance(section, KlaviyoSettings) else KlaviyoSettings()
        self._context = context
        self._api = KlaviyoApi(account, context, revision=self._section.revision)
        self._note_expiry()

    def extract(self, stream: str, window: Window) -> Batches:
        """Reads a list whole, or profiles and events from the window on.

        Args:
            stream: metrics, lists, segments, list_members, campaigns, flows, profiles or events.
            window: What is asked for.

        Yields:
            Rows by table.
        """
        if stream == "metrics":
            for document in self._api.pages("metrics", "metrics"):
                yield stream, [rows.metric_row(metric) for metric in document["data"]]
        elif stream in ("lists", "segments"):
            yield from self._groups(stream)
        elif stream == "profiles":
            yield from self._profiles(window)
        elif stream == "events":
            yield from self._events(window)
        else:
            read = {"list_members": self._members, "campaigns": self._campaigns}
            yield from read.get(stream, self._flows)()

    def check(self) -> None:
        """Tests the key with one cheap call."""
        next(self._api.pages("metrics", "metrics", fields__metric="name"))

    def close(self) -> None:
        """Closes the connections."""
        self._api.close()

    def _groups(self, stream: str) -> Batches:
        names = ("name", "created", "updated")
        own = {"lists": ("opt_in_process",), "segments": ("is_active", "is_processing")}
        more = ("is_starred",) if stream == "segments" else ()
        for document in self._api.pages(stream, stream):
            yield stream, [rows.flat(one, *names, *own[stream], *more) for one in document["data"]]

    def _members(self) -> Batches:
        """Read whole each time: Klaviyo tells who joined a list, not who left it."""
        ids = [
            one["id"]
            for document in self._api.pages("lists", "lists", fields__list="name")
            for one in document["data"]
        ]
        for list_id in ids:
            for document in self._api.pages(
                "list_members",
                f"lists/{list_id}/profiles",
                fields__profile="joined_group_at",
                sort="joined_group_at",
            ):
                yield (
                    "list_members",
                    [
                        {
                            "list_id": list_id,
                            "profile_id": member["id"],
                            "joined_group_at": member["attributes"].get("joined_group_at"),
                        }
                        for member in document["data"]
                    ],
                )

    def _campaigns(self) -> Batches:
        """A filter by channel is required; archived ones come only where they are asked for."""
        for channel in CHANNELS:
            for archived in ("false", "true"):
                for document in self._api.pages(
                    "campaigns",
                    "campaigns",
                    filter=f"and(equals(messages.channel,'{channel}'),equals(archived,{archived}))",
                    include="campaign-messages",
                ):
                    found = [rows.campaign_row(one, channel) for one in document["data"]]
                    yield "campaigns", found
                    yield "campaign_messages", list(rows.campaign_message_rows(document))

    def _flows(self) -> Batches:
        """A flow's actions say which messages it sends: one question a flow instead of many."""
        names = ("name", "status", "archived", "created", "updated", "trigger_type")
        for archived in ("false", "true"):
            for document in self._api.pages(
                "flows", "flows", filter=f"equals(archived,{archived})"
            ):
                yield "flows", [rows.flat(flow, *names) for flow in document["data"]]
                for flow in document["data"]:
                    yield "flow_messages", self._flow_messages(flow["id"])

    def _flow_messages(self, flow_id: str) -> list[dict[str, Any]]:
        return [
            row
            for document in self._api.pages("flow_actions", f"flows/{flow_id}/flow-actions")
            for row in rows.flow_message_rows(flow_id, document["data"])
        ]

    def _profiles(self, window: Window) -> Batches:
        """Changed profiles, and on days on which predictions are due all of them."""
        observed_at = dt.datetime.combine(self._context.now.date(), dt.time(), tzinfo=dt.UTC)
        seen = dt.datetime.fromisoformat(window.seen) if window.seen else None
        reads_all = self._are_predictions_due(window)
        conditions = [] if reads_all else _conditions("updated", window, since="greater-than")
        for document in self._api.pages(
            "profiles",
            "profiles",
            additional_fields__profile="subscriptions,predictive_analytics",
            sort="updated",
            **({"filter": _all_of(conditions)} if conditions else {}),
        ):
            data = document["data"]
            changed = (one for one in data if _is_after(one, window.since))
            yield "profiles", [rows.profile_row(profile) for profile in changed]
            told = data if reads_all else [one for one in data if _is_after(one, seen)]
            found = (rows.prediction_row(profile, observed_at) for profile in told)
            yield "profile_predictions", [row for row in found if row]
        if reads_all:
            self._context.state["predictions_seen_on"] = observed_at.date().isoformat()

    def _are_predictions_due(self, window: Window) -> bool:
        if window.is_explicit:
            return False
        seen_on = self._context.state.get("predictions_seen_on")
        if window.is_first_load or not seen_on:
            return True
        due = dt.date.fromisoformat(seen_on) + dt.timedelta(self._section.predictions_every_days)
        return self._context.now.date() >= due

    def _events(self, window: Window) -> Batches:
        conditions = _conditions("datetime", window, since="greater-or-equal")
        waiting: list[dict[str, Any]] = []
        for document in self._api.pages(
            "events",
            "events",
            fields__event="timestamp,event_properties,datetime,uuid",
            # Without it the answer may lack the metric's id; its name is enough.
            include="metric",
            fields__metric="name",
            sort="datetime",
            **({"filter": _all_of(conditions)} if conditions else {}),
        ):
            waiting += document["data"]
            if len(waiting) >= BATCH_EVENTS:
                yield "events", rows.event_table(waiting)
                waiting = []
        if waiting:
            yield "events", rows.event_table(waiting)

    def _note_expiry(self) -> None:
        ends = expiry(self._section.revision)
        if self._context.now.date() >= ends - EXPIRY_NOTICE:
            self._context.note(
                f"Klaviyo's revision {self._section.revision} may end from {ends} on:"
                " set KLAVIYO__REVISION to a newer one"
            )


def _conditions(field: str, window: Window, *, since: str) -> list[str]:
    """A window as filters; `updated` knows only greater-than, which leaves the bound itself out."""
    found = []
    if window.since:
        found.append(f"{since}({field},{_text(window.since)})")
    if window.until:
        found.append(f"less-than({field},{_text(window.until)})")
    return found


def _all_of(conditions: list[str]) -> str:
    return f"and({','.join(conditions)})" if len(conditions) > 1 else conditions[0]


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _is_after(profile: rows.Resource, moment: dt.datetime | None) -> bool:
    """Whether a profile changed after a time; one that does not tell is kept."""
    updated = profile["attributes"].get("updated")
    return not updated or moment is None or dt.datetime.fromisoformat(updated) > moment

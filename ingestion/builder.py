"""Makes the dlt source of a spec: every table of every account, as its facts say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import dlt
import pyarrow as pa

from ingestion.changes import RowDigester
from ingestion.columns import Rows
from ingestion.hints import RowNumbers, empty_batch, table_hints
from ingestion.settings import Account, Settings, SourceSettings
from ingestion.spec import Client, ClientContext, Connect, Removed, SourceSpec, Table
from ingestion.summary import Progress
from ingestion.table_stream import TableStream, Tally
from ingestion.windows import Window, plan_window

BATCH_ROWS = 20_000


@dataclass(frozen=True)
class LoadRequest:
    """What one run is asked to load.

    Attributes:
        now: The start of the run; `_loaded_at` of its rows.
        date_from: First day of a range, where the user gave one.
        date_to: Its last day, inclusive.
        full: Everything again.
        options: Switches that one source knows.
    """

    now: dt.datetime
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    full: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tools:
    """What touches the outside, so that a test can replace it.

    Attributes:
        connect: Makes a client; None takes the source's own.
        clock: The time now, UTC.
        sleep: Waits so many seconds.
        progress: Is told of every batch.
    """

    connect: Connect
    clock: Callable[[], dt.datetime]
    sleep: Callable[[float], None]
    progress: Callable[[Progress], None]


class Extraction:
    """One run of a source: a dlt source, and the counts that it leaves behind.

    Args:
        spec: The source's facts.
        accounts: The accounts to load.
        section: The source's section of the settings.
        settings: What is not one source's own.
        request: What to load.
        tools: What touches the outside.
    """

    def __init__(
        self,
        spec: SourceSpec,
        *,
        accounts: tuple[Account, ...],
        section: SourceSettings,
        settings: Settings,
        request: LoadRequest,
        tools: Tools,
    ) -> None:
        self._spec = spec
        self._tables = spec.tables_for(settings)
        self._accounts = accounts
        self._section = section
        self._settings = settings
        self._request = request
        self._tools = tools
        self._declared: set[str] = set()
        self.tallies = {table.name: Tally() for table in self._tables}
        self.notes: list[str] = []

    def dlt_source(self, existing: Mapping[str, Collection[str]]) -> Any:
        """The source, for `pipeline.extract`.

        Args:
            existing: Tables that are there already, with their columns.
        """
        resource = dlt.resource(self._items(existing), name=self._spec.name)
        return dlt.source(lambda: resource, name=self._spec.name, max_table_nesting=0)()

    def _items(self, existing: Mapping[str, Collection[str]]) -> Iterator[Any]:
        """Every table that is not there yet, empty and typed, then every account's rows."""
        for table in self._tables:
            empty = empty_batch(table, self._request.now)
            if not set(empty.column_names) <= set(existing.get(table.name, ())):
                self._declared.add(table.name)
                yield dlt.mark.with_hints(empty, table_hints(table), create_table_variant=True)
        state = dlt.current.source_state()
        numbers, states = RowNumbers(state), state.setdefault("accounts", {})
        for account in self._accounts:
            own = states.setdefault(account.account_id, {})
            yield from self._account_items(account, own, numbers)

    def _account_items(
        self, account: Account, state: MutableMapping[str, Any], numbers: RowNumbers
    ) -> Iterator[Any]:
        client = self._tools.connect(account, self._client_context(state))
        digester = RowDigester()
        try:
            for stream in dict.fromkeys(table.stream_name for table in self._tables):
                yield from self._stream_items(
                    client, account.account_id, stream, state, digester, numbers
                )
        finally:
            digester.close()
            client.close()

    def _client_context(self, state: MutableMapping[str, Any]) -> ClientContext:
        return ClientContext(
            source=self._spec.name,
            settings=self._settings,
            section=self._section,
            now=self._request.now,
            clock=self._tools.clock,
            sleep=self._tools.sleep,
            state=state.setdefault("client", {}),
            note=self.notes.append,
            options=self._request.options,
        )

    def _stream_items(
        self,
        client: Client,
        account_id: str,
        stream: str,
        state: MutableMapping[str, Any],
        digester: RowDigester,
        numbers: RowNumbers,
    ) -> Iterator[Any]:
        tables = [table for table in self._tables if table.stream_name == stream]
        cursors = state.setdefault("cursors", {})
        window = plan_stream(tables[0], cursors.get(stream), self._request)
        remembered = state.setdefault("tables", {})
        loads = {
            table.name: TableStream(
                table,
                account_id=account_id,
                window=window,
                now=self._request.now,
                tally=self.tallies[table.name],
                state=remembered.setdefault(table.name, {}),
                digester=digester,
                declared=self._declared,
                numbers=numbers,
            )
            for table in tables
        }
        for item in _in_batches(client.extract(stream, window)):
            yield from self._take(item, loads, account_id)
        for load in loads.values():
            yield from load.finish(loads.get(load.table.parent or ""))
        newest = loads[tables[0].name].newest
        if newest and not window.is_explicit:
            cursors[stream] = max(newest, cursors.get(stream) or newest)

    def _take(
        self, item: tuple[str, Rows] | Removed, loads: dict[str, TableStream], account_id: str
    ) -> Iterator[Any]:
        if isinstance(item, Removed):
            yield from loads[item.table].remove(item.groups)
            return
        name, rows = item
        yield from loads[name].load(rows)
        count = rows.num_rows if isinstance(rows, pa.Table) else len(rows)
        self._tools.progress(Progress(self._spec.name, account_id, "extract", name, count))


def plan_stream(lead: Table, seen: str | None, request: LoadRequest) -> Window:
    """What a stream is asked for, by its first table.

    Args:
        lead: The first table of the stream.
        seen: The newest cursor value of the runs before, as ISO text.
        request: What the run is asked to load.
    """
    return plan_window(
        seen=seen,
        now=request.now,
        overlap=lead.overlap,
        restatement_days=lead.restatement_days_on(request.now.date()),
        date_from=request.date_from,
        date_to=request.date_to,
        full=request.full,
    )


def _in_batches(
    items: Iterable[tuple[str, Rows] | Removed],
) -> Iterator[tuple[str, Rows] | Removed]:
    """Joins small batches of records, a table each; tables pass as they are."""
    waiting: dict[str, list[Any]] = {}
    for item in items:
        if isinstance(item, Removed) or isinstance(item[1], pa.Table):
            yield item
            continue
        name, rows = item
        waiting.setdefault(name, []).extend(rows)
        if len(waiting[name]) >= BATCH_ROWS:
            yield name, waiting.pop(name)
    yield from waiting.items()

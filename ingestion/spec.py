"""The facts of a source. A new source is a `SourceSpec` and a client, no other code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from ingestion.columns import ColumnType, Rows
from ingestion.errors import SettingsError
from ingestion.settings import Account, Settings, SourceSettings
from ingestion.windows import Window

ACCOUNT_COLUMN = "_account_id"
LOADED_COLUMN = "_loaded_at"
OBSERVED_COLUMN = "_observed_at"
OBSERVED_DAY_COLUMN = "_observed_date"
REMOVED_COLUMN = "_is_removed"
ROW_COLUMN = "_row_id"

LoadMode = Literal["merge", "replace_groups", "replace_account", "keep_versions"]


@dataclass(frozen=True)
class Table:
    """One raw table.

    Attributes:
        name: Its name in the schema `raw_<source>`.
        description: What a row is, starting with the grain.
        columns: Names and types, in order; `_account_id` and `_loaded_at` come by themselves.
        primary_key: Columns that tell rows of one account apart. Without any, exact repeats are
            kept, and each row gets a number of its own in `_row_id`: a load that is killed and
            resumed copies rows twice, and only a key tells them apart.
        stream: What the client is asked for; several tables may come out of one stream. The first
            table of a stream leads: its cursor or dates decide what is asked.
        cursor: Column of the time or day that grows; of a child, its parent's, carried along.
        overlap: How far behind the newest row seen a run asks again (late arrivals).
        restatement_days: The vendor restates this many days: each run asks for them again and
            replaces them. Only with `replace_by` = the cursor, a date.
        weekly_restatement_days: So many on Sundays, where a vendor still changes what is older.
        replace_by: Rows of one account that share these columns are replaced together, so that
            what vanished does vanish: the day of a report, the order of a line.
        parent: The table whose rows own these (`replace_by` has the columns of its primary key);
            an owner that arrives without any empties its group.
        kind: A ledger has the newest state of each row; an observation keeps every version seen,
            told apart by the cursor, or where there is none by the day it was observed.
        replaces_account: Each run reads the account's whole table.
    """

    name: str
    description: str
    columns: Mapping[str, ColumnType]
    primary_key: tuple[str, ...] = ()
    stream: str = ""
    cursor: str | None = None
    overlap: dt.timedelta = dt.timedelta(0)
    restatement_days: int = 0
    weekly_restatement_days: int = 0
    replace_by: tuple[str, ...] = ()
    parent: str | None = None
    kind: Literal["ledger", "observation"] = "ledger"
    replaces_account: bool = False

    @property
    def stream_name(self) -> str:
        """What the client is asked for."""
        return self.stream or self.name

    @property
    def load_mode(self) -> LoadMode:
        """How rows meet those that are there."""
        if self.kind == "observation":
            return "keep_versions"
        if self.replaces_account:
            return "replace_account"
        return "replace_groups" if self.replace_by else "merge"

    @property
    def longest_restatement_days(self) -> int:
        """The most days that any run asks for again."""
        return max(self.restatement_days, self.weekly_restatement_days)

    def restatement_days_on(self, day: dt.date) -> int:
        """How many days a run of that day asks for again."""
        is_sunday = day.isoweekday() == 7
        return self.longest_restatement_days if is_sunday else self.restatement_days

    @property
    def is_partitioned(self) -> bool:
        """Whether a run replaces whole days, so that a range of days can be loaded alone."""
        return bool(self.cursor) and self.replace_by == (self.cursor,)


@dataclass(frozen=True)
class Removed:
    """Says that groups of a table are empty now: of a file that has no such rows any more.

    Attributes:
        table: The table.
        groups: One mapping a group, from the columns of `replace_by` to their values.
    """

    table: str
    groups: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class RateLimit:
    """How often a vendor may be asked, as it publishes it.

    Attributes:
        requests: So many requests
        seconds: in so many seconds.
    """

    requests: float
    seconds: float = 1.0


@dataclass(frozen=True)
class ClientContext:
    """What a client may use beside its account; everything here can be replaced in a test.

    Attributes:
        source: The source's name.
        settings: What is not one source's own.
        section: The source's section of the settings.
        now: The start of the run.
        clock: The time now, in UTC.
        sleep: Waits so many seconds.
        state: What the client remembers of this account from run to run; JSON values. It is kept
            only when the rows that belong to it are.
        note: Tells the reader of the summary something, in one line.
        options: Switches of this one run, by name.
    """

    source: str
    settings: Settings
    section: SourceSettings
    now: dt.datetime
    clock: Callable[[], dt.datetime]
    sleep: Callable[[float], None]
    state: MutableMapping[str, Any]
    note: Callable[[str], None]
    options: Mapping[str, Any] = field(default_factory=dict)


class Client(Protocol):
    """Speaks a vendor's protocol for one account. `client.py` has `connect`, which makes it."""

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads what a window asks for, to the last page.

        Args:
            stream: One of the spec's streams.
            window: What is asked for.

        Yields:
            The table's name and a batch of its rows, or emptied groups.
        """
        ...

    def check(self) -> None:
        """Asks one cheap thing, so that wrong credentials or places show.

        Raises:
            IngestionError: As when loading.
        """
        ...

    def close(self) -> None:
        """Gives connections back."""
        ...


class Connect(Protocol):
    """The one function that a `client.py` must have: `connect(account, context)`."""

    def __call__(self, account: Any, context: ClientContext) -> Client:
        """Makes the client of one account; asks nothing yet."""
        ...


class Settle(Protocol):
    """What a `client.py` may have: `settle(...)` puts in order what several loads brought.

    It runs after every load, and running it again must change nothing.
    """

    def __call__(
        self,
        account: Any,
        settings: Settings,
        execute: Callable[[str], Any],
        qualified: Callable[[str], str],
    ) -> None:
        """Runs statements in the warehouse; `qualified` gives a table's full name."""
        ...


@dataclass(frozen=True)
class SourceSpec:
    """The facts of a source.

    Attributes:
        name: One word: package, schema `raw_<name>`, staging folder and Dagster group.
        description: What it brings.
        settings: The class of its section of the settings.
        tables: Its tables; a function of the settings where they are not known before.
        setup_hint: What to set in `.env` when no account is there.
        api_version: The vendor's version that is spoken.
        api_version_expires: The day the vendor stops answering that version.
        rate_limit: How often the vendor may be asked.
        has_twin: Whether the sandbox has an API of it.
        connect: Makes a client; unset, `connect` of the package's `client.py`.
    """

    name: str
    description: str
    settings: type[SourceSettings]
    tables: tuple[Table, ...] | Callable[[Settings], tuple[Table, ...]]
    setup_hint: str
    api_version: str | None = None
    api_version_expires: dt.date | None = None
    rate_limit: RateLimit | None = None
    has_twin: bool = True
    connect: Connect | None = None

    @property
    def schema(self) -> str:
        """The raw schema, without the environment's prefix."""
        return f"raw_{self.name}"

    def tables_for(self, settings: Settings) -> tuple[Table, ...]:
        """The tables, in the order of the spec."""
        return self.tables(settings) if callable(self.tables) else self.tables

    def pick_accounts(
        self, section: SourceSettings, names: tuple[str, ...] | None = None
    ) -> tuple[Account, ...]:
        """The accounts of a section, or some of them by name.

        Raises:
            SettingsError: Where there is none, or a name is not among them.
        """
        accounts = section.accounts()
        known = [account.account_id for account in accounts]
        if not accounts:
            raise SettingsError(f"{self.name} has no account to load", remedy=self.setup_hint)
        if doubled := sorted({name for name in known if known.count(name) > 1}):
            raise SettingsError(
                f"{self.name} has the account {doubled[0]} twice", remedy="Remove one from .env"
            )
        for name in names or ():
            if name not in known:
                raise SettingsError(
                    f"{self.name} has no account {name}", remedy=f"It has: {', '.join(known)}"
                )
        return tuple(account for account in accounts if not names or account.account_id in names)


def default_data_path(settings: Settings, source: str) -> Path:
    """Where a source may keep files between its runs."""
    return settings.data_dir / "ingestion" / source

"""Tests a source's accounts: one cheap call each."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingestion.errors import IngestionError
from ingestion.registry import find_connect, find_source
from ingestion.settings import Account, Settings, SourceSettings, load_section
from ingestion.spec import ClientContext, SourceSpec


@dataclass(frozen=True)
class AccountCheck:
    """What came of one account.

    Attributes:
        account_id: The account.
        error: What is wrong; None where it answers.
    """

    account_id: str
    error: IngestionError | None = None


def check(
    settings: Settings,
    source: str | SourceSpec,
    *,
    section: SourceSettings | None = None,
    accounts: Sequence[str] | None = None,
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[AccountCheck, ...]:
    """Asks every account of a source one cheap thing; loads and remembers nothing.

    Args:
        settings: What is not one source's own.
        source: The source's name, or its spec.
        section: The source's section of the settings; unset, read from the environment.
        accounts: Names of accounts; unset, all.
        clock: The time now, UTC.
        sleep: Waits so many seconds.

    Returns:
        One entry an account, in the order of the settings.

    Raises:
        SettingsError: There is no account to ask, or a variable is wrong.
    """
    spec = find_source(source) if isinstance(source, str) else source
    section = section or load_section(spec.settings)
    context = ClientContext(
        source=spec.name,
        settings=settings,
        section=section,
        now=clock(),
        clock=clock,
        sleep=sleep,
        state={},
        note=lambda _: None,
    )
    chosen = spec.pick_accounts(section, tuple(accounts) if accounts else None)
    return tuple(_check_account(spec, account, context) for account in chosen)


def _check_account(spec: SourceSpec, account: Account, context: ClientContext) -> AccountCheck:
    try:
        client = find_connect(spec)(account, context)
        try:
            client.check()
        finally:
            client.close()
    except IngestionError as error:
        return AccountCheck(account.account_id, error)
    return AccountCheck(account.account_id)

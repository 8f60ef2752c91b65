"""Asks the HTTP API: tokens that end, and lists read by the last row seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import requests

from ingestion.errors import CredentialsError, RequestRefusedError
from ingestion.http import VendorHttp
from ingestion.oauth import AccessToken, Grant
from ingestion.sources.commercetools.settings import ProjectSettings
from ingestion.spec import ClientContext, RateLimit

PAGE_ROWS = 500
MOST_STALE_ANSWERS = 5
MODIFIED = "lastModifiedAt"

Object = dict[str, Any]


class ProjectApi:
    """One project's API.

    Args:
        project: The project and its API client.
        context: Clock and sleep.
        variable: Where the credentials stand, for messages.
        limit: How often it may be asked.
        session: What does the talking; a test gives its own.
    """

    def __init__(
        self,
        project: ProjectSettings,
        context: ClientContext,
        *,
        variable: str,
        limit: RateLimit,
        session: Callable[[], requests.Session] = requests.Session,
    ) -> None:
        self._where = f"{context.source} {project.project_key}"
        self._variable = variable
        self._key = project.project_key
        self._http = VendorHttp(
            context,
            base_url=project.api_address(),
            account=project.project_key,
            credentials_hint=variable,
            limit=limit,
            session=session(),
        )
        door = session()
        door.auth = (project.client_id, project.client_secret.get_secret_value())
        self._door = VendorHttp(
            context,
            base_url=project.auth_address(),
            account=project.project_key,
            credentials_hint=variable,
            session=door,
        )
        self._token = AccessToken(self._http, self._fetch, context.clock)

    def get(self, path: str, **params: Any) -> Any:
        """Reads one answer below the project; a token that has ended is replaced."""
        self._token.ensure()
        place = f"{self._key}/{path}".rstrip("/")
        try:
            answer = self._http.get(place, params=params)
        except CredentialsError:
            if not self._token.replace_refused():
                raise
            answer = self._http.get(place, params=params)
        self._token.accepted()
        return answer

    def listed(
        self,
        path: str,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        *,
        where: str = "",
        **params: Any,
    ) -> Iterator[list[Object]]:
        """A list by the time of change and id, each page after the last row of the page before.

        An offset ends at 10,000, and rows that change would move across it.

        Args:
            path: Of the list.
            since: First moment asked for; None asks for everything.
            until: First moment not asked for.
            where: A further condition.
            **params: Further parameters.
        """
        bounds = [where] if where else []
        bounds += [f'{MODIFIED} < "{_text(until)}"'] if until else []
        after = [f'{MODIFIED} >= "{_text(since)}"'] if since else []
        seen: tuple[str, str] = ("", "")
        while True:
            found = self._page(path, seen, [*bounds, *after], params)
            if found:
                yield found
                seen = _place(found[-1])
                after = [f'({MODIFIED} > "{seen[0]}" or ({MODIFIED} = "{seen[0]}"'
                         f' and id > "{seen[1]}"))']  # fmt: skip
            if len(found) < PAGE_ROWS:
                return

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()
        self._door.close()

    def _page(
        self, path: str, seen: tuple[str, str], bounds: list[str], params: Object
    ) -> list[Object]:
        """One page; an answer with rows that were not asked for is asked for again."""
        asked = {**params, "where": " and ".join(bounds)} if bounds else params
        for _ in range(MOST_STALE_ANSWERS):
            answer = self.get(
                path,
                limit=PAGE_ROWS,
                withTotal="false",
                sort=[f"{MODIFIED} asc", "id asc"],
                **asked,
            )
            found: list[Object] = answer["results"]
            if all(_place(each) > seen for each in found):
                return found
        raise RequestRefusedError(
            f"{path} gives rows that were not asked for",
            where=self._where,
            remedy="Look for a cache in front of the API, then start again",
        )

    def _fetch(self) -> Grant:
        answer = self._door.post("oauth/token", data={"grant_type": "client_credentials"})
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not token:
            raise CredentialsError(
                "The API client's id and secret gave no token",
                where=self._where,
                remedy=f"Check {self._variable} in .env",
            )
        return Grant(str(token), float(answer.get("expires_in") or 0))


def _place(each: Object) -> tuple[str, str]:
    """Where a row stands in the list; times have one form, so that they sort as text."""
    return each[MODIFIED], each["id"]


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

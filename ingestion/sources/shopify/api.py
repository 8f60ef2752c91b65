"""Asks one shop's Admin GraphQL API: token, cost, errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingestion.errors import CredentialsError, IngestionError, RequestRefusedError
from ingestion.http import VendorHttp
from ingestion.sources.shopify.auth import TokenKeeper
from ingestion.sources.shopify.cost_bucket import (
    CostBucket,
    error_code,
    errors_of,
    seconds_to_wait,
)
from ingestion.sources.shopify.documents import document
from ingestion.sources.shopify.settings import StoreSettings
from ingestion.spec import ClientContext

_SCOPE = re.compile(r"\bread_\w+")


class TooCostlyError(RequestRefusedError):
    """One query asks for more than a query may cost."""


class AdminApi:
    """One shop's API.

    Args:
        store: The store.
        api_version: The version that is spoken.
        variable: The variable that holds the store's credentials, for messages.
        context: Clock, sleep and notes.
        http: The session; unset, one of its own.
    """

    def __init__(
        self,
        store: StoreSettings,
        *,
        api_version: str,
        variable: str,
        context: ClientContext,
        http: VendorHttp | None = None,
    ) -> None:
        self.context = context
        self.where = f"shopify {store.shop}"
        self._variable = variable
        self._path = f"admin/api/{api_version}/graphql.json"
        self._http = http or VendorHttp(
            context,
            base_url=store.url,
            account=store.shop,
            credentials_hint=variable,
        )
        self._token = TokenKeeper(store, self._http, context.clock)
        self._bucket = CostBucket(clock=lambda: context.clock().timestamp(), sleep=context.sleep)

    def ask(self, name: str, **variables: Any) -> dict[str, Any]:
        """Sends a document of `queries/`.

        Args:
            name: The document.
            **variables: Its variables.

        Returns:
            What stands under `data`.

        Raises:
            CredentialsError: Shopify refuses the token, or the token lacks a scope.
            TooCostlyError: The query costs more than one may.
            RequestRefusedError: Shopify refuses the query.
            VendorUnavailableError: It does not answer properly, after all attempts.
        """
        self._bucket.wait()
        body = self._post({"query": document(name), "variables": variables})
        self._bucket.observe(body)
        for error in errors_of(body):
            raise self._explain(error, name)
        data: dict[str, Any] | None = body.get("data") if isinstance(body, dict) else None
        if data is None:
            raise RequestRefusedError(
                f"{name} got an answer without data",
                where=self.where,
                remedy="Check the store's address in .env",
            )
        return data

    def rest_of(
        self, connection: Mapping[str, Any], name: str, *path: str, **variables: Any
    ) -> Iterator[Any]:
        """The nodes of a nested connection, from those at hand to the last page.

        Args:
            connection: Its first page.
            name: The document that reads further pages.
            *path: Where the connection stands in that document's answer.
            **variables: The document's variables beside `after`.
        """
        yield from connection["nodes"]
        while connection["pageInfo"]["hasNextPage"]:
            answer: Any = self.ask(name, after=connection["pageInfo"]["endCursor"], **variables)
            for step in path:
                answer = answer[step]
            connection = answer
            yield from connection["nodes"]

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _post(self, body: Mapping[str, Any]) -> Any:
        self._token.ensure()
        try:
            return self._http.post(self._path, json=body, throttled=seconds_to_wait)
        except CredentialsError:
            if not self._token.forget():
                raise
        self._token.ensure()
        return self._http.post(self._path, json=body, throttled=seconds_to_wait)

    def _explain(self, error: Mapping[str, Any], name: str) -> IngestionError:
        code, message = error_code(error), str(error.get("message") or "no reason given")[:300]
        if code == "ACCESS_DENIED":
            found = _SCOPE.search(message)
            scope = found[0] if found else "the read scopes of README.md"
            return CredentialsError(
                f"{name} is denied: {message}",
                where=self.where,
                remedy=f"Give the app the scope {scope}, install it again, check {self._variable}",
            )
        kind = TooCostlyError if code == "MAX_COST_EXCEEDED" else RequestRefusedError
        return kind(
            f"{name} is refused ({code or 'no code'}): {message}",
            where=self.where,
            remedy="Check SHOPIFY__API_VERSION in .env",
        )

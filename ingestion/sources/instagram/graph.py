"""What Instagram's part of the Graph API answers beyond the usual: posts without insights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingestion.errors import IngestionError, RequestRefusedError
from ingestion.http import VendorHttp
from ingestion.meta_graph import MetaGraph, words_of
from ingestion.spec import ClientContext

PAGE_ROWS = 100
# Published before the account became a professional one.
BEFORE_BUSINESS = 2108006
FEW_VIEWERS = "not enough viewers"


class NoInsightsError(RequestRefusedError):
    """A post has no insights, and will not have any by asking again."""


class InstagramGraph(MetaGraph):
    """One professional account's API.

    Args:
        http: The session; the token is in its headers, so that no address carries it.
        context: The source's name.
        account_id: The account, for messages.
        api_version: The version that is spoken.
    """

    def __init__(
        self, http: VendorHttp, context: ClientContext, *, account_id: str, api_version: str
    ) -> None:
        super().__init__(
            http,
            context,
            account_id=account_id,
            api_version=api_version,
            permission="instagram_manage_insights",
            prefix="INSTAGRAM__",
            page_rows=PAGE_ROWS,
        )

    def _refusal(self, code: int, subcode: int, error: Mapping[str, Any]) -> IngestionError:
        words = words_of(error)
        if subcode == BEFORE_BUSINESS or FEW_VIEWERS in words.lower():
            return NoInsightsError(words, where=self._where, remedy="Nothing is to be done")
        return super()._refusal(code, subcode, error)

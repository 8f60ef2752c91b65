"""Errors say what, where and how to mend it, on one line, and give nothing away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion import errors
from ingestion.errors import CredentialsError, redact

SECRETS = [
    "https://x.myshopify.com/admin?access_token=abc123&limit=5",
    "postgresql://anna:hunter2@db.example.com:5432/shop",
    "Authorization: Bearer eyJhbGciOi.eyJzdWIiOiIx.SflKxwRJSM",
    "X-Shopify-Access-Token: shpat_0123456789abcdef0123456789abcdef",
    "{'client_secret': 'abc123secret'}",
    "token=EAAGm0PX4ZCpsBAKZCdemo",
    "the customer anna.smith+shop@example.co.uk has no order",
]


@pytest.mark.parametrize("text", SECRETS)
def test_secrets_and_addresses_are_hidden(text):
    shown = redact(text)
    for secret in ("abc123", "hunter2", "eyJ", "shpat_", "EAAG", "anna"):
        assert secret not in shown
    assert "***" in shown


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=60))
def test_what_is_shown_is_one_line(text):
    assert "\n" not in redact(text)


@given(st.from_regex(r"[a-zA-Z0-9]{12,30}", fullmatch=True))
def test_a_query_is_never_shown(secret):
    assert secret not in redact(f"GET https://graph.example.com/v1/me?x={secret} failed")


def test_an_error_has_what_where_and_remedy():
    error = CredentialsError(
        "status 401 at https://a.b/c?token=12345678", where="shopify eu", remedy="Check the token."
    )
    assert str(error) == "shopify eu: status 401 at https://a.b/c?***. Check the token."
    assert not error.is_transient


def test_the_tree_at_the_top_of_the_module_is_the_tree():
    named = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.IngestionError)
    }
    drawn = {word for word in (errors.__doc__ or "").replace("─", " ").split() if word in named}
    assert drawn == named

"""How a key is shown to WooCommerce: signed over plain HTTP, as user and password over HTTPS."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from requests import PreparedRequest
from requests.auth import AuthBase, HTTPBasicAuth

from ingestion.sources.woocommerce.settings import StoreSettings

Pairs = list[tuple[str, str]]


class QueryKey(AuthBase):
    """The key and its secret in the address; only for HTTPS.

    Args:
        key: The consumer key.
        secret: Its secret.
    """

    def __init__(self, key: str, secret: str) -> None:
        self._pairs = [("consumer_key", key), ("consumer_secret", secret)]

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Adds both to the query."""
        return _with_pairs(request, self._pairs)


class SignedQuery(AuthBase):
    """One-legged OAuth 1.0a in the query, by HMAC-SHA256.

    Args:
        key: The consumer key.
        secret: Its secret.
        clock: Seconds since 1970.
        nonce: Makes a text that no other request has.
    """

    def __init__(
        self,
        key: str,
        secret: str,
        *,
        clock: Callable[[], float],
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._key, self._secret = key, secret
        self._clock, self._nonce = clock, nonce

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Adds the parameters of OAuth and the signature over all of them."""
        parts = urlsplit(request.url or "")
        own = [
            ("oauth_consumer_key", self._key),
            ("oauth_nonce", self._nonce()),
            ("oauth_signature_method", "HMAC-SHA256"),
            ("oauth_timestamp", str(int(self._clock()))),
        ]
        asked = parse_qsl(parts.query, keep_blank_values=True)
        address = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
        text = signature_base(request.method or "GET", address, [*asked, *own])
        return _with_pairs(request, [*own, ("oauth_signature", sign(text, self._secret))])


def signature_base(method: str, address: str, pairs: Iterable[tuple[str, str]]) -> str:
    """What is signed: the method, the address and the sorted parameters, each encoded.

    Args:
        method: Such as GET.
        address: Without its query.
        pairs: Every parameter but the signature, decoded.
    """
    encoded = sorted((_encoded(name), _encoded(value)) for name, value in pairs)
    query = "&".join(f"{name}={value}" for name, value in encoded)
    return "&".join((method.upper(), _encoded(address), _encoded(query)))


def sign(text: str, secret: str) -> str:
    """The signature of a text; no token is involved, so nothing stands after the `&`."""
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def auth_of(store: StoreSettings, clock: Callable[[], float]) -> AuthBase:
    """What shows a store's key with every request.

    Args:
        store: The store and its key.
        clock: Seconds since 1970.
    """
    key, secret = store.consumer_key.get_secret_value(), store.consumer_secret.get_secret_value()
    if store.auth_method == "oauth":
        return SignedQuery(key, secret, clock=clock)
    return QueryKey(key, secret) if store.auth_method == "query" else HTTPBasicAuth(key, secret)


def _encoded(text: str) -> str:
    return quote(text, safe="~")


def _with_pairs(request: PreparedRequest, pairs: Pairs) -> PreparedRequest:
    parts = urlsplit(request.url or "")
    query = "&".join(filter(None, (parts.query, urlencode(pairs))))
    request.url = urlunsplit(parts._replace(query=query))
    return request

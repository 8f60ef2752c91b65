"""Who asks: a key signed with OAuth 1.0a over plain HTTP, in the open over HTTPS only."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote

from starlette.requests import Request

from sandbox.vendors.woocommerce.errors import bad_authentication, cannot_view

WINDOW_SECONDS = 15 * 60
NEEDED = ("oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method")


def consumer_key(shop: str) -> str:
    """The key of a shop."""
    return "ck_" + hashlib.sha1(f"key of {shop}".encode()).hexdigest()


def consumer_secret(shop: str) -> str:
    """Its secret."""
    return "cs_" + hashlib.sha1(f"secret of {shop}".encode()).hexdigest()


@dataclass
class Keyring:
    """Checks requests of one shop.

    Attributes:
        shop: Its handle.
    """

    shop: str
    _nonces: dict[str, float] = field(default_factory=dict)

    def check(self, request: Request) -> None:
        """Lets a request through.

        Raises:
            RestError: It shows no key, or a wrong one.
        """
        if request.url.scheme == "https":
            self._check_open(request)
        elif "oauth_consumer_key" in request.query_params:
            self._check_signed(request)
        else:
            raise cannot_view()

    def _check_open(self, request: Request) -> None:
        asked = request.query_params
        if "consumer_key" in asked:
            key, secret = asked["consumer_key"], asked.get("consumer_secret", "")
        else:
            key, secret = _basic(request.headers.get("authorization", ""))
        self._check_key(key)
        if not hmac.compare_digest(secret, consumer_secret(self.shop)):
            raise bad_authentication("Consumer secret is invalid.")

    def _check_signed(self, request: Request) -> None:
        asked = request.query_params
        self._check_key(asked["oauth_consumer_key"])
        if missing := [name for name in NEEDED if not asked.get(name)]:
            raise bad_authentication(f"Missing OAuth parameters {', '.join(missing)}")
        if asked["oauth_signature_method"] not in ("HMAC-SHA1", "HMAC-SHA256"):
            raise bad_authentication("Invalid signature - signature method is invalid.")
        if not hmac.compare_digest(asked["oauth_signature"], self._signature(request)):
            raise bad_authentication("Invalid signature - provided signature does not match.")
        self._check_once(asked["oauth_nonce"], asked["oauth_timestamp"])

    def _check_key(self, key: str) -> None:
        if key != consumer_key(self.shop):
            raise cannot_view()

    def _check_once(self, nonce: str, stamp: str) -> None:
        now = time.time()
        if not stamp.isdigit() or abs(now - int(stamp)) > WINDOW_SECONDS:
            raise bad_authentication("Invalid timestamp.")
        if nonce in self._nonces:
            raise bad_authentication("Invalid nonce - nonce has already been used.")
        recent = now - WINDOW_SECONDS
        self._nonces = {known: at for known, at in self._nonces.items() if at > recent}
        self._nonces[nonce] = now

    def _signature(self, request: Request) -> str:
        pairs = parse_qsl(request.url.query, keep_blank_values=True)
        encoded = sorted(
            (quote(name, safe="~"), quote(value, safe="~"))
            for name, value in pairs
            if name != "oauth_signature"
        )
        query = "&".join(f"{name}={value}" for name, value in encoded)
        address = str(request.url.replace(query=""))
        text = "&".join((request.method, quote(address, safe="~"), quote(query, safe="~")))
        method = request.query_params["oauth_signature_method"]
        algorithm = hashlib.sha256 if method == "HMAC-SHA256" else hashlib.sha1
        secret = f"{consumer_secret(self.shop)}&"
        digest = hmac.new(secret.encode(), text.encode(), algorithm).digest()
        return base64.b64encode(digest).decode()


def _basic(header: str) -> tuple[str, str]:
    """User and password of an Authorization header; empty where there is none."""
    try:
        text = base64.b64decode(header.removeprefix("Basic "), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    user, _, password = text.partition(":")
    return user, password

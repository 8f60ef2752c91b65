"""S3 as moto has it, on this machine; on demand it refuses the parts of an upload."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import requests
from moto.moto_server.werkzeug_app import MotoRequestHandler
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

BUCKET = "shop"
REFUSAL = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"


@dataclass(frozen=True)
class ObjectStore:
    """A server with one bucket.

    Attributes:
        endpoint: Where it listens.
    """

    endpoint: str

    @property
    def _client(self) -> Any:
        return boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1")

    def begin(self) -> None:
        """Makes the bucket; what another server of this process had, moto would have kept."""
        requests.post(f"{self.endpoint}/moto-api/reset", timeout=60).raise_for_status()
        self._client.create_bucket(Bucket=BUCKET)

    @property
    def objects(self) -> dict[str, bytes]:
        """Key to content of every object that is whole."""
        found = self._client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return {
            each["Key"]: self._client.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read()
            for each in found
        }


@contextmanager
def object_store(*, refuses_parts: bool = False) -> Iterator[ObjectStore]:
    """Starts a server and gives its store, with an empty bucket."""
    answering = DomainDispatcherApplication(create_backend_app)
    application = _without_parts(answering) if refuses_parts else answering
    server = make_server(
        "127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    store = ObjectStore(f"http://127.0.0.1:{server.server_port}")
    try:
        store.begin()
        yield store
    finally:
        server.shutdown()
        server.server_close()


def _without_parts(application: Any) -> Any:
    """The application, but that it refuses every part of an upload."""

    def answer(environment: dict[str, Any], start: Any) -> Any:
        if "partNumber=" in environment.get("QUERY_STRING", ""):
            # What is left unread would break the connection before the answer arrives.
            environment["wsgi.input"].read()
            start("403 Forbidden", [("Content-Type", "application/xml")])
            return [REFUSAL]
        return application(environment, start)

    return answer

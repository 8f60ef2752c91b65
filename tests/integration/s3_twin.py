"""An object store that speaks as much of S3 as an upload in parts needs."""

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ObjectStore(ThreadingHTTPServer):
    """Keeps whole objects, apart from parts that came but were never put together."""

    daemon_threads = True

    def __init__(self, *, refuses_parts=False):
        super().__init__(("127.0.0.1", 0), Requests)
        self.objects = {}
        self.parts = {}
        self.refuses_parts = refuses_parts

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_port}"


class Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Says nothing."""

    def do_PUT(self):
        body = self._body()
        if self.server.refuses_parts:
            self._answer(403, b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
            return
        path, number = re.match(r"([^?]+)\?partNumber=(\d+)", self.path).groups()
        self.server.parts.setdefault(path, {})[int(number)] = body
        self._answer(200, b"")

    def do_POST(self):
        self._body()
        path = self.path.partition("?")[0]
        if self.path.endswith("?uploads"):
            self._answer(
                200,
                b"<InitiateMultipartUploadResult><UploadId>1</UploadId>"
                b"</InitiateMultipartUploadResult>",
            )
            return
        parts = self.server.parts.pop(path)
        self.server.objects[path] = b"".join(parts[number] for number in sorted(parts))
        self._answer(200, b"<CompleteMultipartUploadResult/>")

    def do_DELETE(self):
        self.server.parts.pop(self.path.partition("?")[0], None)
        self._answer(204, b"")

    def _body(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            return _unpacked(b"".join(self._chunks()), self.headers)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunks(self):
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _answer(self, status, body):
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _unpacked(body, headers):
    """Amazon's own chunks, with a checksum behind them, inside those of HTTP."""
    if "aws-chunked" not in (headers.get("Content-Encoding") or ""):
        return body
    found = b""
    while body:
        head, _, body = body.partition(b"\r\n")
        size = int(head.split(b";")[0], 16)
        if not size:
            break
        found, body = found + body[:size], body[size + 2 :]
    return found


@contextmanager
def object_store(**options):
    with ObjectStore(**options) as store:
        threading.Thread(target=store.serve_forever, daemon=True).start()
        yield store
        store.shutdown()

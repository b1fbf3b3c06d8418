"""A server that speaks S3, and a proxy before it that fails as networks and servers do."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import boto3
from moto.server import ThreadedMotoServer

SLOW_DOWN = (
    b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Reduce your request rate</Message></Error>"
)


class Faults:
    """Which request is to fail, and how.

    ``plan`` is asked for every request with its number (from 0), method, path and range; it answers None, or
    ``refuse`` (the connection is closed without an answer), ``drop`` (closed half way), ``slow`` (503 SlowDown),
    ``cut`` (half the bytes, and said to be all) or ``flip`` (a byte is another one).
    """

    def __init__(self) -> None:
        self.plan: Callable[[int, str, str, str], str | None] = lambda number, method, path, span: None
        self.requests: list[tuple[str, str, str]] = []
        self.agents: set[str] = set()
        self.lock = threading.Lock()

    def next(self, method: str, path: str, span: str) -> str | None:
        path = unquote(path)
        with self.lock:
            number = len(self.requests)
            self.requests.append((method, path, span))
        return self.plan(number, method, path, span)

    def fetched(self, name: str) -> list[str]:
        """The ranges that were asked for of objects whose path ends so."""
        return [span for method, path, span in self.requests if method == "GET" and path.endswith(name)]


class Server:
    """The address of the proxy, its faults, and a client of the server behind it."""

    def __init__(self, endpoint: str, behind: str) -> None:
        self.endpoint = endpoint
        self.faults = Faults()
        self.client = boto3.client(
            "s3",
            endpoint_url=behind,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name="us-east-1",
        )

    def put(self, bucket: str, key: str, body: bytes, *, public: bool = True) -> None:
        self.client.put_object(Bucket=bucket, Key=key, Body=body, ACL="public-read" if public else "private")

    def upload(self, bucket: str, root: Path, *, public: bool = True) -> None:
        """Put all files of a directory into a new bucket, by their path."""
        self.client.create_bucket(Bucket=bucket)
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            self.put(bucket, path.relative_to(root).as_posix(), path.read_bytes(), public=public)


@contextmanager
def running() -> Iterator[Server]:
    """Start both servers."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    behind = moto.get_host_and_port()
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), _Proxy)
    proxy.daemon_threads = True
    server = Server(f"http://127.0.0.1:{proxy.server_address[1]}", f"http://{behind[0]}:{behind[1]}")
    proxy.behind, proxy.faults = behind, server.faults
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.client.close()
        proxy.shutdown()
        proxy.server_close()
        thread.join()
        moto.stop()


class _Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        span = self.headers.get("Range", "")
        self.server.faults.agents.add(self.headers.get("User-Agent", ""))
        fault = self.server.faults.next(self.command, self.path, span)
        if fault == "refuse":
            self.close_connection = True
            return
        if fault == "slow":
            self._answer(503, {"Content-Type": "application/xml"}, SLOW_DOWN)
            return
        status, headers, body = self._forward()
        if fault == "cut":
            body = body[: len(body) // 2]
        elif fault == "flip" and body:
            body = bytes([body[0] ^ 0xFF]) + body[1:] if span.startswith("bytes=0-") else body
        self._answer(status, headers, body, drop=fault == "drop")

    do_HEAD = do_GET

    def _forward(self) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(*self.server.behind)
        try:
            sent = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
            sent["Host"] = self.headers["Host"]
            connection.request(self.command, self.path, headers=sent)
            answer = connection.getresponse()
            body = answer.read()
            kept = {
                k: v
                for k, v in answer.getheaders()
                if k.lower() not in ("content-length", "connection", "transfer-encoding", "server", "date")
            }
            if self.command == "HEAD":
                kept["Content-Length"] = answer.getheader("Content-Length", "0")
            return answer.status, kept, body
        finally:
            connection.close()

    def _answer(self, status: int, headers: dict[str, str], body: bytes, *, drop: bool = False) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if drop else body)
        if drop:
            self.close_connection = True


def manifest(bucket: str, parts: dict[str, tuple[bytes, int]], *, entity: str = "works") -> bytes:
    """The manifest of parts in today's layout: their bytes and numbers of records, by key."""
    return json.dumps(
        {
            "entity": entity,
            "date": "2026-08-26",
            "files": [
                {
                    "url": f"s3://{bucket}/{key}",
                    "meta": {"content_length": len(body), "record_count": records},
                }
                for key, (body, records) in parts.items()
            ],
        }
    ).encode()

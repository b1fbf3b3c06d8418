"""A local Hub that pages with cursors and misbehaves on request, for tests of the crawl."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Fault = Callable[[BaseHTTPRequestHandler, bytes], bool]
"""Answers a request in its own way and returns True, or returns False to let it pass."""


class Hub:
    """Models by page, and the faults that the n-th request meets."""

    def __init__(self, pages: Sequence[list[Any]]) -> None:
        self.pages = pages
        self.faults: dict[int, Fault] = {}
        self.requests: list[str] = []
        self.headers: dict[str, str] = {}
        self.address = ""
        self.next_of: Callable[[int], int | None] = lambda n: n + 1 if n + 1 < len(pages) else None

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.requests.append(handler.path)
        page = int(parse_qs(urlsplit(handler.path).query).get("cursor", ["0"])[0])
        body = json.dumps(self.pages[page]).encode()
        fault = self.faults.get(len(self.requests))
        if fault is not None and fault(handler, body):
            return
        self.send(handler, page, body)

    def send(self, handler: BaseHTTPRequestHandler, page: int, body: bytes) -> None:
        handler.send_response(200)
        following = self.next_of(page)
        if following is not None:
            handler.send_header("Link", f'<{self.address}/api/models?cursor={following}>; rel="next"')
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def status(code: int, **headers: str) -> Fault:
    def fault(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    return fault


def drop(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    """Close the connection without a word."""
    handler.close_connection = True
    handler.connection.close()
    return True


def half(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    """Announce the page, send half of it, hang up."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    return drop(handler, body)


def half_unannounced(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    """Send half a page whose length is not announced: it looks whole."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True
    return True


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hub.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Dropped connections are meant."""

    server = Server(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

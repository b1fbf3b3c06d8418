"""A local OpenAlex API: filters, cursors, credits, and failures on request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.oracles import openalex_filter
from tests.oracles.query import Document

Fault = Callable[["Api", BaseHTTPRequestHandler, bytes], bool]
"""Answers a request in its own way and returns True, or returns False to let it pass."""

HTML = b"<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>"


class Api:
    """Works, and the faults that the n-th request (from 1) meets."""

    def __init__(self, works: Sequence[dict]) -> None:
        self.works = list(works)
        self.faults: dict[int, Fault] = {}
        self.requests: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.address = ""
        self.limit = 10_000
        self.used = 0
        self.page_size = 100
        self.metered = True

    @property
    def cursors(self) -> list[str]:
        """The cursors that were asked for, counts left out."""
        return [r["cursor"] for r in self.requests if "cursor" in r]

    def found(self, filter_: str) -> list[dict]:
        own = [c for c in filter_.split(",") if c.startswith("publication_year:")]
        rest = ",".join(c for c in filter_.split(",") if c not in own)
        years = {int(c.partition(":")[2]) for c in own}
        return [
            w
            for w in self.works
            if (not years or w["publication_year"] in years)
            and (not rest or openalex_filter.finds(rest, _document(w)))
        ]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.paths.append(handler.path)
        self.headers.append(dict(handler.headers))
        asked = {k: v[0] for k, v in parse_qs(urlsplit(handler.path).query).items()}
        self.requests.append(asked)
        try:
            found = self.found(asked["filter"])
        except openalex_filter.Refused as error:
            self.send(handler, 400, json.dumps({"error": "Invalid filter", "message": str(error)}).encode())
            return
        if self.used >= self.limit:
            exhausted(handler)
            return
        start = 0 if asked.get("cursor", "*") == "*" else int(asked["cursor"].partition("-")[2])
        size = min(int(asked["per_page"]), self.page_size)
        page = found[start : start + size]
        following = f"c-{start + size}" if page and "cursor" in asked else None
        body = json.dumps({"meta": {"count": len(found), "next_cursor": following}, "results": page}).encode()
        fault = self.faults.get(len(self.requests))
        if fault is not None and fault(self, handler, body):
            return
        self.send(handler, 200, body)

    def send(self, handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
        cost = 10 if status == 200 and "search" in self.requests[-1]["filter"] else int(status == 200)
        self.used += cost
        handler.send_response(status)
        if self.metered:
            handler.send_header("X-RateLimit-Limit", str(self.limit))
            handler.send_header("X-RateLimit-Remaining", str(max(0, self.limit - self.used)))
            handler.send_header("X-RateLimit-Credits-Used", str(cost))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def _document(work: dict) -> Document:
    source = ((work.get("primary_location") or {}).get("source") or {}).get("id")
    return Document(
        work.get("title") or "",
        work.get("abstract") or "",
        [int(t["id"].rpartition("T")[2]) for t in work.get("topics") or []],
        int(source.rpartition("S")[2]) if source else None,
    )


def exhausted(handler: BaseHTTPRequestHandler, **headers: str) -> None:
    body = json.dumps(
        {"error": "Rate limit exceeded", "message": "Insufficient budget. Resets at midnight UTC"}
    )
    handler.send_response(429)
    for name, value in {"Retry_After": "53578", "X_RateLimit_Remaining": "0", **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body.encode())


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    def fault(api: Api, handler: BaseHTTPRequestHandler, _: bytes) -> bool:
        api.send(handler, code, body, **headers)
        return True

    return fault


def burst(wait: str = "0") -> Fault:
    return status(
        429, b'{"error": "Rate limit exceeded", "message": "More than 100 requests"}', Retry_After=wait
    )


def page(api: Api, handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    """A web page, and 200."""
    api.send(handler, 200, HTML)
    return True


def dropped(api: Api, handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    """The connection ends after half of what was announced."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True
    return True


def cut(api: Api, handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    """Half of the JSON, and said to be all."""
    api.send(handler, 200, body[: len(body) // 2])
    return True


def refused(api: Api, handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    """No answer at all."""
    handler.close_connection = True
    return True


def repeated(before: int) -> Fault:
    """The records of an earlier page under this page's cursor."""

    def fault(api: Api, handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        answer = json.loads(body)
        answer["results"] = api.found(api.requests[-1]["filter"])[before : before + api.page_size]
        api.send(handler, 200, json.dumps(answer).encode())
        return True

    return fault


@contextmanager
def serving(works: Sequence[dict]) -> Iterator[Api]:
    """Start the API."""
    api = Api(works)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            api.answer(self)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

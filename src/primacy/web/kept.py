"""Answers that were given once are given again as they were sent, compressed, until the results change.

What a page costs to make and to compress does not matter then, and twenty readers at once wait for no thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from primacy.web.cache import Cache

__all__ = ["Kept"]

LARGEST = 2 * 2**20
"""Bytes above which an answer is not kept."""


@dataclass(frozen=True)
class _Answer:
    """An answer as it is sent."""

    headers: list[tuple[bytes, bytes]]
    body: bytes

    def __len__(self) -> int:
        return len(self.body)


class Kept:
    """Keeps the answers of an application that only reads.

    Parameters
    ----------
    app
        The application within.
    state
        Returns what its answers depend on beside the address.
    most
        Bytes kept at most.
    """

    def __init__(self, app: ASGIApp, *, state: Callable[[], str], most: int = 64 * 2**20) -> None:
        self.app = app
        self._state = state
        self._cache: Cache[_Answer] = Cache(most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        asked = dict(scope["headers"])
        zipped = b"gzip" in asked.get(b"accept-encoding", b"")
        key = (self._state(), scope["path"], scope["query_string"], zipped)
        answer = self._cache.find(key)
        if answer is None:
            # Whether the reader has it already is seen below: what is kept is the whole answer.
            headers = [pair for pair in scope["headers"] if pair[0] != b"if-none-match"]
            listener = _Listener(send)
            await self.app({**scope, "headers": headers}, receive, listener)
            answer = listener.answer
            if answer is None:
                return  # it went past already
            if len(answer) <= LARGEST:
                self._cache.put(key, answer)
        await _send(answer, asked.get(b"if-none-match", b""), send)


@dataclass
class _Listener:
    """Holds back a good answer that comes in one piece; every other goes past.

    Attributes
    ----------
    send
        Where others go.
    answer
        The answer that was held back.
    """

    send: Send
    answer: _Answer | None = None
    _start: Message | None = field(default=None)

    async def __call__(self, message: Message) -> None:
        """Hear the next part of an answer."""
        start = self._start
        if message["type"] == "http.response.start" and message["status"] == 200:
            self._start = message
        elif start is not None and not message.get("more_body"):
            self.answer = _Answer(list(start["headers"]), message.get("body", b""))
        else:
            if start is not None:
                self._start = None
                await self.send(start)
            await self.send(message)


async def _send(answer: _Answer, known: bytes, send: Send) -> None:
    """Send an answer, or that the reader has it already."""
    tag = next((value for name, value in answer.headers if name == b"etag"), None)
    if tag is not None and tag in [one.strip() for one in known.split(b",")]:
        headers = [pair for pair in answer.headers if not pair[0].startswith(b"content-")]
        policy = [pair for pair in answer.headers if pair[0] == b"content-security-policy"]
        await send({"type": "http.response.start", "status": 304, "headers": [*headers, *policy]})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})

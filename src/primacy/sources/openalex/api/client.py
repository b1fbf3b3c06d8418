"""Requests to OpenAlex's API: patient where a failure passes, honest where it does not.

The API answers 429 for two reasons. A burst of requests passes: the server says how long to wait. A budget that
is spent does not, before midnight UTC: to wait would be to hang, so the pull stops and says when it refills.
The key travels in a header, so that no address, tape, log or message can hold it.
"""

from __future__ import annotations

import email.utils
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx2
import msgspec

from primacy._version import __version__
from primacy.errors import InputError, UsageError
from primacy.sources.backoff import waits
from primacy.sources.openalex.storage import Traffic

API = "https://api.openalex.org"
KEY = "OPENALEX_API_KEY"
MAILTO = "OPENALEX_MAILTO"
URL = "OPENALEX_API_URL"
"""What the environment calls the key, the address of whoever asks, and the API's address."""

TIMEOUT = 60.0
BURST = 300.0
"""Seconds that are waited at most for a server that asks to; with 429, a longer wait means the budget, not the pace."""

_SPENT = re.compile(r"budget|credit|daily", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s()<>,;\"\x00-\x1f\x7f]+@[^@\s()<>,;\"\x00-\x1f\x7f]+")


class BudgetError(InputError):
    """The day's budget is spent."""


@dataclass(frozen=True)
class Page:
    """A page of works.

    Parameters
    ----------
    count
        How many works the filter finds, all pages together.
    records
        The works of this page, each as JSON text.
    cursor
        Where the next page begins; None on the last one.
    """

    count: int
    records: tuple[bytes, ...]
    cursor: str | None


@dataclass
class Credits:
    """The day's budget, as the server last said; 10,000 credits are one dollar.

    Parameters
    ----------
    limit, remaining
        Of the day; None where the server does not say.
    used
        What the requests of this client cost.
    """

    limit: int | None = None
    remaining: int | None = None
    used: int = 0


class _Meta(msgspec.Struct):
    count: int
    next_cursor: str | None = None


class _Answer(msgspec.Struct):
    meta: _Meta
    results: list[msgspec.Raw]


_ANSWER = msgspec.json.Decoder(_Answer)


@dataclass
class Client:
    """A client of the API; a context manager.

    Parameters
    ----------
    base
        The API's address.
    key
        The API key; that in ``OPENALEX_API_KEY`` by default, none where it is empty.
    mailto
        An address at which OpenAlex can reach whoever pulls; that in ``OPENALEX_MAILTO`` by default.
    traffic, credits
        What was fetched, and what it cost.
    """

    base: str = API
    key: str | None = field(default_factory=lambda: os.environ.get(KEY), repr=False)
    mailto: str | None = field(default_factory=lambda: os.environ.get(MAILTO))
    traffic: Traffic = field(default_factory=Traffic)
    credits: Credits = field(default_factory=Credits)

    def __post_init__(self) -> None:
        self.base = self.base.rstrip("/")
        if not self.base.startswith(("http://", "https://")):
            raise UsageError(f"--api-url {self.base}: takes an address such as {API}")
        if self.mailto and not _MAIL.fullmatch(self.mailto):
            raise UsageError(f"mailto {self.mailto!r}: is not an e-mail address")
        agent = f"primacy/{__version__}" + (f" (mailto:{self.mailto})" if self.mailto else "")
        headers = {"User-Agent": agent, "Accept": "application/json"}
        self.key = (self.key or "").strip() or None
        if self.key:
            if not self.key.isascii() or not self.key.isprintable():
                raise UsageError(f"{KEY}: holds characters that no key has")
            headers["Authorization"] = f"Bearer {self.key}"
        self._http = httpx2.Client(headers=headers, timeout=TIMEOUT, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def count(self, query: str) -> int:
        """Return how many works a filter finds."""
        return self._ask({"filter": query, "per_page": "1", "select": "id"}).count

    def page(self, query: str, cursor: str, size: int) -> Page:
        """Return the page of works at a cursor; ``*`` is the first."""
        return self._ask({"filter": query, "per_page": str(size), "cursor": cursor})

    def _ask(self, parameters: Mapping[str, str]) -> Page:
        """Ask for works, again and again where the failure passes.

        Raises
        ------
        BudgetError
            The day's budget is spent.
        InputError
            The API refuses, or cannot be reached.
        """
        pauses = waits()
        while True:
            self.traffic.requests += 1
            try:
                return self._once(parameters)
            except _PassingError as error:
                pause = next(pauses, None) if error.wait <= BURST else None
                if pause is None:
                    when = f" in {error.wait:,.0f} seconds" if error.wait else ""
                    raise InputError(f"{self.base}: {error}; pull again{when} to go on from here") from None
                self.traffic.retries += 1
                time.sleep(max(pause, error.wait))

    def _once(self, parameters: Mapping[str, str]) -> Page:
        try:
            response = self._http.get(f"{self.base}/works", params=dict(parameters))
        except httpx2.TransportError as error:
            raise _PassingError(f"cannot be reached ({type(error).__name__})") from None
        except httpx2.HTTPError as error:
            raise _PassingError(f"sent what cannot be read ({type(error).__name__})") from None
        self.traffic.bytes += len(response.content)
        self._note(response.headers)
        if response.status_code == 200:
            return self._read(response)
        if response.status_code == 429:
            raise self._too_many(response)
        if response.status_code >= 500 or response.status_code in (408, 425):
            raise _PassingError(f"the API answered {response.status_code}", _retry_after(response) or 0.0)
        raise self._refused(response)

    def _read(self, response: httpx2.Response) -> Page:
        try:
            answer = _ANSWER.decode(response.content)
        except msgspec.ValidationError as error:
            raise InputError(
                f"{self.base}: answered something other than a page of works ({error})"
            ) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            html = response.content.lstrip()[:1] == b"<"
            what = "a web page" if html else "JSON that is cut off or damaged"
            raise _PassingError(f"answered with {what} in place of works") from None
        return Page(answer.meta.count, tuple(map(_line, answer.results)), answer.meta.next_cursor)

    def _note(self, headers: Mapping[str, str]) -> None:
        self.credits.limit = _number(headers.get("X-RateLimit-Limit"), self.credits.limit)
        self.credits.remaining = _number(headers.get("X-RateLimit-Remaining"), self.credits.remaining)
        self.credits.used += _number(headers.get("X-RateLimit-Credits-Used"), None) or 0

    def _too_many(self, response: httpx2.Response) -> Exception:
        """Tell a pace that is too fast from a budget that is spent."""
        wait = _retry_after(response)
        remaining = _number(response.headers.get("X-RateLimit-Remaining"), None)
        spent = remaining == 0 or (wait or 0.0) > BURST or bool(_SPENT.search(self._message(response)))
        if not spent:
            return _PassingError("the API keeps answering that there are too many requests", wait or 0.0)
        seconds = _number(response.headers.get("X-RateLimit-Reset"), None)
        refill = _refill(seconds if seconds is not None else wait)
        hint = "" if self.key else f"; a free key in {KEY} has ten times the budget"
        return BudgetError(
            f"{self.base}: the day's budget is spent; it refills {refill}, pull again then to go on from here{hint}"
        )

    def _refused(self, response: httpx2.Response) -> InputError:
        status = response.status_code
        if 300 <= status < 400:
            return InputError(
                f"{self.base}: the API is somewhere else (it answered {status}); is --api-url right?"
            )
        if status in (401, 403):
            return InputError(
                f"{self.base}: the API refuses {f'the key in {KEY}' if self.key else 'access'} ({status})"
            )
        said = self._message(response)
        return InputError(f"{self.base}: the API answered {status}{': ' if said else ''}{said}")

    def _message(self, response: httpx2.Response) -> str:
        """Return what the server says is wrong, in one line, without the key."""
        try:
            body: Any = msgspec.json.decode(response.content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return ""
        parts = [body.get("error"), body.get("message")] if isinstance(body, dict) else []
        said = " ".join(": ".join(p for p in parts if isinstance(p, str)).split())
        if self.key:
            said = said.replace(self.key, "…")
        return "".join(c for c in said if c.isprintable())[:300]


class _PassingError(Exception):
    """A failure that may be gone the next time, not before so many seconds."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


def _line(record: msgspec.Raw) -> bytes:
    """Return a record as one line."""
    text = bytes(record)
    return msgspec.json.format(text, indent=-1) if b"\n" in text or b"\r" in text else text


def _number(text: str | None, default: int | None) -> int | None:
    """Return the whole number of a header; the default where it is none."""
    return int(text) if text is not None and re.fullmatch(r"\d{1,12}", text.strip()) else default


def _retry_after(response: httpx2.Response) -> float | None:
    """Return how many seconds the server asks to wait: stated as such, or as a moment."""
    text = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text):
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return max(0.0, (moment.astimezone(UTC) - datetime.now(tz=UTC)).total_seconds())


def _refill(seconds: float | None) -> str:
    """Say when the budget refills: in so many seconds, or at the next midnight UTC."""
    now = datetime.now(tz=UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    moment = now + timedelta(seconds=seconds) if seconds is not None else midnight
    minutes = max(0, round((moment - now).total_seconds() / 60))
    return f"in {minutes // 60} h {minutes % 60:02} min ({moment:%Y-%m-%d %H:%M} UTC)"

"""A crawl of the live Hub's models that can be stopped at any moment and goes on where it was.

Every page is stored on disk before the cursor that follows it, so nothing is lost and a page that was fetched
twice overwrites itself. Retries, waiting for the rate limit's window (429 with ``RateLimit`` or ``Retry-After``)
and dropped connections are left to ``huggingface_hub``; that the Hub repeats a page, sends half of one, or hands
out a cursor that it has handed out before is dealt with here.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict, cast
from urllib.parse import urlencode, urlsplit

import httpx2
from huggingface_hub import constants
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status, http_backoff, parse_ratelimit_headers

from primacy._version import __version__
from primacy.errors import InputError
from primacy.lake.catalog import write_atomically
from primacy.sources.hub.dump import RawRecord

__all__ = ["EXPAND", "Crawl"]

EXPAND = (
    "author",
    "baseModels",
    "createdAt",
    "downloads",
    "downloadsAllTime",
    "gguf",
    "lastModified",
    "library_name",
    "likes",
    "pipeline_tag",
    "safetensors",
    "tags",
)
"""The fields asked for: cards (``cardData``) are large, untrusted, and their licence and parents are in the tags."""

PAGE = 1000
PATIENCE = 3
"""How often a cursor that was handed out before is followed, and half a page asked for again."""

RETRIES = 8
TIMEOUT = 60.0


class _State(TypedDict):
    day: str
    next: str | None
    pages: int
    limit: int | None
    models: int
    seen: dict[str, int]


class Crawl:
    """A crawl and its directory.

    Parameters
    ----------
    directory
        Where pages and cursor are kept; a crawl that is there is resumed.
    endpoint
        The Hub's address; ``HF_ENDPOINT`` or the public one by default. A token is found as by
        ``huggingface_hub`` and raises the rate limit.
    limit
        Stop after the page with which so many models are reached; the most downloaded come first. All by default.
    """

    def __init__(self, directory: Path, *, endpoint: str | None = None, limit: int | None = None) -> None:
        address = endpoint or os.environ.get("HF_ENDPOINT") or constants.ENDPOINT
        self.endpoint = address.rstrip("/")
        self.directory = directory
        self._state = self._resume(limit)

    @property
    def day(self) -> str:
        """The day on which the crawl began, UTC, ISO 8601."""
        return self._state["day"]

    @property
    def pages(self) -> int:
        """How many pages are on disk."""
        return self._state["pages"]

    @property
    def complete(self) -> bool:
        """Whether nothing is left to fetch."""
        return self._state["next"] is None

    def fetch(self, advance: Callable[[int], None] | None = None) -> None:
        """Fetch the pages that are left.

        Raises
        ------
        InputError
            The Hub cannot be reached, refuses, or its cursors go round in a circle.
        """
        state = self._state
        while (address := state["next"]) is not None:
            page, following = self._page(address)
            state["seen"][address] = state["seen"].get(address, 0) + 1
            state["pages"] += 1
            state["models"] += len(page)
            limit = state["limit"]
            state["next"] = None if limit is not None and state["models"] >= limit else following
            if following is not None and state["seen"].get(following, 0) > PATIENCE:
                raise InputError(
                    f"{self.endpoint}: the Hub keeps handing out the cursor of page {state['pages']}; "
                    f"try again later, or remove {self.directory} to begin anew"
                )
            self._save_page(state["pages"], page)
            self._save_state()
            if advance is not None:
                advance(state["models"])

    def records(self) -> Iterator[RawRecord]:
        """Yield the records of all pages; their line counts through the crawl from 1."""
        line = 0
        for number in range(1, self.pages + 1):
            for record in json.loads(gzip.decompress(self._path(number).read_bytes())):
                line += 1
                if isinstance(record, dict):
                    yield RawRecord(line, record)
                else:
                    yield RawRecord(line, None, "not an object")

    def digest(self) -> str:
        """Return the SHA-256 of the pages' content."""
        total = hashlib.sha256()
        for number in range(1, self.pages + 1):
            total.update(gzip.decompress(self._path(number).read_bytes()))
        return total.hexdigest()

    def discard(self) -> None:
        """Remove the crawl's directory."""
        shutil.rmtree(self.directory)

    # ------------------------------------------------------------------ the Hub

    def _page(self, address: str) -> tuple[list[Any], str | None]:
        """Return the records of a page and the address of the next one."""
        for _ in range(PATIENCE):
            response = self._get(address)
            try:
                page = response.json()
            except ValueError:
                continue  # half a page whose length was not announced
            if not isinstance(page, list):
                raise InputError(f"{address}: the Hub answered something other than a list of models")
            following = response.links.get("next", {}).get("url")
            if following is not None and _origin(following) != _origin(self.endpoint):
                raise InputError(
                    f"{address}: the next page is on another host ({_origin(following)}); stopped"
                )
            limits = parse_ratelimit_headers(response.headers)
            if following is not None and limits is not None and limits.remaining == 0:
                time.sleep(limits.reset_in_seconds)
            return page, following
        raise InputError(f"{address}: the Hub sent half a page {PATIENCE} times; run the pull again to go on")

    def _get(self, address: str) -> httpx2.Response:
        headers = build_hf_headers(library_name="primacy", library_version=__version__)
        try:
            response = http_backoff(
                "GET", address, headers=headers, timeout=TIMEOUT, max_retries=RETRIES, follow_redirects=False
            )
            hf_raise_for_status(response)
        except HfHubHTTPError as error:
            raise InputError(
                f"{self.endpoint}: the Hub answered {error.response.status_code} after "
                f"{self.pages} pages; run the pull again to go on from there"
            ) from error
        except (httpx2.HTTPError, OSError) as error:
            raise InputError(
                f"{self.endpoint}: the Hub cannot be reached ({type(error).__name__}) after {self.pages} pages; "
                "run the pull again to go on from there, or name a dump's file"
            ) from error
        return response

    # ------------------------------------------------------------------ the directory

    def _resume(self, limit: int | None) -> _State:
        file = self.directory / "crawl.json"
        if file.exists():
            try:
                stored = json.loads(file.read_text(encoding="utf-8"))
                if stored["endpoint"] == self.endpoint and stored["limit"] == limit:
                    return cast(_State, {k: stored[k] for k in _State.__annotations__})
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(
                    f"{file}: not a readable crawl; remove {self.directory} to begin anew"
                ) from error
            raise InputError(
                f"{self.directory}: holds an unfinished crawl of {stored['endpoint']} with --max {stored['limit']}; "
                "finish that one, or remove the directory to begin anew"
            )
        query = [
            ("limit", str(min(PAGE, limit or PAGE))),
            ("sort", "downloads"),
            *(("expand", field) for field in EXPAND),
        ]
        return {
            "day": datetime.now(tz=UTC).date().isoformat(),
            "next": f"{self.endpoint}/api/models?{urlencode(query)}",
            "pages": 0,
            "limit": limit,
            "models": 0,
            "seen": {},
        }

    def _path(self, number: int) -> Path:
        return self.directory / f"page-{number:06}.json.gz"

    def _save_page(self, number: int, page: list[Any]) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path(number), gzip.compress(json.dumps(page).encode(), mtime=0))

    def _save_state(self) -> None:
        state = {"endpoint": self.endpoint, **self._state}
        write_atomically(self.directory / "crawl.json", json.dumps(state).encode())


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"

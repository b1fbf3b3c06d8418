"""The pages of a pull from the API, kept in a directory until the lake has them.

A page is on disk before the next one is asked for, so a pull that was killed, or whose budget was spent, goes on
after the last page. Pages are files of works such as any other, one record a line.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Self, TypedDict, cast

import msgspec
from filelock import FileLock, Timeout

from primacy.errors import InputError, LakeError
from primacy.lake.catalog import write_atomically
from primacy.sources.openalex.api.client import Page

CUT = 100
"""The API shows so many authorships of a work, and no more."""


class _Record(msgspec.Struct):
    """What is looked at in a record, whatever the rest of it is."""

    id: object = None
    authorships: object = None
    authors_count: object = None
    is_authors_truncated: object = None


class _State(TypedDict):
    base: str
    queries: list[str]
    most: int | None
    query: int
    cursor: str | None
    first: int
    others: int
    pages: int
    records: int
    repeated: int
    truncated: int
    missing: int


_RECORD = msgspec.json.Decoder(_Record)


class Tape:
    """A pull's pages and how far it is; a context manager, which keeps other pulls away.

    Parameters
    ----------
    directory
        Where tapes are kept.
    base
        The API's address.
    queries
        The filters, in the order in which they are asked.
    most
        Stop after so many works.
    """

    def __init__(self, directory: Path, *, base: str, queries: Sequence[str], most: int | None) -> None:
        name = hashlib.sha256(json.dumps([base, list(queries), most]).encode()).hexdigest()[:16]
        self.directory = directory / name
        self._state = self._resume(base, list(queries), most)
        self._seen: set[bytes] = set()
        self._now: set[bytes] = set()  # what the filter that is asked now has brought
        self._others = (
            0  # and how much of it, before the pull was broken off, other filters had brought before
        )
        self._lock = FileLock(directory / f"{name}.lock", timeout=0)

    def __enter__(self) -> Self:
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise LakeError(f"{self.directory}: another process is pulling the same from the API") from None
        except OSError as error:
            raise self._unwritten(error) from error
        self._state = self._resume(self._state["base"], self._state["queries"], self._state["most"])
        self._others = self._state["others"]
        for number in range(1, self.pages + 1):
            keys = [_key(line) for line in self._read(number)]
            self._seen.update(keys)
            if number >= self._state["first"]:
                self._now.update(keys)
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    @property
    def pages(self) -> int:
        """How many pages are on the tape."""
        return self._state["pages"]

    @property
    def records(self) -> int:
        """How many works are on the tape."""
        return self._state["records"]

    @property
    def repeated(self) -> int:
        """How many records came again and were left out."""
        return self._state["repeated"]

    @property
    def truncated(self) -> int:
        """How many works have lost authors: the API shows no more than a hundred."""
        return self._state["truncated"]

    @property
    def missing(self) -> int:
        """How many works the API counts that did not come."""
        return self._state["missing"]

    @property
    def query(self) -> str | None:
        """The filter that is asked next; None at the end."""
        full = self._state["most"] is not None and self.records >= self._state["most"]
        done = full or self._state["query"] >= len(self._state["queries"])
        return None if done else self._state["queries"][self._state["query"]]

    @property
    def cursor(self) -> str:
        """Where the next page begins."""
        return self._state["cursor"] or "*"

    def received(self, page: Page) -> int:
        """Return how many works the filter that is asked now has brought with a page."""
        return self._others + len(self._now) + len({_key(record) for record in page.records} - self._now)

    def repeats(self, page: Page) -> bool:
        """Whether a page brings nothing that the filter has not brought before."""
        return bool(page.records) and self._now.issuperset(map(_key, page.records))

    def keep(self, page: Page, cursor: str | None) -> None:
        """Write a page, then what follows it.

        Parameters
        ----------
        page
            The page.
        cursor
            Where the next page of the same filter begins; None where this one was the last.
        """
        state = self._state
        keys = list(map(_key, page.records))
        distinct = dict(zip(keys, page.records, strict=True))
        fresh = {key: record for key, record in distinct.items() if key not in self._seen}
        repeated = len(keys) - len(fresh)
        if state["most"] is not None:
            fresh = dict(islice(fresh.items(), state["most"] - self.records))
        marked = [_marked(record) for record in fresh.values()]
        if marked:
            lines = b"\n".join(record for record, _ in marked) + b"\n"
            self._write(self._path(self.pages + 1), gzip.compress(lines, mtime=0))
        pages = self.pages + bool(marked)
        records = self.records + len(marked)
        ended = cursor is None and records != state["most"]
        others = state["others"] + sum(key in self._seen and key not in self._now for key in distinct)
        following: _State = {
            **state,
            "query": state["query"] + (cursor is None),
            "cursor": cursor,
            "first": pages + 1 if cursor is None else state["first"],
            "others": 0 if cursor is None else others,
            "pages": pages,
            "records": records,
            "repeated": state["repeated"] + repeated,
            "truncated": state["truncated"] + sum(cut for _, cut in marked),
            "missing": state["missing"] + (max(0, page.count - self.received(page)) if ended else 0),
        }
        self._write(self._file, json.dumps(following).encode())
        self._seen.update(fresh)
        self._now.update(keys)
        if cursor is None:
            self._now, self._others = set(), 0
        self._state = following

    def discard(self) -> None:
        """Remove the tape: the lake has it."""
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def _file(self) -> Path:
        return self.directory / "tape.json"

    def _path(self, number: int) -> Path:
        return self.directory / f"page-{number:06}.jsonl.gz"

    def _read(self, number: int) -> list[bytes]:
        try:
            return gzip.decompress(self._path(number).read_bytes()).splitlines()
        except (OSError, EOFError) as error:
            raise self._damaged(self._path(number)) from error

    def _write(self, path: Path, data: bytes) -> None:
        try:
            write_atomically(path, data)
        except OSError as error:
            raise self._unwritten(error) from error

    def _unwritten(self, error: OSError) -> LakeError:
        return LakeError(f"{self.directory}: cannot be written ({error.strerror or error})")

    def _damaged(self, path: Path) -> InputError:
        return InputError(f"{path}: not a readable page of a pull; remove {self.directory} to begin anew")

    def _resume(self, base: str, queries: list[str], most: int | None) -> _State:
        file = self._file
        if file.exists():
            try:
                stored = json.loads(file.read_text(encoding="utf-8"))
                return cast(_State, {k: stored[k] for k in _State.__annotations__})
            except (ValueError, KeyError, TypeError, OSError) as error:
                raise self._damaged(file) from error
        return {
            "base": base,
            "queries": queries,
            "most": most,
            "query": 0,
            "cursor": None,
            "first": 1,
            "others": 0,
            "pages": 0,
            "records": 0,
            "repeated": 0,
            "truncated": 0,
            "missing": 0,
        }


def _look(record: bytes) -> _Record | None:
    try:
        return _RECORD.decode(record)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # the pull puts it into quarantine
        return None


def _key(record: bytes) -> bytes:
    """Return what tells a record from others: its id, or all of it where it has none."""
    seen = _look(record)
    name = seen.id if seen is not None else None
    return name.encode() if isinstance(name, str) else record


def _marked(record: bytes) -> tuple[bytes, bool]:
    """Return a record, marked by ``is_authors_truncated`` where the API left authors out, and whether it did."""
    seen = _look(record)
    if seen is None or not isinstance(seen.authorships, list):
        return record, False
    shown = len(seen.authorships)
    if isinstance(seen.authors_count, int):
        cut = seen.authors_count > shown
    elif isinstance(seen.is_authors_truncated, bool):
        cut = seen.is_authors_truncated
    else:
        cut = shown == CUT  # exactly as many as it shows at most, and nothing says that there are no more
    if not cut or seen.is_authors_truncated is True:
        return record, cut
    return record.rstrip()[
        :-1
    ] + b',"is_authors_truncated":true}', True  # of two equal keys the last one counts

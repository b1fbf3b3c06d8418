"""What is fuzzed: each target takes bytes and fails only where the program would be wrong.

A target may be refused by :class:`primacy.errors.PrimacyError` with one line; anything else that is raised, an
invariant that does not hold, or time out of proportion to the input is a finding.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from primacy.cli import main
from primacy.errors import PrimacyError
from primacy.sources import backoff
from primacy.sources.openalex import decode
from primacy.sources.openalex.api import tape
from primacy.sources.openalex.decode import Tally
from primacy.sources.openalex.stream import DamagedFileError, Digest, blocks
from primacy.sources.openalex.tables import WORK_TABLES, build
from primacy.technologies.openalex_filter import translate
from primacy.technologies.query import parse
from primacy.technologies.technology import load_technology
from primacy.workspace import Workspace
from primacy.workspace.settings import Settings

START, PER_BYTE = 2.0, 5e-5
"""Seconds of processor time that a target may take: some to begin with, and some for each byte."""


class SlowError(AssertionError):
    """A target took more time than its input is worth."""


@contextlib.contextmanager
def _in_proportion(data: bytes, *, start: float = START):
    begun = time.process_time()
    yield
    taken = time.process_time() - begun
    if taken > start + PER_BYTE * len(data):
        raise SlowError(f"{taken:.1f} s for {len(data)} bytes")


def _refusal(error: PrimacyError) -> None:
    message = str(error)
    assert message, repr(error)
    assert len(message) < 2000, message
    assert "\n" not in message, message


def query(data: bytes) -> None:
    """A query of a technology: read, and made filters of the API."""
    text = data.decode(errors="replace")
    with _in_proportion(data):
        try:
            found = parse(text)
            filters = translate(found).filters
        except PrimacyError as error:
            _refusal(error)
            return
        assert filters
        assert all(len(f.encode()) < 4000 for f in filters)


def technology(data: bytes) -> None:
    """The file of a technology."""
    with tempfile.TemporaryDirectory() as directory, _in_proportion(data):
        path = Path(directory) / "lasers.toml"
        path.write_bytes(data)
        try:
            assert load_technology(path).id == "lasers"
        except PrimacyError as error:
            _refusal(error)


def settings(data: bytes) -> None:
    """The settings of a workspace."""
    with tempfile.TemporaryDirectory() as directory, _in_proportion(data):
        path = Path(directory) / "primacy.toml"
        path.write_bytes(data)
        try:
            Settings.read(path)
        except PrimacyError as error:
            _refusal(error)


def records(data: bytes) -> None:
    """Lines of works: each is loaded or named, and no line hurts another."""
    with _in_proportion(data):
        tally = Tally()
        try:
            lines = list(blocks(io.BytesIO(data), Digest(), packed=False))
        except DamagedFileError:
            return
        loaded = 0
        for leaves in decode.works(iter(lines), tally):
            batch = build(leaves)
            assert set(batch.works) == set(WORK_TABLES)
            loaded += batch.records
    assert loaded == tally.read
    if not data.startswith(b"\x1f\x8b"):
        bare = data.removeprefix(b"\xef\xbb\xbf")
        assert tally.records == sum(bool(line.strip()) for line in bare.split(b"\n"))
    numbers = [line for line, _ in tally.faults]
    assert len(numbers) == len(set(numbers))


def packed(data: bytes) -> None:
    """A gzip file of works, damaged or not."""
    with _in_proportion(data), contextlib.suppress(DamagedFileError):
        unpacked = b"".join(blocks(io.BytesIO(data), Digest(), packed=True))
        assert unpacked == gzip.decompress(data).removeprefix(b"\xef\xbb\xbf")


def page(data: bytes) -> None:
    """A record of the API on its way to the tape."""
    with _in_proportion(data):
        marked, cut = tape._marked(data)
        assert isinstance(tape._key(data), bytes)
    if cut:
        record = json.loads(marked)
        assert record["is_authors_truncated"] is True or record["authors_count"] > len(record["authorships"])


FORBIDDEN = frozenset(
    ["serve", "demo", "simulate", "bench", "publish", "run", "hub", "init", "brief", "assess", "site"]
)
"""Commands that take minutes, a network or a port."""


def arguments(data: bytes) -> None:
    """The words of a command, one a line."""
    words = data.decode(errors="replace").replace("\0", "").splitlines()[:20]
    if FORBIDDEN.intersection(words) or any("://" in w or w.startswith(("/", "~", "..")) for w in words):
        return
    with _desk() as directory, _in_proportion(data, start=20.0):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(directory):
            code = main(words)
        said = err.getvalue()
    assert code in (0, 1, 2), (code, said)
    assert "unexpected failure" not in said, said
    assert "Traceback" not in said or "--debug" in words, said


@contextlib.contextmanager
def _desk():
    """An empty workspace to be in; nothing of it reaches a network, and nobody waits for one."""
    nowhere = dict.fromkeys(("OPENALEX_API_URL", "AWS_ENDPOINT_URL", "HF_ENDPOINT"), "http://127.0.0.1:1")
    with (
        tempfile.TemporaryDirectory() as name,
        mock.patch.dict(os.environ, nowhere, PRIMACY_WORKSPACE=name),
        mock.patch.object(backoff, "RETRIES", 0),
    ):
        Workspace.init(name)
        yield name


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (query, technology, settings, records, packed, page, arguments)
}

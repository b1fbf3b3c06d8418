"""Files of records decoded: JSON Lines into leaves, line by line where a block of lines does not go as a whole."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from primacy.sources.openalex import abstracts, inverted
from primacy.sources.openalex.flattening import flatten
from primacy.sources.openalex.leaves import Ints, Leaves
from primacy.sources.openalex.records import CHECKED, REQUIRED, WORKS, Work
from primacy.sources.openalex.tables import faults

T = TypeVar("T")
_UNFIT = "unfit record"
_LINE_END = ord("\n")
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])


class FaultError(Exception):
    """A record cannot be loaded; the text says why."""


@dataclass
class Tally:
    """What a file turned out to hold.

    Parameters
    ----------
    read
        Records that can be loaded.
    faults
        Lines that cannot, with the reason.
    lacking
        For each required field the number of records without it.
    """

    read: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)
    lacking: Counter[str] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        """All lines that are not blank."""
        return self.read + len(self.faults)


def _is_utf8(block: bytes) -> bool:
    offsets = pa.py_buffer(len(block).to_bytes(8, "little").rjust(16, b"\0"))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(block)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def parse(line: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """Return the record of a line.

    Raises
    ------
    FaultError
        There is none.
    """
    try:
        line.decode()
        return decoder.decode(line)
    except UnicodeDecodeError as error:
        raise FaultError(f"not UTF-8: {error.reason} at byte {error.start + 1}") from None
    except msgspec.ValidationError as error:
        raise FaultError(f"{_UNFIT}: {error}") from None
    except msgspec.DecodeError as error:
        raise FaultError(f"invalid JSON: {str(error).removeprefix('JSON is malformed: ')}") from None
    except RecursionError:
        raise FaultError("invalid JSON: nested too deep") from None


def _parse_work(line: bytes, tally: Tally) -> Work:
    """Return the work of a line that may be anything.

    Raises
    ------
    FaultError
        There is none; a required field that is missing is noted in the tally.
    """
    try:
        parse(line, CHECKED)
        return WORKS.decode(line)
    except FaultError as error:
        if not str(error).startswith(_UNFIT):
            raise
    try:
        fields = parse(line, _FIELDS)
    except FaultError as error:
        if not str(error).startswith(_UNFIT):
            raise
        raise FaultError("the line is JSON, but not an object") from None
    lacking = [f for f in REQUIRED if f not in fields]
    tally.lacking.update(lacking)
    if lacking:
        raise FaultError(f"{_UNFIT}: required field '{lacking[0]}' is missing")
    parse(line, CHECKED)
    return WORKS.decode(line)


def _texts(works: list[Work]) -> tuple[pa.Array, list[tuple[int, str]]]:
    """Return the abstracts of works, and the works whose index is none, with the reason."""
    indices = [w.abstract_inverted_index for w in works]
    lengths = np.fromiter((memoryview(i).nbytes for i in indices), np.int64, len(indices))
    rebuilt = inverted.rebuild(b"".join(indices), np.cumsum(lengths))
    others: list[str | None] = []
    wrong: list[tuple[int, str]] = []
    for i in np.flatnonzero(~rebuilt.done).tolist():
        try:
            others.append(_text(works[i]))
        except ValueError as error:
            others.append(None)
            wrong.append((i, str(error)))
    if not others:
        return rebuilt.texts, wrong
    return pc.replace_with_mask(rebuilt.texts, pa.array(~rebuilt.done), pa.array(others, pa.string())), wrong


def _text(work: Work) -> str | None:
    """Return the abstract of one work: from its index, the index's later form, or plain text.

    Raises
    ------
    ValueError
        The index is not one.
    """
    for index in (work.abstract_inverted_index, work.abstract_inverted_index_v3):
        text = abstracts.from_raw(index)
        if text is not None:
            return text
    return work.abstract


def works(blocks: Iterator[bytes], tally: Tally, *, number: int = 0, of: int = 1) -> Iterator[Leaves]:
    """Yield the leaves of works in blocks of JSON Lines.

    Parameters
    ----------
    blocks
        From :func:`primacy.sources.openalex.stream.blocks`.
    tally
        Is told what was read and what was not.
    number, of
        Every how many blocks to take, and from which on; the others are only counted.
    """
    before = 0
    for place, block in enumerate(blocks):
        ends = _line_ends(block)
        if place % of == number:
            leaves = _leaves(block, before, ends, tally)
            tally.read += leaves.works.num_rows
            if leaves.works.num_rows:
                yield leaves
        before += len(ends)


def _line_ends(block: bytes) -> Ints:
    return np.flatnonzero(np.frombuffer(block, np.uint8) == _LINE_END)


def _leaves(block: bytes, before: int, ends: Ints, tally: Tally) -> Leaves:
    """Return the works of one block, and tell the tally of the lines that hold none.

    Parameters
    ----------
    block
        Whole lines; the last one may lack its end.
    before
        How many lines come before it.
    ends
        Where its line ends are.
    """
    found = _together(block, ends)
    if found is not None:
        numbers: list[int] | range = range(before + 1, before + 1 + len(found.records))
    else:
        records, numbers = _singly(block, before, lambda line: _parse_work(line, tally), tally)
        found = _laid_out(records)
    wrong = sorted(dict([*faults(found.leaves.works), *found.wrong]).items())
    if not wrong:
        return found.leaves
    tally.faults.extend((numbers[i], f"{_UNFIT}: {reason}") for i, reason in wrong)
    gone = {i for i, _ in wrong}
    kept = [i for i in range(len(found.records)) if i not in gone]
    texts = found.leaves.works["abstract"].combine_chunks().take(pa.array(kept, pa.int64()))
    return flatten([found.records[i] for i in kept], texts)


@dataclass(frozen=True)
class _Found:
    """The works of a block as records and as leaves, and those whose abstract is none, with the reason."""

    records: list[Work]
    leaves: Leaves
    wrong: list[tuple[int, str]]


def _laid_out(records: list[Work]) -> _Found:
    texts, wrong = _texts(records)
    return _Found(records, flatten(records, texts), wrong)


def _together(block: bytes, ends: Ints) -> _Found | None:
    """Return the works of a block of lines, None where not every line holds one."""
    # Only where every line begins an object, and there are as many objects, is it certain which line each is.
    begins = ends[: len(ends) - block.endswith(b"\n")] + 1
    objects = block.startswith(b"{") and (np.frombuffer(block, np.uint8)[begins] == ord("{")).all()
    if objects and _is_utf8(block):
        with contextlib.suppress(msgspec.MsgspecError, UnicodeError, RecursionError):
            records = list(WORKS.decode_lines(block))
            if len(records) == len(begins) + 1:
                return _laid_out(records)
    return None


def _singly(
    block: bytes, before: int, parse_line: Callable[[bytes], T], tally: Tally
) -> tuple[list[T], list[int]]:
    """Parse a block line by line; return the records and their line numbers, and tell the tally of the others."""
    records: list[T] = []
    numbers: list[int] = []
    for number, line in enumerate(block.split(b"\n"), before + 1):
        if not line.strip():
            continue
        try:
            records.append(parse_line(line))
            numbers.append(number)
        except FaultError as error:
            tally.faults.append((number, str(error)))
    return records, numbers


def entities(
    blocks: Iterator[bytes],
    decoder: msgspec.json.Decoder[T],
    fault: Callable[[T], str | None],
    tally: Tally,
) -> Iterator[list[T]]:
    """Yield the records of an entity file in blocks of JSON Lines.

    Parameters
    ----------
    blocks, tally
        As in :func:`works`.
    decoder
        For the kind of record.
    fault
        Says why a record that decodes cannot be loaded.
    """

    def parse_line(line: bytes) -> T:
        record = parse(line, decoder)
        reason = fault(record)
        if reason is not None:
            raise FaultError(f"{_UNFIT}: {reason}")
        return record

    before = 0
    for block in blocks:
        records, _ = _singly(block, before, parse_line, tally)
        before += block.count(b"\n")
        tally.read += len(records)
        if records:
            yield records

"""A technology and its file, ``ID.toml``.

::

    id = "supercapacitors"                    # equal to the file's name
    name = "Supercapacitors"
    domain = "Energy and environment"
    definition = "…"
    topics = ["T10018"]                       # the OpenAlex topics that overlap
    [queries]
    strict = '…'                              # precision first
    broad = '…'                               # recall first

These keys are all that a portfolio needs (``topics`` may be left out). The rest is optional::

    scope_in = "…"                            # what counts, in prose
    scope_out = "…"                           # what does not
    version = 2                               # of this definition
    notes = ["…"]                             # known confusions; what attacks on the queries found
    changelog = [{ version = 2, date = 2026-05-01, change = "…" }]
    [quality]                                 # real hits that were read and judged
    variant = "broad"
    sampled = 20
    relevant = 18
    notes = "…"                               # what the wrong ones were
    [[strangers]]                             # topics that `broad` hits though they are not mapped, and why
    topic = "T10020"
    reason = "…"
    [[accepted]]                              # findings of lint that are meant, and why
    check = "acronym"
    term = "CRISPR"
    reason = "…"
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from primacy.errors import InputError
from primacy.technologies.query import Query, QuerySyntaxError, parse

__all__ = [
    "VARIANTS",
    "Accepted",
    "Change",
    "Quality",
    "Stranger",
    "Technology",
    "Variant",
    "load_technology",
    "read_technology",
]

Variant: TypeAlias = Literal["strict", "broad"]

VARIANTS: tuple[Variant, ...] = ("strict", "broad")

LONGEST = 128 << 10
"""How many bytes a file may have: reading TOML takes time that grows with the square of a key's length."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_TOPIC = re.compile(r"T[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a technology's changelog."""

    version: int
    date: date
    change: str


@dataclass(frozen=True, slots=True)
class Quality:
    """What was found when real hits were read: ``relevant`` of ``sampled`` belong to the technology."""

    sampled: int
    relevant: int
    variant: Variant = "broad"
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A topic that the broad query hits though it is not mapped, with the reason why that is right."""

    topic: str
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding of lint that is meant: its check, the term it names (any where empty), and the reason."""

    check: str
    reason: str
    term: str = ""


@dataclass(frozen=True)
class Technology:
    """The definition of one technology.

    Attributes
    ----------
    id, name, domain, definition
        What it is called and what it is.
    strict_text, broad_text
        The two queries as written: precision first, recall first.
    topics
        OpenAlex ids (``T10018``) of the topics that overlap.
    scope_in, scope_out
        What counts and what does not, in prose.
    notes, strangers, accepted, quality, version, changelog
        What is known about the queries; see the module's description.
    toml
        The file's text.
    """

    id: str
    name: str
    domain: str
    definition: str
    strict_text: str
    broad_text: str
    topics: tuple[str, ...] = ()
    scope_in: str = ""
    scope_out: str = ""
    notes: tuple[str, ...] = ()
    strangers: tuple[Stranger, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    quality: Quality | None = None
    version: int = 1
    changelog: tuple[Change, ...] = ()
    toml: str = field(default="", compare=False, repr=False)

    @cached_property
    def strict(self) -> Query:
        """The strict query."""
        return parse(self.strict_text)

    @cached_property
    def broad(self) -> Query:
        """The broad query."""
        return parse(self.broad_text)

    def query(self, variant: Variant) -> Query:
        """Return the strict or the broad query."""
        return self.strict if variant == "strict" else self.broad

    @property
    def topic_numbers(self) -> tuple[int, ...]:
        """The integer parts of the topics' ids."""
        return tuple(int(topic[1:]) for topic in self.topics)


def load_technology(path: str | Path) -> Technology:
    """Load one technology from its file.

    Raises
    ------
    InputError
        The file is not a technology; the error names the field and, for a query, the place.
    """
    path = Path(path)
    technology = read_technology(_text(path), path)
    for variant in VARIANTS:
        _check_query(path, technology, variant)
    return technology


def read_technology(toml: str, path: Path) -> Technology:
    """Read a technology from the text of its file, without parsing its queries.

    Parameters
    ----------
    toml
        The text.
    path
        The file that it is the text of; its name must be the id.

    Raises
    ------
    InputError
        The text is not a technology; the error names the field.
    """
    raw = _convert(path, toml)
    _check_fields(path, raw)
    plain = {name: getattr(raw, name) for name in raw.__struct_fields__ if name != "queries"}
    return Technology(**plain, strict_text=raw.queries.strict, broad_text=raw.queries.broad, toml=toml)


class _Queries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    strict: str
    broad: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A technology's file, as TOML has it."""

    id: str
    name: str
    domain: str
    definition: str
    queries: _Queries
    topics: tuple[str, ...] = ()
    scope_in: str = ""
    scope_out: str = ""
    notes: tuple[str, ...] = ()
    strangers: tuple[Stranger, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    quality: Quality | None = None
    version: int = 1
    changelog: tuple[Change, ...] = ()


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LONGEST:
            raise InputError(f"{path}: has more than {LONGEST >> 10} KiB; no technology's file needs as much")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def _convert(path: Path, toml: str) -> _File:
    try:
        table: dict[str, Any] = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML: {error}") from None
    except RecursionError:
        raise InputError(f"{path}: not valid TOML: nested too deeply") from None
    try:
        _refuse_unknown(table)
        return msgspec.convert(table, _File)
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {_plain(str(error))}") from None


def _refuse_unknown(table: dict[str, Any]) -> None:
    """Refuse unknown keys of the inner tables; msgspec refuses those of the file itself."""
    for name, kind in (
        ("strangers", Stranger),
        ("accepted", Accepted),
        ("changelog", Change),
        ("quality", Quality),
    ):
        inner = table.get(name)
        for index, entry in enumerate(inner if isinstance(inner, list) else [inner]):
            known = {each.name for each in fields(kind)}
            for key in entry if isinstance(entry, dict) else ():
                if key not in known:
                    place = f"{name}[{index}]" if isinstance(inner, list) else name
                    raise msgspec.ValidationError(f"Object contains unknown field `{key}` - at `$.{place}`")


def _plain(message: str) -> str:
    """Turn msgspec's message into ``field: what is wrong``."""
    reason, _, place = message.partition(" - at `$")
    place = place.rstrip("`").lstrip(".")
    for pattern, text in (
        (r"Object missing required field `(.+)`", "is missing"),
        (
            r"Object contains unknown field `(.+)`",
            "is not a key of a technology's file; remove it or correct its name",
        ),
    ):
        found = re.fullmatch(pattern, reason)
        if found:
            return f"{place}.{found[1]}: {text}".lstrip(".")
    return f"{place}: {reason[:1].lower()}{reason[1:].replace('`', '')}"


def _check_fields(path: Path, raw: _File) -> None:
    if raw.id != path.stem:
        raise InputError(f"{path}: id: {raw.id!r} differs from the file's name; it must be {path.stem!r}")
    if not _ID.fullmatch(raw.id):
        raise InputError(f"{path}: id: {raw.id!r} may hold letters, digits, - and _ only")
    for name in ("name", "domain", "definition"):
        if not getattr(raw, name).strip():
            raise InputError(f"{path}: {name}: is empty")
    _check_topics(path, "topics", raw.topics)
    _check_topics(path, "strangers", tuple(stranger.topic for stranger in raw.strangers))
    if raw.quality and not 0 <= raw.quality.relevant <= raw.quality.sampled:
        raise InputError(
            f"{path}: quality.relevant: must be from 0 to quality.sampled ({raw.quality.sampled})"
        )
    if raw.changelog and max(change.version for change in raw.changelog) != raw.version:
        raise InputError(f"{path}: version: {raw.version} is not the newest version of the changelog")


def _check_topics(path: Path, name: str, topics: tuple[str, ...]) -> None:
    for index, topic in enumerate(topics):
        if not _TOPIC.fullmatch(topic):
            raise InputError(
                f"{path}: {name}[{index}]: {topic!r} is not an OpenAlex topic id such as 'T10018'"
            )
        if topic in topics[:index]:
            raise InputError(f"{path}: {name}[{index}]: {topic} is listed twice")


def _check_query(path: Path, technology: Technology, variant: Variant) -> None:
    text = technology.strict_text if variant == "strict" else technology.broad_text
    try:
        technology.query(variant)
    except QuerySyntaxError as error:
        start = technology.toml.find(text) if text else -1
        line = f"{technology.toml.count(chr(10), 0, start) + error.line}:" if start >= 0 else ""
        raise InputError(f"{path}:{line} queries.{variant}: {error}") from error

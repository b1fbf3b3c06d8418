"""Technologies and portfolios: one TOML file per technology, one directory per portfolio.

The file of a technology::

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
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from primacy.errors import InputError, NotThereError
from primacy.technologies.query import Query, QuerySyntaxError, parse

Variant: TypeAlias = Literal["strict", "broad"]

VARIANTS: tuple[Variant, ...] = ("strict", "broad")
BUNDLED = Path(__file__).parent / "portfolios"
DEFAULT = BUNDLED / "critical-74"

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


@dataclass(frozen=True)
class Technology:
    """The definition of one technology.

    Attributes
    ----------
    id, name, domain, definition
        What it is called and what it is.
    strict, broad
        The two queries: precision first, recall first.
    topics
        OpenAlex ids (``T10018``) of the topics that overlap.
    scope_in, scope_out
        What counts and what does not, in prose.
    notes, strangers, quality, version, changelog
        What is known about the queries; see the module's description.
    path
        The file.
    """

    id: str
    name: str
    domain: str
    definition: str
    strict: Query
    broad: Query
    topics: tuple[str, ...] = ()
    scope_in: str = ""
    scope_out: str = ""
    notes: tuple[str, ...] = ()
    strangers: tuple[Stranger, ...] = ()
    quality: Quality | None = None
    version: int = 1
    changelog: tuple[Change, ...] = ()
    path: Path = field(default=Path(), compare=False)

    def query(self, variant: Variant) -> Query:
        """Return the strict or the broad query."""
        return self.strict if variant == "strict" else self.broad


@dataclass(frozen=True)
class Portfolio(Mapping[str, Technology]):
    """The technologies of one directory, by id, in the order of their ids."""

    path: Path
    technologies: tuple[Technology, ...]

    @cached_property
    def _by_id(self) -> dict[str, Technology]:
        return {technology.id: technology for technology in self.technologies}

    def __getitem__(self, technology_id: str) -> Technology:
        return self._by_id[technology_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self.technologies)

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change whenever an id or a query does."""
        text = "\0".join(f"{t.id}\0{t.strict.text}\0{t.broad.text}" for t in self.technologies)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def find(self, technology_id: str) -> Technology:
        """Return a technology by its id.

        Raises
        ------
        NotThereError
            The portfolio has no such technology; the error names the nearest ones.
        """
        try:
            return self._by_id[technology_id]
        except KeyError:
            raise NotThereError(
                f"no technology {technology_id!r} in {self.path}; {self._suggest(technology_id)}"
            ) from None

    def _suggest(self, technology_id: str) -> str:
        import difflib

        near = difflib.get_close_matches(technology_id, self._by_id, n=3, cutoff=0.5)
        near = near or [i for i in self._by_id if technology_id.lower() in i][:3]
        return f"did you mean {' or '.join(near)}?" if near else "`primacy technologies list` names them"


def load_portfolio(directory: str | Path | None = None) -> Portfolio:
    """Load a portfolio: every ``*.toml`` file of a directory.

    Parameters
    ----------
    directory
        Where the files are; without it, the 74 critical technologies that come with primacy. The name of a
        bundled portfolio (``article-10``) serves too, where no directory of that name is there.

    Raises
    ------
    InputError
        The directory or a file cannot be used; the error names the file and the field.
    """
    path = _locate(directory)
    files = sorted(file for file in path.glob("*.toml") if not file.name.startswith("."))
    if not files:
        raise InputError(f"{path}: no technology in it; a portfolio is a directory of ID.toml files")
    technologies = tuple(load_technology(file) for file in files)
    seen: dict[str, Path] = {}
    for technology in technologies:
        twin = seen.setdefault(technology.id.lower(), technology.path)
        if twin != technology.path:
            raise InputError(f"{technology.path}: id: {technology.id!r} is also the id of {twin.name}")
    return Portfolio(path, technologies)


def load_technology(path: str | Path) -> Technology:
    """Load one technology from its file.

    Raises
    ------
    InputError
        The file is not a technology; the error names the field and, for a query, the place.
    """
    path = Path(path)
    content = _read(path)
    raw = _convert(path, content)
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
    return Technology(
        **{name: getattr(raw, name) for name in raw.__struct_fields__ if name != "queries"},
        strict=_parse(path, content, "strict", raw.queries.strict),
        broad=_parse(path, content, "broad", raw.queries.broad),
        path=path,
    )


class _Queries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    strict: str
    broad: str


class _Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    date: date
    change: str


class _Quality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sampled: int
    relevant: int
    variant: Variant = "broad"
    notes: str = ""


class _Stranger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    topic: str
    reason: str


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
    strangers: tuple[_Stranger, ...] = ()
    quality: _Quality | None = None
    version: int = 1
    changelog: tuple[_Change, ...] = ()


def _locate(directory: str | Path | None) -> Path:
    path = DEFAULT if directory is None else Path(directory)
    if path.is_dir():
        return path
    if path.exists():
        raise InputError(f"{path}: is a file; a portfolio is a directory of ID.toml files")
    if path.name == str(path) and (BUNDLED / path).is_dir():
        return BUNDLED / path
    raise InputError(f"{path}: no such directory; a portfolio is a directory of ID.toml files")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def _convert(path: Path, content: str) -> _File:
    try:
        table: dict[str, Any] = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML: {error}") from None
    except RecursionError:
        raise InputError(f"{path}: not valid TOML: nested too deeply") from None
    try:
        return msgspec.convert(table, _File)
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {_plain(str(error))}") from None


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


def _check_topics(path: Path, name: str, topics: tuple[str, ...]) -> None:
    for index, topic in enumerate(topics):
        if not _TOPIC.fullmatch(topic):
            raise InputError(
                f"{path}: {name}[{index}]: {topic!r} is not an OpenAlex topic id such as 'T10018'"
            )
        if topic in topics[:index]:
            raise InputError(f"{path}: {name}[{index}]: {topic} is listed twice")


def _parse(path: Path, content: str, variant: Variant, text: str) -> Query:
    try:
        return parse(text)
    except QuerySyntaxError as error:
        start = content.find(text) if text else -1
        line = f"{content.count(chr(10), 0, start) + error.line}: " if start >= 0 else ""
        raise InputError(f"{path}:{line or ' '}queries.{variant}: {error}") from error

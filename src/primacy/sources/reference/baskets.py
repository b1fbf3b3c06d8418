"""Baskets: versioned lists of the venues whose articles count.

Three ship with primacy (the Nature Index' lists of 82, 145 and 178 venues); a user's own is a CSV file with
``name, issn_print, issn_online``, or a TOML file with a query over the names and publishers of sources.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from primacy.errors import InputError, NotThereError
from primacy.sources.reference.issn import parse_issn
from primacy.sources.reference.shipped import shipped_rows

__all__ = ["Basket", "SourceQuery", "Venue", "load_basket", "read_basket", "shipped_baskets", "venues_of"]

SHIPPED = "baskets.toml"
COLUMNS = ("name", "issn_print", "issn_online")
KINDS = ("journal", "conference", "repository", "book series", "ebook platform", "metadata", "other")


@dataclass(frozen=True, slots=True)
class Venue:
    """A journal or conference of a basket.

    Parameters
    ----------
    name
        As the list writes it; for people, never for matching.
    issns
        Its ISSNs with hyphen, print before online.
    subjects
        The subjects to which its articles belong; none where it is not known.
    subset
        Why the list's maker counts only some of its articles (``letters``, ``highlighted``); empty: all.
    articles_2019
        How many articles the list's maker counted in twelve months around 2019; a control.
    """

    name: str
    issns: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    subset: str = ""
    articles_2019: int | None = None


@dataclass(frozen=True, slots=True)
class SourceQuery:
    """A basket stated as a query over sources.

    Parameters
    ----------
    names, publishers
        Queries in the language of the technologies, over the name and over the publisher of a source; all
        where None.
    kinds
        The types of source that count.
    """

    names: str | None = None
    publishers: str | None = None
    kinds: tuple[str, ...] = ("journal", "conference")


@dataclass(frozen=True, slots=True)
class Basket:
    """A list of venues under an id, or a query that finds them.

    Parameters
    ----------
    id
        The shipped list's id, or the name of the file without its ending.
    title
        What a reader is told.
    venues
        In the order of the list; none where ``query`` is given.
    query
        The query over sources, where the basket is one.
    source
        Where the list is published.
    years
        First and last data year of the official tables made with it, where they are known.
    notes
        What was said twice in the file, one sentence each.
    """

    id: str
    title: str
    venues: tuple[Venue, ...] = ()
    query: SourceQuery | None = None
    source: str = ""
    years: tuple[int, int | None] | None = None
    notes: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits over what decides which articles count: ISSNs and subjects, or the query."""
        lines = [f"{v.name}|{','.join(v.issns)}|{';'.join(v.subjects)}" for v in self.venues]
        text = "\n".join([*sorted(lines), repr(self.query) if self.query else ""])
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def shipped_baskets() -> dict[str, Basket]:
    """Return the baskets that ship, by id, the oldest list first.

    Examples
    --------
    >>> {id: len(basket.venues) for id, basket in shipped_baskets().items()}
    {'nature-index-82': 82, 'nature-index-145': 145, 'nature-index-178': 178}
    """
    stated = tomllib.loads(files(__package__).joinpath(SHIPPED).read_text(encoding="utf-8"))
    rows = shipped_rows("venues.csv")
    found = {}
    for id, about in stated.items():
        venues, notes = venues_of((n, r) for n, r in enumerate(rows, 2) if r[id] == "1")
        if len(venues) != about["venues"] or notes:
            raise InputError(f"venues.csv: {id} has {len(venues)} venues, not {about['venues']}; {notes}")
        first, *last = about["years"]
        found[id] = Basket(
            id, about["title"], venues, None, about["source"], (first, last[0] if last else None)
        )
    return found


def load_basket(name: str | Path) -> Basket:
    """Return the basket of an id, or of a file: a query where it ends in ``.toml``, else a CSV table.

    Parameters
    ----------
    name
        The id of a shipped basket, or a path.

    Raises
    ------
    NotThereError
        There is no such basket or file; the text lists the ids.
    InputError
        The file is wrong; the text names the line.
    """
    if isinstance(name, str) and name in shipped_baskets():
        return shipped_baskets()[name]
    path = Path(name)
    if not path.is_file():
        raise NotThereError(
            f"basket '{name}': no such list or file; there are {', '.join(shipped_baskets())}, "
            "or name a .csv file with name, issn_print, issn_online"
        )
    return read_basket(path)


def read_basket(path: Path) -> Basket:
    """Read a user's basket.

    A CSV file has the columns ``name``, ``issn_print`` and ``issn_online``, one of the two ISSNs at least in every
    line, and may have ``subjects`` (with semicolons); other columns are ignored. A TOML file has ``title`` and one
    or both of ``names`` and ``publishers``, queries over sources, and may have ``kinds``.

    Raises
    ------
    InputError
        It cannot be read, has no such columns, or an ISSN is malformed or has a wrong check digit.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    if path.suffix.lower() == ".toml":
        return _from_query(path, text)
    try:
        venues, notes = venues_of(_lines(text))
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error
    if not venues:
        raise InputError(f"{path}: no venue in it")
    return Basket(path.stem, path.name, venues, notes=notes)


def venues_of(rows: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[tuple[Venue, ...], tuple[str, ...]]:
    """Make venues of numbered lines; an ISSN belongs to the first line that names it.

    Returns
    -------
    tuple
        The venues, and a sentence for every ISSN that a later line repeats. A line all of whose ISSNs are taken
        is left out.

    Raises
    ------
    ValueError
        An ISSN is malformed or has a wrong check digit, or a line has none; the text names the line.
    """
    venues: list[Venue] = []
    notes: list[str] = []
    owner: dict[str, str] = {}
    for line, row in rows:
        name = " ".join(row["name"].split())
        given = [row[c].strip() for c in ("issn_print", "issn_online")]
        try:
            issns = list(dict.fromkeys(parse_issn(text) for text in given if text))
        except ValueError as error:
            raise ValueError(f"line {line}, {name or 'no name'}: {error}") from error
        if not issns or not name:
            raise ValueError(f"line {line}, {name or 'no name'}: a venue has a name and at least one ISSN")
        notes += [
            f"line {line}, {name}: ISSN {issn} already belongs to {owner[issn]}"
            for issn in issns
            if issn in owner
        ]
        own = tuple(i for i in issns if i not in owner)
        owner |= dict.fromkeys(own, name)
        if own:
            subjects = tuple(s.strip() for s in (row.get("subjects") or "").split(";") if s.strip())
            control = row.get("articles_2019") or ""
            venues.append(
                Venue(
                    name,
                    own,
                    subjects,
                    row.get("subset") or "",
                    int(control) if control.isdecimal() else None,
                )
            )
    return tuple(venues), tuple(notes)


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        header = [(name or "").strip() for name in reader.fieldnames or ()]
        missing = [c for c in COLUMNS if c not in header]
        if missing:
            raise ValueError(f"column '{missing[0]}' is missing; a basket has {', '.join(COLUMNS)}")
        reader.fieldnames = header
        for raw in reader:
            if None in raw:
                raise ValueError(f"line {reader.line_num} has more fields than the header")
            yield reader.line_num, {k: v or "" for k, v in raw.items()}
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num} is not CSV ({error})") from error


def _from_query(path: Path, text: str) -> Basket:
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML ({error})") from error
    known = ("title", "names", "publishers", "kinds")
    for key, value in raw.items():
        if key not in known:
            raise InputError(f"{path}: unknown key '{key}'; there are {', '.join(known)}")
        if key != "kinds" and not isinstance(value, str):
            raise InputError(f"{path}: {key} {value!r}: takes a text")
    kinds = raw.get("kinds", ["journal", "conference"])
    if not isinstance(kinds, list) or not kinds or not set(map(str, kinds)) <= set(KINDS):
        raise InputError(f"{path}: kinds {kinds!r}: takes a list of {', '.join(KINDS)}")
    if not raw.get("names") and not raw.get("publishers"):
        raise InputError(f"{path}: a basket of this kind has 'names' or 'publishers', a query over sources")
    query = SourceQuery(raw.get("names"), raw.get("publishers"), tuple(kinds))
    return Basket(path.stem, str(raw.get("title", path.name)), query=query)

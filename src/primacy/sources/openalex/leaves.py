"""Records as flat columns: what the JSON and the Parquet readers both produce, and the lake's tables start from.

A nested list is kept as its lengths, one per parent, and one table of all children in order (:class:`Nest`).
Institutions, sources and topics, which records repeat again and again, are kept once (:class:`Repeated`).
Texts are as the record spells them; :mod:`primacy.sources.openalex.tables` makes them one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from operator import attrgetter
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from primacy.sources.openalex.records import Institution, Named, Source, Topic, Work

Ints = npt.NDArray[np.int64]
T = TypeVar("T")
H = TypeVar("H", bound=Hashable)

WORK_COLUMNS: dict[str, pa.DataType] = {
    "id": pa.string(),
    "updated_date": pa.string(),
    "year": pa.int32(),
    "date": pa.string(),
    "type": pa.string(),
    "language": pa.string(),
    "doi": pa.string(),
    "title": pa.string(),
    "abstract": pa.string(),
    "cited_by_count": pa.int64(),
    "is_retracted": pa.bool_(),
    "is_paratext": pa.bool_(),
    "is_xpac": pa.bool_(),
    "is_authors_truncated": pa.bool_(),
    "authors_count": pa.int64(),
}


@dataclass(frozen=True)
class Nest:
    """The children of a row of parents: how many each parent has, and all of them in order."""

    lengths: Ints
    values: pa.Table

    def parents(self) -> Ints:
        """Return for each child the number of its parent."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)


@dataclass(frozen=True)
class Repeated:
    """Things that are mentioned many times, each kept once.

    Parameters
    ----------
    index
        For each mention the number of the thing.
    things
        The distinct things.
    lists
        A list that each thing has, such as an institution's lineage; without columns for topics.
    """

    index: Ints
    things: pa.Table
    lists: Nest


@dataclass(frozen=True)
class Leaves:
    """The leaves of a batch of works.

    Parameters
    ----------
    works
        One row per work; columns of :data:`WORK_COLUMNS`.
    sources
        The primary source of each work, with its ISSNs: ``id name issn_l type publisher``, all null for none.
    authorships
        Of works: ``author_id position corresponding orcid stated``.
    institutions, entries
        How many entries each authorship has; and the institutions that these are, with their lineage:
        ``id name country type ror``.
    countries
        Of authorships.
    affiliations, affiliation_ids
        How many affiliations each authorship has; and of those, the ids of their institutions.
    topics, scores, mentions
        How many topics each work has; the score of each, and what they are: ``id name subfield field domain``.
        The primary topic of each work follows after all others in ``scores`` and ``mentions``.
    references, years
        Of works: ``id``; and ``year cited_by_count``.
    """

    works: pa.Table
    sources: Repeated
    authorships: Nest
    institutions: Ints
    entries: Repeated
    countries: Nest
    affiliations: Ints
    affiliation_ids: Nest
    topics: Ints
    scores: pa.Array
    mentions: Repeated
    references: Nest
    years: Nest


def _strings(values: list[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def _flags(values: list[bool | None]) -> pa.Array:
    return pa.array(values, pa.bool_())


def _lengths(lists: Sequence[Sequence[object]]) -> Ints:
    return np.fromiter(map(len, lists), np.int64, len(lists))


def _flat(lists: Sequence[Sequence[T]]) -> list[T]:
    return list(chain.from_iterable(lists))


def _once(mentions: Sequence[H]) -> tuple[Ints, list[H]]:
    """Return for each mention the number of its thing, and the things."""
    numbers: defaultdict[H, int] = defaultdict(count().__next__)
    index = np.fromiter(map(numbers.__getitem__, mentions), np.int64, len(mentions))
    return index, list(numbers)


_NONE: tuple[()] = ()
_NO_SOURCE = Source()
_NO_TOPIC = Topic()
_NO_NAME = Named()
_TOPIC_KEY = attrgetter("id", "display_name", "subfield", "field", "domain")
_TopicKey = tuple[str | None, str | None, Named | None, Named | None, Named | None]


def from_records(works: Sequence[Work], texts: pa.Array) -> Leaves:
    """Lay records out as leaves.

    Parameters
    ----------
    works
        The records.
    texts
        Their abstracts.
    """
    authors_of = [w.authorships or _NONE for w in works]
    authors = _flat(authors_of)
    entries_of = [a.institutions or _NONE for a in authors]
    countries_of = [a.countries or _NONE for a in authors]
    affiliations_of = [a.affiliations or _NONE for a in authors]
    members_of = [x.institution_ids or _NONE for x in _flat(affiliations_of)]
    topics_of = [w.topics or _NONE for w in works]
    topics = [*_flat(topics_of), *(w.primary_topic or _NO_TOPIC for w in works)]
    references_of = [w.referenced_works or _NONE for w in works]
    sources = [
        (w.host_venue if w.primary_location is None else w.primary_location.source) or _NO_SOURCE
        for w in works
    ]
    return Leaves(
        works=pa.table(
            {
                "id": _strings([w.id for w in works]),
                "updated_date": _strings([w.updated_date for w in works]),
                "year": pa.array([w.publication_year for w in works], pa.int32()),
                "date": _strings([w.publication_date for w in works]),
                "type": _strings([w.type for w in works]),
                "language": _strings([w.language for w in works]),
                "doi": _strings([w.doi for w in works]),
                "title": _strings([w.display_name if w.title is None else w.title for w in works]),
                "abstract": texts,
                "cited_by_count": pa.array([w.cited_by_count for w in works], pa.int64()),
                "is_retracted": _flags([w.is_retracted for w in works]),
                "is_paratext": _flags([w.is_paratext for w in works]),
                "is_xpac": _flags([w.is_xpac for w in works]),
                "is_authors_truncated": _flags([w.is_authors_truncated for w in works]),
                "authors_count": pa.array([w.authors_count for w in works], pa.int64()),
            }
        ),
        sources=_sources(sources),
        authorships=Nest(
            _lengths(authors_of),
            pa.table(
                {
                    "author_id": _strings([a.author.id if a.author else None for a in authors]),
                    "position": _strings([a.author_position for a in authors]),
                    "corresponding": _flags([a.is_corresponding for a in authors]),
                    "orcid": _strings([a.author.orcid if a.author else None for a in authors]),
                    "stated": _strings([a.raw_orcid for a in authors]),
                }
            ),
        ),
        institutions=_lengths(entries_of),
        entries=_institutions(_flat(entries_of)),
        countries=Nest(_lengths(countries_of), pa.table({"country": _strings(_flat(countries_of))})),
        affiliations=_lengths(affiliations_of),
        affiliation_ids=Nest(_lengths(members_of), pa.table({"id": _strings(_flat(members_of))})),
        topics=_lengths(topics_of),
        scores=pa.array([t.score for t in topics], pa.float64()),
        mentions=_topics(topics),
        references=Nest(_lengths(references_of), pa.table({"id": _strings(_flat(references_of))})),
        years=_years(works),
    )


def _years(works: Sequence[Work]) -> Nest:
    years_of = [w.counts_by_year or _NONE for w in works]
    lengths = _lengths(years_of)
    years = _flat(years_of)
    table = pa.table(
        {
            "year": pa.array([y.year for y in years], pa.int32()),
            "cited_by_count": pa.array([y.cited_by_count for y in years], pa.int64()),
        }
    )
    return whole(Nest(lengths, table))


def whole(nest: Nest) -> Nest:
    """Return a nest without the children of which something is missing."""
    if not any(column.null_count for column in nest.values.columns):
        return nest
    numbers = pa.array(np.arange(nest.values.num_rows))
    kept = nest.values.append_column("number", numbers).drop_null()
    parents = nest.parents()[kept["number"].to_numpy()]
    return Nest(np.bincount(parents, minlength=len(nest.lengths)), kept.drop_columns(["number"]))


def _institutions(mentions: Sequence[Institution]) -> Repeated:
    index, things = _once(mentions)
    lineages = [i.lineage or _NONE for i in things]
    table = pa.table(
        {
            "id": _strings([i.id for i in things]),
            "name": _strings([i.display_name for i in things]),
            "country": _strings([i.country_code for i in things]),
            "type": _strings([i.type for i in things]),
            "ror": _strings([i.ror for i in things]),
        }
    )
    return Repeated(index, table, Nest(_lengths(lineages), pa.table({"item": _strings(_flat(lineages))})))


def _sources(mentions: Sequence[Source]) -> Repeated:
    index, things = _once(mentions)
    issns = [s.issn or _NONE for s in things]
    table = pa.table(
        {
            "id": _strings([s.id for s in things]),
            "name": _strings([s.display_name for s in things]),
            "issn_l": _strings([s.issn_l for s in things]),
            "type": _strings([s.type for s in things]),
            "publisher": _strings([s.host_organization_name or s.publisher for s in things]),
        }
    )
    return Repeated(index, table, Nest(_lengths(issns), pa.table({"item": _strings(_flat(issns))})))


def _topics(mentions: Sequence[Topic]) -> Repeated:
    keys: list[_TopicKey] = list(map(_TOPIC_KEY, mentions))
    index, things = _once(keys)
    table = pa.table(
        {
            "id": _strings([t[0] for t in things]),
            "name": _strings([t[1] for t in things]),
            "subfield": _strings([(t[2] or _NO_NAME).display_name for t in things]),
            "field": _strings([(t[3] or _NO_NAME).display_name for t in things]),
            "domain": _strings([(t[4] or _NO_NAME).display_name for t in things]),
        }
    )
    return Repeated(index, table, Nest(np.zeros(len(things), np.int64), pa.table({"item": _strings([])})))

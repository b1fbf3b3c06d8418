"""Decoded records laid out as leaves.

What records repeat is decoded once: the institutions of an authorship and the source of a work are left as the bytes
that they are in JSON, equal bytes are one thing, and only the different ones become objects. A list of references
becomes no object at all: the texts are cut out of the bytes of all lists together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain, count
from operator import attrgetter
from typing import TypeVar

import msgspec
import numpy as np
import pyarrow as pa

from primacy.sources.openalex import quoted
from primacy.sources.openalex.leaves import Ints, Leaves, Nest, Repeated, whole
from primacy.sources.openalex.records import Institution, Named, Source, Topic, Work

__all__ = ["flatten"]

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)

_NONE: tuple[()] = ()
_NO_SOURCE = Source()
_NO_TOPIC = Topic()
_NO_NAME = Named()
_TOPIC_KEY = attrgetter("id", "display_name", "subfield", "field", "domain")
_TopicKey = tuple[str | None, str | None, Named | None, Named | None, Named | None]
_INSTITUTIONS = msgspec.json.Decoder(list[Institution] | None)
_SOURCE = msgspec.json.Decoder(Source | None)


def flatten(works: Sequence[Work], texts: pa.Array) -> Leaves:
    """Lay records out as leaves.

    Parameters
    ----------
    works
        The records.
    texts
        Their abstracts.

    Raises
    ------
    msgspec.MsgspecError
        What was left as bytes in one of the records is not what it should be.
    """
    authors_of = [w.authorships or _NONE for w in works]
    authors = _flat(authors_of)
    countries_of = [a.countries or _NONE for a in authors]
    affiliations_of = [a.affiliations or _NONE for a in authors]
    members_of = [x.institution_ids or _NONE for x in _flat(affiliations_of)]
    topics_of = [w.topics or _NONE for w in works]
    topics = [*_flat(topics_of), *(w.primary_topic or _NO_TOPIC for w in works)]
    institutions, entries = _institutions([a.institutions for a in authors])
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
        sources=_sources(
            [w.host_venue if w.primary_location is None else w.primary_location.source for w in works]
        ),
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
        institutions=institutions,
        entries=entries,
        countries=Nest(_lengths(countries_of), pa.table({"country": _strings(_flat(countries_of))})),
        affiliations=_lengths(affiliations_of),
        affiliation_ids=Nest(_lengths(members_of), pa.table({"id": _strings(_flat(members_of))})),
        topics=_lengths(topics_of),
        scores=pa.array([t.score for t in topics], pa.float64()),
        mentions=_topics(topics),
        references=_references(works),
        years=_years(works),
    )


def _strings(values: list[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def _flags(values: list[bool | None]) -> pa.Array:
    return pa.array(values, pa.bool_())


def _lengths(lists: Sequence[Sequence[object]]) -> Ints:
    return np.fromiter(map(len, lists), np.int64, len(lists))


def _flat(lists: Iterable[Sequence[T]]) -> list[T]:
    return list(chain.from_iterable(lists))


def _once(mentions: Sequence[H]) -> tuple[Ints, list[H]]:
    """Return for each mention the number of its thing, and the things."""
    numbers: defaultdict[H, int] = defaultdict(count().__next__)
    index = np.fromiter(map(numbers.__getitem__, mentions), np.int64, len(mentions))
    return index, list(numbers)


def _children(lengths: Ints, parents: Ints) -> Ints:
    """Return the numbers of all children of some parents, which may be named more than once, in order."""
    starts = np.cumsum(lengths) - lengths
    chosen = lengths[parents]
    before = np.cumsum(chosen) - chosen
    return np.arange(int(chosen.sum())) + np.repeat(starts[parents] - before, chosen)


def _references(works: Sequence[Work]) -> Nest:
    lengths, ids = quoted.texts([w.referenced_works for w in works])
    return Nest(lengths, pa.table({"id": ids}))


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


def _institutions(lists: Sequence[msgspec.Raw]) -> tuple[Ints, Repeated]:
    """Return how many entries each authorship has, and what they are."""
    index, raws = _once(list(map(bytes, lists)))
    different = [_INSTITUTIONS.decode(raw) or _NONE for raw in raws]
    lengths = _lengths(different)
    entries, things = _once(_flat(different))
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
    nest = Nest(_lengths(lineages), pa.table({"item": _strings(_flat(lineages))}))
    return lengths[index], Repeated(entries[_children(lengths, index)], table, nest)


def _sources(mentions: Sequence[msgspec.Raw]) -> Repeated:
    of, raws = _once(list(map(bytes, mentions)))
    index, things = _once([_SOURCE.decode(raw) or _NO_SOURCE for raw in raws])
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
    return Repeated(index[of], table, Nest(_lengths(issns), pa.table({"item": _strings(_flat(issns))})))


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

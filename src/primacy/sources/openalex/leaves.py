"""Records as flat columns: what the JSON and the Parquet readers both produce, and the lake's tables start from.

A nested list is kept as its lengths, one per parent, and one table of all children in order (:class:`Nest`).
Texts are as the record spells them; :mod:`primacy.sources.openalex.tables` makes them one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from primacy.sources.openalex import abstracts
from primacy.sources.openalex.records import OddWork, Source, Topic, Work

Lengths = npt.NDArray[np.int64]

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
}


@dataclass(frozen=True)
class Nest:
    """The children of a row of parents: how many each parent has, and all of them in order."""

    lengths: Lengths
    values: pa.Table

    def parents(self) -> Lengths:
        """Return for each child the number of its parent."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)


@dataclass(frozen=True)
class Leaves:
    """The leaves of a batch of works.

    Parameters
    ----------
    works
        One row per work; columns of :data:`WORK_COLUMNS`.
    source, issns
        The primary source, one row per work (null where there is none): ``id name issn_l type publisher``;
        and its ISSNs.
    authorships
        Of works: ``author_id position corresponding``.
    institutions, lineages
        Of authorships: ``id name country type ror``; and of those, their ancestors' ids.
    countries
        Of authorships.
    affiliations, affiliation_ids
        Of authorships, without columns of their own; and of those, the ids of their institutions.
    topics, primary_topic
        Of works: ``id name score subfield field domain``; and the primary one, one row per work.
    references, years
        Of works: ``id``; and ``year cited_by_count``.
    """

    works: pa.Table
    source: pa.Table
    issns: Nest
    authorships: Nest
    institutions: Nest
    lineages: Nest
    countries: Nest
    affiliations: Lengths
    affiliation_ids: Nest
    topics: Nest
    primary_topic: pa.Table
    references: Nest
    years: Nest


def _lengths(lists: Iterable[Sequence[object] | None], size: int) -> Lengths:
    return np.fromiter((len(x) if x else 0 for x in lists), np.int64, size)


def _strings(values: list[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def abstract_of(work: Work | OddWork) -> str | None:
    """Return a work's abstract: from its index, the index's later form, or plain text.

    Raises
    ------
    ValueError
        The index is not one.
    """
    for index in (work.abstract_inverted_index, work.abstract_inverted_index_v3):
        if index is None:
            continue
        if isinstance(index, dict):
            text = abstracts.rebuild(index)
        elif isinstance(index, str):
            text = abstracts.from_text(index)
        else:
            text = abstracts.from_raw(index)
        if text is not None:
            return text
    return work.abstract


def _topic_table(topics: Sequence[Topic]) -> pa.Table:
    return pa.table(
        {
            "id": _strings([t.id for t in topics]),
            "name": _strings([t.display_name for t in topics]),
            "score": pa.array([t.score for t in topics], pa.float64()),
            "subfield": _strings([t.subfield.display_name if t.subfield else None for t in topics]),
            "field": _strings([t.field.display_name if t.field else None for t in topics]),
            "domain": _strings([t.domain.display_name if t.domain else None for t in topics]),
        }
    )


_NO_SOURCE = Source()
_NO_TOPIC = Topic()


def from_records(works: Sequence[Work | OddWork], texts: list[str | None]) -> Leaves:
    """Lay records out as leaves.

    Parameters
    ----------
    works
        The records.
    texts
        Their abstracts (:func:`abstract_of`).
    """
    n = len(works)
    authors = [a for w in works if w.authorships for a in w.authorships]
    institutions = [i for a in authors if a.institutions for i in a.institutions]
    affiliations = [x for a in authors if a.affiliations for x in a.affiliations]
    sources = [
        (w.host_venue if w.primary_location is None else w.primary_location.source) or _NO_SOURCE
        for w in works
    ]
    counts = [[y for y in w.counts_by_year or () if y.year and y.cited_by_count is not None] for w in works]
    years = [y for c in counts for y in c]
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
                "abstract": _strings(texts),
                "cited_by_count": pa.array([w.cited_by_count for w in works], pa.int64()),
                "is_retracted": pa.array([w.is_retracted for w in works], pa.bool_()),
                "is_paratext": pa.array([w.is_paratext for w in works], pa.bool_()),
                "is_xpac": pa.array([w.is_xpac for w in works], pa.bool_()),
                "is_authors_truncated": pa.array([w.is_authors_truncated for w in works], pa.bool_()),
            }
        ),
        source=pa.table(
            {
                "id": _strings([s.id for s in sources]),
                "name": _strings([s.display_name for s in sources]),
                "issn_l": _strings([s.issn_l for s in sources]),
                "type": _strings([s.type for s in sources]),
                "publisher": _strings([s.host_organization_name or s.publisher for s in sources]),
            }
        ),
        issns=Nest(
            _lengths((s.issn for s in sources), n),
            pa.table({"issn": _strings([x for s in sources if s.issn for x in s.issn])}),
        ),
        authorships=Nest(
            _lengths((w.authorships for w in works), n),
            pa.table(
                {
                    "author_id": _strings([a.author.id if a.author else None for a in authors]),
                    "position": _strings([a.author_position for a in authors]),
                    "corresponding": pa.array([a.is_corresponding for a in authors], pa.bool_()),
                }
            ),
        ),
        institutions=Nest(
            _lengths((a.institutions for a in authors), len(authors)),
            pa.table(
                {
                    "id": _strings([i.id for i in institutions]),
                    "name": _strings([i.display_name for i in institutions]),
                    "country": _strings([i.country_code for i in institutions]),
                    "type": _strings([i.type for i in institutions]),
                    "ror": _strings([i.ror for i in institutions]),
                }
            ),
        ),
        lineages=Nest(
            _lengths((i.lineage for i in institutions), len(institutions)),
            pa.table({"id": _strings([x for i in institutions if i.lineage for x in i.lineage])}),
        ),
        countries=Nest(
            _lengths((a.countries for a in authors), len(authors)),
            pa.table({"country": _strings([c for a in authors if a.countries for c in a.countries])}),
        ),
        affiliations=_lengths((a.affiliations for a in authors), len(authors)),
        affiliation_ids=Nest(
            _lengths((x.institution_ids for x in affiliations), len(affiliations)),
            pa.table(
                {"id": _strings([i for x in affiliations if x.institution_ids for i in x.institution_ids])}
            ),
        ),
        topics=Nest(
            _lengths((w.topics for w in works), n),
            _topic_table([t for w in works if w.topics for t in w.topics]),
        ),
        primary_topic=_topic_table([w.primary_topic or _NO_TOPIC for w in works]),
        references=Nest(
            _lengths((w.referenced_works for w in works), n),
            pa.table({"id": _strings([r for w in works if w.referenced_works for r in w.referenced_works])}),
        ),
        years=Nest(
            _lengths(counts, n),
            pa.table(
                {
                    "year": pa.array([y.year for y in years], pa.int32()),
                    "cited_by_count": pa.array([y.cited_by_count for y in years], pa.int64()),
                }
            ),
        ),
    )

"""Leaves of works made rows of the lake's tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from primacy.lake.tables import table as declared
from primacy.sources.openalex import credit, normalise
from primacy.sources.openalex.entities import statements
from primacy.sources.openalex.leaves import Leaves, Nest, Repeated

RECORD = "record"
"""The column that ties the rows of one record together while the record's place in the lake is undecided."""

WORK_TABLES = (
    "works",
    "authorships",
    "author_orcids",
    "work_topics",
    "citations_by_year",
    "references",
    "texts",
)
"""The tables whose rows belong to one work."""


@dataclass(frozen=True)
class Batch:
    """A batch of works as rows of the lake.

    Parameters
    ----------
    works
        The rows of :data:`WORK_TABLES`, each with the column :data:`RECORD`, counted from 0 in the batch.
    entities
        What the works say of institutions, sources and topics.
    foreign
        How many country codes were not two letters; they count as missing.
    """

    works: dict[str, pa.Table]
    entities: dict[str, pa.Table]
    foreign: int

    @property
    def records(self) -> int:
        """The number of works."""
        return int(self.works["works"].num_rows)

    @cached_property
    def nbytes(self) -> int:
        """The memory that the rows take."""
        return sum(t.nbytes for t in self.works.values())


def faults(works: pa.Table) -> list[tuple[int, str]]:
    """Return the works of a batch that cannot be loaded, each with the reason.

    Parameters
    ----------
    works
        :attr:`Leaves.works`.
    """
    found: dict[int, str] = {}

    def note(mask: pa.Array, reason: str, column: str) -> None:
        for i in np.flatnonzero(_one(mask).to_numpy(zero_copy_only=False)):
            value = works[column][int(i)].as_py()
            found.setdefault(int(i), reason.format("null" if value is None else repr(value)[:60]))

    note(pc.is_null(normalise.ids(_one(works["id"]), "W")), "id {} is not the id of a work", "id")
    given = normalise.blank_to_null(_one(works["updated_date"]))
    unread = pc.and_(pc.is_valid(given), pc.is_null(normalise.stamps(given)))
    note(unread, "updated_date {} is not a date", "updated_date")
    year = works["year"]
    wrong = pc.fill_null(pc.or_(pc.less(year, 1), pc.greater(year, 9999)), False)
    note(wrong, "publication_year {} is out of range", "year")
    cited = works["cited_by_count"]
    note(pc.fill_null(pc.less(cited, 0), True), "cited_by_count {} is not a count", "cited_by_count")
    return sorted(found.items())


def build(leaves: Leaves, *, partition_date: str | None = None) -> Batch:
    """Return the lake's rows of a batch of works without faults.

    Parameters
    ----------
    leaves
        The works; :func:`faults` found none in them.
    partition_date
        The date of the directory they lie in, for records that state no ``updated_date``.
    """
    raw = leaves.works
    n = raw.num_rows
    work_id = normalise.ids(_one(raw["id"]), "W")
    ids = work_id.to_numpy()
    updated = normalise.stamps(normalise.blank_to_null(_one(raw["updated_date"])))
    updated = pc.fill_null(updated, normalise.parse_stamp(partition_date or "") or normalise.OLDEST)
    moments = pc.cast(pc.cast(updated, pa.timestamp("us")), pa.int64()).to_numpy()
    source_ids = normalise.ids(_one(leaves.sources.things["id"]), "SV")
    topic_ids = normalise.ids(_one(leaves.mentions.things["id"]), "T")
    institution_ids = normalise.ids(_one(leaves.entries.things["id"]), "I")
    codes, strange = _countries(leaves.entries.things["country"])
    foreign = int(strange[leaves.entries.index].sum())
    column = leaves.entries.things.column_names.index("country")
    entries = replace(leaves.entries, things=leaves.entries.things.set_column(column, "country", codes))
    record = np.arange(n, dtype=np.int32)
    citing, cited = _references(leaves.references)
    works = {
        "work_id": work_id,
        "updated_date": updated,
        "year": _one(raw["year"]),
        "date": normalise.days(_one(raw["date"])),
        "type": normalise.types(_one(raw["type"])),
        "language": normalise.blank_to_null(_one(raw["language"])),
        "doi": normalise.dois(_one(raw["doi"])),
        "source_id": source_ids.take(pa.array(leaves.sources.index)),
        "cited_by_count": _one(raw["cited_by_count"]),
        "is_retracted": pc.fill_null(_one(raw["is_retracted"]), False),
        "is_paratext": pc.fill_null(_one(raw["is_paratext"]), False),
        "is_xpac": pc.fill_null(_one(raw["is_xpac"]), False),
        "authors": pa.array(leaves.authorships.lengths, pa.int32()),
        "authors_truncated": pc.or_(
            pc.fill_null(_one(raw["is_authors_truncated"]), False),
            pc.fill_null(pc.greater(_one(raw["authors_count"]), pa.array(leaves.authorships.lengths)), False),
        ),
        "references": pa.array(np.bincount(citing, minlength=n), pa.int32()),
    }
    texts = {
        "work_id": work_id,
        "title": normalise.blank_to_null(_one(raw["title"])),
        "abstract": normalise.blank_to_null(_one(raw["abstract"])),
    }
    year_of = leaves.years.parents()
    years = {
        "work_id": pa.array(ids[year_of]),
        **{c: _one(leaves.years.values[c]) for c in ("year", "cited_by_count")},
    }
    references = {"work_id": pa.array(ids[citing]), "cited_id": pa.array(cited)}
    authorships, also_foreign = _authorships(leaves, ids, institution_ids, codes)
    entry_work = leaves.authorships.parents()[
        np.repeat(np.arange(len(leaves.institutions)), leaves.institutions)
    ]
    topic_work = np.concatenate([np.repeat(np.arange(n), leaves.topics), np.arange(n)])
    return Batch(
        works={
            "works": _rows("works", record, works),
            "authorships": authorships,
            "author_orcids": _orcids(leaves, ids),
            "work_topics": _topics(leaves.mentions, leaves.scores, topic_ids, topic_work, ids),
            "citations_by_year": _rows("citations_by_year", record[year_of], years),
            "references": _rows("references", record[citing], references),
            "texts": _rows("texts", record, texts),
        },
        entities={
            "institutions": statements("institutions", entries, institution_ids, moments[entry_work]),
            "sources": statements("sources", leaves.sources, source_ids, moments),
            "topics": statements("topics", leaves.mentions, topic_ids, moments[topic_work]),
        },
        foreign=foreign + also_foreign,
    )


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _rows(name: str, record: npt.NDArray[np.int32], columns: dict[str, pa.Array]) -> pa.Table:
    schema = declared(name).arrow.append(pa.field(RECORD, pa.int32()))
    return pa.Table.from_arrays([*(columns[f] for f in schema.names[:-1]), pa.array(record)], schema=schema)


def _countries(values: pa.ChunkedArray) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Return valid country codes, and which texts were none."""
    given = normalise.blank_to_null(_one(values))
    codes = normalise.countries(given)
    return codes, pc.and_(pc.is_valid(given), pc.is_null(codes)).to_numpy(zero_copy_only=False)


def _integers(values: pa.Array) -> npt.NDArray[np.int64]:
    return pc.fill_null(values, credit.NONE).to_numpy(zero_copy_only=False)


def _codes(values: pa.Array, names: pa.Array) -> npt.NDArray[np.int64]:
    """Return the place of each value in a list of names."""
    return pc.fill_null(pc.index_in(values, value_set=names), credit.NONE).to_numpy().astype(np.int64)


def _authorships(
    leaves: Leaves, ids: npt.NDArray[np.int64], institution_ids: pa.Array, entry_countries: pa.Array
) -> tuple[pa.Table, int]:
    """Return the rows of credit, and how many of the authors' country codes were not two letters.

    Parameters
    ----------
    leaves, ids
        The works, and their ids.
    institution_ids, entry_countries
        Of the distinct institutions.
    """
    stated, strange = _countries(leaves.countries.values["country"])
    names = pc.unique(pa.chunked_array([entry_countries, stated])).drop_null()
    names = names.take(pc.sort_indices(names))  # so that the order of codes is that of names, in every batch
    members = normalise.ids(_one(leaves.affiliation_ids.values["id"]), "I")
    institutions = pc.unique(pa.chunked_array([institution_ids, members])).drop_null()
    institutions = institutions.take(pc.sort_indices(institutions))
    entry = leaves.entries.index
    entry_names = _one(leaves.entries.things["name"]).dictionary_encode().indices
    work = leaves.authorships.parents()
    slots = credit.split(
        credit.Entries(
            work=work,
            authors=leaves.authorships.lengths,
            entry_author=np.repeat(np.arange(len(work)), leaves.institutions),
            entry_institution=_codes(institution_ids, institutions)[entry],
            entry_country=_codes(entry_countries, names)[entry],
            entry_name=_integers(entry_names).astype(np.int64)[entry],
            country_author=leaves.countries.parents(),
            country=_codes(stated, names),
            affiliation_author=np.repeat(np.arange(len(work)), leaves.affiliations),
            member_affiliation=leaves.affiliation_ids.parents(),
            member=_codes(members, institutions),
            institutions=len(institutions),
            countries=len(names),
        )
    )
    starts = np.cumsum(leaves.authorships.lengths) - leaves.authorships.lengths
    record = work[slots.author]
    place = pa.array(slots.author)
    values = leaves.authorships.values
    rows = {
        "work_id": pa.array(ids[record]),
        "author_seq": pa.array((slots.author - starts[record]).astype(np.int32)),
        "author_id": normalise.ids(_one(values["author_id"]), "A").take(place),
        "author_position": normalise.blank_to_null(_one(values["position"])).take(place),
        "is_corresponding": pc.fill_null(_one(values["corresponding"]), False).take(place),
        "institution_id": institutions.take(
            pa.array(slots.institution, mask=slots.institution == credit.NONE)
        ),
        "country": names.take(pa.array(slots.country, mask=slots.country == credit.NONE)),
        "weight": pa.array(slots.weight),
        "weight_affiliation": pa.array(slots.weight_affiliation),
    }
    return _rows("authorships", record.astype(np.int32), rows), int(strange.sum())


def _orcids(leaves: Leaves, ids: npt.NDArray[np.int64]) -> pa.Table:
    """Return the authorships that have an ORCID iD."""
    values = leaves.authorships.values
    orcid, stated = (normalise.orcids(_one(values[c])) for c in ("orcid", "stated"))
    has = pc.or_(pc.is_valid(orcid), pc.is_valid(stated)).to_numpy(zero_copy_only=False)
    chosen = np.flatnonzero(has)
    place = pa.array(chosen)
    lengths = leaves.authorships.lengths
    record = leaves.authorships.parents()[chosen]
    rows = {
        "work_id": pa.array(ids[record]),
        "author_seq": pa.array((chosen - (np.cumsum(lengths) - lengths)[record]).astype(np.int32)),
        "author_id": normalise.ids(_one(values["author_id"]).take(place), "A"),
        "orcid": orcid.take(place),
        "stated": stated.take(place),
    }
    return _rows("author_orcids", record.astype(np.int32), rows)


def _topics(
    mentions: Repeated,
    scores: pa.Array,
    topic_ids: pa.Array,
    work: npt.NDArray[np.int64],
    ids: npt.NDArray[np.int64],
) -> pa.Table:
    """Return the topics of works: those listed, and the primary one where the list lacks it.

    Parameters
    ----------
    mentions, scores
        As in :class:`Leaves`.
    topic_ids
        Of the distinct topics.
    work
        The work of each mention.
    ids
        The ids of works.
    """
    topic = _integers(topic_ids)[mentions.index]
    primary = topic[len(topic) - len(ids) :]
    order = np.lexsort((topic, work))  # stable: what is listed comes before what is only primary
    order = order[topic[order] != credit.NONE]
    keep = np.ones(len(order), bool)
    keep[1:] = (work[order][1:] != work[order][:-1]) | (topic[order][1:] != topic[order][:-1])
    kept = order[keep]
    rows = {
        "work_id": pa.array(ids[work[kept]]),
        "topic_id": pa.array(topic[kept]),
        "score": scores.take(pa.array(kept)),
        "is_primary": pa.array(topic[kept] == primary[work[kept]]),
    }
    return _rows("work_topics", work[kept].astype(np.int32), rows)


_BITS = 40
"""Ids of works fit in so many bits, with a margin of a hundred."""


def _references(references: Nest) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the distinct references of each work: its number and the cited work's id."""
    cited = _integers(normalise.ids(_one(references.values["id"]), "W"))
    work = references.parents()
    known = cited != credit.NONE
    if not known.all():
        work, cited = work[known], cited[known]
    if len(cited) and (cited.max() >> _BITS or work[-1] >> (63 - _BITS)):
        pairs = np.unique(np.stack([work, cited], axis=1), axis=0)
        return pairs[:, 0], pairs[:, 1]
    key = (work << _BITS) | cited
    key.sort()
    new = np.ones(len(key), bool)
    np.not_equal(key[1:], key[:-1], out=new[1:])
    key = key[new]
    return key >> _BITS, key & ((1 << _BITS) - 1)

"""Leaves of works made rows of the lake's tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from primacy.lake.tables import table as declared
from primacy.sources.openalex import credit, normalise
from primacy.sources.openalex.entities import derive_institutions, derive_sources, derive_topics
from primacy.sources.openalex.leaves import Leaves, Nest

RECORD = "record"
"""The column that ties the rows of one record together while the record's place in the lake is undecided."""

WORK_TABLES = ("works", "authorships", "work_topics", "citations_by_year", "references", "texts")
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

    @property
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
    updated = normalise.stamps(normalise.blank_to_null(_one(raw["updated_date"])))
    updated = pc.fill_null(updated, normalise.parse_stamp(partition_date or "") or normalise.OLDEST)
    source_id = normalise.ids(_one(leaves.source["id"]), "SV")
    record = np.arange(n, dtype=np.int32)
    authors = leaves.authorships.lengths
    reference_rows = _references(leaves.references)
    works = {
        "work_id": work_id,
        "updated_date": updated,
        "year": _one(raw["year"]),
        "date": normalise.days(_one(raw["date"])),
        "type": normalise.types(_one(raw["type"])),
        "language": normalise.blank_to_null(_one(raw["language"])),
        "doi": normalise.dois(_one(raw["doi"])),
        "source_id": source_id,
        "cited_by_count": _one(raw["cited_by_count"]),
        "is_retracted": pc.fill_null(_one(raw["is_retracted"]), False),
        "is_paratext": pc.fill_null(_one(raw["is_paratext"]), False),
        "is_xpac": pc.fill_null(_one(raw["is_xpac"]), False),
        "authors": pa.array(authors, pa.int32()),
        "authors_truncated": pc.fill_null(_one(raw["is_authors_truncated"]), False),
        "references": pa.array(np.bincount(reference_rows[0], minlength=n), pa.int32()),
    }
    ids = work_id.to_numpy()
    texts = {
        "work_id": work_id,
        "title": normalise.blank_to_null(_one(raw["title"])),
        "abstract": normalise.blank_to_null(_one(raw["abstract"])),
    }
    year_of = leaves.years.parents()
    institution_id = normalise.ids(_one(leaves.institutions.values["id"]), "I")
    entry_country, foreign = _countries(leaves.institutions.values["country"])
    authorships, also_foreign = _authorships(leaves, ids, institution_id, entry_country)
    tables = {
        "works": _rows("works", record, works),
        "authorships": authorships,
        "work_topics": _topics(leaves, ids),
        "citations_by_year": _rows(
            "citations_by_year",
            record[year_of],
            {
                "work_id": pa.array(ids[year_of]),
                "year": _one(leaves.years.values["year"]),
                "cited_by_count": _one(leaves.years.values["cited_by_count"]),
            },
        ),
        "references": _rows(
            "references",
            record[reference_rows[0]],
            {"work_id": pa.array(ids[reference_rows[0]]), "cited_id": pa.array(reference_rows[1])},
        ),
        "texts": _rows("texts", record, texts),
    }
    entry_work = leaves.authorships.parents()[leaves.institutions.parents()]
    entities = {
        "institutions": derive_institutions(
            leaves.institutions.values,
            institution_id,
            entry_country,
            leaves.lineages,
            updated.take(pa.array(entry_work)),
        ),
        "sources": derive_sources(leaves.source, source_id, leaves.issns, updated),
        "topics": derive_topics(leaves.topics, leaves.primary_topic, updated),
    }
    return Batch(tables, entities, foreign + also_foreign)


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _rows(name: str, record: npt.NDArray[np.int32], columns: dict[str, pa.Array]) -> pa.Table:
    schema = declared(name).arrow.append(pa.field(RECORD, pa.int32()))
    return pa.Table.from_arrays([*(columns[f] for f in schema.names[:-1]), pa.array(record)], schema=schema)


def _countries(values: pa.ChunkedArray) -> tuple[pa.Array, int]:
    """Return valid country codes, and how many codes were not."""
    given = normalise.blank_to_null(_one(values))
    codes = normalise.countries(given)
    return codes, codes.null_count - given.null_count


def _integers(values: pa.Array) -> npt.NDArray[np.int64]:
    return pc.fill_null(values, credit.NONE).to_numpy(zero_copy_only=False)


def _authorships(
    leaves: Leaves, ids: npt.NDArray[np.int64], institution_id: pa.Array, entry_country: pa.Array
) -> tuple[pa.Table, int]:
    """Return the rows of credit, and how many of the authors' country codes were not two letters."""
    stated, foreign = _countries(leaves.countries.values["country"])
    names = pc.unique(pa.chunked_array([entry_country, stated])).drop_null()
    names = names.take(pc.sort_indices(names))  # so that the order of codes is that of names, in every batch

    def code(values: pa.Array) -> npt.NDArray[np.int64]:
        return pc.fill_null(pc.index_in(values, value_set=names), credit.NONE).to_numpy().astype(np.int64)

    values = leaves.authorships.values
    work = leaves.authorships.parents()
    entry_name = pc.fill_null(
        _one(leaves.institutions.values["name"]).dictionary_encode().indices, credit.NONE
    )
    slots = credit.split(
        credit.Entries(
            work=work,
            authors=leaves.authorships.lengths,
            entry_author=leaves.institutions.parents(),
            entry_id=_integers(institution_id),
            entry_country=code(entry_country),
            entry_name=entry_name.to_numpy().astype(np.int64),
            country_author=leaves.countries.parents(),
            country=code(stated),
            affiliation_author=np.repeat(np.arange(len(work)), leaves.affiliations),
            member_affiliation=leaves.affiliation_ids.parents(),
            member_id=_integers(normalise.ids(_one(leaves.affiliation_ids.values["id"]), "I")),
        )
    )
    starts = np.cumsum(leaves.authorships.lengths) - leaves.authorships.lengths
    record = work[slots.author]
    place = pa.array(slots.author)
    rows = {
        "work_id": pa.array(ids[record]),
        "author_seq": pa.array((slots.author - starts[record]).astype(np.int32)),
        "author_id": normalise.ids(_one(values["author_id"]), "A").take(place),
        "author_position": normalise.blank_to_null(_one(values["position"])).take(place),
        "is_corresponding": pc.fill_null(_one(values["corresponding"]), False).take(place),
        "institution_id": pa.array(slots.institution, mask=slots.institution == credit.NONE),
        "country": names.take(pa.array(slots.country, mask=slots.country == credit.NONE)),
        "weight": pa.array(slots.weight),
        "weight_affiliation": pa.array(slots.weight_affiliation),
    }
    return _rows("authorships", record.astype(np.int32), rows), foreign


def _topics(leaves: Leaves, ids: npt.NDArray[np.int64]) -> pa.Table:
    """Return the topics of works: those listed, and the primary one where the list lacks it."""
    listed = _integers(normalise.ids(_one(leaves.topics.values["id"]), "T"))
    parents = leaves.topics.parents()
    primary = _integers(normalise.ids(_one(leaves.primary_topic["id"]), "T"))
    chosen = np.flatnonzero(primary != credit.NONE)
    work = np.concatenate([parents, chosen])
    topic = np.concatenate([listed, primary[chosen]])
    score = pa.concat_arrays(
        [_one(leaves.topics.values["score"]), _one(leaves.primary_topic["score"]).take(pa.array(chosen))]
    )
    order = np.lexsort((np.arange(len(work)), topic, work))
    order = order[topic[order] != credit.NONE]
    keep = np.ones(len(order), bool)
    keep[1:] = (work[order][1:] != work[order][:-1]) | (topic[order][1:] != topic[order][:-1])
    kept = order[keep]
    rows = {
        "work_id": pa.array(ids[work[kept]]),
        "topic_id": pa.array(topic[kept]),
        "score": score.take(pa.array(kept)),
        "is_primary": pa.array(topic[kept] == primary[work[kept]]),
    }
    return _rows("work_topics", work[kept].astype(np.int32), rows)


def _references(references: Nest) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the distinct references of each work: its number and the cited work's id."""
    cited = _integers(normalise.ids(_one(references.values["id"]), "W"))
    work = references.parents()
    order = np.lexsort((cited, work))
    order = order[cited[order] != credit.NONE]
    work, cited = work[order], cited[order]
    keep = np.ones(len(order), bool)
    keep[1:] = (work[1:] != work[:-1]) | (cited[1:] != cited[:-1])
    return work[keep], cited[keep]

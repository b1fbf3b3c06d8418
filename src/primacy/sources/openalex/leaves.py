"""Records as flat columns: what the JSON and the Parquet readers both produce, and the lake's tables start from.

A nested list is kept as its lengths, one per parent, and one table of all children in order (:class:`Nest`).
Institutions, sources and topics, which records repeat again and again, are kept once (:class:`Repeated`).
Texts are as the record spells them; :mod:`primacy.sources.openalex.tables` makes them one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]

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


def whole(nest: Nest) -> Nest:
    """Return a nest without the children of which something is missing."""
    if not any(column.null_count for column in nest.values.columns):
        return nest
    numbers = pa.array(np.arange(nest.values.num_rows))
    kept = nest.values.append_column("number", numbers).drop_null()
    parents = nest.parents()[kept["number"].to_numpy()]
    return Nest(np.bincount(parents, minlength=len(nest.lengths)), kept.drop_columns(["number"]))

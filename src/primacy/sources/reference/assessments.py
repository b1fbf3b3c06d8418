"""What published assessments say: who leads, by which measure, with where each says so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from primacy.sources.reference.shipped import shipped_rows

__all__ = ["PublishedAssessment", "published_assessments"]


@dataclass(frozen=True, slots=True)
class PublishedAssessment:
    """One published statement.

    Parameters
    ----------
    source, year
        Who published it, and in which year.
    topic
        What it is about, in the source's words.
    measures
        What the source measures, in ours; ``research`` where it is papers alone.
    kind
        ``verdict`` (names who leads), ``mixed`` (names several, each in something), ``unknown`` (its label could not
        be found), ``score`` (a number or a rank of one unit), ``count``.
    unit
        ISO 3166-1 alpha-2 of the country; None of a bloc, the world, or nobody.
    published_unit
        The unit in the source's words.
    value, rank
        A number and a rank, where it states them.
    statement
        Its words, where it has any.
    about
        Ids of the assessment's domains and technologies that it is about.
    url, note
        Where it says so, and what should be known of it.
    """

    source: str
    year: int
    topic: str
    measures: str
    kind: str
    unit: str | None
    published_unit: str
    value: float | None
    rank: int | None
    statement: str
    about: tuple[str, ...]
    url: str
    note: str


@cache
def published_assessments() -> tuple[PublishedAssessment, ...]:
    """Return the published statements that the project carries.

    Examples
    --------
    >>> first = published_assessments()[0]
    >>> first.source, first.topic, first.unit, first.value
    ('Belfer CETI', 'Overall (weighted)', 'US', 84.3)
    """
    return tuple(
        PublishedAssessment(
            source=row["source"],
            year=int(row["year"]),
            topic=row["topic"],
            measures=row["measures"],
            kind=row["kind"],
            unit=row["unit"] or None,
            published_unit=row["published_unit"],
            value=float(row["value"]) if row["value"] else None,
            rank=int(row["rank"]) if row["rank"] else None,
            statement=row["statement"],
            about=tuple(filter(None, row["about"].split(";"))),
            url=row["url"],
            note=row["note"],
        )
        for row in shipped_rows("assessments.csv")
    )

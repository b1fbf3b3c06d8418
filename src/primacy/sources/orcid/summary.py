"""What a pull of ORCID's data file did, and what the lake then holds of every kind of oddity."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from primacy.lake.embedded import connect
from primacy.lake.store import Lake

__all__ = ["OrcidSummary", "cases"]


@dataclass(frozen=True)
class OrcidSummary:
    """The counts of a pull, and of the lake after it.

    Parameters
    ----------
    read, unchanged, passed_over, quarantined, files
        Documents read (records, single entries, notes on closed records), those of them that the lake already had from
        the same file, members of other kinds, what went into quarantine, archives.
    persons, active, deprecated, locked, deactivated
        Records in the lake, in all and by status.
    educations, undergraduate, postgraduate, unclassed
        Educations in the lake, in all and by stage.
    employments, several_employments
        Employments; and persons of whom two or more last at once.
    without_dates, reversed_dates, without_country
        Educations and employments without any date, with an end before the beginning, without a country.
    without_identifier, by_identifier, by_name, unresolved
        Those without an id of the organisation; whose institution was found by an id, by name and country, or not.
    non_latin
        Those whose organisation's name has letters of another script than Latin.
    seconds
        How long it took.
    notes
        What should be said.
    """

    read: int
    unchanged: int
    passed_over: int
    quarantined: int
    files: int
    persons: int
    active: int
    deprecated: int
    locked: int
    deactivated: int
    educations: int
    undergraduate: int
    postgraduate: int
    unclassed: int
    employments: int
    several_employments: int
    without_dates: int
    reversed_dates: int
    without_country: int
    without_identifier: int
    by_identifier: int
    by_name: int
    unresolved: int
    non_latin: int
    seconds: float
    notes: tuple[str, ...] = field(default=())

    def row(self) -> dict[str, Any]:
        """Return the counts as a row, the notes left out."""
        return {name: value for name, value in asdict(self).items() if name != "notes"}


_NOT_LATIN = r"[^\p{Latin}\P{L}]"

_PERSONS = """
SELECT count(*) AS persons, count(*) FILTER (status = 'active') AS active,
    count(*) FILTER (status = 'deprecated') AS deprecated, count(*) FILTER (status = 'locked') AS locked,
    count(*) FILTER (status = 'deactivated') AS deactivated
FROM read_parquet($persons)
"""
_STAGES = """
SELECT count(*) AS educations, count(*) FILTER (stage = 'undergraduate') AS undergraduate,
    count(*) FILTER (stage = 'postgraduate') AS postgraduate, count(*) FILTER (stage = 'unknown') AS unclassed
FROM read_parquet($educations)
"""
_EMPLOYED = """
SELECT coalesce(sum(n), 0)::BIGINT AS employments, count(*) FILTER (lasting > 1) AS several_employments
FROM (
    SELECT count(*) AS n, count(*) FILTER (ended IS NULL) AS lasting FROM read_parquet($employments) GROUP BY orcid
)
"""
_ENTRIES = f"""
SELECT count(*) FILTER (dates = 'none') AS without_dates, count(*) FILTER (dates = 'reversed') AS reversed_dates,
    count(*) FILTER (country IS NULL) AS without_country,
    count(*) FILTER (identifier IS NULL) AS without_identifier,
    count(*) FILTER (resolved_by IS NOT NULL AND resolved_by <> 'name') AS by_identifier,
    count(*) FILTER (resolved_by = 'name') AS by_name, count(*) FILTER (resolved_by IS NULL) AS unresolved,
    count(*) FILTER (regexp_matches(organization, '{_NOT_LATIN}')) AS non_latin
FROM read_parquet($both)
"""


def cases(lake: Lake) -> dict[str, int]:
    """Count what the lake holds of people, by kind."""
    files = {name: lake.files(name) for name in ("persons", "educations", "employments")}
    files["both"] = [*files["educations"], *files["employments"]]
    found: dict[str, int] = {}
    with connect() as connection:
        for query, name in (
            (_PERSONS, "persons"),
            (_STAGES, "educations"),
            (_EMPLOYED, "employments"),
            (_ENTRIES, "both"),
        ):
            relation = connection.execute(query, {name: files[name]}) if files[name] else None
            if relation is not None:
                names = [d[0] for d in relation.description]
                found |= dict(zip(names, relation.fetchone() or (), strict=True))
    return {name: int(found.get(name, 0)) for name in _COUNTED}


_COUNTED = [
    name
    for name in OrcidSummary.__dataclass_fields__
    if name not in ("read", "unchanged", "passed_over", "quarantined", "files", "seconds", "notes")
]

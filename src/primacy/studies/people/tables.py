"""The columns of the result tables on people."""

from __future__ import annotations

import pyarrow as pa

__all__ = ["BALANCES", "CAREERS", "DISAMBIGUATION", "FLOWS", "STOCKS"]

_SET = [
    ("technology", pa.string()),
    ("window", pa.string()),
    ("top", pa.float64()),
    ("weighting", pa.string()),
]
_PAIR = [("evidence", pa.string()), ("from_stage", pa.string()), ("to_stage", pa.string())]

STOCKS = pa.schema(
    [
        *_SET,
        ("evidence", pa.string()),
        ("stage", pa.string()),
        ("unit", pa.string()),
        ("authors", pa.float64()),
        ("share", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("rank", pa.int64()),
        ("coverage", pa.float64()),
    ]
)
"""``stocks``: where the authors were at a stage.

``top``: the works that count (0.10: the top tenth). ``weighting``: ``once`` or ``credit``. ``evidence``: ``orcid``
(what people state in ORCID) or, weaker, ``affiliations`` (what their works state). ``stage``: ``undergraduate``,
``postgraduate``, ``employment``, and ``first``, the first affiliation, which only works tell. ``unit``: the country.
``authors``: how many, in parts where an author had two. ``share`` of the authors whose stage is known by this
evidence; ``low``, ``high``: its 95 % interval. ``coverage``: those authors as part of all authors of the works.
"""

FLOWS = pa.schema(
    [
        *_SET,
        *_PAIR,
        ("origin", pa.string()),
        ("destination", pa.string()),
        ("authors", pa.float64()),
        ("share", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("destination_share", pa.float64()),
        ("destination_low", pa.float64()),
        ("destination_high", pa.float64()),
        ("coverage", pa.float64()),
    ]
)
"""``flows``: from where to where between two stages.

``share``: of the authors of the origin, so that the destinations of an origin sum to 1. ``destination_share``: of the
authors of the destination, so that its origins sum to 1. ``coverage``: authors of whom both stages are known by this
evidence, as part of all authors of the works.
"""

BALANCES = pa.schema(
    [
        *_SET,
        *_PAIR,
        ("unit", pa.string()),
        ("before", pa.float64()),
        ("after", pa.float64()),
        ("stayed", pa.float64()),
        ("lost", pa.float64()),
        ("gained", pa.float64()),
        ("net", pa.float64()),
        ("retention", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("coverage", pa.float64()),
    ]
)
"""``balances``: what a country lost and gained between two stages, in authors; ``net`` is gained less lost.

``retention``: stayed over before, with its 95 % interval.
"""

CAREERS = pa.schema(
    [
        *_SET,
        ("authors", pa.float64()),
        ("persons", pa.int64()),
        ("with_orcid", pa.float64()),
        ("orcid_undergraduate", pa.float64()),
        ("orcid_postgraduate", pa.float64()),
        ("orcid_employment", pa.float64()),
        ("affiliations_first", pa.float64()),
        ("affiliations_employment", pa.float64()),
        ("unknown", pa.float64()),
        ("without_profile", pa.float64()),
        ("moved", pa.float64()),
        ("moves", pa.float64()),
        ("agreement", pa.float64()),
    ]
)
"""``careers``: how much is known of the authors of a set of works.

``authors``: their weights added; ``persons``: their number. The next are parts of the authors: with an ORCID iD; whose
stage is known by each evidence; of whom nothing is known. ``without_profile``: part of the credit of the works held by
authors without an OpenAlex profile, who are not among the authors. ``moved``: part of the authors whose works name
another main country in a later year; ``moves``: moves per author. ``agreement``: of the authors of whom both are
known, the part whose employment is in the same country by ORCID and by their works.
"""

DISAMBIGUATION = pa.schema(
    [
        *_SET,
        ("variant", pa.string()),
        ("persons", pa.int64()),
        ("split", pa.int64()),
        ("merged", pa.int64()),
        ("impossible", pa.int64()),
        ("moves", pa.float64()),
        ("distance", pa.float64()),
        ("unit", pa.string()),
        ("difference", pa.float64()),
    ]
)
"""``disambiguation``: what doubtful author profiles change.

``variant``: ``joined`` (profiles with one ORCID iD are one person: what all other tables use), ``profiles`` (every
profile is a person), ``undoubted`` (without merged profiles and impossible careers). ``split``: persons with several
profiles; ``merged``: persons with a profile of whose works several ORCID iDs are stated; ``impossible``: persons on
three continents or more in one year. ``distance``: half the sum of the differences between the shares of employment
by country, by affiliations, and those of ``joined``; ``unit``, ``difference``: the country with the largest
difference, and that.
"""

"""Result tables on people, which the research study writes: where the authors of highly cited works were."""

from __future__ import annotations

from primacy.lake.schema import Column, Table
from primacy.studies.tables.research import TECHNOLOGY, WINDOW

_SET = (
    TECHNOLOGY,
    WINDOW,
    Column("top", "double", "the works that count: 0.10 is the top tenth", nullable=False, unit="share"),
    Column("weighting", "string", "an author counts once, or by credit", nullable=False),
)
EVIDENCE = Column(
    "evidence",
    "string",
    "orcid (what people state in ORCID) | affiliations (what their works state, which is weaker)",
    nullable=False,
)
_STAGES = "undergraduate | postgraduate | employment | first (the first affiliation, which only works tell)"
COUNTRY = Column("unit", "string", "ISO 3166-1 alpha-2 of a country", nullable=False)
AUTHORS = Column("authors", "double", "how many, in parts where an author had two", unit="authors")
COVERAGE = Column(
    "coverage",
    "double",
    "authors whose stages are known by this evidence, as part of all authors of the works",
    unit="share",
)
_PAIR = (
    EVIDENCE,
    Column("from_stage", "string", "the earlier stage", nullable=False),
    Column("to_stage", "string", "the later stage", nullable=False),
)
_SET_KEY = ("technology", "window", "top", "weighting")
_PAIR_KEY = (*_SET_KEY, "evidence", "from_stage", "to_stage")

STOCKS = Table(
    "stocks",
    "how many authors were in a country at a stage",
    (
        *_SET,
        EVIDENCE,
        Column("stage", "string", _STAGES, nullable=False),
        COUNTRY,
        AUTHORS,
        Column("share", "double", "of the authors whose stage is known by this evidence", unit="share"),
        Column("low", "double", "2.5 percentile of share over the replicates", unit="share"),
        Column("high", "double", "97.5 percentile of share over the replicates", unit="share"),
        Column("rank", "int64", "1 + number of countries with a larger share"),
        COVERAGE,
    ),
    key=(*_SET_KEY, "evidence", "stage", "unit"),
)

FLOWS = Table(
    "flows",
    "how many authors went from one country to another, or stayed, between two stages",
    (
        *_SET,
        *_PAIR,
        Column("origin", "string", "ISO 3166-1 alpha-2 at the earlier stage", nullable=False),
        Column("destination", "string", "ISO 3166-1 alpha-2 at the later stage", nullable=False),
        AUTHORS,
        Column("share", "double", "of the authors of the origin", unit="share"),
        Column("low", "double", "2.5 percentile of share over the replicates", unit="share"),
        Column("high", "double", "97.5 percentile of share over the replicates", unit="share"),
        Column("destination_share", "double", "of the authors of the destination", unit="share"),
        Column("destination_low", "double", "2.5 percentile of destination_share", unit="share"),
        Column("destination_high", "double", "97.5 percentile of destination_share", unit="share"),
        COVERAGE,
    ),
    key=(*_PAIR_KEY, "origin", "destination"),
)

BALANCES = Table(
    "balances",
    "what a country lost and gained between two stages",
    (
        *_SET,
        *_PAIR,
        COUNTRY,
        Column("before", "double", "authors at the earlier stage", unit="authors"),
        Column("after", "double", "authors at the later stage", unit="authors"),
        Column("stayed", "double", "authors at both", unit="authors"),
        Column("lost", "double", "before less stayed", unit="authors"),
        Column("gained", "double", "after less stayed", unit="authors"),
        Column("net", "double", "gained less lost", unit="authors"),
        Column("retention", "double", "stayed over before", unit="share"),
        Column("low", "double", "2.5 percentile of retention over the replicates", unit="share"),
        Column("high", "double", "97.5 percentile of retention over the replicates", unit="share"),
        COVERAGE,
    ),
    key=(*_PAIR_KEY, "unit"),
)

CAREERS = Table(
    "careers",
    "how much is known of the authors of a set of works",
    (
        *_SET,
        Column("authors", "double", "their weights added", unit="authors"),
        Column("persons", "int64", "their number", unit="persons"),
        Column("with_orcid", "double", "part of the authors with an ORCID iD", unit="share"),
        Column("orcid_undergraduate", "double", "part whose undergraduate stage ORCID tells", unit="share"),
        Column("orcid_postgraduate", "double", "part whose postgraduate stage ORCID tells", unit="share"),
        Column("orcid_employment", "double", "part whose employment ORCID tells", unit="share"),
        Column("affiliations_first", "double", "part whose first affiliation works tell", unit="share"),
        Column("affiliations_employment", "double", "part whose employment works tell", unit="share"),
        Column("unknown", "double", "part of whom nothing is known", unit="share"),
        Column(
            "without_profile",
            "double",
            "part of the works' credit held by authors without an OpenAlex profile, who are not among the authors",
            unit="share",
        ),
        Column("moved", "double", "part whose works name another main country in a later year", unit="share"),
        Column("moves", "double", "moves per author"),
        Column(
            "agreement",
            "double",
            "of those known both ways, the part whose employment is in one country by ORCID and by works",
            unit="share",
        ),
    ),
    key=_SET_KEY,
)

DISAMBIGUATION = Table(
    "disambiguation",
    "what doubtful author profiles change",
    (
        *_SET,
        Column(
            "variant",
            "string",
            "joined (profiles with one ORCID iD are one person) | profiles (each a person) | undoubted (without "
            "merged profiles and impossible careers)",
            nullable=False,
        ),
        Column("persons", "int64", "their number", unit="persons"),
        Column("split", "int64", "persons with several profiles", unit="persons"),
        Column("merged", "int64", "persons with a profile that several ORCID iDs claim", unit="persons"),
        Column("impossible", "int64", "persons on three continents or more in one year", unit="persons"),
        Column("moves", "double", "moves per person"),
        Column(
            "distance",
            "double",
            "half the sum of differences between the shares of employment by country and those of joined",
            unit="share",
        ),
        Column("unit", "string", "the country with the largest difference"),
        Column("difference", "double", "that difference", unit="share"),
    ),
    key=(*_SET_KEY, "variant"),
)

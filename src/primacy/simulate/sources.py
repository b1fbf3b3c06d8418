"""Simulated journals, conferences and repositories, and the topics of the works.

ISSNs carry valid check digits in a range (99xx) that is not assigned; a quarter of the journals form the
basket of the institutions study.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from primacy.simulate.texts import Subject

FIRST_ID = 9_000_000_001
JOURNALS, CONFERENCES, REPOSITORIES = 160, 20, 4
BASKET = 40
"""The first so many journals are the basket."""

FIELDS = {
    "Advanced information and communication technologies": (17, "Computer Science"),
    "Advanced materials and manufacturing": (25, "Materials Science"),
    "AI technologies": (17, "Computer Science"),
    "Biotechnology, gene technologies and vaccines": (13, "Biochemistry, Genetics and Molecular Biology"),
    "Defence, space, robotics and transportation": (22, "Engineering"),
    "Energy and environment": (21, "Energy"),
    "Quantum": (31, "Physics and Astronomy"),
    "Sensing, timing and navigation": (22, "Engineering"),
    "Unique AUKUS-relevant technologies": (22, "Engineering"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A journal, conference series or repository.

    Attributes
    ----------
    id
        Number of its OpenAlex id.
    name, kind
        Display name and OpenAlex type.
    issns
        Print and online ISSN; empty for what has none.
    """

    id: int
    name: str
    kind: str
    issns: tuple[str, ...]


@cache
def sources() -> tuple[Source, ...]:
    """Return all sources: journals first, then conferences, then repositories."""
    found = []
    for place in range(JOURNALS + CONFERENCES + REPOSITORIES):
        if place < JOURNALS:
            name, kind = f"Simulated Journal {place + 1:03d}", "journal"
        elif place < JOURNALS + CONFERENCES:
            name, kind = f"Simulated Conference {place + 1 - JOURNALS:03d}", "conference"
        else:
            name, kind = f"Simulated Repository {place + 1 - JOURNALS - CONFERENCES:03d}", "repository"
        issns = (issn(9_900_000 + 2 * place), issn(9_900_001 + 2 * place)) if kind == "journal" else ()
        found.append(Source(FIRST_ID + place, name, kind, issns))
    return tuple(found)


def issn(number: int) -> str:
    """Return the ISSN of seven digits, with its check digit.

    Examples
    --------
    >>> issn(2_8083)
    '0028-0836'
    >>> issn(9_900_000)
    '9900-0008'
    """
    digits = f"{number:07d}"
    check = -sum((8 - place) * int(digit) for place, digit in enumerate(digits)) % 11
    return f"{digits[:4]}-{digits[4:]}{'X' if check == 10 else check}"


def topics(technology: Subject) -> list[dict[str, object]]:
    """Return the topics of a technology's works as OpenAlex writes them, without scores.

    The ids are those that the portfolio maps; the labels say that they are simulated.
    """
    field_id, field = FIELDS.get(technology.domain, (22, "Engineering"))
    return [
        {
            "id": f"https://openalex.org/{topic}",
            "display_name": f"{technology.name} (simulated label of {topic})",
            "subfield": {
                "id": f"https://openalex.org/subfields/{field_id}00",
                "display_name": f"General {field}",
            },
            "field": {"id": f"https://openalex.org/fields/{field_id}", "display_name": field},
            "domain": {"id": "https://openalex.org/domains/3", "display_name": "Physical Sciences"},
        }
        for topic in (technology.topics or ("T99999",))[:3]
    ]

"""Pieces that many records share: institutions, sources, topics and keywords, as OpenAlex writes them."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from primacy.simulate.institutions import institutions
from primacy.simulate.sources import Source
from primacy.simulate.texts import Subject
from primacy.simulate.trajectory import countries


@dataclass(frozen=True)
class Place:
    """An institution, encoded in the forms that a record needs."""

    entry: bytes
    name: bytes
    affiliation: bytes
    country: bytes


def place(index: int) -> Place:
    """Encode an institution."""
    encode = msgspec.json.encode
    own = institutions()[index]
    above = [] if own.parent is None else [institutions()[own.parent]]
    lineage = [f"https://openalex.org/I{each.id}" for each in (own, *above)]
    text = encode(f"Simulated Department, {own.name}, {countries()[own.place].name}")
    entry = {
        "id": lineage[0],
        "display_name": own.name,
        "ror": f"https://ror.org/{own.ror}",
        "country_code": own.country,
        "type": own.kind,
        "lineage": lineage,
    }
    affiliation = b'{"raw_affiliation_string":%b,"institution_ids":[%b]}' % (text, encode(lineage[0]))
    return Place(encode(entry), text, affiliation, encode(own.country))


def source_entry(source: Source) -> dict[str, object]:
    """Return a source as locations state it."""
    return {
        "id": f"https://openalex.org/S{source.id}",
        "display_name": source.name,
        "issn_l": source.issns[0] if source.issns else None,
        "issn": list(source.issns) or None,
        "is_oa": False,
        "is_in_doaj": False,
        "is_core": source.kind == "journal",
        "host_organization": "https://openalex.org/P9000000001",
        "host_organization_name": "Simulated Press",
        "host_organization_lineage": ["https://openalex.org/P9000000001"],
        "host_organization_lineage_names": ["Simulated Press"],
        "type": source.kind,
    }


def topic_entries(found: list[dict[str, object]]) -> bytes:
    """Encode the primary topic and the topics of a work."""
    scored = [
        {"id": topic["id"], "display_name": topic["display_name"], "score": round(0.99 - 0.07 * place, 4)}
        | {key: topic[key] for key in ("subfield", "field", "domain")}
        for place, topic in enumerate(found)
    ]
    return b'"primary_topic":%b,"topics":%b' % (msgspec.json.encode(scored[0]), msgspec.json.encode(scored))


def keyword_entries(subject: Subject) -> list[dict[str, object]]:
    """Return the keywords of a technology's works."""
    return [
        {
            "id": f"https://openalex.org/keywords/simulated-{subject.id}-{place}",
            "display_name": f"{subject.name} (simulated keyword {place})",
            "score": round(0.9 - 0.1 * place, 2),
        }
        for place in range(1, 6)
    ]

"""Small worlds of journal articles: OpenAlex records drawn at random, and the lake tables that stand for them."""

from __future__ import annotations

import ibis
import pyarrow as pa
from hypothesis import strategies as st

from primacy.lake.tables import TABLES
from primacy.sources.reference.baskets import Basket, Venue
from tests import worlds
from tests.oracles import basket as oracle
from tests.oracles.research import TYPE, number

SOURCES = {
    1: ("Alpha", ["1111-1119", "2222-2226"]),
    2: ("Beta", ["3333-3333"]),
    3: ("Gamma", ["4444-4440", "5555-5558"]),
    4: ("Elsewhere", ["6666-6665"]),
}
BASKET = Basket(
    "test",
    "a basket",
    (
        Venue("Alpha", ("1111-1119",), ("Chemistry",)),
        Venue("Beta", ("3333-3333",), ("Chemistry", "Physical sciences")),
        Venue("Gamma", ("5555-5558", "7777-7772")),
    ),
)
ISSNS = {i for v in BASKET.venues for i in v.issns}
TOPICS = {1: "Chemistry", 2: "Engineering", 3: "Medicine"}
TITLES = ["Of things", "Correction: of things", "REPLY to things", " Obituary", "On corrections", None]


def location(source):
    """A primary location, or None."""
    if source is None:
        return None
    name, issns = SOURCES[source]
    return {"source": {"id": f"S{source}", "display_name": name, "issn": issns[1:], "issn_l": issns[0]}}


@st.composite
def records(draw, years=(2019, 2020, 2021)) -> list[dict]:
    """Records of up to a dozen works in four journals, three of them in ``BASKET``."""
    made = []
    for i in range(1, draw(st.integers(1, 12)) + 1):
        place = location(draw(st.sampled_from([1, 1, 2, 2, 3, 4, None])))
        record = {
            "id": f"https://openalex.org/W{i}",
            "publication_year": draw(st.sampled_from(years)),
            "publication_date": None,
            "type": draw(st.sampled_from(["article", "article", "journal-article", "review"])),
            "title": draw(st.sampled_from([*["Of things"] * 8, *TITLES])),
            "cited_by_count": 0,
            "is_retracted": draw(st.sampled_from([*[False] * 9, True])),
            "is_xpac": draw(st.sampled_from([*[False] * 9, True])),
            "authorships": draw(st.lists(worlds.authorships(), max_size=3)),
            "topic": draw(st.sampled_from([1, 2, 3, None])),
        }
        if draw(st.booleans()):
            record["primary_location"] = place
        else:
            record |= {"primary_location": None, "host_venue": (place or {}).get("source")}
        made.append(record)
    return made


def tables(made: list[dict], lineage: dict[int, list[int]] | None = None, systems: tuple[int, ...] = ()):
    """Return a function that hands out Ibis tables of a lake that holds these records."""
    base = worlds.tables(made, {}, lineage)
    known = {f"S{n}": n for n in SOURCES}
    works = [
        {
            "work_id": number(r["id"]),
            "updated_date": "2024-01-01",
            "year": r["publication_year"],
            "date": r.get("publication_date"),
            "type": TYPE.get(r["type"], r["type"]),
            "source_id": known.get(oracle.source_of(r).get("id")),
            "cited_by_count": 0,
            "is_retracted": bool(r.get("is_retracted")),
            "is_paratext": bool(r.get("is_paratext")),
            "is_xpac": bool(r.get("is_xpac")),
            "authors": len(r["authorships"]),
            "authors_truncated": False,
            "references": 0,
        }
        for r in made
    ]
    institutions = base("institutions").to_pyarrow().to_pylist()
    kinds = ["education", "company", None]
    rows = {
        "works": works,
        "texts": [{"work_id": number(r["id"]), "title": r.get("title")} for r in made],
        "sources": [
            {"source_id": n, "name": name, "issns": issns, "type": "journal", "publisher": "A press"}
            for n, (name, issns) in SOURCES.items()
        ],
        "institutions": [
            {
                **row,
                "type": kinds[row["institution_id"] % 3],
                "is_super_system": row["institution_id"] in systems,
                "derived": False,
            }
            for row in institutions
        ],
        "topics": [{"topic_id": n, "field": f, "derived": False} for n, f in TOPICS.items()],
        "work_topics": [
            {"work_id": number(r["id"]), "topic_id": r["topic"], "is_primary": True}
            for r in made
            if r.get("topic")
        ],
    }
    made_tables = {
        name: ibis.memtable(pa.Table.from_pylist(found, schema=TABLES[name].arrow))
        for name, found in rows.items()
    }
    made_tables["authorships"] = base("authorships")
    return made_tables.__getitem__

"""Small worlds for tests: OpenAlex records drawn at random, and the lake tables that stand for them."""

from __future__ import annotations

from collections import defaultdict

import ibis
import pyarrow as pa
from hypothesis import strategies as st

from primacy.lake.tables import TABLES
from tests.oracles import research as oracle

COUNTRIES = ["CN", "US", "HK", "MO", "TW", "DE", "FR", "IN"]
INSTITUTIONS = {10 + i: c for i, c in enumerate([*COUNTRIES, None, "CN", "US", "DE"])}
LINEAGE = {11: [11, 20], 12: [12, 10, 21], 13: [13, 12, 10], 20: [20], 21: [21], 10: [10]}


def _institution(i: int) -> dict:
    return {"id": f"https://openalex.org/I{i}", "display_name": f"Inst {i}", "country_code": INSTITUTIONS[i]}


_entries = st.lists(
    st.one_of(
        st.sampled_from(sorted(INSTITUTIONS)).map(_institution),
        st.just({"id": None, "display_name": "somewhere", "country_code": None}),
    ),
    max_size=3,
)


@st.composite
def authorships(draw) -> dict:
    institutions = draw(_entries)
    ids = [e["id"] for e in institutions]
    record = {
        "author_position": draw(st.sampled_from(["first", "middle", "last"])),
        "is_corresponding": draw(st.booleans()),
        "institutions": institutions,
    }
    if draw(st.booleans()):
        record["countries"] = draw(st.lists(st.sampled_from(COUNTRIES), max_size=2, unique=True))
    if draw(st.booleans()):
        pool = st.lists(st.sampled_from([*ids, None]), max_size=3)
        record["affiliations"] = [
            {"raw_affiliation_string": "x", "institution_ids": i} for i in draw(st.lists(pool, max_size=3))
        ]
    return record


@st.composite
def worlds(draw) -> list[dict]:
    """Records of one technology, with references among themselves."""
    size = draw(st.integers(1, 14))
    return [
        {
            "id": f"https://openalex.org/W{i}",
            "publication_year": draw(st.sampled_from([2019, 2020, 2021])),
            "type": draw(st.sampled_from(["article", "article", "review", "book"])),
            "cited_by_count": draw(st.integers(0, 4)),
            "is_retracted": draw(st.sampled_from([False] * 9 + [True])),
            "is_paratext": False,
            "is_xpac": draw(st.sampled_from([False] * 4 + [True])),
            "authorships": draw(st.lists(authorships(), max_size=3)),
            "referenced_works": [
                f"https://openalex.org/W{j}" for j in draw(st.lists(st.integers(0, size), max_size=4))
            ],
        }
        for i in range(1, size + 1)
    ]


def tables(records: list[dict], members: dict[str, set[int]], lineage: dict[int, list[int]] | None = None):
    """Return a function that hands out Ibis tables of a lake that holds these records."""
    rows: dict[str, list[dict]] = defaultdict(list)
    for r in records:
        work = oracle.number(r["id"])
        rows["works"].append(
            {
                "work_id": work,
                "updated_date": "2024-01-01",
                "year": r["publication_year"],
                "type": oracle.TYPE.get(r["type"], r["type"]),
                "cited_by_count": r["cited_by_count"],
                "is_retracted": bool(r.get("is_retracted")),
                "is_paratext": bool(r.get("is_paratext")),
                "is_xpac": bool(r.get("is_xpac")),
                "authors": len(r["authorships"]),
                "authors_truncated": False,
                "references": len(r.get("referenced_works", [])),
            }
        )
        rows["references"] += [
            {"work_id": work, "cited_id": oracle.number(x)} for x in r.get("referenced_works", [])
        ]
        n = len(r["authorships"])
        for seq, a in enumerate(r["authorships"]):
            parts: dict[tuple, list[float]] = defaultdict(lambda: [0.0, 0.0])
            for place, split in enumerate(("institution", "affiliation")):
                found = oracle.slots(a, split, r)
                for institution, country, part in found:
                    parts[institution, country][place] += part / n
                parts[None, None][place] += (1 - sum(p for _, _, p in found)) / n
            rows["authorships"] += [
                {
                    "work_id": work,
                    "author_seq": seq,
                    "author_id": seq,
                    "author_position": a.get("author_position"),
                    "is_corresponding": bool(a.get("is_corresponding")),
                    "institution_id": institution,
                    "country": country,
                    "weight": w if w > 1e-12 else 0.0,
                    "weight_affiliation": v if v > 1e-12 else 0.0,
                }
                for (institution, country), (w, v) in parts.items()
                if w > 1e-12 or v > 1e-12
            ]
    rows["memberships"] = [
        {"technology": t, "work_id": w, "query": "strict"} for t, ids in members.items() for w in sorted(ids)
    ]
    lineage = LINEAGE if lineage is None else lineage
    rows["institutions"] = [
        {"institution_id": i, "name": f"Inst {i}", "country": c, "lineage": lineage.get(i, [i])}
        for i, c in {**dict.fromkeys(lineage), **INSTITUTIONS}.items()
    ]
    made = {
        name: ibis.memtable(pa.Table.from_pylist(rows[name], schema=TABLES[name].arrow))
        for name in ("works", "authorships", "references", "memberships", "institutions")
    }
    return made.__getitem__

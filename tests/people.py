"""Small worlds of authors and careers for tests, and the lake tables that stand for them."""

from __future__ import annotations

import ibis
import pyarrow as pa
from hypothesis import strategies as st

from primacy.lake.tables import TABLES

COUNTRIES = ["CN", "US", "HK", "DE", "BR"]
ORCIDS = [f"0000-0001-0000-000{i}" for i in range(5)]

_year = st.one_of(st.none(), st.integers(1999, 2024))
_orcid = st.one_of(st.none(), st.sampled_from(ORCIDS))


def author(profile, *countries, orcid=None, stated=None):
    return {"profile": profile, "countries": list(countries), "orcid": orcid, "stated": stated}


def work(number, year, citations, *authors, technology="t"):
    return {
        "id": number,
        "year": year,
        "citations": citations,
        "technology": technology,
        "authors": list(authors),
    }


def study(orcid, stage, country, start=None, end=None):
    return {"orcid": orcid, "stage": stage, "country": country, "start": start, "end": end}


def record(orcid, status="active", replaced_by=None):
    return {"orcid": orcid, "status": status, "replaced_by": replaced_by}


def world(works, records=(), studies=(), jobs=()):
    return {"works": list(works), "records": list(records), "studies": list(studies), "jobs": list(jobs)}


@st.composite
def worlds(draw):
    authors = st.builds(
        lambda profile, countries, orcid, stated: author(profile, *countries, orcid=orcid, stated=stated),
        st.one_of(st.none(), st.integers(1, 7)),
        st.lists(st.sampled_from(COUNTRIES), max_size=2, unique=True),
        _orcid,
        st.one_of(st.none(), st.none(), _orcid),
    )
    works = [
        work(
            i,
            draw(st.integers(2019, 2023)),
            draw(st.integers(0, 3)),
            *draw(st.lists(authors, min_size=1, max_size=4)),
            technology=draw(st.sampled_from(["t", "u"])),
        )
        for i in range(1, draw(st.integers(1, 30)) + 1)
    ]
    for w in works:  # no profile twice on one work, so that the parts are plain
        seen = set()
        w["authors"] = [
            a
            for a in w["authors"]
            if a["profile"] is None or not (a["profile"] in seen or seen.add(a["profile"]))
        ]
    stages = st.sampled_from(["undergraduate", "postgraduate", "unknown"])
    places = st.one_of(st.none(), st.sampled_from(COUNTRIES))
    studies = st.builds(study, st.sampled_from(ORCIDS), stages, places, _year, _year)
    jobs = st.builds(study, st.sampled_from(ORCIDS), st.none(), places, _year, _year)
    records = [record(o) for o in ORCIDS[:3]]
    records.append(record(ORCIDS[3], draw(st.sampled_from(["active", "locked"]))))
    if draw(st.booleans()):
        records.append(record(ORCIDS[4], "deprecated", ORCIDS[0]))
    return world(works, records, draw(st.lists(studies, max_size=8)), draw(st.lists(jobs, max_size=8)))


def tables(made):
    """Return a function that hands out Ibis tables of a lake that holds this world."""
    rows = {name: [] for name in TABLES}
    for w in made["works"]:
        n = len(w["authors"])
        rows["works"].append(
            {
                "work_id": w["id"],
                "updated_date": "2026",
                "year": w["year"],
                "type": "article",
                "cited_by_count": w["citations"],
                "is_retracted": False,
                "is_paratext": False,
                "is_xpac": False,
                "authors": n,
                "authors_truncated": False,
                "references": 0,
            }
        )
        rows["memberships"].append({"technology": w["technology"], "work_id": w["id"], "query": "strict"})
        for seq, a in enumerate(w["authors"]):
            key = {"work_id": w["id"], "author_seq": seq, "author_id": a["profile"]}
            if a["orcid"] or a["stated"]:
                rows["author_orcids"].append(key | {"orcid": a["orcid"], "stated": a["stated"]})
            for c in a["countries"] or [None]:
                part = 1 / n / max(1, len(a["countries"]))
                rows["authorships"].append(
                    key
                    | {"is_corresponding": False, "country": c, "weight": part, "weight_affiliation": part}
                )
    rows["persons"] = [r | {"modified": None, "release": ""} for r in made["records"]]
    for name, entries in (("educations", made["studies"]), ("employments", made["jobs"])):
        rows[name] = [
            {
                "orcid": e["orcid"],
                "put_code": i,
                "country": e["country"],
                "start_year": e["start"],
                "end_year": e["end"],
                "dates": "both",
                "stage": e["stage"],
            }
            for i, e in enumerate(entries)
        ]
    return lambda name: ibis.memtable(
        pa.Table.from_pylist(
            [{k: r.get(k) for k in TABLES[name].arrow.names} for r in rows[name]], schema=TABLES[name].arrow
        )
    )

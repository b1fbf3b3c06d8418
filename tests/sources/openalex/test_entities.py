"""Institutions, sources and topics: derived from works, or described by files of their own."""

from __future__ import annotations

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from primacy.lake.store import Lake
from primacy.sources.openalex import pull
from tests.sources.openalex.builders import author, institution, rows, work, write

DAY = "updated_date=2026-01-01"
LINEAGE = ["https://openalex.org/I1", "https://openalex.org/I9"]


@pytest.fixture
def lake(tmp_path):
    return Lake.create(tmp_path / "lake")


def test_the_newest_work_speaks_for_an_institution(lake, tmp_path):
    old = institution(1, "us", display_name="Old", ror="https://ror.org/0abc", type="education")
    new = institution(1, "US", display_name="New", ror="https://ror.org/0abc", lineage=LINEAGE)
    records = [
        work(1, "2025-01-01", authorships=[author(new)]),
        work(2, "2024-01-01", authorships=[author(old)]),
    ]
    pull(lake, write(tmp_path / "w.jsonl", *records))
    assert rows(lake, "institutions") == [
        (1, "New", "US", None, "0abc", [1, 9], None, "2025-01-01T00:00:00.000000", True)
    ]


def test_a_derived_source_has_the_issns_of_all_records(lake, tmp_path):
    def at(date, **source):
        return work(1, date, primary_location={"source": {"id": "https://openalex.org/S1", **source}})

    pull(
        lake,
        write(tmp_path / "a.jsonl", at("2024-01-01", issn_l="1111-1111", issn=["2222-222x", "1111-1111"])),
    )
    newer = at("2025-01-01", display_name="J", issn=["3333-3333"], host_organization_name="P", type="journal")
    pull(lake, write(tmp_path / "b.jsonl", newer))
    issns = ["1111-1111", "2222-222X", "3333-3333"]
    stamp = "2025-01-01T00:00:00.000000"
    assert rows(lake, "sources") == [(1, "J", None, issns, "journal", "P", stamp, True)]


def test_a_derived_topic(lake, tmp_path):
    topic = {
        "id": "https://openalex.org/T1",
        "display_name": "Batteries",
        "score": 0.9,
        "subfield": {"id": 2208, "display_name": "Electrical Engineering"},
        "field": {"id": "https://openalex.org/fields/22", "display_name": "Engineering"},
        "domain": {"display_name": "Physical Sciences"},
    }
    pull(lake, write(tmp_path / "w.jsonl", work(1, topics=[topic])))
    levels = ("Electrical Engineering", "Engineering", "Physical Sciences")
    assert rows(lake, "topics") == [(1, "Batteries", *levels, None, "2026-01-01T00:00:00.000000", True)]


RECORDS = {
    "institutions": {
        "id": "https://openalex.org/I1",
        "display_name": "Described",
        "country_code": "US",
        "type": "education",
        "ror": "https://ror.org/0abc",
        "lineage": LINEAGE,
        "is_super_system": True,
        "updated_date": "2020-01-01",
    },
    "sources": {
        "id": "https://openalex.org/S1",
        "display_name": "Described",
        "issn_l": "1111-1111",
        "issn": ["1111-1111"],
        "type": "journal",
        "host_organization_name": "Publisher",
        "updated_date": "2020-01-01T00:00:00",
    },
    "topics": {
        "id": "https://openalex.org/T1",
        "display_name": "Described",
        "subfield": {"display_name": "a"},
        "field": {"display_name": "b"},
        "domain": {"display_name": "c"},
        "keywords": ["x", "y"],
        "updated_date": "2020-01-01",
    },
}
STAMP = "2020-01-01T00:00:00.000000"
DESCRIBED = {
    "institutions": [(1, "Described", "US", "education", "0abc", [1, 9], True, STAMP, False)],
    "sources": [(1, "Described", "1111-1111", ["1111-1111"], "journal", "Publisher", STAMP, False)],
    "topics": [(1, "Described", "a", "b", "c", ["x", "y"], STAMP, False)],
}
STATING = work(
    1,
    "2026-06-01",
    authorships=[author(institution(1, "CN", display_name="Stated"))],
    primary_location={
        "source": {"id": "https://openalex.org/S1", "display_name": "Stated", "issn": ["9999-9999"]}
    },
    topics=[{"id": "https://openalex.org/T1", "display_name": "Stated", "score": 1.0}],
)


def write_entities(folder, form):
    for entity, record in RECORDS.items():
        if form == "parquet":
            path = folder / f"parquet/{entity}/{DAY}/part_0000.parquet"
            path.parent.mkdir(parents=True)
            pq.write_table(pa.Table.from_pylist([record]), path)
        else:
            write(folder / f"jsonl/{entity}/{DAY}/part_0000.gz", record)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
@pytest.mark.parametrize("order", ["together", "files first", "works first"])
def test_an_entity_file_replaces_what_works_state(form, order, lake, tmp_path):
    write_entities(tmp_path / "e/data", form)
    works = write(tmp_path / "w.jsonl", STATING)
    if order == "together":
        write(tmp_path / f"e/data/{form}/works/{DAY}/part_0000.jsonl", STATING)
        summary = pull(lake, tmp_path / "e")
        assert (summary.read, summary.files) == (1, 4)
    else:
        sources = [tmp_path / "e", works]
        for source in sources if order == "files first" else reversed(sources):
            pull(lake, source)
    for entity, wanted in DESCRIBED.items():
        assert rows(lake, entity) == wanted


def test_among_entity_files_the_newest_wins(lake, tmp_path):
    older = {"id": "https://openalex.org/I1", "display_name": "Older", "updated_date": "2019-01-01"}
    write(tmp_path / "data/institutions/updated_date=2020-01-01/part_000.gz", RECORDS["institutions"])
    write(tmp_path / "data/institutions/updated_date=2021-01-01/part_000.gz", older)
    pull(lake, tmp_path)
    assert rows(lake, "institutions") == DESCRIBED["institutions"]


def test_venues_of_2022_are_sources(lake, tmp_path):
    venue = {"id": "https://openalex.org/V5", "display_name": "V", "issn": ["1234-5678"], "publisher": "P"}
    write(tmp_path / f"data/venues/{DAY}/part_000.gz", venue)
    pull(lake, tmp_path)
    assert rows(lake, "sources", "source_id", "issns", "publisher") == [(5, ["1234-5678"], "P")]


def test_bad_lines_of_entity_files_are_quarantined(lake, tmp_path):
    good = json.dumps(RECORDS["institutions"])
    lines = [
        good,
        "",
        "{",
        '{"id": "https://openalex.org/S1"}',
        '{"id": 5}',
        '{"id": "I7", "updated_date": "x"}',
    ]
    path = tmp_path / f"data/institutions/{DAY}/part_000.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    summary = pull(lake, tmp_path)
    assert (summary.read, summary.quarantined) == (0, 4)
    assert rows(lake, "quarantine", "line") == [(3,), (4,), (5,), (6,)]
    assert rows(lake, "institutions") == DESCRIBED["institutions"]
    assert pull(lake, tmp_path).quarantined == 0


def test_country_codes_that_are_none_are_counted(lake, tmp_path):
    odd = [author(institution(1, "U.S."), countries=["ZZZ"])] * 2
    summary = pull(lake, write(tmp_path / "w.jsonl", work(1, authorships=odd)))
    assert summary.notes == ("4 country codes are not two letters; they count as missing",)

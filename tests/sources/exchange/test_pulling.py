"""Exports in the lake: countries, what is missing, quarantine, repetition, and what OpenAlex describes already."""

from __future__ import annotations

import json

import pytest

from primacy.errors import InputError, NotThereError, UsageError
from primacy.lake.store import Lake
from primacy.sources import openalex
from primacy.sources.exchange import pull_citations, pull_works, read_citations
from primacy.sources.exchange.record import OWN, own_id
from primacy.sources.openalex.ledger import rows
from tests.sources.exchange.test_formats import RIS, SCOPUS, WOS

WORK = {"id": "https://openalex.org/W7", "publication_year": 2023, "type": "article", "cited_by_count": 3,
        "doi": "https://doi.org/10.1000/def", "updated_date": "2025-01-01", "title": "As OpenAlex has it",
        "authorships": [{"author": {"id": "https://openalex.org/A1"}, "countries": ["CN"], "institutions": []}],
        "primary_location": {"source": {"id": "https://openalex.org/S9", "display_name": "Nature Energy",
                                        "issn": ["2058-7546"], "type": "journal"}}}  # fmt: skip


@pytest.fixture
def lake(tmp_path):
    return Lake.create(tmp_path / "lake")


@pytest.fixture
def files(tmp_path):
    made = {"wos.txt": WOS, "scopus.csv": SCOPUS, "s.ris": RIS}
    for name, text in made.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [tmp_path / name for name in made]


def table(lake, name):
    return rows(lake.latest(), name).to_pylist()


def test_exports_become_works_with_credit_by_country(lake, files):
    done = pull_works(lake, files, as_of="2026-01-01")
    assert done.row() == {"read": 5, "added": 5, "updated": 0, "unchanged": 0, "known": 0, "quarantined": 0,
                          "replaced": 0, "files": 3}  # fmt: skip
    works = {w["doi"]: w for w in table(lake, "works")}
    assert works["10.1000/abc"]["work_id"] == own_id("doi:10.1000/abc")
    assert all(w["work_id"] >= OWN for w in works.values())
    credit: dict[str, float] = {}
    for row in table(lake, "authorships"):
        if row["work_id"] == own_id("doi:10.1000/abc"):
            credit[row["country"]] = credit.get(row["country"], 0) + row["weight"]
    assert credit == {"CN": 0.25, "US": 0.75}
    texts = {t["work_id"]: t for t in table(lake, "texts")}
    assert texts[own_id("doi:10.1000/abc")]["abstract"] == "We study batteries."


def test_what_is_missing_is_said_file_by_file(lake, files):
    wos, scopus, ris = pull_works(lake, files).notes
    assert wos.startswith("wos.txt: 2 records of wos-tagged, 1 without DOI, 1 without abstract")
    assert "1 without a country for every author" in wos
    assert "never in this format: institutions' ids, topics" in scopus
    assert ris.startswith("s.ris: 1 records of ris; never")


def test_the_same_again_changes_nothing_and_a_newer_export_wins(lake, files, tmp_path):
    pull_works(lake, files, as_of="2026-01-01")
    again = pull_works(lake, files, as_of="2026-01-01")
    assert (again.added, again.updated, again.unchanged) == (0, 0, 5)
    files[0].write_text(WOS.replace("TC 12", "TC 20"), encoding="utf-8")
    newer = pull_works(lake, files[:1], as_of="2026-02-01")
    assert (newer.added, newer.updated) == (0, 2)
    assert {w["cited_by_count"] for w in table(lake, "works") if w["doi"] == "10.1000/abc"} == {20}
    older = pull_works(lake, [files[0]], as_of="2020-01-01")
    assert older.updated == 0


def test_a_record_without_a_count_of_citations_is_not_a_record_with_none(lake, files, tmp_path):
    files[2].write_text(RIS.replace("N1  - Cited By :12\n", ""), encoding="utf-8")
    done = pull_works(lake, [files[2]])
    assert (done.read, done.added, done.quarantined) == (1, 0, 1)
    assert table(lake, "quarantine")[0]["reason"].startswith("no citation count, and missing is not zero")
    assert (table(lake, "quarantine")[0]["file"], table(lake, "quarantine")[0]["line"]) == ("s.ris", 1)
    assert pull_works(lake, [files[2]]).quarantined == 0
    (tmp_path / "c.csv").write_text("doi,citations\nhttps://doi.org/10.1000/RIS,8\n", encoding="utf-8")
    assert pull_works(lake, [files[2]], citations=tmp_path / "c.csv").added == 1
    assert table(lake, "works")[0]["cited_by_count"] == 8


def test_works_that_openalex_describes_stay_as_they_are(lake, files, tmp_path):
    (tmp_path / "works.jsonl").write_text(json.dumps(WORK) + "\n", encoding="utf-8")
    openalex.pull(lake, tmp_path / "works.jsonl")
    done = pull_works(lake, files)
    assert (done.read, done.known, done.added) == (5, 1, 4)
    assert {w["work_id"] for w in table(lake, "works") if w["doi"] == "10.1000/def"} == {7}
    # Its journal is the lake's own, by its ISSN.
    assert {w["source_id"] for w in table(lake, "works") if w["doi"] == "10.1000/abc"} == {9}


def test_works_that_openalex_describes_later_count_once(lake, files, tmp_path):
    pull_works(lake, files)
    (tmp_path / "works.jsonl").write_text(json.dumps(WORK) + "\n", encoding="utf-8")
    openalex.pull(lake, tmp_path / "works.jsonl")
    assert len([w for w in table(lake, "works") if w["doi"] == "10.1000/def"]) == 2
    done = pull_works(lake, files)
    assert (done.replaced, done.known, done.added) == (1, 1, 0)
    assert {w["work_id"] for w in table(lake, "works") if w["doi"] == "10.1000/def"} == {7}
    assert own_id("doi:10.1000/def") not in {t["work_id"] for t in table(lake, "texts")}


def test_pages_of_clients_are_pulled_as_openalex_writes_them(lake, tmp_path):
    (tmp_path / "pages.json").write_text(json.dumps([{"results": [WORK]}]), encoding="utf-8")
    assert pull_works(lake, [tmp_path / "pages.json"]).added == 1
    assert table(lake, "works")[0]["work_id"] == 7
    assert table(lake, "works")[0]["updated_date"].startswith("2025-01-01")


def test_a_malformed_file_loads_nothing_of_itself(lake, files):
    files[1].write_text(SCOPUS + '"x","y"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"scopus.csv, line 4: has another number of cells"):
        pull_works(lake, [files[1]])
    assert not lake.latest().has("works")
    with pytest.raises(UsageError, match="--as-of soon"):
        pull_works(lake, files[:1], as_of="soon")


# ---------------------------------------------------------------------- own citation tables


def test_own_citations_replace_the_counts_of_works(lake, files, tmp_path):
    pull_works(lake, files)
    (tmp_path / "c.csv").write_text(
        "doi,citations,note\n10.1000/abc,99,x\n10.1000/ris,12,\n10.9/none,1,\n", encoding="utf-8"
    )
    done = pull_citations(lake, tmp_path / "c.csv")
    assert done.row() == {"read": 3, "updated": 1, "unchanged": 1, "unknown": 1}
    assert {w["cited_by_count"] for w in table(lake, "works") if w["doi"] == "10.1000/abc"} == {99}
    assert len(table(lake, "works")) == 5
    assert pull_citations(lake, tmp_path / "c.csv").updated == 0


def test_own_citations_by_id(lake, tmp_path):
    (tmp_path / "works.jsonl").write_text(json.dumps(WORK) + "\n", encoding="utf-8")
    openalex.pull(lake, tmp_path / "works.jsonl")
    (tmp_path / "c.csv").write_text("work_id,citations\nhttps://openalex.org/W7,40\n", encoding="utf-8")
    assert pull_citations(lake, tmp_path / "c.csv").updated == 1
    assert table(lake, "works")[0]["cited_by_count"] == 40


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title,citations\nx,1\n", "column 'doi' is missing"),
        ("doi\n10.1/x\n", "column 'citations' is missing"),
        ("doi,citations\nnone,1\n", "line 2: field doi: 'none' is none"),
        ("doi,citations\n10.1/x,-1\n", "line 2: field citations: '-1' is no whole number"),
        ("doi,citations\n10.1/x,\n", "line 2: field citations: is empty"),
        ("doi,citations\n10.1/x,1\n10.1/X,2\n", "line 3: field doi: 10.1/X stands twice, with 1 and 2"),
        ("work_id,citations\nA12,1\n", "line 2: field work_id: 'A12' is none"),
    ],
)
def test_a_wrong_table_of_citations_is_refused_with_file_and_line(tmp_path, text, said):
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_citations(tmp_path / "c.csv")
    assert "c.csv" in str(refused.value)
    assert said in str(refused.value)


def test_citations_need_works(lake, tmp_path):
    (tmp_path / "c.csv").write_text("doi,citations\n10.1/x,1\n", encoding="utf-8")
    with pytest.raises(NotThereError, match="no works in the lake"):
        pull_citations(lake, tmp_path / "c.csv")

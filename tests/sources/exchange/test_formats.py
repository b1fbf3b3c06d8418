"""Every format by hand, there and back with generated records, and what is wrong with malformed files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from primacy.errors import InputError, UsageError
from primacy.sources.exchange.formats import FORMATS, read_file, recognise
from primacy.sources.exchange.pages import read_pages
from primacy.sources.exchange.record import OWN, Author, own_id, plain_doi
from primacy.sources.exchange.tables import read_openalex_csv, read_scopus_csv, read_wos_tab
from primacy.sources.exchange.tagged import read_bibtex, read_ris, read_wos_tagged

WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Wang, L
   Smith, J
AF Wang, Li
   Smith, John
TI Lithium sulfur
   batteries
SO NATURE ENERGY
DT Article; Early Access
AB We study batteries.
C1 [Wang, Li] Tsinghua Univ, Beijing, Peoples R China.
   [Smith, John; Wang, Li] MIT, Cambridge, MA 02139 USA.
TC 12
PY 2024
DI 10.1000/ABC
SN 2058-7546
UT WOS:1
ER

PT J
AU Solo, A
TI A review of nothing
PY 2023
TC 0
DT Review
ER

EF
"""
SCOPUS = (
    '"Authors","Title","Year","Source title","Cited by","DOI","Affiliations","Authors with affiliations","Abstract",'
    '"ISSN","Document Type","EID"\n'
    '"Wang L.; Smith J.","Solid state, ""fast"" batteries",2023,"Joule",,"10.1000/DEF","x",'
    '"Wang L., Tsinghua University, Beijing, China; Smith J., MIT, Cambridge, United States",'
    '"[No abstract available]","25424351","Conference Paper","2"\n'
    '"A.; B.","Two",2022,"J",5,"","Uni, Paris, France; Uni, Lyon, France","","T","","Article","3"\n'
)
BIB = """@ARTICLE{Wang2024,
 author={Wang, Li and Smith, John},
 title={Solid {State} batteries \\& more},
 year={2024}, doi={10.1000/ghi}, note={Cited by: 7}, type={Article}, issn={25424351}, journal={Joule},
 affiliations={Tsinghua University, Beijing, China; MIT, Cambridge, United States}}

@article{WOS:1,
 Author = {Li, X},
 Title = {Other},
 Year = {2020},
 Times-Cited = {3},
 Affiliation = {Univ Oxford, Oxford, England.}
}
"""
RIS = """TY  - JOUR
AU  - Wang, L.
AU  - Smith, J.
TI  - Batteries
PY  - 2024
JO  - Joule
DO  - https://doi.org/10.1000/ris
N1  - Cited By :12
SN  - 0123-4567
AD  - Tsinghua, Beijing, China
AB  - Words.
ER  - 
"""
OPENALEX = (
    "id,doi,title,publication_year,type,cited_by_count,authorships.author.display_name,authorships.countries,"
    "primary_location.source.display_name,primary_location.source.issn,is_retracted\n"
    'https://openalex.org/W1,https://doi.org/10.1/A,"A, B",2020,article,5,Ann|Bob,CN|US,'
    "Joule,2542-4351|2542-4352,false\n"
    "https://openalex.org/W2,,C,2021,review,0,Ann,DE|FR,,,TRUE\n"
)


def one(read, place=0):
    assert read.faults == []
    return read.records[place]


def test_web_of_science_tagged_text():
    first, second = read_wos_tagged(WOS, Path("w.txt")).records
    assert (first.line, second.line) == (3, 22)
    assert first.title == "Lithium sulfur batteries"
    assert first.authors == (Author("Wang, Li", ("CN", "US")), Author("Smith, John", ("US",)))
    assert (first.year, first.citations, first.doi, first.type) == (2024, 12, "10.1000/abc", "article")
    assert (first.journal, first.issns, first.abstract) == (
        "NATURE ENERGY",
        ("2058-7546",),
        "We study batteries.",
    )
    assert (second.type, second.citations, second.doi, second.authors) == (
        "review",
        0,
        None,
        (Author("Solo, A"),),
    )


def test_web_of_science_tab():
    head = ["PT", "AU", "TI", "DT", "C1", "TC", "PY", "DI"]
    row = [
        "J",
        "Wang, L; Smith, J",
        "T",
        "Proceedings Paper",
        "[Wang, L] Uni, Seoul, South Korea",
        "4",
        "2021",
        "10.1/x",
    ]
    text = "\t".join(head) + "\n" + "\t".join(row) + "\n"
    found = one(read_wos_tab(text, Path("w.tab")))
    assert found.authors == (Author("Wang, L", ("KR",)), Author("Smith, J"))
    assert (found.type, found.citations) == ("conference-paper", 4)


def test_scopus_csv():
    first, second = read_scopus_csv(SCOPUS, Path("s.csv")).records
    assert first.title == 'Solid state, "fast" batteries'
    assert first.authors == (Author("Wang L.", ("CN",)), Author("Smith J.", ("US",)))
    assert (first.citations, first.abstract, first.issns) == (0, None, ("2542-4351",))
    assert (first.type, first.doi) == ("conference-paper", "10.1000/def")
    assert (second.authors, second.loose_countries) == ((Author("A."), Author("B.")), ("FR",))


def test_bibtex_of_scopus_and_web_of_science():
    first, second = read_bibtex(BIB, Path("b.bib")).records
    assert first.title == "Solid State batteries & more"
    assert (first.citations, first.loose_countries, first.line) == (7, ("CN", "US"), 1)
    assert (second.citations, second.year, second.loose_countries, second.line) == (3, 2020, ("GB",), 7)


def test_ris():
    found = one(read_ris(RIS, Path("r.ris")))
    assert (found.citations, found.doi, found.year, found.journal) == (12, "10.1000/ris", 2024, "Joule")
    assert (found.loose_countries, found.issns, found.abstract) == (("CN",), ("0123-4567",), "Words.")


def test_openalex_csv_does_not_guess_whose_a_country_is():
    first, second = read_openalex_csv(OPENALEX, Path("o.csv")).records
    assert (first.openalex_id, first.doi, first.citations) == ("https://openalex.org/W1", "10.1/a", 5)
    assert (first.authors, first.loose_countries) == ((Author("Ann"), Author("Bob")), ("CN", "US"))
    assert second.authors == (Author("Ann", ("DE", "FR")),)
    assert (second.retracted, second.doi) == (True, None)


WORK = {"id": "https://openalex.org/W5", "publication_year": 2020, "type": "article", "cited_by_count": 3,
        "doi": "https://doi.org/10.1/Z",
        "authorships": [{"author": {"id": "https://openalex.org/A1"}, "countries": ["CN"]}],
        "abstract_inverted_index": {"word": [0]}}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([WORK]),
        json.dumps({"meta": {}, "results": [WORK]}),
        json.dumps([{"results": [WORK]}]),
        json.dumps([[WORK]]),
        json.dumps(WORK),
        json.dumps(WORK) + "\n" + json.dumps({**WORK, "id": "https://openalex.org/W6"}) + "\n",
    ],
    ids=["array", "page", "pages", "pages of pyalex", "one", "lines"],
)
def test_pages_of_clients(text):
    found = one(read_pages(text, Path("p.json")))
    assert found.raw == WORK
    assert (found.openalex_id, found.doi) == (WORK["id"], "10.1/z")


def boxed(value):
    """Write a value as R's jsonlite does: a scalar as a list of one, null as an empty object's list."""
    if isinstance(value, dict):
        return {k: boxed(v) for k, v in value.items()}
    return [boxed(v) if isinstance(v, dict) else v for v in value] if isinstance(value, list) else [value]


def test_pages_of_openalexr_lose_their_boxes():
    found = one(read_pages(json.dumps([boxed(WORK)]), Path("p.json")))
    assert found.raw == WORK


def test_every_format_is_recognised(tmp_path):
    tab = "PT\tTI\tPY\tTC\nJ\tx\t2020\t1\n"
    texts = {"openalex-json": json.dumps([WORK]), "openalex-csv": OPENALEX, "wos-tagged": WOS, "wos-tab": tab,
             "scopus-csv": SCOPUS, "bibtex": BIB, "ris": RIS}  # fmt: skip
    assert set(texts) == set(FORMATS)
    for format, text in texts.items():
        assert recognise(text, Path("file.txt")) == format
        for encoding in ("utf-8-sig", "utf-16"):
            (tmp_path / "file.txt").write_text(text, encoding=encoding)
            assert read_file(tmp_path / "file.txt")[0] == format


# ---------------------------------------------------------------------- there and back

names = st.text(st.characters(categories=["L"]), min_size=1, max_size=9)
records = st.fixed_dictionaries(
    {
        "title": st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30),
        "year": st.integers(1900, 2030),
        "citations": st.integers(0, 10**6),
        "doi": st.from_regex(r"10\.[0-9]{4}/[a-z0-9]{1,12}", fullmatch=True),
        "authors": st.lists(names, max_size=4),
    }
)


def essence(record) -> dict:
    return {"title": record.title, "year": record.year, "citations": record.citations, "doi": record.doi,
            "authors": [a.name for a in record.authors]}  # fmt: skip


@given(st.lists(records, min_size=1, max_size=5))
def test_ris_there_and_back(works):
    written = rispy.dumps(
        [
            {"type_of_reference": "JOUR", "title": w["title"], "year": str(w["year"]), "doi": w["doi"],
             "authors": w["authors"], "notes": [f"Cited By :{w['citations']}"]}
            for w in works
        ]
    )  # fmt: skip
    assert [essence(r) for r in read_ris(written, Path("r.ris")).records] == works


@given(st.lists(records, min_size=1, max_size=5))
def test_tables_there_and_back(works):
    def table(head, delimiter, row):
        made = io.StringIO(newline="")
        writer = csv.writer(made, delimiter=delimiter)
        writer.writerow(head)
        writer.writerows(row(w) for w in works)
        return made.getvalue()

    def cells(join):
        return lambda w: [w["title"], w["year"], w["citations"], w["doi"], join.join(w["authors"])]

    wos = table(["TI", "PY", "TC", "DI", "AU"], "\t", cells("; "))
    scopus = table(["Title", "Year", "Cited by", "DOI", "Authors"], ",", cells("; "))
    head = [
        "title",
        "publication_year",
        "cited_by_count",
        "doi",
        "authorships.author.display_name",
        "id",
        "type",
    ]
    site = table(head, ",", lambda w: [*cells("|")(w), "W1", "article"])
    for read, text in ((read_wos_tab, wos), (read_scopus_csv, scopus), (read_openalex_csv, site)):
        assert [essence(r) for r in read(text, Path("t.csv")).records] == works


# ---------------------------------------------------------------------- malformed files


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "a.txt: is empty"),
        ("a.txt", b"Dear editor,\n", "its format cannot be told from 'Dear editor,'"),
        ("a.json", b'[{"id": 1', "a.json: is not JSON"),
        ("a.jsonl", b'{"id": "W1"}\n{"id": \n', "a.jsonl, line 2: is not JSON"),
        ("a.csv", b"id,cited_by_count\nW1,2\n", "a.csv: column 'publication_year' is missing"),
        ("a.csv", SCOPUS.encode() + b'"x","y"\n', "a.csv, line 4: has another number of cells"),
        ("a.csv", SCOPUS.encode() + b'"x"y\n', "a.csv, line 4: cannot be read as a table"),
        ("a.csv", SCOPUS.encode() + b'"\xff\xfe"\n', "a.csv, line 4: is not utf-8 text"),
        ("a.txt", WOS.partition("UT WOS")[0].encode(), "a.txt: no end of a record"),
        ("a.txt", WOS.partition("DT Review")[0].encode(), "a.txt, line 22: the record has no end"),
        ("a.gz", b"\x1f\x8b\x08\x00", "a.gz: cannot be read"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_with_file_and_line(tmp_path, name, data, said):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as refused:
        read_file(tmp_path / name)
    assert said in str(refused.value)


def test_a_wrong_value_is_a_fault_of_its_record_alone():
    read = read_wos_tagged(WOS.replace("TC 12", "TC many"), Path("w.txt"))
    assert [r.line for r in read.records] == [22]
    assert [(f.line, f.reason) for f in read.faults] == [(3, "field TC: 'many' is no whole number")]
    broken = read_bibtex(BIB + "\n@article{x, title={never closed\n", Path("b.bib"))
    assert len(broken.records) == 2
    assert [f.line for f in broken.faults] == [15]
    assert read_pages('[{"title": "x"}]', Path("p.json")).faults[0].reason.startswith("field id: missing")


def test_an_unknown_format_is_refused(tmp_path):
    (tmp_path / "a.ris").write_text(RIS, encoding="utf-8")
    with pytest.raises(UsageError, match="--from endnote: takes openalex-json"):
        read_file(tmp_path / "a.ris", "endnote")
    with pytest.raises(InputError, match=r"no.ris: cannot be read \(No such file"):
        read_file(tmp_path / "no.ris")


# ---------------------------------------------------------------------- ids


@given(st.text(), st.text())
def test_own_ids_are_stable_apart_and_never_openalexs(a, b):
    assert OWN <= own_id(a) < 10**18
    assert own_id(a) == own_id(a)
    assert (own_id(a) == own_id(b)) == (a == b)


def test_a_doi_is_one_however_it_is_written():
    forms = [
        "10.1000/ABC",
        "https://doi.org/10.1000/abc",
        "doi:10.1000/aBc.",
        "http://dx.doi.org/10.1000/abc",
    ]
    assert {plain_doi(f) for f in forms} == {"10.1000/abc"}
    assert plain_doi("") is plain_doi(None) is None

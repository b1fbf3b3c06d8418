"""The data file into the lake: every oddity counted, resumed, read again, newer releases, damage."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import textwrap
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from primacy.errors import InputError
from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.sources.orcid import pull, pull_stream, reading
from primacy.sources.orcid.organizations import read_organization_ids
from tests.sources.orcid.builders import (
    A,
    B,
    C,
    D,
    archive,
    closed,
    entry,
    iD,
    record,
    single,
    summary,
    where,
)
from tests.sources.orcid.test_records import BOMB, EXTERNAL

INSTITUTIONS = [
    {"institution_id": 1, "name": "University X", "country": "DE", "ror": "05dxps055", "derived": False},
    {"institution_id": 2, "name": "北京大学", "country": "CN", "ror": None, "derived": False},
    {"institution_id": 3, "name": "Twin", "country": "US", "ror": None, "derived": False},
    {"institution_id": 4, "name": "Twin", "country": "US", "ror": None, "derived": False},
]


@pytest.fixture
def lake(tmp_path):
    made = Lake.create(tmp_path / "lake")
    schema = declared("institutions").arrow
    rows = [{k: r.get(k) for k in schema.names} for r in INSTITUTIONS]
    with made.transaction("institutions") as tx:
        tx.append("institutions", pa.Table.from_pylist(rows, schema=schema))
    return made


def rows(lake, name, *columns):
    files = lake.latest().files(name)
    if not files:
        return []
    table = pq.read_table(files)
    return [tuple(r.values()) for r in table.select(list(columns) or table.column_names).to_pylist()]


def every_table(lake):
    names = ("persons", "educations", "employments", "quarantine", "pulled_files", "orcid_progress")
    return {name: rows(lake, name) for name in names}


ODD = {
    where(A): record(
        A,
        summary(
            "education",
            1,
            role="BSc",
            start="2001",
            end="2004",
            scheme="ROR",
            identifier="https://ror.org/05dxps055",
        ),
        summary("education", 2, role="Diploma"),
        summary("education", 3, role="博士", start="2009", end="2005", name="北京大学", country="CN"),
        summary("employment", 4, start="2010", country=None),
        summary("employment", 5, start="2012", scheme="GRID", identifier="grid.1", name="Twin", country="US"),
        summary("employment", 6, name="МГУ", country="RU", scheme="RINGGOLD", identifier="77"),
    ),
    where(B): closed(9007, f"deprecated. Please refer to account: https://orcid.org/{A}."),
    where(C): closed(9018),
    where(D): record(D, history="<history:deactivation-date>2020</history:deactivation-date>"),
    where(iD(1)): BOMB,
    where(iD(2)): EXTERNAL,
    where(iD(3)): b"<record:record",
    where(iD(4)): record("0000-0001-0000-0000"),
    f"ORCID_2024_10_summaries/{A}/works/1.xml": b"<never-looked-at",
    "ORCID_2024_10_summaries/README.txt": b"text",
}


def test_every_oddity_is_counted(lake, tmp_path):
    source = archive(tmp_path / "ORCID_2024_10_summaries.tar.gz", ODD)
    found = pull(lake, source).row()
    seconds = found.pop("seconds")
    assert seconds >= 0
    assert found == {
        "read": 4,
        "unchanged": 0,
        "passed_over": 2,
        "quarantined": 4,
        "files": 1,
        "persons": 4,
        "active": 1,
        "deprecated": 1,
        "locked": 1,
        "deactivated": 1,
        "educations": 3,
        "undergraduate": 1,
        "postgraduate": 1,
        "unclassed": 1,
        "employments": 3,
        "several_employments": 1,
        "without_dates": 2,
        "reversed_dates": 1,
        "without_country": 1,
        "without_identifier": 3,
        "by_identifier": 1,
        "by_name": 1,
        "unresolved": 4,
        "non_latin": 2,
    }
    assert (B, "deprecated", A) in rows(lake, "persons", "orcid", "status", "replaced_by")
    assert {r[0] for r in rows(lake, "persons", "release")} == {"2024-10"}
    bad = rows(lake, "quarantine", "source", "file", "line", "reason")
    assert [(source, line) for source, _, line, _ in bad] == [("orcid", n) for n in (5, 6, 7, 8)]
    assert bad[0][1] == f"ORCID_2024_10_summaries.tar.gz/{where(iD(1))}"
    assert ["document type" in r[3] for r in bad] == [True, True, False, False]
    assert "root:" not in str(every_table(lake))


def test_organisations_are_found_by_id_else_by_name_and_country(lake, tmp_path):
    ids = tmp_path / "ids.csv"
    ids.write_text("scheme,identifier,ror\ngrid,grid.1,05dxps055\nringgold,77,https://ror.org/05dxps055\n")
    pull(lake, archive(tmp_path / "a.tar", ODD), organizations=ids)
    found = rows(lake, "employments", "put_code", "institution_id", "resolved_by")
    assert found == [(4, None, None), (5, 1, "grid"), (6, 1, "ringgold")]
    assert rows(lake, "educations", "put_code", "institution_id", "resolved_by") == [
        *[(1, 1, "ror"), (2, None, None)],
        (3, 2, "name"),
    ]


@pytest.mark.parametrize("schema", [1, 2])
def test_the_dump_of_ror_tells_ids(schema, tmp_path):
    groups = {"GRID": {"all": "grid.1"}, "FundRef": {"all": ["100", "200"]}, "ISNI": {"all": ["0"]}}
    if schema == 2:
        groups = [
            {"type": "grid", "all": ["grid.1"]},
            {"type": "fundref", "all": ["100", "200"], "preferred": "100"},
        ]
    dump = [
        {"id": "https://ror.org/0a", "external_ids": groups, "names": []},
        {"id": "https://ror.org/0b", "external_ids": [{"type": "fundref", "all": ["200"]}]},
    ]
    with zipfile.ZipFile(tmp_path / "ror.zip", "w") as file:
        file.writestr("v1.json", json.dumps(dump))
    found = read_organization_ids(tmp_path / "ror.zip").to_pylist()
    assert [tuple(r.values()) for r in found] == [("fundref", "100", "0a"), ("grid", "grid.1", "0a")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("scheme,ror\n", "column 'identifier' is missing"),
        ("scheme,identifier,ror\nisni,1,2\n", "line 2: scheme 'isni'"),
    ],
)
def test_a_wrong_list_of_ids_is_refused(text, reason, lake, tmp_path):
    (tmp_path / "ids.csv").write_text(text)
    with pytest.raises(InputError, match=reason):
        pull(lake, archive(tmp_path / "a.tar", ODD), organizations=tmp_path / "ids.csv")
    assert not rows(lake, "persons")


def test_pulling_again_changes_nothing(lake, tmp_path):
    source = archive(tmp_path / "ORCID_2024_10_summaries.tar.gz", ODD)
    pull(lake, source)
    before, version = every_table(lake), lake.latest().version
    again = pull(lake, source).row()
    assert (again["read"], again["unchanged"], again["quarantined"]) == (4, 4, 0)
    assert every_table(lake) == before
    assert lake.latest().version == version


def test_a_pull_that_was_broken_off_goes_on(lake, tmp_path, monkeypatch):
    source = archive(tmp_path / "ORCID_2024_10_summaries.tar", ODD)
    whole = Lake.create(tmp_path / "whole")
    pull(whole, source)
    monkeypatch.setattr(reading, "BATCH", 2)
    parsed = []

    def parse(data, name):
        parsed.append(name)
        if len(parsed) == 6:
            raise KeyboardInterrupt
        return real(data, name)

    real = reading.parse
    monkeypatch.setattr(reading, "parse", parse)
    with pytest.raises(KeyboardInterrupt):
        pull(lake, source)
    assert rows(lake, "orcid_progress", "members", "records", "quarantined") == [(4, 4, 0)]
    found = pull(lake, source).row()
    assert parsed[6:] == [where(iD(n)) for n in (1, 2, 3, 4)]
    assert (found["read"], found["unchanged"], found["quarantined"]) == (4, 4, 4)
    for name in ("persons", "pulled_files", "orcid_progress", "quarantine"):
        assert sorted(rows(lake, name)) == sorted(rows(whole, name))
    assert rows(lake, "employments", "put_code") == rows(whole, "employments", "put_code")


def test_activities_and_summaries_are_one_entry(lake, tmp_path):
    archive(
        tmp_path / "in" / "ORCID_2024_10_summaries.tar.gz",
        {where(A): record(A, summary("employment", 1, country="DE", modified="2024-01"))},
    )
    archive(
        tmp_path / "in" / "ORCID_2024_10_activities_0.tar.gz",
        {
            entry("employment", A, 1): single("employment", A, 1, country="FR", modified="2024-02"),
            entry("education", A, 2): single("education", A, 2, role="MSc"),
        },
    )
    found = pull(lake, tmp_path / "in").row()
    assert (found["read"], found["files"]) == (3, 2)
    assert rows(lake, "employments", "put_code", "country") == [(1, "FR")]
    assert rows(lake, "educations", "put_code", "stage") == [(2, "postgraduate")]


@pytest.mark.parametrize("order", [("2023", "2024"), ("2024", "2023")])
def test_the_newest_release_speaks_for_a_person(order, lake, tmp_path):
    releases = {
        "2023": record(A, summary("employment", 1), summary("employment", 2, country="FR", modified="2030")),
        "2024": record(A, summary("employment", 2, country="US")),
    }
    for year in order:
        path = tmp_path / f"ORCID_{year}_10_summaries.tar"
        pull(lake, archive(path, {f"ORCID_{year}_10_summaries/1.xml": releases[year]}))
    assert rows(lake, "employments", "put_code", "country", "release") == [(2, "US", "2024-10")]
    assert rows(lake, "persons", "orcid", "release") == [(A, "2024-10")]


@pytest.mark.parametrize("kind", ["file", "stream"])
def test_nothing_of_a_damaged_archive_is_loaded(kind, lake, tmp_path):
    data = archive(tmp_path / "x.tar.gz", ODD).read_bytes()[:-20]
    (tmp_path / "x.tar.gz").write_bytes(data)
    for quarantined in (1, 0):
        found = (
            pull(lake, tmp_path / "x.tar.gz")
            if kind == "file"
            else pull_stream(lake, io.BytesIO(data), "x.tar.gz")
        )
        assert (found.row()["quarantined"], found.row()["persons"], found.row()["read"]) == (
            quarantined,
            0,
            0,
        )
        assert any("nothing of it is loaded" in n for n in found.notes)
    assert [r[0] for r in rows(lake, "quarantine", "line")] == [None]


def test_a_stream_is_read_as_it_comes(lake, tmp_path):
    data = archive(tmp_path / "ORCID_2024_10_summaries.tar.gz", ODD).read_bytes()
    found = pull_stream(lake, io.BytesIO(data), "ORCID_2024_10_summaries.tar.gz").row()
    assert (found["read"], found["persons"], found["quarantined"]) == (4, 4, 4)
    before = every_table(lake)
    twice = pull_stream(lake, io.BytesIO(data), "ORCID_2024_10_summaries.tar.gz").row()
    assert (twice["read"], twice["unchanged"], twice["quarantined"]) == (4, 4, 0)
    assert every_table(lake) == before
    again = pull(lake, tmp_path / "ORCID_2024_10_summaries.tar.gz").row()
    assert (again["read"], again["unchanged"]) == (4, 4)


def test_a_source_that_is_none_is_refused(lake, tmp_path):
    with pytest.raises(InputError, match="no such file"):
        pull(lake, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no \.tar or \.tar\.gz file"):
        pull(lake, tmp_path / "empty")


MEMORY = """
    import resource, sys, tarfile
    from pathlib import Path
    from primacy.lake.store import Lake
    from primacy.sources.orcid import pull_stream
    from tests.sources.orcid.builders import iD, record, summary

    lake = Lake.create(sys.argv[1])
    many, filler = int(sys.argv[2]), "x" * 12_000

    class Stream:
        def __init__(self):
            self.number, self.rest = 0, b""

        def read(self, size=-1):
            while len(self.rest) < size and self.number < many:
                self.number += 1
                orcid = iD(self.number)
                data = record(orcid, summary("employment", self.number, start="2001"), history=filler)
                member = tarfile.TarInfo(f"ORCID_2024_10_summaries/{orcid[-3:]}/{orcid}.xml")
                member.size = len(data)
                self.rest += member.tobuf() + data + b"\\0" * (-len(data) % 512)
                if self.number == many:
                    self.rest += b"\\0" * 1024
            taken, self.rest = self.rest[:size], self.rest[size:]
            return taken

    found = pull_stream(lake, Stream(), "ORCID_2024_10_summaries.tar")
    print(found.employments, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_stream(tmp_path):
    """Three times the records, a hundred megabytes in all, take no more memory than what one batch does."""
    peaks = []
    for name, many in (("few", 3_000), ("many", 9_000)):
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(MEMORY), str(tmp_path / name), str(many)],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        loaded, peak = map(int, done.stdout.split())
        assert loaded == many
        peaks.append(peak)
    assert peaks[1] < peaks[0] * 1.25

"""ORCID's documents, one by one: by hand, and what must be refused."""

from __future__ import annotations

import pytest

from primacy.sources.orcid.records import UnfitRecordError, parse
from tests.sources.orcid.builders import A, B, closed, record, single, summary, where


def entries(*summaries):
    return [e.row for e in parse(record(A, *summaries), where(A)).entries]


def test_a_record_by_hand():
    found = parse(
        record(
            A,
            summary("education", 1, role="BSc", start="2001-09", end="2004-07-01", country="cn"),
            summary(
                "employment",
                2,
                role="Professor",
                start="2010",
                scheme="ROR",
                identifier="https://ror.org/05X",
            ),
        ),
        where(A),
    )
    assert found.person == {
        "orcid": A,
        "status": "active",
        "replaced_by": None,
        "modified": "2024-01-01T00:00:00Z",
    }
    study, job = found.entries
    assert (study.kind, job.kind) == ("educations", "employments")
    assert study.row["stage"] == "undergraduate"
    assert [study.row[k] for k in ("started", "ended", "start_year", "end_year", "dates", "country")] == [
        *("2001-09", "2004-07-01", 2001, 2004),
        *("both", "CN"),
    ]
    assert [job.row[k] for k in ("role", "scheme", "identifier", "ended", "dates")] == [
        *("Professor", "ror", "05x", None),
        "start",
    ]


@pytest.mark.parametrize(
    ("start", "end", "dates", "years"),
    [
        (None, None, "none", (None, None)),
        ("2001", None, "start", (2001, None)),
        (None, "2001", "end", (None, 2001)),
        ("2004", "2001", "reversed", (None, None)),
        ("2004-05", "2004-04-30", "reversed", (None, None)),
        ("2004-05", "2004", "both", (2004, 2004)),
        ("0004", "2004", "end", (None, 2004)),
        ("2004-13", "2005", "both", (2004, 2005)),
        ("twenty", None, "none", (None, None)),
    ],
)
def test_dates(start, end, dates, years):
    (row,) = entries(summary("employment", 1, start=start, end=end))
    assert row["dates"] == dates
    assert (row["start_year"], row["end_year"]) == years


def test_names_stay_as_they_were_typed():
    (row,) = entries(summary("education", 1, name="北京大学 & Co", role="本科"))
    assert (row["organization"], row["role"], row["stage"]) == ("北京大学 & Co", "本科", "undergraduate")


def test_a_text_without_end_is_cut():
    (row,) = entries(summary("education", 1, role="x" * 10_000))
    assert len(row["role"]) == 500


def test_single_entries_belong_to_their_path():
    found = parse(single("employment", B, 7, start="2001"), "x.xml")
    assert found.person is None
    assert found.entries[0].row["orcid"] == B
    assert found.entries[0].row["put_code"] == 7


@pytest.mark.parametrize(
    ("document", "status", "replaced_by"),
    [
        (
            closed(9007, f"301 Moved: deprecated. Please refer to account: https://orcid.org/{B}. ORCID {A}"),
            "deprecated",
            B,
        ),
        (closed(9018, "409 Conflict: The ORCID record is locked"), "locked", None),
        (closed(9044), "deactivated", None),
        (
            record(A, history="<history:deactivation-date>2020</history:deactivation-date>"),
            "deactivated",
            None,
        ),
    ],
)
def test_closed_records(document, status, replaced_by):
    person = parse(document, where(A)).person
    assert (person["orcid"], person["status"], person["replaced_by"]) == (A, status, replaced_by)


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><r>&c;</r>'
)
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
HIDDEN = EXTERNAL.decode().replace("1.0", "1.0").replace('"?>', '" encoding="UTF-16"?>').encode("utf-16")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "not well-formed"),
        (b"<record", "not well-formed"),
        (b"\xff\xfe\x00", "not well-formed"),
        (record(A)[:-9], "not well-formed"),
        (record(A).replace(b"2024", b"&undefined;"), "not well-formed"),
        (BOMB, "document type declaration"),
        (EXTERNAL, "document type declaration"),
        (HIDDEN, "document type declaration"),
        (b"<r>" * 5000 + b"</r>" * 5000, "not well-formed"),
        (closed(9001), "error of ORCID's API, code '9001'"),
        (record("0000-0001-0000-0000"), "wrong check digit"),
        (record(A, summary("education", -5)), "put-code '-5'"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_is_unfit_is_refused_with_a_reason(document, reason):
    with pytest.raises(UnfitRecordError, match=reason):
        parse(document, where(A))


def test_a_document_without_any_iD_is_refused():
    with pytest.raises(UnfitRecordError, match="no ORCID iD"):
        parse(closed(9018), "somewhere.xml")


def test_other_kinds_are_passed_over():
    assert parse(b"<work:work xmlns:work='http://www.orcid.org/ns/work'/>", where(A)) is None

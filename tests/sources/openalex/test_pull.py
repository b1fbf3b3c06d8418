"""A pull as a whole: what is in the lake, what is counted, in whatever order things arrive."""

from __future__ import annotations

import errno
import gzip
import json
import random
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primacy.errors import InputError, LakeError
from primacy.lake.store import Lake
from primacy.sources.openalex import parts, plan, pull, storage
from tests.oracles import openalex as oracle
from tests.sources.openalex.builders import (
    author,
    contents,
    expected,
    institution,
    rows,
    same,
    work,
    write,
    write_parquet,
)


@pytest.fixture
def lake(tmp_path):
    return Lake.create(tmp_path / "lake")


def balance(summary):
    return summary.added + summary.updated + summary.unchanged + summary.superseded + summary.withdrawn


# ---------------------------------------------------------------- records


@pytest.mark.parametrize(
    ("given_type", "today"),
    [
        ("journal-article", "article"),
        ("proceedings-article", "article"),
        ("posted-content", "preprint"),
        ("monograph", "book"),
        ("article", "article"),
        ("conference-paper", "conference-paper"),
        ("Data-Paper", "data-paper"),
        (None, None),
    ],
)
def test_types_are_todays(given_type, today, lake, tmp_path):
    pull(lake, write(tmp_path / "w.jsonl", work(1, type=given_type)))
    assert rows(lake, "works", "type") == [(today,)]


def test_null_flags_are_false_and_titles_fall_back(lake, tmp_path):
    record = work(1, title=None, display_name="Shown", is_xpac=None, is_paratext=None, is_retracted=None)
    pull(lake, write(tmp_path / "w.jsonl", record, work(2, title="", display_name="Other", is_xpac=True)))
    assert rows(lake, "works", "work_id", "is_retracted", "is_paratext", "is_xpac") == [
        (1, False, False, False),
        (2, False, False, True),
    ]
    assert rows(lake, "texts", "work_id", "title") == [(1, "Shown"), (2, None)]


def test_orcids_of_authors(lake, tmp_path):
    authors = [
        author(author={"id": "https://openalex.org/A1", "orcid": "https://orcid.org/0000-0002-1694-233X"}),
        author(),
        author(raw_orcid="0000-0002-1694-233x"),
        author(author={"id": "A2", "orcid": "https://orcid.org/not-one"}),
    ]
    pull(lake, write(tmp_path / "w.jsonl", work(1), work(2, authorships=authors)))
    assert rows(lake, "author_orcids") == [
        (2, 0, 1, "0000-0002-1694-233X", None),
        (2, 2, None, None, "0000-0002-1694-233X"),
    ]


@pytest.mark.parametrize(
    ("fields", "source"),
    [
        ({"primary_location": {"source": {"id": "https://openalex.org/S1"}}, "host_venue": {"id": "S2"}}, 1),
        ({"primary_location": {"source": None}, "host_venue": {"id": "https://openalex.org/S2"}}, None),
        ({"primary_location": None, "host_venue": {"id": "https://openalex.org/S2"}}, 2),
        ({"host_venue": {"id": "https://openalex.org/V2"}}, 2),
        ({}, None),
    ],
)
def test_the_primary_source(fields, source, lake, tmp_path):
    pull(lake, write(tmp_path / "w.jsonl", work(1, **fields)))
    assert rows(lake, "works", "source_id") == [(source,)]


def test_topics_are_those_listed_and_the_primary_one(lake, tmp_path):
    listed = [{"id": "https://openalex.org/T1", "score": 0.5}, {"id": "https://openalex.org/T2", "score": 1}]
    records = [
        work(1, topics=listed, primary_topic={"id": "https://openalex.org/T2", "score": 0.9}),
        work(2, primary_topic={"id": "https://openalex.org/T3", "score": 0.7}),
        work(3, topics=listed[:1], primary_topic=None),
    ]
    pull(lake, write(tmp_path / "w.jsonl", *records))
    assert rows(lake, "work_topics") == [
        (1, 1, 0.5, False),
        (1, 2, 1.0, True),
        (2, 3, 0.7, True),
        (3, 1, 0.5, False),
    ]


def test_references_are_distinct_and_counted(lake, tmp_path):
    cited = ["https://openalex.org/W9", "https://openalex.org/W8", "https://openalex.org/W9", None]
    pull(lake, write(tmp_path / "w.jsonl", work(1, referenced_works=cited)))
    assert rows(lake, "references") == [(1, 8), (1, 9)]
    assert rows(lake, "works", "references") == [(2,)]


# ---------------------------------------------------------------- the newest wins


ORDER = st.permutations(range(6))


def versions():
    """Six records of three works: an old and a new one, a tie of two contents, one that stands alone twice."""
    return [
        work(1, "2022-02-02", title="old", cited_by_count=1, authorships=[author(institution(1, "US"))]),
        work(1, "2023-03-31T05:50:26.610229", title="new", authorships=[author(institution(2, "CN"))]),
        work(2, "2024-01-01T00:00:00Z", title="tie a"),
        work(2, "2024-01-01", title="tie b"),
        work(3, "2025-01-01", title="same"),
        work(3, "2025-01-01", title="same"),
    ]


@settings(max_examples=8, deadline=None)
@given(ORDER, st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_order_of_records_and_files_changes_nothing(tmp_path_factory, order, places):
    folder = tmp_path_factory.mktemp("order")
    straight, mixed = Lake.create(folder / "a"), Lake.create(folder / "b")
    pull(straight, write(folder / "w.jsonl", *versions()))
    records = [versions()[i] for i in order]
    for place in set(places):
        chosen = [r for r, p in zip(records, places, strict=True) if p == place]
        write(folder / f"data/works/updated_date=2026-01-0{place + 1}/part_000.gz", *chosen)
    summary = pull(mixed, folder / "data")
    assert (summary.read, summary.added, summary.superseded) == (6, 3, 3)
    assert contents(mixed) == contents(straight)
    assert rows(mixed, "texts", "title")[:2] == [("new",), ("same",)]


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(4)))
def test_order_of_pulls_changes_nothing(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("pulls")
    records = [*versions()[:3], versions()[4]]
    once, often = Lake.create(folder / "a"), Lake.create(folder / "b")
    pull(once, write(folder / "w.jsonl", *records))
    for i in order:
        summary = pull(often, write(folder / f"w{i}.jsonl", records[i]))
        assert balance(summary) == summary.read == 1
    assert contents(often) == contents(once)


def test_what_is_counted(lake, tmp_path):
    first = pull(lake, write(tmp_path / "a.jsonl", work(1, "2024-01-01"), work(2, "2024-01-01")))
    assert (first.read, first.added, first.updated, first.unchanged) == (2, 2, 0, 0)
    records = [work(1, "2024-01-02"), work(2, "2023-01-01"), work(3, "2020-01-01"), work(3, "2021-01-01")]
    second = pull(lake, write(tmp_path / "b.jsonl", *records))
    counts = (second.read, second.added, second.updated, second.unchanged, second.superseded)
    assert counts == (4, 1, 1, 1, 1)
    third = pull(lake, tmp_path / "b.jsonl")
    assert (third.read, third.added, third.updated, third.unchanged, third.quarantined) == (4, 0, 0, 4, 0)
    promised = {"read", "added", "updated", "unchanged", "deleted", "quarantined", "files", "seconds"}
    assert set(third.row()) >= promised


def test_an_update_replaces_every_row_of_the_work(lake, tmp_path):
    old = work(1, "2024-01-01", authorships=[author(institution(1, "US"))] * 2, referenced_works=["W5", "W6"])
    new = work(1, "2024-02-01", authorships=[author(institution(2, "CN"))], referenced_works=["W7"])
    other = work(2, "2024-01-01", authorships=[author(institution(1, "US"))])
    pull(lake, write(tmp_path / "a.jsonl", old, other))
    pull(lake, write(tmp_path / "b.jsonl", new))
    direct = Lake.create(tmp_path / "direct")
    pull(direct, write(tmp_path / "c.jsonl", old, other, new))
    assert contents(lake) == contents(direct)
    assert rows(lake, "references") == [(1, 7)]


def test_a_record_without_a_date_takes_its_partitions(lake, tmp_path):
    write(tmp_path / "s/works/updated_date=2024-05-06/part_000.gz", work(1, None), work(2, None))
    write(tmp_path / "s/works/updated_date=2024-05-07/part_000.gz", work(1, "2024-05-06T12:00:00", title="b"))
    write(tmp_path / "loose.jsonl", work(2, None, title="older than all"))
    pull(lake, tmp_path / "s")
    pull(lake, tmp_path / "loose.jsonl")
    assert rows(lake, "works", "work_id", "updated_date") == [
        (1, "2024-05-06T12:00:00.000000"),
        (2, "2024-05-06T00:00:00.000000"),
    ]
    assert rows(lake, "texts", "title") == [("Work 2",), ("b",)]


# ---------------------------------------------------------------- bad lines and files

BAD_LINES = {
    "no JSON": ("not json", "invalid JSON"),
    "cut off": ('{"id": "https://openalex.org/W9", "title": "x', "invalid JSON"),
    "two on a line": ("{}{}", "invalid JSON"),
    "a list": ("[1, 2]", "not an object"),
    "a number": ("12", "not an object"),
    "no id": ('{"title": "x"}', "required field 'id' is missing"),
    "id null": (json.dumps({**work(9), "id": None}), "$.id"),
    "id of an author": (json.dumps({**work(9), "id": "https://openalex.org/A9"}), "id"),
    "id beyond 64 bits": (json.dumps({**work(9), "id": "W" + "9" * 30}), "id"),
    "no authorships": (json.dumps({k: v for k, v in work(9).items() if k != "authorships"}), "'authorships'"),
    "year as text": (json.dumps(work(9, publication_year="2020")), "publication_year"),
    "year out of range": (json.dumps(work(9, publication_year=2**40)), "publication_year"),
    "negative citations": (json.dumps(work(9, cited_by_count=-1)), "cited_by_count"),
    "citations null": (json.dumps(work(9, cited_by_count=None)), "cited_by_count"),
    "authorships as text": (json.dumps(work(9, authorships="none")), "authorships"),
    "updated_date": (json.dumps(work(9, "yesterday")), "updated_date"),
    "positions as text": (
        json.dumps(work(9, abstract_inverted_index={"x": ["0"]})),
        "abstract_inverted_index",
    ),
    "a negative position": (
        json.dumps(work(9, abstract_inverted_index={"x": [-1]})),
        "abstract_inverted_index",
    ),
    "an index that is a list": (json.dumps(work(9, abstract_inverted_index=[1])), "abstract_inverted_index"),
    "not UTF-8": (b'{"id": "https://openalex.org/W9", "biblio": "\xff"}', "UTF-8"),
    "a NUL byte": (b'{"id": "https://openalex.org/W9", "x": "\x00"}', "invalid JSON"),
    "nested too deep": ('{"id": "W9", "x": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deep"),
    "a lone surrogate": ('{"id": "W9", "title": "\\ud800"}', "invalid JSON"),
    "NaN": ('{"id": "W9", "cited_by_count": NaN}', "invalid JSON"),
}
UNFIT_LEAVES = {
    "institutions as text": (
        work(9, authorships=[author(), {"institutions": "none"}]),
        "$.authorships[1].institutions",
    ),
    "an institution's name": (work(9, authorships=[author({"display_name": 7})]), "display_name"),
    "a source as text": (work(9, primary_location={"source": "Nature"}), "$.primary_location.source"),
    "a venue's ISSN": (work(9, host_venue={"issn": [1]}), "$.host_venue.issn"),
    "a reference": (work(9, referenced_works=["https://openalex.org/W1", 2]), "$.referenced_works"),
}
"""Works that decode, but for what is looked at only for a whole batch."""


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_goes_into_quarantine_and_its_neighbours_do_not(case, lake, tmp_path):
    line, reason = BAD_LINES[case]
    path = write(tmp_path / "data/works/updated_date=2026-01-01/part_000.gz", work(1), "", line, work(2))
    summary = pull(lake, tmp_path)
    assert (summary.read, summary.added, summary.quarantined) == (2, 2, 1)
    assert rows(lake, "works", "work_id") == [(1,), (2,)]
    [(file, number, why)] = rows(lake, "quarantine", "file", "line", "reason")
    assert (file, number) == (str(path.relative_to(tmp_path)), 3)
    assert reason in why
    assert "\n" not in why
    again = pull(lake, tmp_path)
    assert (again.read, again.added, again.updated, again.unchanged, again.quarantined) == (2, 0, 0, 2, 0)
    assert len(rows(lake, "quarantine")) == 1


@pytest.mark.parametrize("case", UNFIT_LEAVES)
def test_a_work_that_is_unfit_deep_inside_does_not_take_its_batch_with_it(case, lake, tmp_path):
    record, reason = UNFIT_LEAVES[case]
    write(tmp_path / "data/works/updated_date=2026-01-01/part_000.gz", work(1), record, work(2))
    assert pull(lake, tmp_path).read == 2
    assert rows(lake, "works", "work_id") == [(1,), (2,)]
    [(number, why)] = rows(lake, "quarantine", "line", "reason")
    assert number == 2
    assert reason in why


def test_the_last_of_two_equal_keys_counts(lake, tmp_path):
    line = json.dumps(work(1))[:-1] + ', "title": "last"}'
    pull(lake, write(tmp_path / "w.jsonl", line))
    assert rows(lake, "texts", "title") == [("last",)]


def test_windows_line_ends_a_byte_order_mark_and_a_last_line_without_end(lake, tmp_path):
    path = tmp_path / "w.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(work(1)).encode() + b"\r\n" + json.dumps(work(2)).encode())
    assert pull(lake, path).added == 2


def good_gzip():
    return gzip.compress("".join(json.dumps(work(n)) + "\n" for n in range(1, 50)).encode(), mtime=0)


DAMAGES = {
    "cut off": lambda data: data[: len(data) // 2],
    "cut within the checksum": lambda data: data[:-4],
    "a wrong checksum": lambda data: data[:-8] + b"\0\0\0\0" + data[-4:],
    "a wrong length": lambda data: data[:-4] + b"\1\1\1\1",
    "a flipped bit": lambda data: data[:200] + bytes([data[200] ^ 4]) + data[201:],
    "garbage behind": lambda data: data + b"garbage",
    "no gzip": lambda data: gzip.decompress(data),
    "nothing": lambda data: b"",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_of_a_damaged_file_nothing_is_loaded(damage, lake, tmp_path):
    folder = tmp_path / "data/works/updated_date=2026-01-01"
    write(folder / "part_000.gz", work(100))
    (folder / "part_001.gz").write_bytes(DAMAGES[damage](good_gzip()))
    summary = pull(lake, tmp_path)
    assert (summary.read, summary.added, summary.quarantined, summary.files) == (1, 1, 1, 2)
    assert rows(lake, "works", "work_id") == [(100,)]
    [(file, line)] = rows(lake, "quarantine", "file", "line")
    assert file.endswith("part_001.gz")
    assert line is None
    again = pull(lake, tmp_path)
    assert (again.added, again.quarantined, len(rows(lake, "quarantine"))) == (0, 0, 1)
    (folder / "part_001.gz").write_bytes(good_gzip())
    assert pull(lake, tmp_path).added == 49


def test_gzip_of_several_members_and_zero_padding(lake, tmp_path):
    path = tmp_path / "w.jsonl.gz"
    members = [gzip.compress(json.dumps(work(n)).encode() + b"\n") for n in (1, 2)]
    path.write_bytes(b"".join(members) + b"\0" * 512)
    assert pull(lake, path).added == 2


def test_damaged_parquet_is_quarantined_whole(lake, tmp_path):
    folder = tmp_path / "data/parquet/works/updated_date=2026-01-01"
    data = write_parquet(folder / "part_0000.parquet", work(1)).read_bytes()
    write_parquet(folder / "part_0001.parquet", work(2))
    (folder / "part_0000.parquet").write_bytes(data[: len(data) // 2])
    (folder / "part_0002.parquet").write_bytes(b"")
    summary = pull(lake, tmp_path)
    assert (summary.read, summary.quarantined) == (1, 2)
    assert {line for (line,) in rows(lake, "quarantine", "line")} == {None}


# ---------------------------------------------------------------- what is refused


def test_a_required_field_that_no_record_has_is_refused_by_name(lake, tmp_path):
    records = [{k: v for k, v in work(n).items() if k != "authorships"} for n in (1, 2)]
    with pytest.raises(InputError, match=r"w\.jsonl: required field 'authorships' is missing"):
        pull(lake, write(tmp_path / "w.jsonl", *records))
    assert lake.latest().version == 0


@pytest.mark.parametrize("make", ["nothing", "empty directory", "other files", "blank file"])
def test_a_source_without_works_is_refused(make, lake, tmp_path):
    source = tmp_path / "source"
    if make == "empty directory":
        source.mkdir()
    elif make == "other files":
        source.mkdir()
        (source / "readme.txt").write_text("hello")
        (source / "package.json").write_text("{}")
    elif make == "blank file":
        source = write(tmp_path / "source.jsonl", "", "")
    with pytest.raises(InputError) as caught:
        pull(lake, source)
    assert str(source) in str(caught.value)
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------- deleted works


def test_deleted_works_go_and_stay_out(lake, tmp_path):
    pull(
        lake,
        write(tmp_path / "first.jsonl", work(1, "2025-01-01"), work(2, "2025-01-01"), work(3, "2025-01-01")),
    )
    source = tmp_path / "s/data/jsonl/works"
    write(
        source / "updated_date=2026-01-01/part_0000.gz", work(2, "2026-01-01"), work(4), work(5, "2026-03-01")
    )
    (source / "deleted_ids.csv").write_text(
        "work_id,deleted_date\nhttps://openalex.org/W2,2026-02-01\nW4,2026-02-01\nW99,2026-02-01\nW5,2026-02-01\n"
    )
    summary = pull(lake, tmp_path / "s")
    assert (summary.read, summary.added, summary.withdrawn, summary.deleted) == (3, 0, 3, 1)
    assert balance(summary) == summary.read
    assert rows(lake, "works", "work_id") == [(1,), (3,)]
    assert [r[0] for r in rows(lake, "texts")] == [1, 3]
    assert pull(lake, tmp_path / "s").deleted == 0
    # Another source cannot bring back what is not newer than its deletion, and can bring back what is.
    later = write(
        tmp_path / "later.jsonl", work(2, "2026-01-31"), work(4, "2026-02-01"), work(5, "2026-02-02")
    )
    summary = pull(lake, later)
    assert (summary.added, summary.withdrawn) == (1, 2)
    assert rows(lake, "works", "work_id") == [(1,), (3,), (5,)]


def test_a_list_applied_first_or_last_leaves_the_same_lake(tmp_path):
    works = write(tmp_path / "w.jsonl", work(1, "2025-01-01"), work(2, "2025-01-01"), work(3, "2027-01-01"))
    listed = tmp_path / "s/works"
    write(listed / "updated_date=2026-01-01/part_000.gz", work(9))
    (listed / "deleted_ids.csv").write_text("work_id,deleted_date\nW1,2026-01-01\nW3,2026-01-01\n")
    before, after = Lake.create(tmp_path / "a"), Lake.create(tmp_path / "b")
    for source in (works, tmp_path / "s", works):
        pull(before, source)
    for source in (tmp_path / "s", works):
        pull(after, source)
    assert contents(before) == contents(after)
    assert rows(before, "works", "work_id") == [(2,), (3,), (9,)]


def test_bad_lines_of_the_list_are_quarantined(lake, tmp_path):
    folder = tmp_path / "s/works"
    write(folder / "updated_date=2026-01-01/part_000.gz", work(1), work(2))
    (folder / "deleted_ids.csv.gz").write_bytes(
        gzip.compress(b"work_id,deleted_date\nA5,2026-01-01\nW2,\nW1,soon\n")
    )
    summary = pull(lake, tmp_path / "s")
    assert (summary.quarantined, summary.withdrawn) == (2, 1)
    assert rows(lake, "quarantine", "line") == [(2,), (4,)]
    assert pull(lake, tmp_path / "s").quarantined == 0


# ---------------------------------------------------------------- the lake


def test_a_simulated_world_marks_the_lake(lake, tmp_path):
    write(tmp_path / "world/openalex/data/works/updated_date=2026-01-01/part_000.gz", work(1))
    (tmp_path / "world/SIMULATED.json").write_text("{}")
    pull(lake, tmp_path / "world/openalex")
    assert lake.latest().simulated


def test_a_pull_that_breaks_off_leaves_whole_chunks_and_goes_on(lake, tmp_path, monkeypatch):
    monkeypatch.setattr(plan, "CHUNK", 1)
    for n in range(4):
        write(
            tmp_path / f"s/works/updated_date=2026-01-0{n + 1}/part_000.gz",
            work(n),
            work(9, f"2026-01-0{n + 1}"),
        )

    def stop(progress):
        if progress.files_done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(lake, tmp_path / "s", progress=stop)
    assert rows(lake, "works", "work_id") == [(0,), (1,), (9,)]
    assert not list((lake.path / "_staging").glob("*"))
    summary = pull(lake, tmp_path / "s")
    assert (summary.read, summary.unchanged, summary.added, summary.updated) == (8, 4, 2, 1)
    assert balance(summary) == summary.read
    once = Lake.create(tmp_path / "once")
    monkeypatch.undo()
    pull(once, tmp_path / "s")
    assert contents(lake) == contents(once)


def test_chunks_do_not_show_in_the_counts(lake, tmp_path, monkeypatch):
    pull(lake, write(tmp_path / "before.jsonl", work(1, "2025-01-01"), work(2, "2030-01-01")))
    for n in range(1, 4):
        records = [work(1, f"2026-01-0{n}"), work(3, f"2026-01-0{4 - n}"), work(10 + n)]
        write(tmp_path / f"s/works/updated_date=2026-01-0{n}/part_000.gz", *records)
    other = Lake.create(tmp_path / "other")
    pull(other, tmp_path / "before.jsonl")
    whole = pull(other, tmp_path / "s")
    monkeypatch.setattr(plan, "CHUNK", 1)
    chunked = pull(lake, tmp_path / "s")
    assert {**chunked.row(), "seconds": 0} == {**whole.row(), "seconds": 0}
    assert (whole.added, whole.updated, whole.superseded) == (4, 1, 4)
    assert contents(lake) == contents(other)


# ---------------------------------------------------------------- real records


@pytest.fixture(scope="module")
def real(shared):
    return [r for f in sorted((shared / "data/openalex/data/works").glob("*/*.gz")) for r in oracle.read(f)]


def test_the_real_records_equal_the_oracle(shared, real, lake):
    summary = pull(lake, shared / "data/openalex")
    assert (summary.read, summary.added, summary.quarantined, summary.files) == (9219, 9219, 0, 18)
    same(contents(lake), expected(real))
    again = pull(lake, shared / "data/openalex/data")
    counts = (again.read, again.added, again.updated, again.unchanged, again.quarantined)
    assert counts == (9219, 0, 0, 9219, 0)
    assert lake.latest().version == 1


def test_todays_parquet_copy_gives_the_same_lake(real, lake, tmp_path):
    chosen = real[::4]
    half = len(chosen) // 2
    folder = tmp_path / "s/data/parquet/works"
    write_parquet(folder / "updated_date=2026-01-01/part_0000.parquet", *chosen[:half])
    write_parquet(folder / "updated_date=2026-01-02/part_0000.parquet", *chosen[half:])
    summary = pull(lake, tmp_path / "s")
    assert (summary.read, summary.quarantined) == (len(chosen), 0)
    same(contents(lake), expected(chosen))


def test_todays_json_layout_gives_the_same_lake(real, lake, tmp_path):
    chosen = random.Random(1).sample(real, 500)
    folder = tmp_path / "s/data/jsonl/works"
    write(folder / "updated_date=2026-01-01/part_0000.gz", *chosen)
    pull(lake, tmp_path / "s")
    older = Lake.create(tmp_path / "older")
    write(tmp_path / "o/data/works/updated_date=2026-01-01/part_000.gz", *chosen[:250])
    write(tmp_path / "o/data/works/updated_date=2026-01-01/part_001.gz", *chosen[250:])
    pull(older, tmp_path / "o")
    assert contents(lake) == contents(older)
    shutil.rmtree(tmp_path / "s")


# ---------------------------------------------------------------- disk and network


class Breaks:
    """A file whose disk fails after some bytes."""

    def __init__(self, file, good):
        self.file, self.good = file, good

    def read(self, size=-1):
        if self.good <= 0:
            raise OSError(errno.EIO, "Input/output error")
        self.good -= 1
        return self.file.read(min(size, 64) if size > 0 else size)

    def close(self):
        self.file.close()


def test_a_file_that_cannot_be_read_is_not_taken_for_a_damaged_one(lake, tmp_path, monkeypatch):
    source = write(tmp_path / "s/works/updated_date=2026-01-01/part_000.gz", *(work(n) for n in range(99)))
    whole = storage.Storage.open

    def broken(self, name):
        reading = whole(self, name)
        reading.file = Breaks(reading.file, 2)
        return reading

    monkeypatch.setattr(storage.Storage, "open", broken)
    with pytest.raises(InputError, match=r"part_000\.gz: cannot be read \(Input/output error\)"):
        pull(lake, tmp_path / "s")
    assert lake.latest().version == 0
    monkeypatch.undo()
    assert pull(lake, tmp_path / "s").added == 99
    assert source.exists()


def test_a_file_that_vanishes_is_named(lake, tmp_path, monkeypatch):
    for day in (1, 2):
        write(tmp_path / f"works/updated_date=2026-01-0{day}/part_000.gz", work(day))
    monkeypatch.setattr(plan, "CHUNK", 1)

    def remove(progress):
        (tmp_path / "works/updated_date=2026-01-02/part_000.gz").unlink(missing_ok=True)

    with pytest.raises(InputError, match=r"updated_date=2026-01-02/part_000\.gz: cannot be read"):
        pull(lake, tmp_path, progress=remove)
    assert rows(lake, "works", "work_id") == [(1,)]


def test_a_full_disk_is_said_and_leaves_nothing_behind(lake, tmp_path, monkeypatch):
    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parts.pq, "write_table", full)
    with pytest.raises(LakeError, match="No space left on device"):
        pull(lake, write(tmp_path / "w.jsonl", work(1)))
    assert (lake.latest().version, rows(lake, "works")) == (0, [])
    assert not list((lake.path / "_staging").glob("*"))


def test_another_writer_is_refused_by_name(lake, tmp_path):
    source = write(tmp_path / "w.jsonl", work(1))
    with lake.transaction("pull hub models.csv"), pytest.raises(LakeError, match=r"pull hub models\.csv"):
        pull(lake, source)


@pytest.mark.parametrize(
    ("fields", "cut"),
    [
        ({"is_authors_truncated": True}, True),
        ({"authors_count": 3}, True),
        ({"authors_count": 1}, False),
        ({}, False),
    ],
)
def test_authorships_that_were_cut_are_marked(fields, cut, lake, tmp_path):
    pull(lake, write(tmp_path / "w.jsonl", work(1, authorships=[author(institution(1, "US"))], **fields)))
    assert rows(lake, "works", "authors", "authors_truncated") == [(1, cut)]

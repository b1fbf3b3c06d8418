from __future__ import annotations

import json

import pyarrow as pa
import pytest

from primacy.errors import InputError, LakeError, NotThereError
from primacy.lake.results import Results

ROWS = pa.table({"unit": ["CN", "US"], "share": [0.6, 0.4]})


def test_results_are_written_and_read_with_their_manifest(tmp_path):
    results = Results(tmp_path)
    written = results.write("research", {"shares": ROWS}, {"settings": {"top": 0.1}})
    assert results.read("shares") == ROWS
    assert results.studies == ["research"]
    assert written.manifest["tables"]["shares"]["rows"] == 2
    assert results.study("research").manifest["settings"] == {"top": 0.1}
    assert results.study("research").damaged() == []


def test_the_same_results_are_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        Results(tmp_path / name).write("research", {"shares": ROWS}, {"x": 1})
    a, b = (sorted((tmp_path / n).rglob("*.*")) for n in ("a", "b"))
    assert [p.name for p in a] == [p.name for p in b]
    assert [p.read_bytes() for p in a] == [p.read_bytes() for p in b]


def test_a_new_run_replaces_the_old_one(tmp_path):
    results = Results(tmp_path)
    results.write("research", {"shares": ROWS, "leads": ROWS}, {})
    results.write("research", {"shares": ROWS.slice(0, 1)}, {})
    assert results.read("shares").num_rows == 1
    with pytest.raises(NotThereError, match="no result table 'leads'; there are shares"):
        results.read("leads")


def test_damage_is_found(tmp_path):
    results = Results(tmp_path)
    study = results.write("research", {"shares": ROWS}, {})
    study.path("shares").write_bytes(b"PAR1")
    assert len(study.damaged()) == 1
    with pytest.raises(LakeError, match="run the study again"):
        study.read("shares")
    (tmp_path / "research" / "manifest.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(LakeError, match="another format"):
        Results(tmp_path).study("research")


def test_a_damaged_file_is_written_again_by_the_same_run(tmp_path):
    study = Results(tmp_path).write("research", {"shares": ROWS}, {})
    study.path("shares").write_bytes(b"PAR1")
    assert Results(tmp_path).write("research", {"shares": ROWS}, {}).damaged() == []


def test_a_reader_keeps_the_run_that_it_began_to_read(tmp_path):
    writer, reader = Results(tmp_path), Results(tmp_path)
    writer.write("research", {"shares": ROWS, "leads": ROWS}, {})
    assert reader.read("shares") == ROWS
    writer.write("research", {"shares": ROWS.slice(1), "leads": ROWS.slice(1)}, {})
    assert reader.read("leads") == ROWS
    assert Results(tmp_path).read("leads") == ROWS.slice(1)
    files = {p.name for p in (tmp_path / "research").glob("*.parquet")}
    writer.write("research", {"shares": ROWS.slice(0, 1)}, {})
    left = {p.name for p in (tmp_path / "research").glob("*.parquet")}
    assert len(files) == 4
    assert len(left) == 3  # of this run and of the one before


def test_what_a_run_that_died_left_is_taken_away(tmp_path):
    (tmp_path / "research").mkdir()
    left = tmp_path / "research" / ".manifest.json.1234.tmp"
    left.write_text("{")
    stray = tmp_path / "research" / "shares-000000000000.parquet"
    stray.write_text("PAR1")
    assert Results(tmp_path).studies == []
    Results(tmp_path).write("research", {"shares": ROWS}, {})
    assert not left.exists()
    assert not stray.exists()


def test_what_was_not_run_is_said(tmp_path):
    with pytest.raises(NotThereError, match="`primacy run research` makes it"):
        Results(tmp_path).study("research")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="results cannot be written"):
        Results(tmp_path / "file").write("research", {}, {})

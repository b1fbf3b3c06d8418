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
    assert len(list((tmp_path / "research").glob("*.parquet"))) == 1
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
        results.study("research")


def test_what_was_not_run_is_said(tmp_path):
    with pytest.raises(NotThereError, match="`primacy run research` makes it"):
        Results(tmp_path).study("research")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="results cannot be written"):
        Results(tmp_path / "file").write("research", {}, {})

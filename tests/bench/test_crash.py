"""Twenty kills at random moments of pull, match and run leave what an undisturbed run leaves."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from primacy.bench.crash import STEPS, crash
from tests.workspace.snapshots import TECHNOLOGY, record, write


@pytest.fixture
def settings(tmp_path) -> str:
    (tmp_path / "portfolio").mkdir()
    (tmp_path / "portfolio" / "lasers.toml").write_text(TECHNOLOGY, encoding="utf-8")
    return (
        f"portfolio = {json.dumps(str(tmp_path / 'portfolio'))}\n[method]\nreplicates = 5\n"
        '[research]\nwindows = ["2018-2021"]\n[engine]\nthreads = 1\n'
    )


@pytest.fixture
def source(tmp_path) -> Path:
    """Four partitions: works that are new, that are updated twice, that are broken, that are deleted."""
    partitions = {
        f"2024-0{month}-01": [
            *(record(n, f"2024-0{month}-01") for n in range(20 * month, 20 * month + 60)),
            "{no record",
        ]
        for month in range(1, 5)
    }
    return write(tmp_path / "snapshot", partitions, deleted=dict.fromkeys(range(30, 120, 10), "2024-09-01"))


def test_twenty_kills_leave_what_an_undisturbed_run_leaves(tmp_path, settings, source):
    (tmp_path / "workspaces").mkdir()
    quota = {"pull": 8, "match": 10, "run": 2}
    report = crash(source, tmp_path / "workspaces", kills=20, settings=settings, chunk=1, quota=quota, seed=1)
    assert report.faults == ()
    assert sum(report.kills.values()) == 20
    assert Counter(report.kills).keys() == {*STEPS}
    assert report.row()["faults"] == 0

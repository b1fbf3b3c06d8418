"""A published directory is the old one or the new one, whole, whatever kills the process that replaces it."""

from __future__ import annotations

import multiprocessing
import random
import time
from pathlib import Path

import pytest

from primacy.errors import InputError
from primacy.web import replacing as module
from primacy.web.replacing import replacing

MARK = ".mark"
FILES = 60
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["primacy.web.replacing"])


def publish(target: str, edition: str, ready=None, done=None) -> None:
    with replacing(Path(target), MARK) as staging:
        (staging / MARK).touch()
        if ready is not None:
            ready.set()
            done.wait(60)
        for number in range(FILES):
            (staging / f"{number}.html").write_text(edition, encoding="utf-8")


def edition(target: Path) -> str:
    """The edition that a reader finds; all its files must be there."""
    assert len(list(target.glob("*.html"))) == FILES
    (one,) = {p.read_text(encoding="utf-8") for p in target.glob("*.html")}
    return one


def beside(target: Path) -> list[str]:
    return sorted(p.name for p in target.parent.iterdir())


def test_a_new_an_empty_and_a_marked_directory_are_replaced(tmp_path):
    publish(str(tmp_path / "deep" / "site"), "first")
    assert edition(tmp_path / "deep" / "site") == "first"
    (tmp_path / "empty").mkdir(mode=0o750)
    publish(str(tmp_path / "empty"), "first")
    publish(str(tmp_path / "empty"), "second")
    assert edition(tmp_path / "empty") == "second"
    assert (tmp_path / "empty").stat().st_mode & 0o777 == 0o750
    assert beside(tmp_path / "empty") == ["deep", "empty"]


def test_a_failure_leaves_the_old_one(tmp_path):
    site = tmp_path / "site"
    publish(str(site), "first")
    with pytest.raises(ZeroDivisionError), replacing(site, MARK) as staging:
        (staging / "half.html").touch()
        raise ZeroDivisionError
    assert edition(site) == "first"
    assert beside(site) == ["site"]


def test_kills_at_random_moments_leave_the_old_one_or_the_new_one(tmp_path):
    site, moments = tmp_path / "site", random.Random(3)
    publish(str(site), "0")
    began = time.monotonic()
    publish(str(site), "0")
    seconds = time.monotonic() - began
    there, kills = "0", 0
    for number in range(1, 21):
        process = PROCESSES.Process(target=publish, args=(str(site), str(number)))
        process.start()
        process.join(moments.uniform(0, 3 * seconds))
        process.kill()
        process.join()
        kills += process.exitcode != 0
        assert edition(site) in (there, str(number))
        there = edition(site)
    assert kills > 2
    publish(str(site), "last")
    assert edition(site) == "last"
    assert beside(site) == ["site"]


def test_a_second_publisher_is_refused(tmp_path):
    ready, done = PROCESSES.Event(), PROCESSES.Event()
    site = tmp_path / "site"
    process = PROCESSES.Process(target=publish, args=(str(site), "first", ready, done))
    process.start()
    assert ready.wait(60)
    with pytest.raises(InputError, match="another process is publishing there"):
        publish(str(site), "second")
    done.set()
    process.join()
    assert edition(site) == "first"


def test_where_names_cannot_be_exchanged_two_renames_do_and_the_next_publisher_repairs(tmp_path, monkeypatch):
    site = tmp_path / "site"
    publish(str(site), "first")
    monkeypatch.setattr(module, "_exchange", lambda one, other: False)
    publish(str(site), "second")
    assert edition(site) == "second"
    assert beside(site) == ["site"]
    site.rename(tmp_path / ".site.old")  # killed between the two renames
    with pytest.raises(ZeroDivisionError), replacing(site, MARK):
        raise ZeroDivisionError
    assert edition(site) == "second"

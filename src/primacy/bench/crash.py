"""Kill a pull, a match and a run at random moments, again and again, and hold what is left against an undisturbed run.

Each step runs in a process of its own that is sent SIGKILL after a random part of the time that the step takes when
nothing disturbs it. After every kill the lake must be one of the versions that the undisturbed lake went through,
with the same rows in every table, and the results must be none or the undisturbed ones, whole; then the step is
begun again. In the end both must be those of the undisturbed run.
"""

from __future__ import annotations

import multiprocessing
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import ModuleType
from typing import Any

from primacy.errors import PrimacyError
from primacy.lake.content import digests
from primacy.lake.recovery import unreferenced
from primacy.lake.store import Lake
from primacy.simulate.world import simulate
from primacy.sources import openalex
from primacy.technologies.portfolio import DEFAULT
from primacy.workspace import Workspace
from primacy.workspace.settings import FILE

__all__ = ["KILLS", "STEPS", "CrashReport", "crash", "crash_simulated"]

KILLS = 200
"""How many there are, unless told otherwise."""

CHUNK = 200_000
"""Bytes of files per transaction, unless told otherwise: few, so that a pull has many transactions."""

QUOTA = {"pull": 5, "match": 2, "run": 2}
"""How often each step of one workspace is killed at most."""

State = tuple[dict[str, str], Mapping[str, Any], str]
"""A version of a lake: digests of its tables, labels, reason."""


@dataclass(frozen=True)
class CrashReport:
    """What came of the kills.

    Parameters
    ----------
    kills
        How often a step was killed while it ran, by step.
    missed
        How often a step had ended before it could be killed.
    rounds
        How many workspaces went the whole way.
    left
        Files that kills left behind, as counted after each; all were gone at the end.
    seconds
        How long it all took.
    faults
        Where something was between before and after, or other than the undisturbed run at the end; none is right.
    """

    kills: Mapping[str, int]
    missed: int
    rounds: int
    left: int
    seconds: float
    faults: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """Return it as a row."""
        return {
            "benchmark": "crash",
            "kills": sum(self.kills.values()),
            **{f"kills_{name}": self.kills.get(name, 0) for name in STEPS},
            "missed": self.missed,
            "rounds": self.rounds,
            "files_left_and_removed": self.left,
            "seconds": round(self.seconds, 1),
            "faults": len(self.faults),
        }


STEPS = ("pull", "match", "run")
"""In the order in which they build on each other."""


def _step(name: str, directory: str, source: str, chunk: int) -> None:
    """Do a step; runs in a process of its own."""
    workspace = Workspace.open(directory)
    if name == "pull":
        openalex.pull(workspace.lake, source, chunk=chunk, workers=1)
    elif name == "match":
        workspace.match()
    else:
        workspace.run(["research"])


@dataclass
class _Crash:
    """A series of kills."""

    root: Path
    source: Path
    settings: str
    chunk: int
    random: random.Random
    say: Callable[[str], None]
    context: ForkServerContext = field(default_factory=lambda: multiprocessing.get_context("forkserver"))
    kills: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    left: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    versions: list[State] = field(default_factory=list)
    results: dict[str, bytes] = field(default_factory=dict)

    def workspace(self, name: str) -> Path:
        directory = self.root / name
        Workspace.init(directory)
        (directory / FILE).write_text(self.settings, encoding="utf-8")
        return directory

    def do(self, directory: Path, name: str, after: float | None = None) -> int | None:
        """Run a step; kill it after so many seconds. Return how it ended."""
        process = self.context.Process(
            target=_step, args=(name, str(directory), str(self.source), self.chunk)
        )
        with _without_main():
            process.start()
        process.join(after)
        if after is not None:
            process.kill()
            process.join()
        code = process.exitcode
        process.close()
        return code

    def undisturbed(self) -> None:
        """Go the whole way once: what everything must come to, and how long each step takes."""
        self.context.set_forkserver_preload([__name__])
        self.do(self.workspace("warm"), "pull")  # the first process waits for the fork server
        shutil.rmtree(self.root / "warm")
        directory = self.workspace("undisturbed")
        for name in STEPS:
            began = time.monotonic()
            if self.do(directory, name) != 0:
                raise PrimacyError(f"crash: {name} failed though nothing disturbed it")
            self.seconds[name] = time.monotonic() - began
        lake = Workspace.open(directory).lake
        self.versions = [_state(lake.at(v)) for v in range(lake.version + 1)]
        self.results = _results(directory)

    def round(self, number: int, quota: Mapping[str, int], wanted: int) -> None:
        """Take a new workspace the whole way, killing each step up to so many times, until so many were killed."""
        directory = self.workspace(f"round-{number}")
        for name in STEPS:
            for kill in range(min(quota[name], wanted - self.kills.total())):
                self.say(f"round {number}: {name}, kill {kill + 1} of at most {quota[name]}")
                code = self.do(directory, name, self.random.uniform(0, self.seconds[name]))
                self._hold(directory, f"round {number}: {name} killed")
                if code == 0:
                    self.missed += 1
                    break
                if code != -signal.SIGKILL:
                    self.faults.append(f"round {number}: {name} ended with {code}")
                self.kills[name] += 1
            if self.do(directory, name) != 0:
                self.faults.append(f"round {number}: {name} could not go on")
        self._hold(directory, f"round {number}: the end", last=True)
        shutil.rmtree(directory)

    def _hold(self, directory: Path, when: str, *, last: bool = False) -> None:
        """Hold a workspace against the undisturbed one."""
        try:
            lake = Workspace.open(directory).lake
            if last and lake.version != len(self.versions) - 1:
                self.faults.append(f"{when}: lake version {lake.version}, not {len(self.versions) - 1}")
            elif _state(lake) != self.versions[lake.version]:
                self.faults.append(f"{when}: lake version {lake.version} has other rows")
            results = _results(directory)
            if results != self.results and (last or results):
                self.faults.append(f"{when}: other results")
            left = unreferenced(lake.path, lake.catalog)
            self.left += len(left)
            if last and left:
                self.faults.append(f"{when}: {left[0]} is left")
        except (PrimacyError, IndexError) as error:
            self.faults.append(f"{when}: {error}")


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep a new process from importing the program that runs this one, which may be a script without a guard."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _state(lake: Lake) -> State:
    return digests(lake), lake.labels, lake.catalog.reason


def _results(directory: Path) -> dict[str, bytes]:
    """Return the bytes of the results that a reader gets, by file name; none where there is no manifest."""
    results = Workspace.open(directory).results
    found = {}
    for name in results.studies:
        study = results.study(name)
        found[f"{name}/manifest.json"] = (study.directory / "manifest.json").read_bytes()
        for table in study.tables:
            found[f"{name}/{table}"] = study.path(table).read_bytes()
    return found


def crash(
    source: Path,
    root: Path,
    *,
    kills: int = KILLS,
    settings: str = "",
    chunk: int = CHUNK,
    quota: Mapping[str, int] = QUOTA,
    seed: int = 0,
    say: Callable[[str], None] = lambda _: None,
) -> CrashReport:
    """Kill steps at random moments and report what came of it.

    Parameters
    ----------
    source
        What is pulled: an OpenAlex snapshot.
    root
        An empty directory for workspaces.
    kills
        How many there must be; the last workspace still goes the whole way.
    settings
        The text of the workspaces' ``primacy.toml``.
    chunk
        Bytes of files per transaction of a pull.
    quota
        How often each step of one workspace is killed at most; fewer where it ends before.
    seed
        Decides the moments.
    say
        Told what is being done.

    Raises
    ------
    PrimacyError
        A step fails though nothing disturbs it, or too few kills hit.
    """
    began = time.monotonic()
    trial = _Crash(root, source, settings, chunk, random.Random(seed), say)  # noqa: S311 - moments, not secrets
    say("the undisturbed run")
    trial.undisturbed()
    rounds = 0
    while trial.kills.total() < kills:
        trial.round(rounds, quota, kills)
        rounds += 1
        if rounds > kills:
            raise PrimacyError(
                f"crash: {trial.kills.total()} kills hit in {rounds} rounds; the steps are too short"
            )
    return CrashReport(
        dict(trial.kills), trial.missed, rounds, trial.left, time.monotonic() - began, tuple(trial.faults)
    )


_SETTINGS = """
portfolio = "{portfolio}"
[method]
replicates = 5
[research]
windows = ["2015-2019", "2020-2024"]
[engine]
threads = 1
"""


def crash_simulated(
    root: Path, *, kills: int = KILLS, say: Callable[[str], None] = lambda _: None
) -> CrashReport:
    """Kill steps over the smallest simulated world and one technology; see :func:`crash`.

    Parameters
    ----------
    root
        An empty directory, or none yet.
    kills, say
        As in :func:`crash`.

    Raises
    ------
    PrimacyError
        Something was left between before and after, or came out otherwise than undisturbed; the first of it.
    """
    portfolio = root / "portfolio"
    portfolio.mkdir(parents=True)
    shutil.copy(DEFAULT / "electric-batteries.toml", portfolio)
    (root / "workspaces").mkdir()
    say("making a simulated world")
    simulate(root / "world", works=2_000)
    settings = _SETTINGS.format(portfolio=portfolio.as_posix())
    report = crash(root / "world" / "openalex", root / "workspaces", kills=kills, settings=settings, say=say)
    if report.faults:
        raise PrimacyError(f"crash: {len(report.faults)} faults; first: {report.faults[0]}")
    return report

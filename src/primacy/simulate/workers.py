"""Slices written by several processes; the bytes are those of one.

A worker is the interpreter run on this module: it reads its task from standard input and answers with one
JSON line per slice.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

import msgspec

from primacy.errors import PrimacyError
from primacy.simulate.design import Design
from primacy.simulate.openalex import Copy, Written, write_slice
from primacy.simulate.records import Writer
from primacy.simulate.texts import Library

Step = Callable[[Written], None]


@dataclass(frozen=True)
class Task:
    """Slices to write: where, of which world, their bounds by number, and in which formats."""

    root: Path
    design: Design
    library: Library
    seed: int
    bounds: dict[int, tuple[int, int]]
    copies: Sequence[Copy]


def write_slices(
    root: Path,
    design: Design,
    library: Library,
    *,
    bounds: Sequence[tuple[int, int]],
    seed: int,
    processes: int,
    step: Step,
    first: int = 0,
    copies: Sequence[Copy] = ("jsonl",),
) -> list[Written]:
    """Write slices of a world; the persons of each are told to `step` alone, so that memory does not grow with them.

    Parameters
    ----------
    root
        Where the snapshot is.
    design, library
        The world's probabilities and words.
    bounds
        The slices.
    seed
        Seed of the world.
    processes
        How many processes share the work.
    step
        Called after each slice, in no particular order.
    first
        Number of the first of the slices in the world.
    copies
        In which formats.
    """
    processes = max(1, min(processes, len(bounds)))
    numbered = list(enumerate(bounds, first))
    tasks = [
        Task(root, design, library, seed, dict(numbered[k::processes]), copies) for k in range(processes)
    ]
    if processes == 1:
        found = _write(tasks[0], step)
    else:
        with ThreadPoolExecutor(processes) as pool:
            found = [pair for pairs in pool.map(lambda task: _delegate(task, step), tasks) for pair in pairs]
    return [written for _, written in sorted(found, key=lambda pair: pair[0])]


def _write(task: Task, step: Step) -> list[tuple[int, Written]]:
    found = []
    for pair in _written(task):
        step(pair[1])
        found.append((pair[0], replace(pair[1], persons=[])))
    return found


def _written(task: Task) -> Iterator[tuple[int, Written]]:
    writer = Writer(task.design, task.library)
    for number, bounds in task.bounds.items():
        yield (
            number,
            write_slice(task.root, task.design, writer, bounds, task.seed, number, task.copies),
        )


def _delegate(task: Task, step: Step) -> list[tuple[int, Written]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(  # noqa: S603 - the interpreter itself
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        to, answers, complaints = (
            cast("IO[bytes]", pipe) for pipe in (process.stdin, process.stdout, process.stderr)
        )
        to.write(pickle.dumps(task))
        to.close()
        found = []
        for line in answers:
            number, written = msgspec.json.decode(line, type=tuple[int, Written])
            step(written)
            found.append((number, replace(written, persons=[])))
        complaint = complaints.read().decode(errors="replace").strip().splitlines()
    if process.returncode:
        reason = complaint[-1] if complaint else f"exit code {process.returncode}"
        raise PrimacyError(f"{task.root}: a process that writes the simulated world failed: {reason}")
    return found


def _main() -> None:
    task: Task = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the parent process alone
    for pair in _written(task):
        sys.stdout.buffer.write(msgspec.json.encode(pair) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()

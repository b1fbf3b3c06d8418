"""Who does the jobs: this process, or several others that are fed through pipes.

The others are started as fresh interpreters, not forked or spawned from the caller's script: this process has
threads, and the script may be a notebook, or have no ``if __name__ == "__main__"``.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import BinaryIO, Self, cast

from primacy.errors import PrimacyError
from primacy.sources.openalex.worker import Job, JobReport, run

_LENGTH = struct.Struct("<Q")


def _send(pipe: BinaryIO, value: object) -> None:
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: BinaryIO) -> object:
    """Return the next value, None at the pipe's end."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    data = pipe.read(_LENGTH.unpack(head)[0])
    return pickle.loads(data)  # noqa: S301 - it comes from the process that this one started


class _Process:
    """Another interpreter that does jobs one at a time."""

    def __init__(self) -> None:
        environment = dict(os.environ)
        environment["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from primacy.sources.openalex.crew import work; work()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._input = cast(BinaryIO, self._process.stdin)
        self._output = cast(BinaryIO, self._process.stdout)

    def do(self, job: Job) -> object:
        """Return a job's report or what it raised; None where the process ended without a word."""
        try:
            _send(self._input, job)
            return _receive(self._output)
        except OSError:
            return None

    def stop(self, *, at_once: bool) -> None:
        """End the process: it ends by itself when no more jobs can come."""
        if at_once:
            self._process.kill()
        with contextlib.suppress(OSError):  # it has ended already
            self._input.close()
        self._process.wait()
        self._output.close()


class Crew:
    """Does jobs, ``size`` at a time; a context manager.

    Parameters
    ----------
    size
        How many processes; 1 means this one.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._processes: list[_Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.stop(at_once=error is not None)
        self._processes.clear()

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[int, JobReport]]:
        """Do jobs; yield each one's number and report as it is done.

        Raises
        ------
        PrimacyError
            What a job raised; or a process ended without a word, as when memory ran out.
        """
        if self.size == 1 or len(jobs) == 1:
            yield from ((i, run(job)) for i, job in enumerate(jobs))
            return
        while len(self._processes) < min(self.size, len(jobs)):
            self._processes.append(_Process())
        waiting: queue.SimpleQueue[tuple[int, Job]] = queue.SimpleQueue()
        for pair in enumerate(jobs):
            waiting.put(pair)
        done: queue.SimpleQueue[tuple[int, object]] = queue.SimpleQueue()
        threads = [
            threading.Thread(target=_serve, args=(process, waiting, done), daemon=True)
            for process in self._processes
        ]
        for thread in threads:
            thread.start()
        for _ in jobs:
            number, answer = done.get()
            if isinstance(answer, BaseException):
                raise answer
            if not isinstance(answer, JobReport):
                names = ", ".join(f.name for f in jobs[number].files[:3])
                raise PrimacyError(f"a process that read {names} ended without an answer; is memory short?")
            yield number, answer
        for thread in threads:
            thread.join()


def _serve(
    process: _Process,
    waiting: queue.SimpleQueue[tuple[int, Job]],
    done: queue.SimpleQueue[tuple[int, object]],
) -> None:
    """Hand jobs to one process and take its answers, until none is waiting."""
    answer: object = ...
    while answer is not None:
        try:
            number, job = waiting.get_nowait()
        except queue.Empty:
            return
        answer = process.do(job)
        done.put((number, answer))


def work() -> None:
    """Be one of the processes: take jobs from standard input until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may write among the answers
    while (job := _receive(sys.stdin.buffer)) is not None:
        try:
            answer: object = run(cast(Job, job))
        except Exception as error:
            answer = error
        _send(answers, answer)

"""Who does the tasks: this process, or several others that are fed through pipes.

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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Generic, Protocol, Self, TypeVar, cast

from primacy.errors import PrimacyError

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")

_KEEP_MEMORY = ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")
"""Tell glibc to use large pieces of memory again; to hand them back and fetch them anew takes an eighth of the time."""
_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True)
class Step:
    """A piece of work that was done: bytes of files, records, files."""

    bytes: int = 0
    records: int = 0
    files: int = 0


Tell = Callable[[Step], None]


class Task(Protocol[R_co]):
    """Something to be done, here or in another process."""

    def run(self, tell: Tell) -> R_co:
        """Do it, telling of every step."""
        ...


@dataclass(frozen=True)
class Done(Generic[R]):
    """What a task returned."""

    result: R


@dataclass(frozen=True)
class Failed:
    """What a task raised."""

    error: Exception


def send(pipe: BinaryIO, value: object) -> None:
    """Write a value to a pipe."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: BinaryIO) -> object:
    """Return the next value of a pipe, None at its end."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    size = _LENGTH.unpack(head)[0]
    data = pipe.read(size)
    return pickle.loads(data) if len(data) == size else None  # noqa: S301 - from a process of this one


class _Process:
    """Another interpreter that does tasks one at a time."""

    def __init__(self) -> None:
        environment = dict(os.environ)
        environment["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
        for name in _KEEP_MEMORY:
            environment.setdefault(name, str(1 << 30))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "primacy.sources.openalex.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._input = cast(BinaryIO, self._process.stdin)
        self._output = cast(BinaryIO, self._process.stdout)

    def do(self, task: Task[object], tell: Tell) -> object:
        """Return :class:`Done` or :class:`Failed`; None where the process ended without a word."""
        try:
            send(self._input, task)
            while isinstance(answer := receive(self._output), Step):
                tell(answer)
            return answer
        except OSError:
            return None

    def stop(self, *, at_once: bool) -> None:
        """End the process: it ends by itself when no more tasks can come."""
        if at_once:
            self._process.kill()
        with contextlib.suppress(OSError):  # it has ended already
            self._input.close()
        self._process.wait()
        self._output.close()


class Crew:
    """Does tasks, ``size`` at a time; a context manager.

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

    def run(self, tasks: Sequence[Task[R]], tell: Tell) -> list[R]:
        """Do tasks; return their results in order.

        Raises
        ------
        PrimacyError
            What a task raised; or a process ended without a word, as when memory ran out.
        """
        if self.size == 1 or len(tasks) == 1:
            return [task.run(tell) for task in tasks]
        while len(self._processes) < min(self.size, len(tasks)):
            self._processes.append(_Process())
        waiting: queue.SimpleQueue[tuple[int, Task[R]]] = queue.SimpleQueue()
        for pair in enumerate(tasks):
            waiting.put(pair)
        news: queue.SimpleQueue[tuple[int, object]] = queue.SimpleQueue()
        for process in self._processes:
            threading.Thread(target=_serve, args=(process, waiting, news), daemon=True).start()
        results: dict[int, R] = {}
        while len(results) < len(tasks):
            number, answer = news.get()
            if isinstance(answer, Step):
                tell(answer)
            elif isinstance(answer, Done):
                results[number] = answer.result
            elif isinstance(answer, Failed):
                raise answer.error
            else:
                raise PrimacyError("a process that read files ended without an answer; is memory short?")
        return [results[i] for i in range(len(tasks))]


def _serve(
    process: _Process,
    waiting: queue.SimpleQueue[tuple[int, Task[R]]],
    news: queue.SimpleQueue[tuple[int, object]],
) -> None:
    """Hand tasks to one process and pass its answers on, until none is waiting."""
    answer: object = ...
    while answer is not None:
        try:
            number, task = waiting.get_nowait()
        except queue.Empty:
            return

        def tell(step: Step, number: int = number) -> None:
            news.put((number, step))

        answer = process.do(task, tell)
        news.put((number, answer))

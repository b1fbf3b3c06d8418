"""What an action costs: it is done in a fresh process, so that nothing before it counts.

Processor time is that of the process and of all that it started; memory is the most that all of them held at once,
looked at twenty times a second, pages that they share counted in each.
"""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, cast

from primacy.errors import PrimacyError

__all__ = ["Cost", "isolated", "own_peak", "processor"]

INTERVAL = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Cost:
    """What an action cost.

    Attributes
    ----------
    cpu_seconds
        Seconds of the processors, in all processes.
    wall_seconds
        From begin to end.
    memory_mb
        The most memory that its processes held at once, in MiB, the interpreter and its libraries included.
    """

    cpu_seconds: float
    wall_seconds: float
    memory_mb: float

    def __add__(self, other: Cost) -> Cost:
        """Return the cost of one after the other."""
        return Cost(
            self.cpu_seconds + other.cpu_seconds,
            self.wall_seconds + other.wall_seconds,
            max(self.memory_mb, other.memory_mb),
        )

    def times(self, number: float) -> Cost:
        """Return the cost of doing it so many times."""
        return Cost(self.cpu_seconds * number, self.wall_seconds * number, self.memory_mb)


def isolated(action: Callable[..., Any], *arguments: Any) -> tuple[Cost, Any]:
    """Do something in a process of its own and return what it cost, and what it returned.

    The process is a fresh interpreter; what is imported to find the action is not counted.

    Parameters
    ----------
    action
        A function of a module.
    *arguments
        What it is given; both must be such as can be pickled.

    Raises
    ------
    PrimacyError
        What the action raised; or its process ended without a word.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with (
        subprocess.Popen(  # noqa: S603 - the interpreter itself
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        ) as process,
        _Watch(process.pid) as watch,
    ):
        answer, _ = process.communicate(pickle.dumps((action, arguments)))
    if process.returncode or not answer:
        raise PrimacyError(
            f"benchmark: the process of {action.__name__} ended with exit code {process.returncode}; "
            "is memory short?"
        )
    outcome = pickle.loads(answer)  # noqa: S301 - from a process of this one
    if isinstance(outcome, BaseException):
        raise outcome
    cpu, wall, memory, result = outcome
    return Cost(round(cpu, 6), round(wall, 6), round(max(memory, watch.peak / 1024), 1)), result


class _Watch:
    """Looks at the memory of a process and of those below it, until it is left.

    Attributes
    ----------
    peak
        The most that they held at once, in KiB; 0 where the system does not say.
    """

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(INTERVAL):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _family(self._pid)))


def _family(pid: int) -> list[int]:
    """Return a process and all that it started, as far as the system says."""
    found, new = [pid], [pid]
    while new:
        below = [child for each in new for child in _children(each)]
        found += below
        new = below
    return found


def _children(pid: int) -> list[int]:
    try:
        lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it has ended
        return []
    return [int(word) for text in lists for word in text.split()]


def _resident(pid: int, field: str = "VmRSS:") -> int:
    """Return the memory of a process in KiB, 0 where the system does not say."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith(field)), f"{field} 0")
    return int(line.split()[1])


def own_peak() -> float:
    """Return the most memory that this process has held, in MiB."""
    if peak := _resident(os.getpid(), "VmHWM:"):
        return peak / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB, on macOS bytes
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def processor() -> float:
    """Return the seconds of the processors that this process and those it waited for have taken so far."""
    mine, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + others.ru_utime + others.ru_stime


def _main() -> None:
    action, arguments = cast("tuple[Callable[..., Any], tuple[Any, ...]]", pickle.load(sys.stdin.buffer))  # noqa: S301
    before, begun = processor(), perf_counter()
    outcome: object
    try:
        result = action(*arguments)
        outcome = (processor() - before, perf_counter() - begun, own_peak(), result)
    except PrimacyError as error:
        outcome = error
    sys.stdout.buffer.write(pickle.dumps(outcome))


if __name__ == "__main__":
    _main()

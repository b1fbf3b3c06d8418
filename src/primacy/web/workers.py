"""Processes that write parts of a site.

A worker is the interpreter run on this module: it reads one task per line from standard input and answers each with one
line on standard output.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryFile
from typing import IO, Literal, cast

import msgspec

from primacy.errors import PrimacyError
from primacy.present.lettering import own_fonts
from primacy.web.writing import Done, Writer

__all__ = ["Orders", "Task", "Workers", "workers"]


_PARENT_DEATH_SIGNAL = 1


class Orders(msgspec.Struct, frozen=True):
    """What a worker is told when it begins.

    Attributes
    ----------
    workspace
        The directory of the workspace.
    state
        The state of its results, which the worker must find too.
    directory, before
        Where it writes, and the site published before.
    png
        Whether figures are also written as PNG.
    every_letter
        Whether its renderer has the system's fonts.
    """

    workspace: str
    state: str
    directory: str
    before: str
    png: bool
    every_letter: bool


class Task(msgspec.Struct, frozen=True):
    """Tables, pages or figures to write."""

    kind: Literal["tables", "pages", "figures"]
    names: list[str]


class Answer(msgspec.Struct, frozen=True):
    """What was done, or why not: a reason, or the number and the file of a system's error."""

    done: Done = msgspec.field(default_factory=Done)
    refused: str = ""
    number: int = 0
    file: str = ""


class Worker:
    """One process.

    Parameters
    ----------
    orders
        What it is told.
    environment
        What it runs in.
    """

    def __init__(self, orders: Orders, environment: Mapping[str, str]) -> None:
        path = os.pathsep.join(path for path in sys.path if path)
        self._complaints = TemporaryFile()  # noqa: SIM115 - closed when the process ends
        self._process = subprocess.Popen(  # noqa: S603 - the interpreter itself
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env={**environment, "PYTHONPATH": path},
        )
        self._to, self._from = (
            cast("IO[bytes]", pipe) for pipe in (self._process.stdin, self._process.stdout)
        )
        self._send(orders)

    def do(self, task: Task) -> Done:
        """Have a task done.

        Raises
        ------
        PrimacyError
            The worker refused it, or came to an end.
        OSError
            A file could not be written.
        """
        self._send(task)
        line = self._from.readline()
        if not line:
            self._process.wait()
            self._complaints.seek(0)
            said = self._complaints.read().decode(errors="replace").strip().splitlines()
            reason = said[-1] if said else f"exit code {self._process.returncode}"
            raise PrimacyError(f"a process that writes the site failed: {reason}")
        answer = msgspec.json.decode(line, type=Answer)
        if answer.number:
            raise OSError(answer.number, os.strerror(answer.number), answer.file or None)
        if answer.refused:
            raise PrimacyError(answer.refused)
        return answer.done

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
        self._complaints.close()

    def _send(self, message: msgspec.Struct) -> None:
        try:
            self._to.write(msgspec.json.encode(message) + b"\n")
            self._to.flush()
        except BrokenPipeError:
            pass  # it has ended; reading its answer says why


class Workers:
    """Some processes that share tasks out.

    Parameters
    ----------
    members
        The processes.
    """

    def __init__(self, members: Sequence[Worker]) -> None:
        self._members = members

    def do(
        self, kind: Literal["tables", "pages", "figures"], names: Sequence[str], step: Callable[[int], None]
    ) -> Done:
        """Have what is named written, a few at a time by whoever is free.

        Parameters
        ----------
        kind
            What the names are of.
        names
            Tables, or the paths of pages or figures.
        step
            Told how many more are done, from any thread.
        """
        size = max(1, min(16, len(names) // (8 * len(self._members))))
        queue: SimpleQueue[Task] = SimpleQueue()
        for start in range(0, len(names), size):
            queue.put(Task(kind, list(names[start : start + size])))

        def work(member: Worker) -> Done:
            mine = Done()
            while True:
                try:
                    task = queue.get_nowait()
                except Empty:
                    return mine
                try:
                    mine.add(member.do(task))
                except BaseException:
                    while not queue.empty():  # the others need not go on
                        queue.get_nowait()
                    raise
                step(len(task.names))

        whole = Done()
        with ThreadPoolExecutor(len(self._members)) as threads:
            for done in threads.map(work, self._members):
                whole.add(done)
        return whole


@contextmanager
def workers(orders: Orders, processes: int) -> Iterator[Workers]:
    """Start workers, which end with the block.

    Parameters
    ----------
    orders
        What they are told.
    processes
        How many.
    """
    with ExitStack() as stack:
        environment = os.environ if orders.every_letter else stack.enter_context(own_fonts())
        members = []
        for _ in range(processes):
            members.append(Worker(orders, environment))
            stack.callback(members[-1].end)
        yield Workers(members)


def _writer(orders: Orders) -> Writer:
    from altair.utils import schemapi

    from primacy.web.app import create_app
    from primacy.web.site import Site
    from primacy.workspace import Workspace

    # Charts are checked against Vega-Lite's schema by the tests; to check each costs as much as to make it.
    schemapi.disable_debug_mode()
    workspace = Workspace.open(Path(orders.workspace))
    site = Site(workspace, static=True)
    site.openapi = create_app(workspace).openapi
    if site.snapshot.state != orders.state:
        raise PrimacyError(f"{orders.workspace}: the results changed; publish again")
    return Writer(
        site,
        Path(orders.directory),
        before=Path(orders.before),
        png=orders.png,
        every_letter=orders.every_letter,
    )


def _die_with_parent() -> None:
    """Have the system end this process when the one that publishes dies, so that it writes into no later site."""
    with suppress(AttributeError, OSError, TypeError):  # not on this system: it ends with its input
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _main() -> None:
    _die_with_parent()
    writer: Writer | None = None
    orders = msgspec.json.decode(sys.stdin.buffer.readline(), type=Orders)
    for line in sys.stdin.buffer:
        task, done = msgspec.json.decode(line, type=Task), Done()
        try:
            writer = writer or _writer(orders)
            getattr(writer, task.kind)(task.names, done)
            answer = Answer(done)
        except PrimacyError as error:
            answer = Answer(refused=str(error))
        except OSError as error:
            answer = Answer(number=error.errno or 5, file=str(error.filename or ""))
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()

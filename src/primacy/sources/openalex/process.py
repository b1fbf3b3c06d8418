"""One process of a :class:`~primacy.sources.openalex.crew.Crew`: takes tasks from standard input until it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from importlib.abc import MetaPathFinder
from typing import cast

from primacy.sources.openalex.crew import Done, Failed, Task, receive, send


class _WithoutPandas(MetaPathFinder):
    """Keeps pandas out: pyarrow would take a second to import it, only to ask whether a list is a series of its."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Find nothing, and let nobody else find pandas."""
        if fullname == "pandas":
            raise ImportError("pandas is not used in this process")


def main() -> None:
    """Do the tasks that come; each answer goes back with the steps that led to it."""
    sys.meta_path.insert(0, _WithoutPandas())
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # the process that started this one hears it too, and ends this one
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may write among the answers
    with contextlib.suppress(BrokenPipeError):  # nobody waits for answers any more
        while (task := receive(sys.stdin.buffer)) is not None:
            try:
                answer: object = Done(cast(Task[object], task).run(lambda step: send(answers, step)))
            except BrokenPipeError:
                raise
            except Exception as error:
                answer = Failed(error)
            send(answers, answer)


if __name__ == "__main__":
    main()

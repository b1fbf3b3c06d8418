"""One process of a :class:`~primacy.sources.openalex.crew.Crew`: takes tasks from standard input until it ends."""

from __future__ import annotations

import os
import sys
from typing import cast

from primacy.sources.openalex.crew import Done, Failed, Task, receive, send


def main() -> None:
    """Do the tasks that come; each answer goes back with the steps that led to it."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may write among the answers
    while (task := receive(sys.stdin.buffer)) is not None:
        try:
            answer: object = Done(cast(Task[object], task).run(lambda step: send(answers, step)))
        except BrokenPipeError:
            return
        except Exception as error:
            answer = Failed(error)
        send(answers, answer)


if __name__ == "__main__":
    main()

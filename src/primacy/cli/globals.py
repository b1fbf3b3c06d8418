"""Global options may stand before or after the command: they are moved to the front."""

from __future__ import annotations

from collections.abc import Sequence

VALUED = frozenset({"--workspace", "--engine", "--format", "--out"})
FLAGS = frozenset({"--debug", "--quiet"})


def hoist(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the global options first; what follows ``--`` stays where it is.

    Examples
    --------
    >>> hoist(["shares", "lasers", "--format", "json", "--top=0.05"])
    ['--format', 'json', 'shares', 'lasers', '--top=0.05']
    """
    front: list[str] = []
    rest: list[str] = []
    queue = list(arguments)
    while queue:
        word = queue.pop(0)
        if word == "--":
            rest += [word, *queue]
            break
        name = word.partition("=")[0]
        if word in FLAGS or (name in VALUED and "=" in word):
            front.append(word)
        elif word in VALUED:
            front.append(word)
            if queue:
                front.append(queue.pop(0))
        else:
            rest.append(word)
    return front + rest

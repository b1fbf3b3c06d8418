"""Which files go together: chunks, each one transaction, and the jobs of a chunk, each for one process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from primacy.sources.openalex.layout import SourceFile
from primacy.sources.openalex.storage import Storage
from primacy.sources.openalex.worker import Job, Piece

CHUNK = 1 << 30
"""How many bytes of files go into one transaction."""
SMALL = 24 << 20
"""Fewer bytes are read in this process, and files in one piece: other processes would not have started by then."""


def chunks(files: Iterable[SourceFile], limit: int) -> Iterator[tuple[SourceFile, ...]]:
    """Yield files in groups of at least a number of bytes, the last one aside."""
    group: list[SourceFile] = []
    size = 0
    for file in files:
        group.append(file)
        size += file.size
        if size >= limit:
            yield tuple(group)
            group, size = [], 0
    if group:
        yield tuple(group)


def jobs(
    files: Sequence[SourceFile], *, storage: Storage, directory: str, known: frozenset[str], size: int
) -> list[Job]:
    """Return the jobs of a chunk: always the same for the same files and number of processes.

    A file that alone outweighs a process's part is read by all of them, block by block in turn, in jobs of its
    own; the others are dealt out, the largest first, each to the process that has least.

    Parameters
    ----------
    files
        The chunk.
    storage, directory, known
        As in :class:`Job`.
    size
        How many processes there are.
    """
    fair = sum(f.size for f in files) / size
    shared = [
        f
        for f in files
        if size > 1
        and f.size > max(fair, SMALL)
        and f.entity == "works"
        and (f.format == "parquet" or not storage.remote)  # of lines, every process would fetch all
    ]
    alone = [(Piece(f, number, size),) for f in shared for number in range(size)]
    dealt: list[list[Piece]] = [[] for _ in range(size)]
    load = [0] * size
    for file in sorted((f for f in files if f not in shared), key=lambda f: (-f.size, f.name)):
        least = load.index(min(load))
        dealt[least].append(Piece(file))
        load[least] += file.size
    pieces = [*alone, *(tuple(sorted(d, key=lambda p: p.file.name)) for d in dealt if d)]
    return [Job(storage, p, directory, known) for p in pieces]

"""The floor of what each stage of a pull costs, on the same files in the same run: what limits it, and how far it is.

Each is the least that the stage can do with the libraries that there are, on one thread.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from isal import igzip

from primacy.bench import own
from primacy.bench.ground import Ground
from primacy.bench.isolated import isolated
from primacy.bench.measurement import timed
from primacy.lake.embedded import connect
from primacy.lake.store import Lake
from primacy.sources.openalex.parquet import projection
from primacy.sources.openalex.records import WORKS
from primacy.sources.openalex.tables import WORK_TABLES

__all__ = ["Ceiling", "ceilings"]

BLOCK = 1 << 20
"""Bytes that are decoded at a time."""


@dataclass(frozen=True)
class Ceiling:
    """What a stage costs at least.

    Attributes
    ----------
    benchmark
        ``ceilings``.
    works
        The size.
    stage, by
        What is done, and with what.
    cpu_seconds, works_per_cpu_second
        What it costs.
    against
        The pull that contains the stage: ``pull-jsonl`` or ``pull-parquet``.
    distance
        Processor time of that pull over that of the stage: so many times the floor.
    """

    benchmark: str
    works: int
    stage: str
    by: str
    cpu_seconds: float
    works_per_cpu_second: float
    against: str
    distance: float

    def row(self) -> dict[str, Any]:
        """Return it as a row."""
        return asdict(self)


def decode(ground: Ground) -> float:
    """Take the lines out of gzip."""

    def action() -> None:
        for part in ground.parts("jsonl"):
            with igzip.open(part, "rb") as file:
                while file.read(BLOCK):
                    pass

    return timed(action).cpu_seconds


def parse(ground: Ground) -> float:
    """Decode the fields that the lake needs out of lines that are in memory."""
    seconds = 0.0
    for part in ground.parts("jsonl"):
        lines = igzip.open(part, "rb").read().splitlines()

        def action(lines: list[bytes] = lines) -> None:
            for line in lines:
                WORKS.decode(line)

        seconds += timed(action).cpu_seconds
    return seconds


def scan(ground: Ground) -> float:
    """Let DuckDB read three plain fields of every line."""
    columns = "columns = {'id': 'VARCHAR', 'publication_year': 'INTEGER', 'cited_by_count': 'INTEGER'}"

    def action() -> None:
        with connect(threads=1) as connection:
            connection.execute(
                "SELECT max(id), sum(publication_year), sum(cited_by_count) FROM "
                f"read_json(?, format = 'newline_delimited', hive_partitioning = false, {columns})",
                [list(map(str, ground.parts("jsonl")))],
            ).fetchall()

    return timed(action).cpu_seconds


def read(ground: Ground) -> float:
    """Read the leaf columns that the lake needs out of the Parquet copy."""

    def action() -> None:
        for part in ground.parts("parquet"):
            with pq.ParquetFile(part) as file:
                wanted = projection(file.schema)
                for group in range(file.num_row_groups):
                    file.reader.read_row_group(group, column_indices=wanted, use_threads=False)

    return timed(action).cpu_seconds


def write(ground: Ground) -> float:
    """Write the rows of the lake again, as the lake's files are written."""
    lake = Lake.open(ground.workspace / "lake")
    seconds = 0.0
    with tempfile.TemporaryDirectory(dir=ground.root) as directory:
        for name in WORK_TABLES:
            for file in lake.files(name) if lake.has(name) else ():
                table = pq.read_table(file, partitioning=None)
                place = Path(directory) / "table.parquet"
                seconds += timed(partial(pq.write_table, table, place, compression="zstd")).cpu_seconds
    return seconds


_STAGES: list[tuple[str, str, Callable[[Ground], float], str]] = [
    ("decode", "isal, whole files", decode, "pull-jsonl"),
    ("parse", "msgspec, the fields that the lake needs", parse, "pull-jsonl"),
    ("write", "PyArrow, zstd, the lake's tables", write, "pull-jsonl"),
    ("scan", "DuckDB read_json of three plain fields, decoding included", scan, "pull-jsonl"),
    ("read", "PyArrow, the leaf columns that the lake needs", read, "pull-parquet"),
    ("write", "PyArrow, zstd, the lake's tables", write, "pull-parquet"),
]


def ceilings(ground: Ground, *, step: Callable[[str], None] = lambda _: None) -> list[Ceiling]:
    """Measure the floor of every stage, and the two pulls.

    Parameters
    ----------
    ground
        What they work on, with a lake.
    step
        Told what is being run.
    """
    pulls = {}
    for name, action in (("pull-jsonl", own.pull_jsonl), ("pull-parquet", own.pull_parquet)):
        step(f"ceilings: {name}")
        pulls[name] = isolated(action, ground)[0].cpu_seconds
    found = []
    measured: dict[Callable[[Ground], float], float] = {}
    for stage, by, measure, against in _STAGES:
        if measure not in measured:
            step(f"ceilings: {stage}")
            measured[measure] = isolated(measure, ground)[1]
        seconds = measured[measure]
        found.append(
            Ceiling(
                "ceilings", ground.works, stage, by, round(seconds, 3), round(ground.works / seconds, 1),
                against, round(pulls[against] / seconds, 2),
            )
        )  # fmt: skip
    return found

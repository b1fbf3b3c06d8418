"""The OpenAlex snapshot of the simulated world, in today's layout.

``data/jsonl/<entity>/updated_date=*/part_NNNN.gz``, the Parquet copy, or both, with a manifest per entity, and
``deleted_ids.csv`` beside the works.
A few works also appear in an older partition with an older state, and a few appear although they were
withdrawn since.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from primacy.simulate.design import Design
from primacy.simulate.files import GzipLines, Part, write_csv, write_manifest
from primacy.simulate.graph import references
from primacy.simulate.institutions import institutions
from primacy.simulate.parquet import convert
from primacy.simulate.population import Integers, populate
from primacy.simulate.profiles import profiles
from primacy.simulate.records import Writer
from primacy.simulate.sources import sources, topics
from primacy.simulate.texts import Library

Copy: TypeAlias = Literal["jsonl", "parquet"]
"""A format of the snapshot: each is a copy of the other."""

SNAPSHOT = "2026-08-22"
DATES = ("2025-11-16", "2026-03-01", "2026-06-14", "2026-07-26", "2026-08-09")
"""The partitions of the works, by their updated_date."""

FIRST_WORK = 9_000_000_001
WITHDRAWN_SHIFT = 500_000_000
"""What the id of a withdrawn work has more than that of the work it resembles."""

_PARTS = (0.08, 0.12, 0.20, 0.25, 0.35)
_SUPERSEDED = 0.015
_WITHDRAWN = 0.004
_OLDER = 0.8  # part of the citations that an older state of a record has
_WITHDRAWN_ON = "2026-08-18"
_BLOCK = 2048


@dataclass(frozen=True, slots=True)
class Written:
    """What one slice has become.

    Attributes
    ----------
    parts
        The files.
    works, superseded
        How many works it has, how many older states.
    withdrawn_ids
        Numbers of the ids of the withdrawn works.
    persons
        Numbers of its authors who have an ORCID iD.
    """

    parts: list[Part]
    works: int
    superseded: int
    withdrawn_ids: list[int]
    persons: list[int]

    @property
    def records(self) -> int:
        """How many records it has: works, older states, withdrawn works."""
        return self.works + self.superseded + len(self.withdrawn_ids)


def write_slice(
    root: Path,
    design: Design,
    writer: Writer,
    bounds: tuple[int, int],
    seed: int,
    number: int,
    copies: Sequence[Copy] = ("jsonl",),
) -> Written:
    """Write one slice of the works.

    Parameters
    ----------
    root
        Where the snapshot is.
    design, writer
        The world's probabilities, and what writes its records.
    bounds
        First and last bound of the slice in the world.
    seed
        Seed of the world.
    number
        Which of its slices it is: it names the files and, with the seed, the random streams.
    copies
        In which formats.
    """
    first, last = bounds
    people, cited, order, words = (np.random.default_rng([seed, number, part]) for part in range(4))
    population = populate(design, first, last, FIRST_WORK, people)
    named = profiles(population)
    start, inside = references(population, design.codes, cited)
    date = order.choice(len(DATES), len(population), p=_PARTS)
    older = np.where(order.random(len(population)) < _SUPERSEDED, order.integers(0, 4, len(population)), 99)
    older = np.where(older < date, older, -1)
    gone = np.where(
        order.random(len(population)) < _WITHDRAWN, order.integers(0, len(DATES), len(population)), -1
    )
    parts: list[Part] = []
    for place, day in enumerate(DATES):
        with GzipLines(root / _place("jsonl", "works", day, number)) as file:
            for chosen, factor, shift in (
                (np.flatnonzero(date == place), 1.0, 0),
                (np.flatnonzero(older == place), _OLDER, 0),
                (np.flatnonzero(gone == place), 1.0, WITHDRAWN_SHIFT),
            ):
                for block in _blocks(chosen):
                    file.write(
                        writer.write(
                            population,
                            named,
                            block,
                            start,
                            inside,
                            _times(day, block),
                            words,
                            factor=factor,
                            shift=shift,
                        )
                    )
        parts += _copied(root, "works", day, number, file.lines, copies)
    withdrawn = (population.first_id + np.flatnonzero(gone >= 0) + WITHDRAWN_SHIFT).tolist()
    return Written(parts, len(population), int(np.count_nonzero(older >= 0)), withdrawn, named.identified)


def finish_works(root: Path, written: Iterable[Written], copies: Sequence[Copy] = ("jsonl",)) -> None:
    """Write what stands beside each copy of the works: the list of withdrawn ids and the manifest; it comes last."""
    found = list(written)
    for copy in copies:
        write_csv(
            root / f"data/{copy}/works/deleted_ids.csv",
            ("work_id", "deleted_date"),
            [(f"https://openalex.org/W{id_}", _WITHDRAWN_ON) for each in found for id_ in each.withdrawn_ids],
        )
        write_manifest(root, f"data/{copy}/works", SNAPSHOT, [p for each in found for p in each.parts])
    if "jsonl" not in copies:
        shutil.rmtree(root / "data/jsonl")  # directories of lines that have gone


def write_entities(root: Path, library: Library, copies: Sequence[Copy] = ("jsonl",)) -> None:
    """Write institutions, sources and topics."""
    for entity, records in (
        ("institutions", _institutions()),
        ("sources", _sources()),
        ("topics", _topics(library)),
    ):
        with GzipLines(root / _place("jsonl", entity, DATES[-1], 0)) as file:
            file.write([msgspec.json.encode(record) + b"\n" for record in records])
        parts = _copied(root, entity, DATES[-1], 0, file.lines, copies)
        for copy in copies:
            write_manifest(root, f"data/{copy}/{entity}", SNAPSHOT, parts)


def _place(copy: Copy, entity: str, day: str, number: int) -> str:
    ending = "gz" if copy == "jsonl" else "parquet"
    return f"data/{copy}/{entity}/updated_date={day}/part_{number:04d}.{ending}"


def _copied(
    root: Path, entity: str, day: str, number: int, records: int, copies: Sequence[Copy]
) -> list[Part]:
    """Return a part in the formats that are wanted; it lies there as lines, which go if they are not."""
    lines = root / _place("jsonl", entity, day, number)
    if "parquet" in copies:
        convert(lines, root / _place("parquet", entity, day, number), entity)
    names = [_place(copy, entity, day, number) for copy in copies]
    parts = [Part(name, records, (root / name).stat().st_size) for name in names]
    if "jsonl" not in copies:
        lines.unlink()
    return parts


def _institutions() -> Iterator[dict[str, object]]:
    for own in institutions():
        above = [] if own.parent is None else [institutions()[own.parent]]
        below = [
            each for each in institutions() if each.parent is not None and institutions()[each.parent] == own
        ]
        yield {
            "id": f"https://openalex.org/I{own.id}",
            "ror": f"https://ror.org/{own.ror}",
            "display_name": own.name,
            "country_code": own.country,
            "type": own.kind,
            "homepage_url": None,
            "display_name_acronyms": [],
            "display_name_alternatives": [],
            "is_super_system": own.umbrella,
            "lineage": [f"https://openalex.org/I{each.id}" for each in (own, *above)],
            "associated_institutions": [
                {
                    "id": f"https://openalex.org/I{each.id}",
                    "ror": f"https://ror.org/{each.ror}",
                    "display_name": each.name,
                    "country_code": each.country,
                    "type": each.kind,
                    "relationship": relation,
                }
                for relation, group in (("parent", above), ("child", below))
                for each in group
            ],
            "updated_date": f"{DATES[-1]}T06:00:00.000000",
            "created_date": "2025-10-10T00:00:00",
        }


def _sources() -> Iterator[dict[str, object]]:
    for own in sources():
        yield {
            "id": f"https://openalex.org/S{own.id}",
            "issn_l": own.issns[0] if own.issns else None,
            "issn": list(own.issns) or None,
            "display_name": own.name,
            "host_organization": "https://openalex.org/P9000000001",
            "host_organization_name": "Simulated Press",
            "host_organization_lineage": ["https://openalex.org/P9000000001"],
            "is_oa": False,
            "is_in_doaj": False,
            "is_core": own.kind == "journal",
            "type": own.kind,
            "updated_date": f"{DATES[-1]}T06:00:00.000000",
            "created_date": "2025-10-10T00:00:00",
        }


def _topics(library: Library) -> Iterator[dict[str, object]]:
    seen: set[object] = set()
    for subject in library.subjects:
        for topic in topics(subject):
            if topic["id"] in seen:
                continue
            seen.add(topic["id"])
            yield topic | {
                "description": "A topic of the simulated world.",
                "keywords": [f"{subject.name} (simulated keyword)"],
                "updated_date": f"{DATES[-1]}T06:00:00.000000",
                "created_date": "2025-10-10T00:00:00",
            }


def _blocks(chosen: Integers) -> Iterator[Integers]:
    for first in range(0, len(chosen), _BLOCK):
        yield chosen[first : first + _BLOCK]


def _times(day: str, block: Integers) -> list[bytes]:
    prefix = day.encode()
    return [
        b"%bT%02d:%02d:%02d.%06d" % (prefix, n // 3600 % 24, n // 60 % 60, n % 60, n) for n in block.tolist()
    ]

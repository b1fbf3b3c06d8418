"""A whole simulated world in a directory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from primacy._version import __version__
from primacy.errors import InputError, UsageError
from primacy.simulate.compute import write_compute
from primacy.simulate.design import Design, design
from primacy.simulate.files import MARKER, write_csv, write_json
from primacy.simulate.hub import make_hub, write_hub
from primacy.simulate.openalex import Copy, Written, finish_works, write_entities
from primacy.simulate.orcid import write_orcid
from primacy.simulate.population import slices
from primacy.simulate.reference import write_truth
from primacy.simulate.sources import BASKET, sources
from primacy.simulate.texts import Library, library
from primacy.simulate.trajectory import courses
from primacy.simulate.truth import PUBLISHED, Truth
from primacy.simulate.workers import write_slices
from primacy.technologies.portfolio import Portfolio, load_portfolio

GENERATOR = 2
"""Version of the generator: another number means other bytes for the same seed."""

WORKS = 100_000
LEAST_WORKS = 2_000

NOTICE = (
    "Everything here is simulated: institutions, authors, papers, models and machines are invented, country "
    "codes are real, and the truth is set to resemble published shares. It says nothing about any country."
)

Advance = Callable[[int, int], None]


@dataclass(frozen=True)
class World:
    """What was written.

    Attributes
    ----------
    directory
        Where.
    works, superseded, withdrawn, records
        Works of the world; older states and withdrawn works beside them; all records.
    technologies
        How many technologies it has.
    """

    directory: Path
    works: int
    superseded: int
    withdrawn: int
    records: int
    technologies: int

    @classmethod
    def of(cls, directory: Path, written: Sequence[Written], design: Design) -> World:
        """Return what slices add up to."""
        return cls(
            directory,
            sum(each.works for each in written),
            sum(each.superseded for each in written),
            sum(len(each.withdrawn_ids) for each in written),
            sum(each.records for each in written),
            len(design.technologies),
        )


@lru_cache(maxsize=4)
def plan(portfolio: Portfolio) -> tuple[Design, Library, Truth]:
    """Return the probabilities, the words and the truth of the world of a portfolio.

    They depend on the portfolio alone: every seed draws another sample of the same truth.

    Raises
    ------
    InputError
        The portfolio has none of the technologies that the world knows.
    """
    names = tuple(course.technology for course in courses() if course.technology in portfolio)
    if not names:
        raise InputError(f"{portfolio.path}: none of its technologies is one that the simulated world knows")
    found = design(names)
    words = library(portfolio, names, hosts(found))
    return found, words, Truth(found, words.overlap)


def hosts(found: Design) -> list[bool]:
    """Say which technologies may have works of another: those whose leads are clear in the windows that matter.

    Guests shift a share by a few points, which must turn no lead that was published.
    """
    alone = Truth(found, np.eye(len(found.technologies)))
    clear = [[lead.clear for lead in alone.leads(window)] for window in PUBLISHED]
    return [all(row) for row in zip(*clear, strict=True)]


def simulate(
    directory: str | Path,
    *,
    works: int = WORKS,
    seed: int = 0,
    portfolio: Portfolio | None = None,
    processes: int | None = None,
    copies: Sequence[Copy] = ("jsonl",),
    advance: Advance | None = None,
) -> World:
    """Write a simulated world in the formats of the upstreams.

    Parameters
    ----------
    directory
        Where; it must be empty or new.
    works
        How many works, at least 2,000.
    seed
        Which sample of the world; the same seed and size give the same bytes.
    portfolio
        Whose strict queries the texts satisfy; the bundled one by default.
    processes
        How many processes write; as many as there are processors by default. The bytes do not depend on it.
    copies
        In which of OpenAlex's formats the snapshot is written; each is a copy of the other.
    advance
        Called with the number of works written, and with how many there will be.

    Raises
    ------
    UsageError
        The size or the seed is out of range.
    InputError
        The directory is not empty, or the portfolio does not serve.
    """
    root = Path(directory)
    if works < LEAST_WORKS:
        raise UsageError(f"--works {works}: a world has at least {LEAST_WORKS} works")
    if seed < 0:
        raise UsageError(f"--seed {seed}: must be 0 or more")
    _check_empty(root)
    found, words, truth = plan(portfolio or load_portfolio())
    done = 0
    persons: set[int] = set()

    def step(written: Written) -> None:
        nonlocal done
        done += written.works
        persons.update(written.persons)
        if advance is not None:
            advance(done, works)

    with _published(root) as place:
        openalex = place / "openalex"
        written = write_slices(
            openalex,
            found,
            words,
            bounds=slices(works),
            seed=seed,
            processes=processes or os.cpu_count() or 1,
            step=step,
            copies=copies,
        )
        write_entities(openalex, words, copies)
        finish_works(openalex, written, copies)
        write_csv(
            place / "basket.csv",
            ("name", "issn_print", "issn_online"),
            [(source.name, *source.issns) for source in sources()[:BASKET]],
        )
        write_orcid(place / "orcid", persons)
        write_hub(place / "hub", place / "truth", make_hub(seed))
        write_compute(place / "compute", place / "truth", seed)
        write_truth(place / "truth", truth)
        world = World.of(root, written, found)
        for marked in (place, *(place / name for name in ("openalex", "orcid", "hub", "compute", "truth"))):
            mark(marked, world, seed)
    return world


@contextmanager
def _published(root: Path) -> Iterator[Path]:
    """Give a directory beside the wanted one, which takes its place when all is written."""
    place = root.resolve().with_name(f".{root.resolve().name}.unfinished")
    try:
        if place.exists():
            shutil.rmtree(place)
        place.mkdir(parents=True)
        yield place
        place.replace(root)
    except OSError as error:
        raise InputError(f"{error.filename or root}: cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(place, ignore_errors=True)


def mark(place: Path, world: World, seed: int) -> None:
    """Mark a directory as simulated."""
    write_json(
        place / MARKER,
        {
            "simulated": True,
            "notice": NOTICE,
            "generator": GENERATOR,
            "primacy": __version__,
            "seed": seed,
            "works": world.works,
            "superseded": world.superseded,
            "withdrawn": world.withdrawn,
            "records": world.records,
            "technologies": world.technologies,
        },
    )


def _check_empty(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise InputError(f"{root}: is a file; name a directory for the simulated world")
    if root.is_dir() and any(root.iterdir()):
        raise InputError(f"{root}: is not empty; name a new directory for the simulated world")

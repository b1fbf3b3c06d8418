"""How the simulated persons stand in OpenAlex: a profile each, but some have two and some share one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from primacy.simulate.careers import FIRST_FREE_STREAM, chance, identified, orcids
from primacy.simulate.institutions import institutions
from primacy.simulate.population import Flags, Integers, Works

__all__ = ["OLD", "Profiles", "persons", "profiles", "replaced"]

OLD = 10**10
"""What the number of a deprecated iD has more than that of the iD which replaced it."""
SPLIT, MERGED, REPLACED = 0.03, 0.005, 0.01
"""Parts of the persons with two profiles, with the profile of another, and whose works still state an older iD."""
_SECOND = 20_000_000
"""What the number of a second profile has more than that of the first."""
_APART = 370_000
"""How far apart the numbers of persons are that share a profile: most are of other countries."""
_STATED = 0.4
"""Part of the works that state the iDs of their authors themselves."""

_SPLIT, _MERGED, _REPLACED = range(FIRST_FREE_STREAM, FIRST_FREE_STREAM + 3)
FREE_STREAM = FIRST_FREE_STREAM + 3


@dataclass(frozen=True)
class Profiles:
    """What the records of a slice say of each of its authorships.

    Attributes
    ----------
    person
        Number of the person.
    profile
        Number of the OpenAlex profile.
    orcid, stated
        The iD of the profile, and the one that came with the work, as JSON.
    """

    person: Integers
    profile: list[int]
    orcid: list[bytes]
    stated: list[bytes]

    @property
    def identified(self) -> list[int]:
        """The persons who have an iD, each once, in order."""
        found = np.unique(self.person)
        return [int(n) for n in found[identified(found)]]


def persons(works: Works) -> Integers:
    """Return the number of the person behind each authorship of a slice."""
    return np.asarray(works.authors.institution * 10_000 + works.authors.person)


def replaced(number: Integers) -> Flags:
    """Return which persons have an iD that replaced another, which their works still state."""
    return np.asarray(chance(number, _REPLACED) < REPLACED)


def profiles(works: Works) -> Profiles:
    """Say how the authors of a slice stand in its records."""
    person = persons(works)
    work = works.first_id + works.authors.work
    owner = np.where(
        chance(person, _MERGED) < MERGED, (person + _APART) % (len(institutions()) * 10_000), person
    )
    second = (chance(owner, _SPLIT) < SPLIT) & identified(owner) & (work % 2 == 1)
    stated = _texts(person)
    own = stated.copy()
    others = np.flatnonzero(owner != person)
    for place, text in zip(others.tolist(), _texts(owner[others]), strict=True):
        own[place] = text
    says = chance(work, FREE_STREAM) < _STATED
    return Profiles(
        person,
        (owner + np.where(second, _SECOND, 0)).tolist(),
        own,
        [text if said else b"null" for text, said in zip(stated, says.tolist(), strict=True)],
    )


def _texts(number: Integers) -> list[bytes]:
    """Return the iDs of persons as JSON."""
    found, place = np.unique(number, return_inverse=True)
    texts = [b"null"] * len(found)
    known = np.flatnonzero(identified(found))
    having = found[known]
    shown = orcids(having + np.where(replaced(having), OLD, 0))
    for index, text in zip(known.tolist(), shown, strict=True):
        texts[index] = b'"https://orcid.org/%b"' % text.encode()
    return [texts[p] for p in place.tolist()]

"""What is assessed: the domains of the technologies that were run, and the technologies that the definition names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from primacy.studies.assessment.definition import TechnologySpec

__all__ = ["Subject", "slug", "subjects"]


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that is assessed.

    Parameters
    ----------
    id, name
        ``semiconductors``; of a domain its name in small letters and hyphens.
    kind
        ``domain`` or ``technology``.
    domain
        The domain that it is, or belongs to.
    measured_by
        The technologies whose results stand for it; empty where none was run.
    stand_in
        Whether these are others than the technology itself.
    wanted
        The technologies that would stand for it, the best first.
    """

    id: str
    name: str
    kind: Literal["domain", "technology"]
    domain: str
    measured_by: tuple[str, ...]
    stand_in: bool = False
    wanted: tuple[tuple[str, ...], ...] = ()

    def is_meant_by(self, about: Sequence[str]) -> bool:
        """Return whether what is about these domains and technologies is about this one; all where there are none."""
        return not about or self.id in about or self.domain in about


def slug(name: str) -> str:
    """Return a name as an id.

    Examples
    --------
    >>> slug("Defence, space, robotics and transportation")
    'defence-space-robotics-and-transportation'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def subjects(named: Sequence[TechnologySpec], domains: Mapping[str, str], run: set[str]) -> list[Subject]:
    """Return the domains, then the technologies named, each kind in the order of its ids.

    Parameters
    ----------
    named
        The technologies of the definition.
    domains
        The domain of each technology of the portfolio.
    run
        The technologies that have results.
    """
    by_domain: dict[str, list[str]] = {}
    for technology, domain in sorted(domains.items()):
        if technology in run:
            by_domain.setdefault(domain, []).append(technology)
    found = [
        Subject(slug(domain), domain, "domain", domain, tuple(members))
        for domain, members in by_domain.items()
    ]
    for spec in named:
        measured = next((list_ for list_ in spec.measured_by if set(list_) <= run), ())
        stand_in = bool(measured) and measured != (spec.id,)
        found.append(
            Subject(spec.id, spec.name, "technology", spec.domain, measured, stand_in, spec.measured_by)
        )
    return sorted(found, key=lambda s: (s.kind, s.id))

"""The credit of an authorship, split over its institutions, affiliations and countries.

Each of a work's N authors holds 1/N. Two splits are kept side by side:

``weight``
    equally over the author's distinct institutions that have an id. Where none has one: over the distinct
    entries without id that name a country; else over the distinct ``countries``; else it is lost.
``weight_affiliation``
    equally over the author's raw affiliations, then over each one's distinct institutions; an affiliation
    without any is a slot whose part is lost. Where no affiliation resolved: over the ``countries``, else lost.
    An author without affiliations is split as in ``weight``.

What is lost stands in a row of its own, without institution and country, so that the rows of a work sum to 1
in either split. All functions work on whole batches: one row per authorship, entry or slot; institutions and
countries are small codes from 0, so that pairs of them are one integer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NONE = -1
"""Stands for no institution and for no country."""


@dataclass(frozen=True)
class Entries:
    """What a batch of authorships says of places.

    Parameters
    ----------
    work
        For each authorship the number of its work.
    authors
        For each work its number of authorships, N.
    entry_author, entry_institution, entry_country, entry_name
        The institution entries of authorships, in order; ``entry_name`` tells those without institution apart.
    country_author, country
        The ``countries`` of authorships.
    affiliation_author
        For each affiliation its authorship, in order.
    member_affiliation, member
        The institutions of affiliations.
    institutions, countries
        How many codes there are.
    """

    work: Ints
    authors: Ints
    entry_author: Ints
    entry_institution: Ints
    entry_country: Ints
    entry_name: Ints
    country_author: Ints
    country: Ints
    affiliation_author: Ints
    member_affiliation: Ints
    member: Ints
    institutions: int
    countries: int


@dataclass(frozen=True)
class Slots:
    """Parts of credit: one row per distinct authorship, institution and country, in that order."""

    author: Ints
    institution: Ints
    country: Ints
    weight: Floats
    weight_affiliation: Floats


def _first(keys: Ints) -> Ints:
    """Return the place of the first of each group of equal keys, in the order of the keys."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    new = np.ones(len(order), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return order[new]


def _lookup(keys: Ints, values: Ints, wanted: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Find keys in a sorted table; return their values and whether they were found."""
    if not len(keys):
        return np.full(len(wanted), NONE, np.int64), np.zeros(len(wanted), bool)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found = keys[place] == wanted
    return np.where(found, values[place], NONE), found


class _Rows:
    """Parts of credit that are still to be added up."""

    def __init__(self) -> None:
        self.parts: list[tuple[Ints, Ints | int, Ints | int, Floats | int, Floats | int]] = []

    def add(
        self,
        author: Ints,
        institution: Ints | int = NONE,
        country: Ints | int = NONE,
        *,
        weight: Floats | int = 0,
        weight_affiliation: Floats | int = 0,
    ) -> None:
        if len(author):
            self.parts.append((author, institution, country, weight, weight_affiliation))

    def sum_up(self, institutions: int, countries: int) -> Slots:
        """Add the rows that share authorship, institution and country, always in the same order."""
        sizes = [len(p[0]) for p in self.parts]

        def column(i: int, kind: type) -> npt.NDArray[Any]:
            pieces: list[npt.NDArray[Any]] = [
                np.broadcast_to(np.asarray(p[i], kind), n) for p, n in zip(self.parts, sizes, strict=True)
            ]
            return np.concatenate(pieces) if pieces else np.zeros(0, kind)

        author, institution, country = (column(i, np.int64) for i in range(3))
        weight, weight_affiliation = (column(i, np.float64) for i in (3, 4))
        key = (author * (institutions + 1) + institution + 1) * (countries + 1) + country + 1
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        new = np.ones(len(order), bool)
        np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
        starts = np.flatnonzero(new)
        if not len(starts):
            return Slots(author, institution, country, weight, weight_affiliation)
        first = order[starts]
        return Slots(
            author[first],
            institution[first],
            country[first],
            np.add.reduceat(weight[order], starts),
            np.add.reduceat(weight_affiliation[order], starts),
        )


def split(entries: Entries) -> Slots:
    """Split the credit of a batch of authorships.

    Returns
    -------
    Slots
        Sorted by authorship, institution and country.
    """
    e = entries
    n = len(e.work)
    share = 1.0 / e.authors[e.work]
    base = e.institutions

    # Distinct institutions; where one stands twice, its first entry with a country speaks.
    known = np.flatnonzero(e.entry_institution != NONE)
    if (e.entry_country[known] == NONE).any():
        known = known[np.argsort(e.entry_country[known] == NONE, kind="stable")]
    key = e.entry_author[known] * base + e.entry_institution[known]
    first = _first(key)
    own, own_key = known[first], key[first]
    own_author, own_country = e.entry_author[own], e.entry_country[own]
    with_institution = np.bincount(own_author, minlength=n)

    # Entries that only name a country count where the author has no institution.
    placed = np.flatnonzero((e.entry_institution == NONE) & (e.entry_country != NONE))
    placed = placed[with_institution[e.entry_author[placed]] == 0]
    names = int(e.entry_name.max(initial=0)) + 2
    placed = placed[
        _first(
            (e.entry_author[placed] * e.countries + e.entry_country[placed]) * names
            + e.entry_name[placed]
            + 1
        )
    ]
    with_place = np.bincount(e.entry_author[placed], minlength=n)

    stated = np.flatnonzero(e.country != NONE)
    stated = stated[_first(e.country_author[stated] * e.countries + e.country[stated])]
    stated_author, stated_country = e.country_author[stated], e.country[stated]
    with_country = np.bincount(stated_author, minlength=n)

    affiliations = np.bincount(e.affiliation_author, minlength=n)
    plain = affiliations == 0  # split=affiliation falls back on split=institution
    rows = _Rows()

    def both(author: Ints, institution: Ints | int, country: Ints | int, weight: Floats) -> None:
        rows.add(
            author,
            institution,
            country,
            weight=weight,
            weight_affiliation=np.where(plain[author], weight, 0.0),
        )

    both(own_author, e.entry_institution[own], own_country, share[own_author] / with_institution[own_author])
    author = e.entry_author[placed]
    both(author, NONE, e.entry_country[placed], share[author] / with_place[author])
    unplaced = (with_institution == 0) & (with_place == 0)
    served = unplaced[stated_author]
    author = stated_author[served]
    both(author, NONE, stated_country[served], share[author] / with_country[author])
    author = np.flatnonzero(unplaced & (with_country == 0))
    both(author, NONE, NONE, share[author])

    # Affiliations: 1/N over the entries, each entry's part over its distinct institutions.
    members = np.flatnonzero(e.member != NONE)
    members = members[_first(e.member_affiliation[members] * base + e.member[members])]
    of, member = e.member_affiliation[members], e.member[members]
    size = np.bincount(of, minlength=len(e.affiliation_author))
    part = share[e.affiliation_author] / affiliations[e.affiliation_author]
    author = e.affiliation_author[of]
    country, described = _lookup(own_key, own_country, author * base + member)
    if not described.all():  # an institution that only other authors' entries describe
        key = e.work[e.entry_author[known]] * base + e.entry_institution[known]
        first = _first(key)
        elsewhere, _ = _lookup(key[first], e.entry_country[known[first]], e.work[author] * base + member)
        country = np.where(described, country, elsewhere)
    rows.add(author, member, country, weight_affiliation=part[of] / size[of])

    resolved = np.bincount(author, minlength=n) > 0
    empty = np.flatnonzero((size == 0) & resolved[e.affiliation_author])
    rows.add(e.affiliation_author[empty], weight_affiliation=part[empty])
    unresolved = ~plain & ~resolved
    served = unresolved[stated_author]
    author = stated_author[served]
    rows.add(author, NONE, stated_country[served], weight_affiliation=share[author] / with_country[author])
    author = np.flatnonzero(unresolved & (with_country == 0))
    rows.add(author, weight_affiliation=share[author])
    return rows.sum_up(e.institutions, e.countries)

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
in either split. All functions work on whole batches: one row per authorship, entry or slot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NONE = -1
"""Stands for no institution and for no country."""


@dataclass(frozen=True)
class Entries:
    """What a batch of authorships says of places; ids and country codes as integers, :data:`NONE` for none.

    Parameters
    ----------
    work
        For each authorship the number of its work.
    authors
        For each work its number of authorships, N.
    entry_author, entry_id, entry_country, entry_name
        The institutions of authorships; ``entry_name`` tells entries without id apart.
    country_author, country
        The ``countries`` of authorships.
    affiliation_author
        For each affiliation its authorship, in order.
    member_affiliation, member_id
        The institutions of affiliations.
    """

    work: Ints
    authors: Ints
    entry_author: Ints
    entry_id: Ints
    entry_country: Ints
    entry_name: Ints
    country_author: Ints
    country: Ints
    affiliation_author: Ints
    member_affiliation: Ints
    member_id: Ints


@dataclass(frozen=True)
class Slots:
    """Parts of credit: one row per distinct authorship, institution and country, in that order."""

    author: Ints
    institution: Ints
    country: Ints
    weight: Floats
    weight_affiliation: Floats


def _distinct(*keys: Ints) -> Ints:
    """Return the place of the first of each group of equal rows, in the order of the keys."""
    if not len(keys[0]):
        return np.zeros(0, np.int64)
    order = np.lexsort(keys[::-1])
    new = np.zeros(len(order), bool)
    new[0] = True
    for key in keys:
        ordered = key[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    return order[new]


def _lookup(
    keys: tuple[Ints, Ints], values: Ints, wanted: tuple[Ints, Ints]
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Find pairs in a table of distinct pairs, sorted; return their values and whether they were found."""
    if not len(values):
        return np.full(len(wanted[0]), NONE, np.int64), np.zeros(len(wanted[0]), bool)
    seconds = np.unique(keys[1])
    base = len(seconds) + 1
    table = keys[0] * base + np.searchsorted(seconds, keys[1])
    second = np.searchsorted(seconds, wanted[1])
    known = second < len(seconds)
    known[known] = seconds[second[known]] == wanted[1][known]
    sought = wanted[0] * base + np.where(known, second, base - 1)
    place = np.minimum(np.searchsorted(table, sought), len(table) - 1)
    found = table[place] == sought
    return np.where(found, values[place], NONE), found


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
    everyone = np.arange(n)

    # Distinct institutions with an id; where one stands twice, its first entry with a country speaks.
    with_id = np.flatnonzero(e.entry_id != NONE)
    ordered = with_id[np.argsort(e.entry_country[with_id] == NONE, kind="stable")]
    own = ordered[_distinct(e.entry_author[ordered], e.entry_id[ordered])]
    own_author, own_id, own_country = e.entry_author[own], e.entry_id[own], e.entry_country[own]
    with_institution = np.bincount(own_author, minlength=n)

    # Entries that only name a country count where the author has no institution with an id.
    placed = np.flatnonzero(
        (e.entry_id == NONE) & (e.entry_country != NONE) & (with_institution[e.entry_author] == 0)
    )
    placed = placed[_distinct(e.entry_author[placed], e.entry_country[placed], e.entry_name[placed])]
    with_place = np.bincount(e.entry_author[placed], minlength=n)

    valid = np.flatnonzero(e.country != NONE)
    stated = valid[_distinct(e.country_author[valid], e.country[valid])]
    stated_author, stated_country = e.country_author[stated], e.country[stated]
    with_country = np.bincount(stated_author, minlength=n)

    affiliations = np.bincount(e.affiliation_author, minlength=n)
    plain = affiliations == 0  # split=affiliation falls back on split=institution

    rows: list[tuple[Ints, Ints | int, Ints | int, Floats, Floats]] = []

    def add(author: Ints, institution: Ints | int, country: Ints | int, weight: Floats) -> None:
        rows.append((author, institution, country, weight, np.where(plain[author], weight, 0.0)))

    add(own_author, own_id, own_country, share[own_author] / with_institution[own_author])
    author = e.entry_author[placed]
    add(author, NONE, e.entry_country[placed], share[author] / with_place[author])
    unplaced = (with_institution == 0) & (with_place == 0)
    served = unplaced[stated_author]
    author = stated_author[served]
    add(author, NONE, stated_country[served], share[author] / with_country[author])
    author = everyone[unplaced & (with_country == 0)]
    add(author, NONE, NONE, share[author])

    def add_affiliation(author: Ints, institution: Ints | int, country: Ints | int, weight: Floats) -> None:
        rows.append((author, institution, country, np.zeros(len(author)), weight))

    # Affiliations: 1/N over the entries, each entry's part over its distinct institutions.
    valid = np.flatnonzero(e.member_id != NONE)
    member = valid[_distinct(e.member_affiliation[valid], e.member_id[valid])]
    member_affiliation, member_id = e.member_affiliation[member], e.member_id[member]
    members = np.bincount(member_affiliation, minlength=len(e.affiliation_author))
    part = share[e.affiliation_author] / affiliations[e.affiliation_author]
    author = e.affiliation_author[member_affiliation]
    country, known = _lookup((own_author, own_id), own_country, (author, member_id))
    if not known.all():  # an institution that the author's own entries do not describe
        first = ordered[_distinct(e.work[e.entry_author[ordered]], e.entry_id[ordered])]
        elsewhere, _ = _lookup(
            (e.work[e.entry_author[first]], e.entry_id[first]),
            e.entry_country[first],
            (e.work[author], member_id),
        )
        country = np.where(known, country, elsewhere)
    add_affiliation(author, member_id, country, part[member_affiliation] / members[member_affiliation])

    resolved = np.bincount(author, minlength=n) > 0
    empty = np.flatnonzero((members == 0) & resolved[e.affiliation_author])
    add_affiliation(e.affiliation_author[empty], NONE, NONE, part[empty])
    unresolved = ~plain & ~resolved
    served = unresolved[stated_author]
    author = stated_author[served]
    add_affiliation(author, NONE, stated_country[served], share[author] / with_country[author])
    author = everyone[unresolved & (with_country == 0)]
    add_affiliation(author, NONE, NONE, share[author])

    return _sum_up(rows)


def _sum_up(rows: list[tuple[Ints, Ints | int, Ints | int, Floats, Floats]]) -> Slots:
    """Add the rows that share authorship, institution and country, always in the same order."""
    author = np.concatenate([r[0] for r in rows])
    institution = np.concatenate([np.broadcast_to(r[1], r[0].shape) for r in rows])
    country = np.concatenate([np.broadcast_to(r[2], r[0].shape) for r in rows])
    weight = np.concatenate([r[3] for r in rows])
    weight_affiliation = np.concatenate([r[4] for r in rows])
    if not len(author):
        return Slots(author, institution, country, weight, weight_affiliation)
    order = np.lexsort((country, institution, author))
    author, institution, country = author[order], institution[order], country[order]
    new = np.ones(len(order), bool)
    new[1:] = (
        (author[1:] != author[:-1]) | (institution[1:] != institution[:-1]) | (country[1:] != country[:-1])
    )
    starts = np.flatnonzero(new)
    return Slots(
        author[starts],
        institution[starts],
        country[starts],
        np.add.reduceat(weight[order], starts),
        np.add.reduceat(weight_affiliation[order], starts),
    )

"""Who is who: OpenAlex author profiles as persons, by their ORCID iDs.

OpenAlex makes profiles by machine. Two profiles with one ORCID iD are one person (a *split* profile); a profile of
whose works several iDs are stated may be several persons (a *merged* profile). A profile without an iD is taken for a
person of its own.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import ibis
import ibis.expr.types as ir

__all__ = ["Identity", "identities", "merged_profiles", "split_persons", "statements"]

Identity: TypeAlias = Literal["joined", "profiles"]
"""``joined``: the profiles with one ORCID iD are one person; ``profiles``: every profile is a person."""


def identities(
    authors: ir.Table, author_orcids: ir.Table, persons: ir.Table, *, identity: Identity = "joined"
) -> ir.Table:
    """Return which person every author profile is.

    The iD of a profile is the one that most records give it, else the one that most of its works state; of equally
    frequent ones the first. An iD that ORCID deprecated stands for the one that replaced it.

    Parameters
    ----------
    authors
        author_id: the profiles asked about.
    author_orcids
        The lake's ``author_orcids``.
    persons
        The lake's ``persons``.
    identity
        What makes a person.

    Returns
    -------
    ibis.expr.types.Table
        author_id, person (an ORCID iD, or ``A123``), orcid (null where there is none).
    """
    said = statements(author_orcids, persons).semi_join(authors, "author_id")
    votes = said.group_by("author_id", "orcid").agg(own=said.own.sum(), works=said.count())
    best = ibis.row_number().over(
        group_by="author_id", order_by=[ibis.desc("own"), ibis.desc("works"), "orcid"]
    )
    chosen = votes.mutate(place=best).filter(ibis._.place == 0).select("author_id", "orcid")
    profiles = authors.select("author_id").distinct().left_join(chosen, "author_id")
    profiles = profiles.select("author_id", "orcid")
    profile = ibis.literal("A").concat(profiles.author_id.cast("string"))
    person = profiles.orcid.coalesce(profile) if identity == "joined" else profile
    return profiles.mutate(person=person)


def merged_profiles(author_orcids: ir.Table, persons: ir.Table) -> ir.Table:
    """Return the profiles of which several ORCID iDs are stated: author_id."""
    said = statements(author_orcids, persons)
    return (
        said.group_by("author_id")
        .agg(stated=said.orcid.nunique())
        .filter(ibis._.stated > 1)
        .select("author_id")
    )


def split_persons(profiles: ir.Table) -> ir.Table:
    """Return the persons with several profiles: person.

    Parameters
    ----------
    profiles
        From :func:`identities`.
    """
    return (
        profiles.group_by("person")
        .agg(profiles=profiles.author_id.nunique())
        .filter(ibis._.profiles > 1)
        .select("person")
    )


def statements(author_orcids: ir.Table, persons: ir.Table) -> ir.Table:
    """Return which iDs are given for which profiles, one row for each time.

    Parameters
    ----------
    author_orcids
        The lake's ``author_orcids``.
    persons
        The lake's ``persons``.

    Returns
    -------
    ibis.expr.types.Table
        author_id, orcid (the one that replaced it, where ORCID deprecated it), own (1: of the profile, 0: of the work).
    """
    known = author_orcids.filter(author_orcids.author_id.notnull())
    both = ibis.union(
        known.select("author_id", orcid=known.orcid, own=ibis.literal(1, "int64")),
        known.select("author_id", orcid=known.stated, own=ibis.literal(0, "int64")),
    )
    both = both.filter(both.orcid.notnull())
    moved = persons.filter(persons.replaced_by.notnull()).select(old="orcid", new="replaced_by")
    joined = both.left_join(moved, both.orcid == moved.old)
    return joined.select("author_id", orcid=joined.new.coalesce(joined.orcid), own=joined.own)

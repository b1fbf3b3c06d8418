"""Talent: where the authors of highly cited works were at each stage of their careers, and who went where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_literal, exact_sum
from primacy.measures.share import rank_of

__all__ = ["PATHS", "Weighting", "author_parts", "author_weights", "balances", "flows", "paths", "stocks"]

Weighting: TypeAlias = Literal["once", "credit"]
"""``once``: an author counts once, however many works; ``credit``: by the credit of the works."""

PATHS = (
    ("orcid", "undergraduate", "postgraduate"),
    ("orcid", "postgraduate", "employment"),
    ("orcid", "undergraduate", "employment"),
    ("affiliations", "first", "employment"),
)
"""Evidence and the two stages of every flow."""

_SET = ["technology", "window"]


def author_parts(works: ir.Table, authorships: ir.Table, profiles: ir.Table) -> ir.Table:
    """Return who wrote the highly cited works.

    Parameters
    ----------
    works
        technology, window, work_id, score: from :func:`primacy.measures.impact.scored`.
    authorships
        The lake's ``authorships``.
    profiles
        author_id, person.

    Returns
    -------
    ibis.expr.types.Table
        technology, window, work_id, person, score, part: works that score, and each author's part of the work (1/N).
    """
    high = works.filter(works.score > 0).select(*_SET, "work_id", "score")
    named = authorships.join(profiles.select("author_id", "person"), "author_id")
    parts = named.group_by("work_id", "person").agg(part=exact_sum(named.weight))
    return high.join(parts, "work_id")


def author_weights(parts: ir.Table, weighting: Weighting) -> ir.Table:
    """Return how much each author counts: technology, window, person, weight.

    ``once``: 1, or the largest score of the author's works where all of them are tied at the threshold and belong to
    the highly cited only in part. ``credit``: the sum of score x part over the author's works.
    """
    weight = parts.score.max() if weighting == "once" else exact_sum(parts.score * parts.part)
    return parts.group_by(*_SET, "person").agg(weight=weight)


def stocks(weights: ir.Table, stages: ir.Table) -> ir.Table:
    """Return where authors were at each stage.

    Parameters
    ----------
    weights
        From :func:`author_weights`.
    stages
        person, window, evidence, stage, unit, part.

    Returns
    -------
    ibis.expr.types.Table
        technology, window, evidence, stage, unit, authors (sum of weight x part), share (of the authors whose stage is
        known by that evidence; the units of a stage sum to 1), rank, coverage (those authors as part of all).
    """
    group = [*_SET, "evidence", "stage"]
    rows = weights.join(stages, ["window", "person"])
    rows = rows.mutate(amount=rows.weight * rows.part)
    units = rows.group_by(*group, "unit").agg(authors=exact_sum(rows.amount))
    joined = _with_whole(units, rows, weights, group)
    table = joined.mutate(share=joined.authors / joined.known, coverage=joined.known / joined.whole)
    return table.mutate(rank=rank_of(table.share, group)).select(
        *group, "unit", "authors", "share", "rank", "coverage"
    )


def paths(stages: ir.Table, routes: Sequence[tuple[str, str, str]] = PATHS) -> ir.Table:
    """Return every person's way between two stages.

    Returns
    -------
    ibis.expr.types.Table
        person, window, evidence, from_stage, to_stage, origin, destination, part: of those of whom both stages are
        known; the parts of a person's way sum to 1.
    """
    found = []
    for evidence, before, after in routes:
        mine = stages.filter(stages.evidence == evidence)
        start = mine.filter(mine.stage == before).select("person", "window", origin="unit", one="part")
        end = mine.filter(mine.stage == after).select("person", "window", destination="unit", two="part")
        both = start.join(end, ["person", "window"])
        found.append(
            both.select(
                "person",
                "window",
                evidence=ibis.literal(evidence),
                from_stage=ibis.literal(before),
                to_stage=ibis.literal(after),
                origin="origin",
                destination="destination",
                part=both.one * both.two,
            )
        )
    return ibis.union(*found) if len(found) > 1 else found[0]


def flows(weights: ir.Table, ways: ir.Table) -> ir.Table:
    """Return who went where.

    Parameters
    ----------
    weights
        From :func:`author_weights`.
    ways
        From :func:`paths`.

    Returns
    -------
    ibis.expr.types.Table
        technology, window, evidence, from_stage, to_stage, origin, destination, authors; share (of the authors of the
        origin), destination_share (of those of the destination), coverage (authors of whom both stages are known, as
        part of all).
    """
    group = [*_SET, "evidence", "from_stage", "to_stage"]
    rows = weights.join(ways, ["window", "person"])
    rows = rows.mutate(amount=rows.weight * rows.part)
    pairs = rows.group_by(*group, "origin", "destination").agg(authors=exact_sum(rows.amount))
    left = rows.group_by(*group, "origin").agg(sent=exact_sum(rows.amount))
    came = rows.group_by(*group, "destination").agg(received=exact_sum(rows.amount))
    joined = _with_whole(pairs, rows, weights, group)
    joined = joined.join(left, [*group, "origin"]).drop(ibis.selectors.endswith("_right"))
    joined = joined.join(came, [*group, "destination"]).drop(ibis.selectors.endswith("_right"))
    return joined.select(
        *group,
        "origin",
        "destination",
        "authors",
        share=joined.authors / joined.sent,
        destination_share=joined.authors / joined.received,
        coverage=joined.known / joined.whole,
    )


def balances(streams: ir.Table) -> ir.Table:
    """Return what every country lost and gained between two stages.

    Parameters
    ----------
    streams
        From :func:`flows`.

    Returns
    -------
    ibis.expr.types.Table
        technology, window, evidence, from_stage, to_stage, unit, before, after, stayed, lost, gained, net (authors),
        retention (stayed over before; null where nobody was there before), coverage.
    """
    group = [*_SET, "evidence", "from_stage", "to_stage"]
    away = ibis.cases((streams.origin == streams.destination, exact_literal(0)), else_=streams.authors)
    home = streams.authors - away
    zero = exact_literal(0)
    left = streams.select(
        *group, "coverage", unit="origin", before="authors", after=zero, stayed=home, lost=away, gained=zero
    )
    came = streams.select(
        *group,
        "coverage",
        unit="destination",
        before=zero,
        after="authors",
        stayed=zero,
        lost=zero,
        gained=away,
    )
    rows = ibis.union(left, came)
    amounts = ("before", "after", "stayed", "lost", "gained")
    table = rows.group_by(*group, "unit").agg(
        **{name: exact_sum(rows[name], large=True) for name in amounts}, coverage=rows.coverage.max()
    )
    return table.select(
        *group,
        "unit",
        *amounts,
        net=table.gained - table.lost,
        retention=ibis.cases((table.before > 0, table.stayed / table.before)),
        coverage=table.coverage,
    )


def _with_whole(units: ir.Table, rows: ir.Table, weights: ir.Table, group: list[str]) -> ir.Table:
    """Add the authors who are known (of the group) and all of them (of the set)."""
    known = rows.group_by(*group).agg(known=exact_sum(rows.amount))
    whole = weights.group_by(*_SET).agg(whole=exact_sum(weights.weight))
    return units.join(known, group).join(whole, _SET)

"""Why a lead changed between two sets of records, in plain Python: each work's part in it."""

from __future__ import annotations

from collections import defaultdict

from tests.oracles.research import DEFAULT, citations, counts, credit, number, scores


def competing(records, members, window, **options):
    """Return {work: (score, {country: credit})} of one technology in one window."""
    method = {**DEFAULT, **options}
    cited = citations(records, method)
    cells, given = defaultdict(list), {}
    for r in records:
        work = number(r["id"])
        if work in members and counts(r, method) and window[0] <= r["publication_year"] <= window[1]:
            units, resolved = credit(r, "country", method, {})
            if resolved or method["missing"] != "renormalise":
                given[work] = units
                cells[r["publication_year"]].append(work)
    found = {}
    for ids in cells.values():
        for work, score in zip(
            ids, scores([cited[i] for i in ids], method["top"], method["ties"]), strict=True
        ):
            found[work] = score, given[work]
    return found


def share(works, country):
    total = sum(s for s, _ in works.values())
    return sum(s * c.get(country, 0.0) for s, c in works.values()) / total if total > 0 else 0.0


def leader(works):
    """The country of the largest share, of equal ones the first in the alphabet; None where nobody has any."""
    ranked = sorted({u for _, c in works.values() for u in c}, key=lambda u: (-round(share(works, u), 12), u))
    return next((u for u in ranked if share(works, u) > 0), None)


def part(works, work, new, old):
    """What a work adds to the new leader's share less the old one's."""
    total = sum(s for s, _ in works.values())
    if work not in works or total == 0:
        return 0.0
    score, given = works[work]
    return score * (given.get(new, 0.0) - given.get(old, 0.0)) / total


def lead_change(before, after):
    """Return (old leader, new leader, {work: contribution}); None where the leader is the same."""
    old, new = leader(before), leader(after)
    if old == new:
        return None
    works = before.keys() | after.keys()
    return old, new, {w: part(after, w, new, old) - part(before, w, new, old) for w in works}

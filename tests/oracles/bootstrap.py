"""The bootstrap, re-stated slowly: walk through the papers that a replicate drew, one by one.

Imports nothing of the project. A paper is a dict with ``citations``, ``score``, ``country`` and ``institution``
(credit by unit).
"""

from __future__ import annotations


def drawn(papers, times):
    """The papers of a replicate, each as often as it was drawn."""
    return [paper for paper, n in zip(papers, times, strict=True) for _ in range(n)]


def shares(papers, kind="country"):
    """Share of every unit, or None where no paper scores."""
    whole = sum(p["score"] for p in papers)
    if whole == 0:
        return None
    units = {u for p in papers for u in p[kind]}
    return {u: sum(p["score"] * p[kind].get(u, 0.0) for p in papers) / whole for u in units}


def rank(found, unit):
    """1 + the number of units with a larger share."""
    return 1 + sum(v > found.get(unit, 0.0) + 1e-12 for v in found.values())


def h_index(papers, unit):
    """Largest h such that h papers on which the unit is present have h citations each."""
    cites = sorted((p["citations"] for p in papers if p["country"].get(unit)), reverse=True)
    return max((i for i, c in enumerate(cites, 1) if c >= i), default=0)


def lead(papers, seat):
    """Leader, lead ratio, institutions of the ten first in the leader's country, and monopoly risk."""
    by_country = shares(papers, "country")
    if by_country is None or max(by_country.values(), default=0.0) == 0:
        return None
    order = sorted(by_country, key=lambda u: (-round(by_country[u], 12), u))
    second = by_country[order[1]] if len(order) > 1 else 0.0
    ratio = by_country[order[0]] / second if second else float("inf")
    by_institution = {u: v for u, v in shares(papers, "institution").items() if v > 0}
    ten = sorted(by_institution, key=lambda u: (-round(by_institution[u], 12), u))[:10]
    inside = sum(seat.get(u) == order[0] for u in ten)
    risk = "high" if inside >= 8 and ratio >= 3 else "medium" if inside >= 5 and ratio >= 2 else "low"
    return order[0], ratio, inside, risk


def percentile(values, q):
    """Percentile with linear interpolation between the two nearest."""
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])

"""Count and Share over a basket of journals, re-stated slowly from the description, over plain OpenAlex records.

Written from the contract and the reference alone; imports nothing of the project.
"""

from __future__ import annotations

from collections import defaultdict
from math import exp, log

from tests.oracles.research import BLOCS, TYPE, slots

NOT_ARTICLES = (
    "Correction",
    "Erratum",
    "Corrigendum",
    "Reply",
    "Editorial",
    "Obituary",
    "Retraction",
    "Author Correction",
    "Publisher Correction",
)


def source_of(record):
    location = record.get("primary_location")
    return (record.get("host_venue") if location is None else location.get("source")) or {}


def issns_of(source):
    return {i.upper() for i in [*(source.get("issn") or []), source.get("issn_l")] if i}


def is_article(record, issns):
    title = (record.get("title") or record.get("display_name") or "").lstrip().lower()
    return (
        TYPE.get(record.get("type"), record.get("type")) == "article"
        and not record.get("is_retracted")
        and not record.get("is_paratext")
        and not record.get("is_xpac")
        and record.get("publication_year") is not None
        and bool(issns_of(source_of(record)) & set(issns))
        and not title.startswith(tuple(p.lower() for p in NOT_ARTICLES))
    )


def credit(record, by, split="institution", goes_to=lambda institution, year: {institution: 1.0}):
    """What each unit gets of one article; "unassigned" holds the rest, so that the values sum to 1."""
    authors = record.get("authorships") or []
    got = defaultdict(float)
    for author in authors:
        for institution, country, part in slots(author, split, record):
            if by == "institution":
                targets = {} if institution is None else goes_to(institution, record["publication_year"])
                units = {f"I{u}": p for u, p in targets.items()}
            else:
                home = "CN" if country in ("HK", "MO") else country
                units = {home: 1.0} if home else {}
            for unit, p in units.items():
                got[unit] += part * p / len(authors)
    lost = 1 - sum(got.values())
    if by == "bloc":
        got = {b: sum(v for u, v in got.items() if u in members) for b, members in BLOCS.items()}
        got = {b: v for b, v in got.items() if v > 0}
    if lost > 1e-12:
        got["unassigned"] = lost
    return dict(got)


def table(records, issns, year, by, split="institution", **more):
    """Rows of one year: {unit: {count, share, rank, adjusted_change}}."""
    now = [r for r in records if is_article(r, issns) and r["publication_year"] == year]
    before = [r for r in records if is_article(r, issns) and r["publication_year"] == year - 1]
    sums = {}
    for name, chosen in (("now", now), ("before", before)):
        sums[name] = defaultdict(list)
        for r in chosen:
            for unit, value in credit(r, by, split, **more).items():
                sums[name][unit].append(value)
    rows = {
        unit: {"count": len(values), "share": sum(values), "rank": None, "adjusted_change": None}
        for unit, values in sums["now"].items()
    }
    rows.setdefault("unassigned", {"count": 0, "share": 0.0, "rank": None, "adjusted_change": None})
    for unit, row in rows.items():
        if unit == "unassigned":
            continue
        others = [r["share"] for u, r in rows.items() if u != "unassigned"]
        row["rank"] = 1 + sum(s > row["share"] + 1e-12 for s in others)
        if unit in sums["before"]:
            k = len(before) / len(now)
            row["adjusted_change"] = 100 * (k * row["share"] / sum(sums["before"][unit]) - 1)
    return rows


# ------------------------------------------------------------------ growth, from {(period, journal, unit): share}


def decomposition(shares, sizes, unit, period):
    """Volume, within and mix of one unit's change, from sums by journal and the journals' sizes."""
    journals = {j for (p, j) in sizes if p in (period, period - 1)}
    n = sum(sizes.get((period, j), 0) for j in journals)
    m = sum(sizes.get((period - 1, j), 0) for j in journals)
    within = mix = 0.0
    for j in journals:
        now, then = sizes.get((period, j), 0), sizes.get((period - 1, j), 0)
        p = shares.get((period, j, unit), 0) / now if now else None
        q = shares.get((period - 1, j, unit), 0) / then if then else None
        p, q = (q if p is None else p), (p if q is None else q)
        within += (n + m) / 2 * (p - q) * (now / n + then / m) / 2
        mix += (n + m) / 2 * (now / n - then / m) * (p + q) / 2
    s = sum(shares.get((period, j, unit), 0) for j in journals)
    t = sum(shares.get((period - 1, j, unit), 0) for j in journals)
    return {"volume": (n - m) * (s / n + t / m) / 2, "within": within, "mix": mix, "change": s - t}


def fixed(shares, sizes, unit, period, reference):
    """Growth with every journal of both periods as large as in the reference; None where undefined."""
    both = [j for (p, j) in sizes if p == period and (reference, j) in sizes]
    then = sum(shares.get((reference, j, unit), 0) for j in both)
    now = sum(sizes[reference, j] * shares.get((period, j, unit), 0) / sizes[period, j] for j in both)
    return now / then if then > 0 else None


def chain(shares, sizes, unit, period, base):
    """Product of the fixed growth from each period to the next; None where a link is undefined or nothing."""
    links = [fixed(shares, sizes, unit, p, p - 1) for p in range(base + 1, period + 1)]
    return exp(sum(log(x) for x in links)) if all(links) else None


# ------------------------------------------------------------------ attribution, from {institution: lineage}


def goes_to(institution, lineage, overrides=(), passed=()):
    """Parts of an institution's credit by unit. Overrides: (institution, rule, unit, part) that hold."""
    passed = {*passed, *(i for i, rule, _, _ in overrides if rule == "passes")}
    own = {i for i, rule, _, _ in overrides if rule == "own"}
    partners = defaultdict(dict)
    for i, rule, unit, part in overrides:
        if rule == "partner":
            partners[i][unit] = part

    def above(i):
        return {a for a in lineage.get(i) or [] if a != i and a not in passed}

    def tops(i):
        if i in own or i in partners:
            return {i}
        reach = above(i)
        for stop in [a for a in reach if a in own or a in partners]:
            reach = reach - above(stop)
        return {a for a in reach if not above(a) & reach} or {i}

    got = defaultdict(float)
    for top in tops(institution):
        share = 1 / len(tops(institution))
        if top in partners:
            for unit, part in partners[top].items():
                for t in tops(unit):
                    got[t] += share * part / len(tops(unit))
        else:
            got[top] += share
    return dict(got)

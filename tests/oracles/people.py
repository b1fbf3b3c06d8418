"""Where the authors of highly cited works learned and work, re-stated slowly over plain records.

A world is a dict of lists of dicts: works (id, year, citations, technology, authors), where an author has a profile (a
number or None), countries, orcid and stated; records (orcid, status, replaced_by); studies and jobs (orcid, stage,
country, start, end). Written from the documentation alone; imports nothing of the project.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import pairwise

MERGE = {"HK": "CN", "MO": "CN"}
PATHS = [
    ("orcid", "undergraduate", "postgraduate"),
    ("orcid", "postgraduate", "employment"),
    ("orcid", "undergraduate", "employment"),
    ("affiliations", "first", "employment"),
]


def place(country):
    return MERGE.get(country, country)


def scores(works, percent):
    """The score of each work among the works of its technology and year that have a country."""
    cells = defaultdict(list)
    for w in works:
        if any(a["countries"] for a in w["authors"]):
            cells[w["technology"], w["year"]].append(w)
    found = {}
    for cell in cells.values():
        n = len(cell)
        for w in cell:
            above = sum(o["citations"] > w["citations"] for o in cell)
            tied = sum(o["citations"] == w["citations"] for o in cell)
            free = Fraction(percent * n, 100) - above
            found[w["id"]] = min(Fraction(1), max(Fraction(0), free / tied))
    return found


def whose(world):
    """The ORCID iD of each profile."""
    moved = {r["orcid"]: r["replaced_by"] for r in world["records"] if r["replaced_by"]}
    votes = defaultdict(Counter)
    for w in world["works"]:
        for a in w["authors"]:
            if a["profile"] is None:
                continue
            if a["orcid"]:
                votes[a["profile"]][moved.get(a["orcid"], a["orcid"])] += 1000
            if a["stated"]:
                votes[a["profile"]][moved.get(a["stated"], a["stated"])] += 1
    # The profile's own iD first, then the number of times that either is given, then the alphabet.
    best = {}
    for profile, counts in votes.items():
        best[profile] = min(counts, key=lambda o: (-(counts[o] // 1000), -_times(counts[o]), o))
    return best, {p for p, counts in votes.items() if len(counts) > 1}


def _times(votes):
    return votes // 1000 + votes % 1000


def equally(countries):
    chosen = sorted(set(countries))
    return {c: Fraction(1, len(chosen)) for c in chosen}


def degrees(world, orcid, stage):
    mine = [s for s in world["studies"] if s["orcid"] == orcid and s["stage"] == stage and s["country"]]
    dated = [s for s in mine if (s["end"] or s["start"]) is not None]
    if dated:
        when = [s["end"] if s["end"] is not None else s["start"] for s in dated]
        wanted = min(when) if stage == "undergraduate" else max(when)
        mine = [s for s, year in zip(dated, when, strict=True) if year == wanted]
    return equally(place(s["country"]) for s in mine)


def employment(world, orcid, year):
    mine = [j for j in world["jobs"] if j["orcid"] == orcid and j["country"]]
    undated = [j for j in mine if j["start"] is None and j["end"] is None]
    begun = [j for j in mine if j not in undated and (j["start"] is None or j["start"] <= year)]
    lasting = [j for j in begun if j["end"] is None or j["end"] >= year]
    ended = [j for j in begun if j not in lasting]
    last = max((j["end"] for j in ended), default=None)
    chosen = lasting or undated or [j for j in ended if j["end"] == last]
    return equally(place(j["country"]) for j in chosen)


def main_countries(world, persons):
    """For each person the main countries of each year."""
    weight = defaultdict(lambda: defaultdict(Fraction))
    for w in world["works"]:
        on = defaultdict(set)
        for a in w["authors"]:
            if a["profile"] in persons:
                on[persons[a["profile"]]] |= {place(c) for c in a["countries"]}
        for person, countries in on.items():
            for c in countries:
                weight[person, w["year"]][c] += Fraction(1, len(countries))
    found = defaultdict(dict)
    for (person, year), countries in weight.items():
        most = max(countries.values())
        found[person][year] = {c for c, x in countries.items() if x == most}
    return found


def people(world, percent, windows, weighting):
    """Stocks and flows, and the number of moves of each person."""
    score = scores(world["works"], percent)
    orcid, _ = whose(world)
    profiles = {a["profile"] for w in world["works"] for a in w["authors"] if a["profile"] is not None}
    persons = {p: orcid.get(p, f"A{p}") for p in profiles}
    active = {r["orcid"]: r["status"] == "active" for r in world["records"]}
    mains = main_countries(world, persons)

    def stated(person, year):
        if "-" not in person or not active.get(person, True):
            return {}
        stages = {s: degrees(world, person, s) for s in ("undergraduate", "postgraduate")}
        stages["employment"] = employment(world, person, year)
        return {s: parts for s, parts in stages.items() if parts}

    def told(person, year):
        years = [y for y in mains[person] if y <= year]
        if not years:
            return {}
        return {
            "first": equally(mains[person][min(years)]),
            "employment": equally(mains[person][max(years)]),
        }

    stocks, flows = {}, {}
    for technology in sorted({w["technology"] for w in world["works"]}):
        for first, last in windows:
            weight = defaultdict(Fraction)
            for w in world["works"]:
                if w["technology"] != technology or not first <= w["year"] <= last or not score.get(w["id"]):
                    continue
                for a in w["authors"]:
                    if a["profile"] is None:
                        continue
                    person = persons[a["profile"]]
                    if weighting == "once":
                        weight[person] = max(weight[person], score[w["id"]])
                    else:
                        weight[person] += score[w["id"]] / len(w["authors"])
            whole = sum(weight.values())
            stock, flow = defaultdict(Fraction), defaultdict(Fraction)
            for person, x in weight.items():
                known = any(stated(person, b) for _, b in windows)
                evidence = "orcid" if known else "affiliations"
                stages = stated(person, last) if known else told(person, last)
                for stage, parts in stages.items():
                    for c, part in parts.items():
                        stock[evidence, stage, c] += x * part
                for kind, a, b in PATHS:
                    if kind == evidence and a in stages and b in stages:
                        for c, one in stages[a].items():
                            for d, two in stages[b].items():
                                flow[kind, a, b, c, d] += x * one * two
            window = f"{first}-{last}"
            for key, x in stock.items():
                total = sum(v for k, v in stock.items() if k[:2] == key[:2])
                stocks[(technology, window, *key)] = (x, x / total, total / whole)
            for key, x in flow.items():
                total = sum(v for k, v in flow.items() if k[:3] == key[:3])
                sent = sum(v for k, v in flow.items() if k[:4] == key[:4])
                came = sum(v for k, v in flow.items() if k[:3] == key[:3] and k[4] == key[4])
                flows[(technology, window, *key)] = (x, x / sent, x / came, total / whole)
    moves = {}
    for person, years in ((p, y) for p, y in mains.items() if y):
        order = sorted(years)
        moves[person] = sum(not years[a] & years[b] for a, b in pairwise(order))
    return stocks, flows, moves

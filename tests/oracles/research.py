"""Shares of highly cited works, re-stated slowly from the method's description, over plain OpenAlex records.

Written from the contract and the reference alone; imports nothing of the project.
"""

from __future__ import annotations

from collections import defaultdict

BLOCS = {
    "EU27": [
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    ],
    "AUKUS": ["AU", "GB", "US"],
    "Quad": ["AU", "IN", "JP", "US"],
    "BRICS": ["AE", "BR", "CN", "EG", "ET", "ID", "IN", "IR", "RU", "ZA"],
    "FiveEyes": ["AU", "CA", "GB", "NZ", "US"],
}
TYPE = {
    "journal-article": "article",
    "proceedings-article": "article",
    "posted-content": "preprint",
    "monograph": "book",
}
DEFAULT = {
    "top": 0.10,
    "ties": "fractional",
    "scope": "year",
    "counting": "fractional",
    "split": "institution",
    "missing": "renormalise",
    "types": ("article", "review", "conference-paper"),
    "territories": "merge",
    "rollup": False,
    "exclude_domestic": False,
    "include_xpac": False,
}


def number(openalex_id):
    return int(openalex_id.rsplit("/", 1)[-1].lstrip("WISTAwista"))


def slots(authorship, split, whole_record):
    """The parts of one author: list of (institution or None, country or None, part); parts sum to at most 1."""
    entries = authorship.get("institutions") or []
    with_id = {}
    for e in entries:
        if e.get("id"):
            with_id.setdefault(number(e["id"]), e.get("country_code"))
    affiliations = authorship.get("affiliations") or []
    found = []
    if split == "affiliation" and affiliations:
        known = {}
        for other in [*whole_record.get("authorships", []), authorship]:
            for e in other.get("institutions") or []:
                if e.get("id"):
                    known[number(e["id"])] = e.get("country_code")
        for a in affiliations:
            ids = list(dict.fromkeys(number(i) for i in a.get("institution_ids") or [] if i))
            found += [(i, known.get(i), 1 / len(affiliations) / len(ids)) for i in ids]
    elif with_id:
        found = [(i, c, 1 / len(with_id)) for i, c in with_id.items()]
    elif any(e.get("country_code") for e in entries):
        named = list(dict.fromkeys((e.get("display_name"), e.get("country_code")) for e in entries))
        found = [(None, c, 1 / len(named)) for _, c in named if c]
    if not found:
        countries = list(dict.fromkeys(authorship.get("countries") or []))
        found = [(None, c, 1 / len(countries)) for c in countries]
    return found


def merged(country, method):
    return "CN" if method["territories"] == "merge" and country in ("HK", "MO") else country


def tops(institution, lineage):
    """Topmost ancestors: those in whose own lineage stands nobody else."""
    above = [a for a in lineage.get(institution, []) if a != institution]
    roots = [a for a in dict.fromkeys(above) if not [b for b in lineage.get(a, []) if b != a]]
    return roots or [institution]


def credit(record, by, method, lineage):
    """What each unit gets of one work."""
    authors = record.get("authorships") or []
    if method["counting"] == "first":
        authors = [a for a in authors if a.get("author_position") == "first"]
    elif method["counting"] == "corresponding":
        authors = [a for a in authors if a.get("is_corresponding")]
    got = defaultdict(float)
    for a in authors:
        for institution, country, part in slots(a, method["split"], record):
            if by == "institution":
                if institution is None:
                    continue
                units = tops(institution, lineage) if method["rollup"] else [institution]
                for u in units:
                    got[u] += part / len(units) / len(authors)
            elif country:
                got[merged(country, method)] += part / len(authors)
    got = dict(got)
    if method["counting"] == "full":
        got = dict.fromkeys(got, 1.0)
    elif method["missing"] == "renormalise" and got:
        whole = sum(got.values())
        got = {u: v / whole for u, v in got.items()}
    if by == "bloc":
        joined = defaultdict(float)
        for bloc, members in BLOCS.items():
            for u, v in got.items():
                if u in members:
                    joined[bloc] += v
        joined = dict(joined)
        return (dict.fromkeys(joined, 1.0) if method["counting"] == "full" else joined), bool(got)
    return got, bool(got)


def counts(record, method, any_type=False):
    kind = TYPE.get(record.get("type"), record.get("type"))
    return (
        not record.get("is_retracted")
        and not record.get("is_paratext")
        and record.get("publication_year") is not None
        and (method["include_xpac"] or not record.get("is_xpac"))
        and (any_type or kind in method["types"])
    )


def countries_of(record, method):
    return {
        merged(c, method)
        for a in record.get("authorships") or []
        for _, c, _ in slots(a, method["split"], record)
        if c
    }


def citations(records, method):
    if not method["exclude_domestic"]:
        return {number(r["id"]): r["cited_by_count"] for r in records}
    own = {number(r["id"]): countries_of(r, method) for r in records}
    got = dict.fromkeys(own, 0)
    for r in records:
        if counts(r, method, any_type=True):
            for cited in {number(x) for x in r.get("referenced_works") or []}:
                if cited in got and not own[cited] & own[number(r["id"])]:
                    got[cited] += 1
    return got


def scores(cites, top, ties):
    """Scores of the works of one cell, from their citations."""
    n = len(cites)
    threshold = weight = None
    for c in sorted(set(cites)):
        if sum(x <= c for x in cites) / n >= 1 - top:
            threshold = c
            at = sum(x == c for x in cites) / n
            weight = (sum(x <= c for x in cites) / n - (1 - top)) / at
            break
    at_threshold = {"fractional": weight, "include": 1.0, "exclude": 0.0}[ties]
    return [1.0 if c > threshold else at_threshold if c == threshold else 0.0 for c in cites]


def h_index(cites):
    ordered = sorted(cites, reverse=True)
    return max((i for i, c in enumerate(ordered, 1) if c >= i), default=0)


def shares(records, members, by, window, lineage=None, **options):
    """Rows of one technology: {unit: {papers, high_impact, share, rank, h_index}}."""
    method = {**DEFAULT, **options}
    first, last = window
    cited = citations(records, method)
    mine = [
        r
        for r in records
        if number(r["id"]) in members and counts(r, method) and first <= r["publication_year"] <= last
    ]
    given = {}
    competing = []
    for r in mine:
        units, resolved = credit(r, by, method, lineage or {})
        if not resolved and method["missing"] == "renormalise":
            continue
        given[number(r["id"])] = units
        competing.append(r)
    cells = defaultdict(list)
    for r in competing:
        cells[r["publication_year"] if method["scope"] == "year" else None].append(number(r["id"]))
    score = {}
    for ids in cells.values():
        score.update(zip(ids, scores([cited[i] for i in ids], method["top"], method["ties"]), strict=True))
    whole = sum(score.values())
    rows = {}
    for u in {u for units in given.values() for u in units}:
        works = [i for i, units in given.items() if u in units]
        high = sum(given[i][u] * score[i] for i in works)
        rows[u] = {
            "papers": sum(given[i][u] for i in works),
            "high_impact": high,
            "share": high / whole if whole > 0 else None,
            "h_index": h_index([cited[i] for i in works]),
        }
    for row in rows.values():
        row["rank"] = 1 + sum(other["share"] > row["share"] + 1e-12 for other in rows.values() if whole > 0)
    return rows

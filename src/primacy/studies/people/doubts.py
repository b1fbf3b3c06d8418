"""How much is known of the authors, and what doubtful author profiles change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.lake.engine import Keep
from primacy.measures import affiliations, identity, talent
from primacy.measures.exact import exact_sum
from primacy.sources.reference.countries import continents
from primacy.studies.people.crowd import Crowd
from primacy.studies.research.intervals import ToArrow

__all__ = ["careers", "disambiguation"]

SET = ["technology", "window"]


def careers(crowd: Crowd, compute: ToArrow) -> list[dict[str, Any]]:
    """Return how much is known of the authors of every technology and window, a row each."""
    weights = crowd.weights
    whole = weights.group_by(*SET).agg(authors=exact_sum(weights.weight), persons=weights.count())
    identified = crowd.profiles.filter(crowd.profiles.orcid.notnull()).select("person").distinct()
    stocks = talent.stocks(weights, crowd.stages)
    covered = {
        (r["technology"], r["window"], f"{r['evidence']}_{r['stage']}"): r["coverage"]
        for r in compute(stocks.select(*SET, "evidence", "stage", "coverage").distinct()).to_pylist()
    }
    sums = {
        "with_orcid": weights.semi_join(identified, "person"),
        "unknown": weights.anti_join(crowd.stages, ["person", "window"]),
        "moved": weights.semi_join(crowd.moves.filter(crowd.moves.moves > 0), "person"),
    }
    known = {name: _sums(table, table.weight, compute) for name, table in sums.items()}
    walked = weights.join(crowd.moves, "person")
    known["moves"] = _sums(walked, walked.weight * walked.moves, compute)
    without, agreement = _without_profile(crowd, compute), _agreement(crowd, compute)
    rows = []
    for row in compute(whole.order_by(SET)).to_pylist():
        place = (row["technology"], row["window"])
        total = row["authors"]
        parts = {name: found.get(place, 0.0) / total if total else None for name, found in known.items()}
        stages = {s: covered.get((*place, s), 0.0) for s in _STAGES}
        rows.append(
            row | parts | stages | {"without_profile": without.get(place), "agreement": agreement.get(place)}
        )
    return rows


_STAGES = (
    "orcid_undergraduate",
    "orcid_postgraduate",
    "orcid_employment",
    "affiliations_first",
    "affiliations_employment",
)


def _sums(table: ir.Table, value: ir.FloatingValue, compute: ToArrow) -> dict[tuple[str, str], float]:
    sums = compute(table.group_by(*SET).agg(value=exact_sum(value)))
    return {(r["technology"], r["window"]): r["value"] for r in sums.to_pylist()}


def _without_profile(crowd: Crowd, compute: ToArrow) -> dict[tuple[str, str], float]:
    """Return the part of the credit of highly cited works that authors without a profile hold."""
    rows = crowd.scored.filter(crowd.scored.score > 0).join(crowd.authorships, "work_id")
    amount = rows.score * rows.weight
    nobody = ibis.cases((rows.author_id.isnull(), amount), else_=0.0)
    table = rows.group_by(*SET).agg(nobody=exact_sum(nobody), whole=exact_sum(amount))
    return {(r["technology"], r["window"]): r["nobody"] / r["whole"] for r in compute(table).to_pylist()}


def _agreement(crowd: Crowd, compute: ToArrow) -> dict[tuple[str, str], float]:
    """Return how much of the employments by ORCID and by works, of authors who have both, is in the same country."""
    keys = ["person", "window"]
    stated = crowd.stated.filter(crowd.stated.stage == "employment")
    told = crowd.told.filter(crowd.told.stage == "employment")
    both = stated.select(*keys, "unit", one="part").join(
        told.select(*keys, "unit", two="part"), [*keys, "unit"]
    )
    same = both.group_by(*keys).agg(same=exact_sum(ibis.least(both.one, both.two)))
    people = stated.select(keys).distinct().semi_join(told, keys)
    joined = people.left_join(same, keys).select(*keys, same=ibis._.same.fill_null(0.0))
    rows = crowd.weights.join(joined, keys)
    table = rows.group_by(*SET).agg(same=exact_sum(rows.weight * rows.same), whole=exact_sum(rows.weight))
    return {(r["technology"], r["window"]): r["same"] / r["whole"] for r in compute(table).to_pylist()}


def disambiguation(crowd: Crowd, keep: Keep, compute: ToArrow) -> Iterator[dict[str, Any]]:
    """Yield what doubtful profiles change, a row per technology, window and variant."""
    profiles = crowd.by_profile()
    doubts = _Doubts(crowd, keep), _Doubts(profiles, keep)
    variants = (
        ("joined", crowd, doubts[0], crowd.weights),
        ("profiles", profiles, doubts[1], profiles.weights),
        ("undoubted", crowd, doubts[0], crowd.weights.anti_join(doubts[0].doubtful, "person")),
    )
    usual: dict[tuple[str, str], dict[str, float]] = {}
    for variant, mine, doubt, weights in variants:
        shares = _employment(weights, mine, compute)
        counts = _counts(weights, mine, doubt, compute)
        if variant == "joined":
            usual = shares
        for place in sorted(usual):
            yield {
                "technology": place[0],
                "window": place[1],
                "variant": variant,
                **{name: found.get(place, 0) for name, found in counts.items()},
                **_difference(usual[place], shares.get(place, {})),
            }


class _Doubts:
    """The doubtful persons among the authors, by reason; each a table of persons."""

    def __init__(self, crowd: Crowd, keep: Keep) -> None:
        tables = crowd.pipeline.tables
        places = continents()
        continent = ibis.memtable(pa.table({"unit": list(places), "continent": list(places.values())}))
        several = identity.merged_profiles(tables("author_orcids"), tables("persons"))
        self.split = keep(identity.split_persons(crowd.profiles))
        self.merged = keep(crowd.profiles.semi_join(several, "author_id").select("person").distinct())
        self.impossible = keep(affiliations.impossible(crowd.present, continent))
        self.doubtful = keep(ibis.union(self.merged, self.impossible, distinct=True))


def _employment(weights: ir.Table, crowd: Crowd, compute: ToArrow) -> dict[tuple[str, str], dict[str, float]]:
    """Return the shares of employment by country, by the works of all authors, of every set."""
    told = crowd.told.filter(crowd.told.stage == "employment")
    rows = compute(talent.stocks(weights, told).select(*SET, "unit", "share")).to_pylist()
    found: dict[tuple[str, str], dict[str, float]] = {}
    for r in rows:
        found.setdefault((r["technology"], r["window"]), {})[r["unit"]] = r["share"]
    return found


def _counts(
    weights: ir.Table, crowd: Crowd, doubt: _Doubts, compute: ToArrow
) -> dict[str, dict[tuple[str, str], Any]]:
    groups = {"split": doubt.split, "merged": doubt.merged, "impossible": doubt.impossible}
    tables = {
        "persons": weights,
        **{name: weights.semi_join(some, "person") for name, some in groups.items()},
    }
    found: dict[str, dict[tuple[str, str], Any]] = {
        name: {
            (r["technology"], r["window"]): r["n"]
            for r in compute(table.group_by(*SET).agg(n=table.count())).to_pylist()
        }
        for name, table in tables.items()
    }
    walked = weights.join(crowd.moves, "person")
    moved, whole = (
        _sums(walked, walked.weight * walked.moves, compute),
        _sums(weights, weights.weight, compute),
    )
    found["moves"] = {place: moved.get(place, 0.0) / total for place, total in whole.items() if total}
    return found


def _difference(usual: dict[str, float], other: dict[str, float]) -> dict[str, Any]:
    """Return how far two sets of shares are apart, and in which country most."""
    gaps = {u: other.get(u, 0.0) - usual.get(u, 0.0) for u in sorted({*usual, *other})}
    if not gaps or not other:
        return {"distance": None, "unit": None, "difference": None}
    unit = max(gaps, key=lambda u: (round(abs(gaps[u]), 12), u))
    distance = sum(abs(g) for g in gaps.values()) / 2
    return {"distance": distance, "unit": unit if gaps[unit] else None, "difference": gaps[unit]}

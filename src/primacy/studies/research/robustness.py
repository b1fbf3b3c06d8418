"""How robust a lead is: the multiverse of methods, out of the lake's tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from primacy.inference.bootstrap import generator
from primacy.inference.effects import effects
from primacy.inference.multiverse import JointDraws, Multiverse, joint_draws, multiverse
from primacy.inference.workshop import AXES, LENGTHS, Material, Workshop
from primacy.lake.engine import Engine, Keep
from primacy.measures import citations, credit, works
from primacy.measures.credit import MERGED
from primacy.measures.method import TYPES, Method, Split, Territories, Window
from primacy.studies.outcome import Step
from primacy.studies.research.pipeline import Tables
from primacy.studies.tables import research as declared

__all__ = ["Robustness", "chosen_method", "materials", "robustness", "share_draws"]

WITH_PREPRINTS = (*TYPES, "preprint")
PARTS = [f"{s}_{g}" for s in ("institution", "affiliation") for g in ("all", "first", "corresponding")]


HELD = 0.5
"""Foreign citations count as known where the lake holds at least this part of the citations stated; first and
corresponding authors, where at least this part of the works marks one."""

CHOICES: pa.Schema = declared.CHOICES.arrow
"""Columns of ``choices``: per option the part of the universes that the leader leads, per choice its effects."""


POINTS = 101
"""Places of a lead's specification curve that results hold: every hundredth of its methods."""

CURVE: pa.Schema = declared.CURVE.arrow
"""Columns of ``curve``."""

LEAST = 0.01
"""Units whose mean share over the draws is smaller stand in no row of ``share_draws``."""

PLACES = 6
"""Decimals of a drawn share: a millionth is far below what a thousand draws tell apart."""


@dataclass(frozen=True)
class Robustness:
    """The multiverse of one technology and window.

    Parameters
    ----------
    technology, window, leader
        What is looked at; the leader of the main method.
    units
        Codes of the units by number.
    universes
        The multiverse.
    joint
        The leader of each joint draw of a universe and of works.
    drawn
        Shares in every joint draw that defines any, of the units whose mean share is one per cent and more.
    """

    technology: str
    window: str
    leader: str
    units: list[str]
    universes: Multiverse
    joint: npt.NDArray[np.int64]
    drawn: Mapping[str, npt.NDArray[np.float64]]

    @property
    def joint_probability(self) -> float | None:
        """The part of the joint draws with a leader in which the main method's leader leads."""
        known = self.joint[self.joint >= 0]
        return float((known == self.universes.unit).mean()) if len(known) else None

    @property
    def margins(self) -> npt.NDArray[np.float64]:
        """The leader's share less the best other share in every defensible universe; else not a number."""
        return np.where(self.universes.defensible, self.universes.margin, np.nan)

    def curve(self) -> list[dict[str, Any]]:
        """Return the margins in order, at evenly spaced places of the universes that define a leader."""
        known = np.sort(self.margins[~np.isnan(self.margins)], axis=None)
        if not len(known):
            return []
        places = np.linspace(0.0, 1.0, POINTS)
        found = known[(places * (len(known) - 1)).round().astype(int)]
        here = {"technology": self.technology, "window": self.window}
        return [
            {**here, "place": round(float(place), 2), "margin": float(margin)}
            for place, margin in zip(places, found, strict=True)
        ]

    def row(self) -> dict[str, Any]:
        """Return robustness, universes, probability and the strongest other leader."""
        found = self.universes.leader[self.universes.defensible]
        known = found[found >= 0]
        counts = np.bincount(known, minlength=len(self.units))
        counts[self.universes.unit] = 0
        other = int(counts.argmax()) if counts.any() else None
        return {
            "technology": self.technology,
            "window": self.window,
            "leader": self.leader,
            "robustness": None if not self.universes.universes else self.universes.robustness,
            "universes": self.universes.universes,
            "probability": self.joint_probability,
            "challenger": None if other is None else self.units[other],
            "challenger_robustness": None
            if other is None
            else float(counts[other] / self.universes.universes),
        }

    def choices(self) -> list[dict[str, Any]]:
        """Return, per choice and option, in which part of the universes the leader leads and by how much."""
        known = self.universes.defensible & (self.universes.leader >= 0)
        led = known & (self.universes.leader == self.universes.unit)
        margin = self.margins
        rows = []
        found = effects(margin)
        for axis, ((choice, options), effect) in enumerate(zip(AXES.items(), found, strict=True)):
            for i, option in enumerate(options):
                some = known.take(i, axis)
                margins = margin.take(i, axis)
                rows.append(
                    {
                        "technology": self.technology,
                        "window": self.window,
                        "choice": choice,
                        "option": option,
                        "robustness": float(led.take(i, axis).sum() / some.sum()) if some.any() else None,
                        "margin": float(np.nanmean(margins)) if not np.isnan(margins).all() else None,
                        "universes": int(some.sum()),
                        "first_order": effect.first_order,
                        "total": effect.total,
                    }
                )
        return rows


def share_draws(universes: Iterable[Robustness]) -> pa.Table:
    """Return the drawn shares of the units that matter, as rows of ``share_draws``.

    Parameters
    ----------
    universes
        From :func:`robustness`.
    """
    rows = [
        {
            "technology": one.technology,
            "window": one.window,
            "unit": unit,
            "shares": np.round(drawn, PLACES).tolist(),
        }
        for one in universes
        for unit, drawn in one.drawn.items()
    ]
    rows.sort(key=lambda r: (r["technology"], r["window"], r["unit"]))
    return pa.Table.from_pylist(rows, schema=declared.SHARE_DRAWS.arrow)


def chosen_method(place: tuple[int, ...], base: Method) -> tuple[Method, str, int]:
    """Return the method, the query variant and the window length of one universe, by its place on the axes."""
    option = {name: options[i] for (name, options), i in zip(AXES.items(), place, strict=True)}
    method = Method.from_options(
        {
            "types": TYPES if option["types"] == "standard" else WITH_PREPRINTS,
            "counting": option["counting"],
            "split": option["split"],
            "missing": option["missing"],
            "territories": option["territories"],
            "exclude_domestic": option["domestic"] == "exclude",
            "scope": option["scope"],
            "top": int(option["top"].removesuffix(" %")) / 100,
            "ties": option["ties"],
        },
        base=base,
    )
    return method, option["query"], LENGTHS[place[list(AXES).index("length")]]


def robustness(
    tables: Tables,
    engine: Engine,
    keep: Keep,
    method: Method,
    leaders: Mapping[tuple[str, str], str],
    *,
    step: Step = lambda _: None,
) -> Iterator[Robustness]:
    """Compute the multiverse of every technology and window that has a leader.

    Parameters
    ----------
    tables, engine, keep
        The lake's tables and what computes.
    method
        The main method; its ``include_xpac``, ``replicates`` and ``seed`` hold in all universes.
    leaders
        The leader by technology and window.
    step
        Told which technology is being looked at.
    """
    by_technology: dict[str, list[str]] = {}
    for technology, window in sorted(leaders):
        by_technology.setdefault(technology, []).append(window)
    for technology, whole, units in materials(tables, engine, keep, method, list(by_technology)):
        step(f"universes of {technology}")
        for window in by_technology[technology]:
            last = Window.parse(window).last
            workshop = Workshop(_within(whole, last), last)
            leader = leaders[technology, window]
            rng = generator(method.seed, technology, window, "joint")
            universes = multiverse(workshop, units.index(leader))
            joint = joint_draws(workshop, universes, method.replicates, rng)
            yield Robustness(
                technology, window, leader, units, universes, joint.leader, _that_matter(joint, units)
            )


def _that_matter(joint: JointDraws, units: list[str]) -> dict[str, npt.NDArray[np.float64]]:
    """Return the drawn shares of the units that matter; all units of all technologies would fill the memory."""
    shares = joint.shares[~np.isnan(joint.shares).any(axis=1)]
    if not len(shares):
        return {}
    return {units[i]: shares[:, i] for i in np.flatnonzero(shares.mean(axis=0) >= LEAST).tolist()}


def materials(
    tables: Tables, engine: Engine, keep: Keep, method: Method, technologies: Iterable[str]
) -> Iterator[tuple[str, Material, list[str]]]:
    """Yield each technology with the arrays of its works, and the codes of its units in order."""
    wanted = sorted(technologies)
    wide = Method.from_options({"types": WITH_PREPRINTS, "include_xpac": method.include_xpac})
    counted = works.counted(tables("works"), wide)
    memberships = tables("memberships")
    found = (
        memberships.filter(memberships.technology.isin(wanted))
        .group_by("technology", "work_id")
        .agg(
            strict=(memberships.query == "strict").cast("int64").max(),
            broad=(memberships.query == "broad").cast("int64").max(),
        )
    )
    dated = keep(
        found.join(counted, "work_id").select(
            "technology",
            "work_id",
            "strict",
            "broad",
            "year",
            citations=counted.cited_by_count,
            standard=counted.type.isin(TYPES),
        )
    )
    ids = keep(dated.select("work_id").distinct())
    citing = works.counted(tables("works"), wide, any_type=True)
    held = citations.lake_citations(ids, tables("references"), citing)
    rows = dated.join(keep(held.select("work_id", held=held.citations)), "work_id")
    for i, (split, territories) in enumerate(product(get_args(Split), get_args(Territories))):
        look = replace(wide, split=split, territories=territories)
        found = citations.foreign_citations(ids, tables("references"), tables("authorships"), citing, look)
        rows = rows.join(keep(found.select("work_id", **{f"foreign_{i}": found.citations})), "work_id")
    rows = engine.to_arrow(rows.order_by(["technology", "work_id"]))
    parts = keep(credit.country_parts(tables("authorships").semi_join(ids, "work_id")))
    placed = dated.select("technology", "work_id").join(parts, "work_id")
    parts_rows = engine.to_arrow(placed.order_by(["technology", "work_id", "country"]))
    for technology in wanted:
        mine = rows.filter(pc.equal(rows["technology"], technology))
        theirs = parts_rows.filter(pc.equal(parts_rows["technology"], technology))
        yield (technology, *_material(mine, theirs))


def _material(rows: pa.Table, parts: pa.Table) -> tuple[Material, list[str]]:
    ids = rows["work_id"].to_numpy()
    codes = set(parts["country"].drop_null().unique().to_pylist())
    units = sorted(codes | {MERGED[c] for c in codes if c in MERGED})
    place = {u: i for i, u in enumerate(units)}
    numbers = pc.index_in(parts["country"], value_set=pa.array(units, pa.string()))
    unit = pc.fill_null(numbers, -1).to_numpy().astype(np.int64)
    if not units:
        unit = np.full(parts.num_rows, -1, dtype=np.int64)
    stacked = np.stack([parts[name].to_numpy() for name in PARTS], axis=1).reshape(-1, 2, 3)
    flags = [rows["strict"].to_numpy() == 1, rows["broad"].to_numpy() == 1]
    standard = rows["standard"].to_numpy(zero_copy_only=False).astype(bool)
    work = np.searchsorted(ids, parts["work_id"].to_numpy())
    material = Material(
        year=rows["year"].to_numpy().astype(np.int64),
        citations=rows["citations"].to_numpy(),
        foreign=np.stack([rows[f"foreign_{i}"].to_numpy() for i in range(4)], axis=1).reshape(-1, 2, 2),
        in_query=np.stack(flags, axis=1),
        in_types=np.stack([standard, np.ones(len(ids), dtype=bool)], axis=1),
        work=work,
        unit=unit,
        parts=stacked,
        foreign_known=_held(rows) >= HELD,
        marked=_marked(work, stacked[:, 0], len(ids)),
        merged=np.array([place[MERGED.get(u, u)] for u in units], dtype=np.int64),
    )
    return material, units


def _held(rows: pa.Table) -> float:
    """Return the part of the stated citations that the lake holds."""
    stated = pc.sum(rows["citations"]).as_py() or 0
    return (pc.sum(rows["held"]).as_py() or 0) / stated if stated else 0.0


def _marked(work: npt.NDArray[np.int64], parts: npt.NDArray[np.float64], works: int) -> tuple[bool, bool]:
    """Return whether enough works mark a first author, and a corresponding author."""
    first, corresponding = (
        bool(works) and np.count_nonzero(np.bincount(work, part, works)) >= HELD * works
        for part in (parts[:, 1], parts[:, 2])
    )
    return bool(first), bool(corresponding)


def _within(material: Material, last: int) -> Material:
    """Return the works of the longest window that ends with a year."""
    kept = (material.year > last - max(LENGTHS)) & (material.year <= last)
    number = np.cumsum(kept) - 1
    rows = kept[material.work]
    return Material(
        year=material.year[kept],
        citations=material.citations[kept],
        foreign=material.foreign[kept],
        in_query=material.in_query[kept],
        in_types=material.in_types[kept],
        work=number[material.work[rows]],
        unit=material.unit[rows],
        parts=material.parts[rows],
        merged=material.merged,
        foreign_known=material.foreign_known,
        marked=material.marked,
    )

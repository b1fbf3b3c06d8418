"""The figures of the explorer by kind; each stands at ``figures/KIND/SUBJECT/WINDOW``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from primacy.errors import NotThereError
from primacy.present.figure import Figure
from primacy.web.figures import adoption, assessment, baskets, compute, countries, people, technologies, world
from primacy.web.figures.parts import ALL_YEARS
from primacy.web.snapshot import Snapshot

__all__ = ["KINDS", "Kind", "find", "of"]

Span = Literal["years", "window", "own"]


@dataclass(frozen=True)
class Kind:
    """A kind of figure.

    Attributes
    ----------
    make
        Makes a figure from a snapshot, a subject and what stands last in the address.
    span
        What stands last: ``years`` (the figure is over all years), ``window`` (a window of the research study), or
        ``own`` (what it shows, which it checks itself).
    """

    make: Callable[[Snapshot, str, str], Figure]
    span: Span


KINDS: dict[str, Kind] = {
    "overall": Kind(technologies.overall, "years"),
    "trend": Kind(technologies.trend, "years"),
    "countries": Kind(technologies.intervals("countries", "country", "Countries"), "window"),
    "blocs": Kind(technologies.intervals("blocs", "bloc", "Blocs"), "window"),
    "institutions": Kind(technologies.intervals("institutions", "institution", "Institutions"), "window"),
    "home-bias": Kind(technologies.home_bias, "window"),
    "choices": Kind(technologies.choices, "window"),
    "curve": Kind(technologies.curve, "window"),
    "people": Kind(people.people, "window"),
    "heat-map": Kind(countries.heat_map, "years"),
    "compare": Kind(countries.compare, "window"),
    "slope": Kind(countries.slope, "years"),
    "map": Kind(world.world, "window"),
    "adoption": Kind(adoption.adoption, "own"),
    "adoption-history": Kind(adoption.history, "own"),
    "attribution": Kind(adoption.attribution, "own"),
    "rules": Kind(adoption.rules, "own"),
    "mix": Kind(adoption.mix, "own"),
    "verdicts": Kind(assessment.matrix, "own"),
    "scores": Kind(assessment.scores, "own"),
    "effects": Kind(assessment.effects, "own"),
    "basket": Kind(baskets.basket, "own"),
    "basket-changes": Kind(baskets.basket_changes, "own"),
    "basket-trend": Kind(baskets.basket_trend, "years"),
    "clusters": Kind(compute.capacity, "own"),
    "clusters-by-year": Kind(compute.capacity_by_year, "years"),
    "chips": Kind(compute.chip_periods, "years"),
    "chip-counts": Kind(compute.chip_counts, "years"),
    "energy": Kind(compute.energy, "own"),
    "usable": Kind(compute.usable, "own"),
}
"""Every kind of figure by the name in its address."""


def find(snapshot: Snapshot, kind: str, subject: str, window: str) -> Figure:
    """Return a figure.

    Raises
    ------
    NotThereError
        There is none of that kind, subject or window.
    """
    if kind not in KINDS:
        raise NotThereError(f"figure '{kind}': there are {', '.join(KINDS)}")
    chosen = KINDS[kind]
    if chosen.span == "years" and window != ALL_YEARS:
        raise NotThereError(f"figure '{kind}': it is over all years; end the address in /{ALL_YEARS}")
    return chosen.make(snapshot, subject, snapshot.window(window) if chosen.span == "window" else window)


def of(snapshot: Snapshot, kind: str, subject: str, window: str) -> Figure:
    """Return a figure of a subject: over all years where its kind is, else in the window."""
    return find(snapshot, kind, subject, ALL_YEARS if KINDS[kind].span == "years" else window)

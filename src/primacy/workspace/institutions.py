"""The institutions study on the spot: what notebooks and the command line ask of a basket of journals."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pyarrow as pa

from primacy.errors import NotThereError, UsageError
from primacy.lake.results import StudyResults
from primacy.measures.basket import BasketKind
from primacy.simulate import sources as simulated
from primacy.sources.reference.attribution import Override, read_overrides, shipped_overrides
from primacy.sources.reference.baskets import Basket, Venue, load_basket, shipped_baskets
from primacy.sources.reference.blocs import blocs
from primacy.sources.reference.denominators import read_denominators
from primacy.sources.reference.published import read_published
from primacy.sources.reference.subjects import SECTORS, subjects_of_fields
from primacy.studies import institutions as study
from primacy.studies.institutions import Choices, Period
from primacy.studies.institutions.comparison import Comparison
from primacy.studies.institutions.pipeline import LAKE_TABLES
from primacy.studies.institutions.resolution import Resolved
from primacy.studies.outcome import Step
from primacy.workspace.manifest import write_outcome

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["DEFAULT_BASKET", "SIMULATED_BASKET", "InstitutionsDesk", "run_institutions"]

DEFAULT_BASKET = "nature-index-178"
"""The basket where neither the settings nor the user name one: the newest list that ships."""

SIMULATED_BASKET = "simulated"
"""The basket of the simulated world, the default where the lake is simulated."""


class InstitutionsDesk:
    """Questions about a basket of journals, answered from the lake; see :attr:`Workspace.institutions`.

    Parameters
    ----------
    workspace
        Whose lake is asked.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._resolved: dict[tuple[str, str], Resolved] = {}

    # ------------------------------------------------------------------ baskets

    def basket(self, name: str | Path | None = None) -> Basket:
        """Return a basket by its id or file; that of the settings where None.

        Without a setting it is the newest list that ships, and in a workspace with simulated data that of the
        simulated world.

        Raises
        ------
        NotThereError
            There is no such basket.
        InputError
            Its file is wrong.
        """
        if name is None:
            name = self.workspace.settings.institutions.basket
        if name is None:
            name = SIMULATED_BASKET if self.workspace.simulated else DEFAULT_BASKET
        return _simulated() if name == SIMULATED_BASKET else load_basket(name)

    def resolve(self, basket: Basket | str | Path | None = None) -> Resolved:
        """Find the sources of a basket's venues in the lake, with a report on each venue."""
        self._require()
        wanted = basket if isinstance(basket, Basket) else self.basket(basket)
        key = (wanted.id, wanted.version)
        if key not in self._resolved:
            sources = self.workspace.table("sources")
            self._resolved[key] = study.resolve(wanted, sources, self.workspace.engine.to_arrow)
        return self._resolved[key]

    def others(self) -> list[Basket]:
        """Return the baskets that the study compares its own with."""
        names = self.workspace.settings.institutions.compare
        return [self.basket(n) for n in (shipped_baskets() if names is None else names)]

    # ------------------------------------------------------------------ choices

    def choices(self, **options: Any) -> Choices:
        """Return the workspace's choices with some changed; replicates and seed are those of the method."""
        method = self.workspace.settings.method
        stated = self.workspace.settings.institutions.choices
        return replace(stated, replicates=method.replicates, seed=method.seed).with_options(options)

    def overrides(self) -> tuple[Override, ...]:
        """Return the exceptions to the roll-up: of the settings' file, else those that ship."""
        path = self.workspace.settings.institutions.attribution
        return shipped_overrides() if path is None else read_overrides(path)

    # ------------------------------------------------------------------ questions

    def shares(
        self,
        *,
        year: int | None = None,
        ending: str | None = None,
        by: BasketKind = "institution",
        basket: str | Path | None = None,
        subject: str | None = None,
        without: list[str] | None = None,
        **options: Any,
    ) -> pa.Table:
        """Return Count and Share of one year, or of twelve months.

        Parameters
        ----------
        year
            The publication year.
        ending
            Instead of a year, the last of twelve months, such as ``"2024-06"``.
        by
            ``institution``, ``country``, ``bloc``, ``sector`` or ``subject``.
        basket
            Its id or file; that of the settings where None.
        subject
            Only articles of this subject.
        without
            Names of venues to leave out.
        **options
            Choices: ``split``, ``rollup``, ``division``, ``replicates``, ``seed``.

        Returns
        -------
        pyarrow.Table
            basket, year, unit_kind, unit, name, country, count, share, rank, adjusted_change (per cent), low, high,
            rank_low, rank_high, change_low, change_high (95 % intervals) and more. The row ``unassigned`` holds what
            resolves to no unit.

        Raises
        ------
        UsageError
            An option has a value that it cannot have.
        NotThereError
            There is no such basket, venue or subject.
        """
        resolved = self.resolve(basket)
        return study.basket_of(
            self.workspace.table,
            self.workspace.engine,
            resolved,
            self.choices(**options),
            self.overrides(),
            by=_kind(by),
            period=_period(year, ending),
            subject=_subject(subject, resolved.basket),
            without=_places(without or [], resolved.basket),
        )

    def partners(
        self,
        unit: str,
        *,
        year: int | None = None,
        ending: str | None = None,
        by: BasketKind | None = None,
        basket: str | Path | None = None,
        subject: str | None = None,
        **options: Any,
    ) -> pa.Table:
        """Return with whom a unit writes a basket's articles: collaboration scores, the largest first.

        Parameters
        ----------
        unit
            ``I123`` or ``CN``.
        by
            Its kind; what its name says where None.
        year, ending, basket, subject, **options
            See :meth:`shares`.
        """
        kind = by or _kind_of(unit)
        resolved = self.resolve(basket)
        return study.partners_of(
            self.workspace.table,
            self.workspace.engine,
            resolved,
            self.choices(**options),
            self.overrides(),
            unit=unit,
            by=_kind(kind),
            period=_period(year, ending),
            subject=_subject(subject, resolved.basket),
        )

    def journals(
        self,
        unit: str | None = None,
        *,
        year: int,
        by: BasketKind | None = None,
        basket: str | Path | None = None,
        leading: int = 10,
        **options: Any,
    ) -> pa.Table:
        """Return what units have from each journal, and where they would stand without it.

        Parameters
        ----------
        unit
            ``I123`` or ``CN``; the leading ones where None.
        by
            Its kind; what its name says where None.
        leading
            Without ``unit``: those up to this rank.
        year, basket, **options
            See :meth:`shares`.
        """
        kind = by or ("institution" if unit is None else _kind_of(unit))
        return study.journals_of(
            self.workspace.table,
            self.workspace.engine,
            self.resolve(basket),
            self.choices(**options),
            self.overrides(),
            by=_kind(kind),
            year=_period(year, None).last,
            unit=unit,
            leading=leading,
        )

    def compare_list(
        self,
        other: str | Path,
        *,
        year: int,
        by: BasketKind = "institution",
        basket: str | Path | None = None,
        **options: Any,
    ) -> pa.Table:
        """Return one year's Shares under two lists, to see how much of a change is the list.

        Parameters
        ----------
        other
            The list to compare with, its id or file.
        year, by, basket, **options
            See :meth:`shares`.
        """
        return study.lists_of(
            self.workspace.table,
            self.workspace.engine,
            self.resolve(basket),
            self.resolve(other),
            self.choices(**options),
            self.overrides(),
            by=_kind(by),
            year=_period(year, None).last,
        )

    def compare_published(
        self,
        path: str | Path,
        *,
        year: int,
        by: BasketKind = "institution",
        basket: str | Path | None = None,
        **options: Any,
    ) -> Comparison:
        """Set one year's figures beside published rows.

        Parameters
        ----------
        path
            A CSV file with ``name`` and ``share``, and what it has of ``unit``, ``country``, ``count``,
            ``share_prev``, ``adj_share_change_pct``, ``year``, ``scope``.
        year, by, basket, **options
            See :meth:`shares`.

        Raises
        ------
        InputError
            The file is wrong, or has no row for the year.
        """
        if by not in ("institution", "country"):
            raise UsageError(f"by '{by}': published rows are of institution or country")
        published = read_published(Path(path), year=year, scope=by)
        ours = self.shares(year=year, by=by, basket=basket, **{**options, "replicates": 0})
        return study.compare_published(ours, published)

    def _require(self) -> None:
        self.workspace.lake.require("works", "primacy pull openalex SOURCE")


def run_institutions(workspace: Workspace, step: Step) -> StudyResults:
    """Run the study on the workspace's basket and write its results."""
    desk, settings = workspace.institutions, workspace.settings.institutions
    choices, overrides = desk.choices(), desk.overrides()
    others = desk.others()
    outcome = study.run(
        workspace.table,
        workspace.engine,
        resolved=desk.resolve(),
        choices=choices,
        overrides=overrides,
        others=[desk.resolve(other) for other in others],
        denominators=None if settings.denominators is None else read_denominators(settings.denominators),
        step=step,
    )
    return write_outcome(
        workspace,
        "institutions",
        outcome,
        tables=LAKE_TABLES,
        settings={
            **choices.as_dict(),
            "overrides": len(overrides) if choices.rollup != "none" else 0,
            "compare": {o.id: o.version for o in others},
            "denominators": settings.denominators and settings.denominators.name,
        },
    )


def _simulated() -> Basket:
    venues = tuple(Venue(s.name, s.issns) for s in simulated.sources()[: simulated.BASKET])
    return Basket(SIMULATED_BASKET, "the simulated world's basket", venues)


def _kind_of(unit: str) -> BasketKind:
    """Return the kind of unit that a name is of."""
    if re.fullmatch(r"I[0-9]+", unit):
        return "institution"
    if re.fullmatch(r"[A-Z]{2}", unit):
        return "country"
    if unit in blocs():
        return "bloc"
    return "sector" if unit in SECTORS.values() else "subject"


def _kind(by: str) -> BasketKind:
    if by not in get_args(BasketKind):
        raise UsageError(f"by '{by}': takes {', '.join(get_args(BasketKind))}")
    return by  # type: ignore[return-value]


def _period(year: int | None, ending: str | None) -> Period:
    if (year is None) == (ending is None):
        raise UsageError("year: give --year, or --ending with the last of twelve months")
    if year is not None:
        if not 1000 <= year <= 9999:
            raise UsageError(f"year {year}: takes four digits")
        return Period(year)
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", ending or "")
    if match is None:
        raise UsageError(f"ending '{ending}': write a month as 2024-06")
    return Period(12 * int(match[1]) + int(match[2]) - 1, "month")


def _subject(subject: str | None, basket: Basket) -> str | None:
    if subject is None:
        return None
    known = {s for v in basket.venues for s in v.subjects} | {
        s for found in subjects_of_fields().values() for s in found
    }
    for name in sorted(known):
        if name.casefold() == subject.strip().casefold():
            return name
    raise UsageError(f"subject '{subject}': takes {', '.join(sorted(known))}")


def _places(names: list[str], basket: Basket) -> list[int]:
    """Return the places of venues that a user names."""
    places = []
    for name in names:
        wanted = name.strip().casefold()
        found = [n for n, v in enumerate(basket.venues) if v.name.casefold() == wanted or name in v.issns]
        if not found:
            raise NotThereError(
                f"venue '{name}': not in basket {basket.id}; `primacy basket venues` lists its venues"
            )
        places += found
    return places

"""The workspace's façade: what notebooks and the command line both call."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.errors import InputError, NotThereError
from primacy.lake.catalog import write_atomically
from primacy.lake.engine import Engine
from primacy.lake.recovery import spill
from primacy.lake.results import Results, StudyResults
from primacy.lake.store import Lake
from primacy.measures.method import Method, UnitKind, Window
from primacy.studies.compute import Compute
from primacy.studies.memberships import Advance, MatchSummary, match
from primacy.studies.outcome import Step
from primacy.studies.research import Robustness
from primacy.technologies.portfolio import Portfolio, Variant, load_portfolio
from primacy.technologies.query import Query, parse
from primacy.workspace import looking, matching, running
from primacy.workspace.assessment import AssessmentDesk
from primacy.workspace.claims import claims_of
from primacy.workspace.institutions import InstitutionsDesk
from primacy.workspace.models import ModelsDesk
from primacy.workspace.openalex import OpenAlexDesk
from primacy.workspace.people import PeopleDesk
from primacy.workspace.research import ResearchDesk
from primacy.workspace.settings import FILE, TEMPLATE, Settings
from primacy.workspace.versions import VersionsDesk

__all__ = ["Workspace"]


class Workspace:
    """A directory that holds ``primacy.toml``, ``lake/`` and ``results/``.

    Use :meth:`open` (also as :func:`primacy.open`) or :meth:`init`.

    Parameters
    ----------
    path
        The directory.
    settings
        What ``primacy.toml`` says.
    engine
        ``duckdb`` or ``spark``; what the settings say where None.
    """

    def __init__(self, path: Path, settings: Settings, *, engine: str | None = None) -> None:
        self.path = path
        self.settings = settings
        self._engine = engine or settings.engine.name

    # ------------------------------------------------------------------ opening

    @classmethod
    def init(cls, path: str | Path) -> Workspace:
        """Make a workspace: a commented ``primacy.toml`` and an empty lake; one that is there stays as it is.

        Raises
        ------
        InputError
            The directory cannot be made.
        """
        root = Path(path)
        try:
            root.mkdir(parents=True, exist_ok=True)
            if not (root / FILE).exists():
                write_atomically(root / FILE, TEMPLATE.encode())
            (root / "results").mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(f"{root}: a workspace cannot be made here ({error.strerror})") from error
        Lake.create(root / "lake")
        return cls.open(root)

    @classmethod
    def open(cls, path: str | Path = ".", *, engine: Literal["duckdb", "spark"] | None = None) -> Workspace:
        """Open a workspace.

        Raises
        ------
        NotThereError
            The directory is none.
        InputError
            Its settings are wrong.
        """
        root = Path(path)
        if not (root / FILE).is_file():
            raise NotThereError(
                f"{root}: no workspace here ({FILE} is missing); `primacy init DIR` makes one"
            )
        return cls(root, Settings.read(root / FILE), engine=engine)

    def __repr__(self) -> str:
        return f"<primacy workspace {self.path}, lake version {self.lake.version}>"

    # ------------------------------------------------------------------ parts

    @cached_property
    def lake(self) -> Lake:
        """The lake, at the version that was newest when it was first looked at; :meth:`refresh` looks again."""
        return Lake.open(self.path / "lake")

    @cached_property
    def results(self) -> Results:
        """The results of the studies that were run."""
        return Results(self.path / "results")

    @cached_property
    def engine(self) -> Engine:
        """What computes."""
        if self._engine == "spark":
            return Engine.spark(self.settings.engine.remote or "sail", copy=self.settings.engine.copy)
        return Engine.duckdb(threads=self.settings.engine.threads, spill=spill(self.path / "lake"))

    @cached_property
    def portfolio(self) -> Portfolio:
        """The technologies as the last ``primacy match`` found them; before any, those of the settings."""
        if not self.lake.has("technologies"):
            return load_portfolio(self.settings.portfolio)
        table = self.table("technologies").select("technology", "toml")
        texts = self.engine.to_arrow(table).to_pylist()
        return Portfolio.of_texts(
            self.lake.path / "technologies", [(t["technology"], t["toml"]) for t in texts]
        )

    def match(
        self,
        portfolio: str | Path | None = None,
        *,
        query: Variant = "strict",
        full: bool = False,
        advance: Advance = lambda done, total: None,
    ) -> MatchSummary:
        """Find the works of every technology: fill ``memberships``.

        Parameters
        ----------
        portfolio
            Directory of technology files; that of the settings where None.
        query
            Which query decides what the works of a technology are; both are matched.
        full
            Match every text anew, also those that have not changed since the last match.
        advance
            Told the number of texts read and their total.

        Raises
        ------
        InputError
            A technology's file is wrong.
        NotThereError
            The lake has no texts.
        """
        technologies = load_portfolio(portfolio if portfolio is not None else self.settings.portfolio)
        summary = match(
            self.lake,
            technologies,
            query=query,
            threads=self.threads,
            engine=self.engine if self._engine == "spark" else None,
            full=full,
            advance=advance,
        )
        self.refresh()
        return summary

    def search(self, query: str | Query, *, advance: Advance = lambda done, total: None) -> pa.Table:
        """Return the works whose texts a query matches: work_id, year, title, abstract, newest first.

        Parameters
        ----------
        query
            In the language of the technologies' queries.
        advance
            Told the number of texts read and their total.

        Raises
        ------
        InputError
            The query cannot be read; the error has the column.
        NotThereError
            The lake has no texts.
        """
        parsed = parse(query) if isinstance(query, str) else query
        found = matching.search_all(self, {"query": parsed}, advance=advance)["query"]
        return matching.texts_of(self, found)

    @property
    def threads(self) -> int:
        """How many threads compute in this process."""
        return self.settings.engine.threads or os.cpu_count() or 1

    @cached_property
    def compute(self) -> Compute:
        """Questions on chips, clusters and tokens."""
        return Compute(self.lake, self.engine)

    @property
    def models(self) -> ModelsDesk:
        """Questions about the adoption of open-weights models."""
        return ModelsDesk(self)

    @property
    def openalex(self) -> OpenAlexDesk:
        """Works of technologies from OpenAlex's API."""
        return OpenAlexDesk(self)

    @property
    def people(self) -> PeopleDesk:
        """Questions about the authors of highly cited works."""
        return PeopleDesk(self)

    @cached_property
    def institutions(self) -> InstitutionsDesk:
        """Questions about a basket of journals."""
        return InstitutionsDesk(self)

    @property
    def assessment(self) -> AssessmentDesk:
        """The verdicts of the assessment, opened down to their indicators."""
        return AssessmentDesk(self)

    @property
    def simulated(self) -> bool:
        """True where the lake holds data of a simulated world."""
        return self.lake.simulated

    @property
    def versions(self) -> VersionsDesk:
        """Reports on releases, and what changed between versions of the lake."""
        return VersionsDesk(self)

    def at(self, version: int) -> Workspace:
        """Return the workspace for reading as its lake was at a version, with the results computed from that version.

        Raises
        ------
        NotThereError
            The lake has no such version.
        """
        then = Workspace(self.path, self.settings, engine=self._engine)
        then.__dict__["lake"] = self.lake.at(version)
        then.__dict__["results"] = Results(self.path / "results", lake_version=version)
        return then

    def refresh(self) -> None:
        """Look at the newest version of lake and results."""
        for name in ("lake", "results", "engine", "portfolio", "compute", "institutions"):
            self.__dict__.pop(name, None)

    def table(self, name: str) -> ir.Table:
        """Return a table of the lake as an Ibis table; it converts as :meth:`result` does."""
        return self.engine.table(self.lake, name)

    def result(self, name: str) -> ir.Table:
        """Return a result table as an Ibis table.

        Call ``to_pandas()``, ``to_polars()`` or ``to_pyarrow()`` on it, or go on with Ibis; DuckDB reads what
        ``to_pyarrow()`` gives. What its columns mean says :func:`primacy.studies.tables.result_table`.

        Raises
        ------
        NotThereError
            There is no result table of that name; the text lists those that there are.
        """
        return ibis.memtable(self.results.read(name))

    # ------------------------------------------------------------------ research

    def method(self, **options: Any) -> Method:
        """Return the workspace's method with some options changed."""
        return Method.from_options(options, base=self.settings.method)

    @property
    def research(self) -> ResearchDesk:
        """Questions about shares, their robustness and their coverage."""
        return ResearchDesk(self)

    def shares(
        self, technology: str, *, by: UnitKind = "country", window: str | Window | None = None, **options: Any
    ) -> ir.Table:
        """Return who writes the highly cited works of a technology as an Ibis table; see :meth:`ResearchDesk.shares`.

        Call ``to_pandas()``, ``to_polars()`` or ``to_pyarrow()`` on it, or go on with Ibis.
        """
        return ibis.memtable(self.research.shares(technology, by=by, window=window, **options))

    def robustness(
        self, technology: str, *, window: str | Window | None = None, **options: Any
    ) -> Robustness:
        """Return in how many defensible methods the leader leads; see :meth:`ResearchDesk.robustness`."""
        return self.research.robustness(technology, window=window, **options)

    @property
    def variant(self) -> Literal["strict", "broad"]:
        """The query variant that the last ``primacy match`` chose."""
        return "broad" if self.lake.labels.get("query") == "broad" else "strict"

    # ------------------------------------------------------------------ studies

    def run(self, studies: Iterable[str] | None = None, *, step: Step = lambda _: None) -> list[StudyResults]:
        """Run studies and write their results.

        Parameters
        ----------
        studies
            Names; all whose data the lake holds where None.
        step
            Told what is being computed.

        Raises
        ------
        UsageError
            A study is unknown.
        NotThereError
            The lake lacks what a named study needs.
        """
        written = running.run(self, studies, step=step)
        self.__dict__.pop("results", None)
        return written

    def claims(self, file: str | Path | None = None) -> pa.Table:
        """Hold claims against the results, on the spot.

        Parameters
        ----------
        file
            A claims file (docs/claims.md shows how to write one); the article's figures where None.

        Returns
        -------
        pyarrow.Table
            claim, file, text, source, check, table, needs, says, value, low, high, probability, verdict (confirmed,
            contradicted, cannot be said), reason, simulated, note; in the file's order.

        Raises
        ------
        NotThereError
            There is no such file.
        InputError
            The file is wrong; the text names the claim and the field.
        """
        return claims_of(self, file)

    # ------------------------------------------------------------------ looking

    def show(
        self,
        name: str,
        *,
        technology: str | None = None,
        unit: str | None = None,
        window: str | None = None,
        limit: int | None = None,
    ) -> pa.Table:
        """Return rows of a result table, or of a lake table.

        Parameters
        ----------
        name
            The table. A result table goes before a lake table of the same name.
        technology, unit, window
            Only rows with this value; tables without such a column refuse the option.
        limit
            At most so many rows.

        Raises
        ------
        NotThereError
            No table has that name.
        UsageError
            The table has no such column to filter by.
        """
        return looking.rows_of(self, name, technology=technology, unit=unit, window=window, limit=limit)

    def explain(self, name: str, *, technology: str | None = None) -> Mapping[str, Any]:
        """Return where a result table comes from: its study's manifest without the other tables.

        Parameters
        ----------
        name
            The result table.
        technology
            Add this technology's definition (its queries and their version) and the credit lost in it.

        Raises
        ------
        NotThereError
            There is no such result table.
        """
        return looking.evidence_of(self, name, technology=technology)

"""The results of a workspace at one version, held in memory for pages and API."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from primacy.errors import NotThereError, UsageError
from primacy.present.countries import country_in_sentence, country_name
from primacy.technologies.technology import Technology
from primacy.workspace import Workspace
from primacy.workspace.provenance import code_version

__all__ = ["Domain", "Row", "Snapshot", "slug"]

Row = dict[str, Any]
_NOWHERE = pa.array([], pa.int32())


def slug(text: str) -> str:
    """Return a name as it stands in an address.

    Examples
    --------
    >>> slug("Sensing, timing and navigation")
    'sensing-timing-and-navigation'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "other"


@dataclass(frozen=True)
class Domain:
    """A domain of the portfolio with its technologies."""

    id: str
    name: str
    technologies: tuple[Technology, ...]


@dataclass
class Snapshot:
    """What the explorer knows: every result table of the workspace, at one version.

    Parameters
    ----------
    workspace
        Whose results; it must have been opened or refreshed for this snapshot.
    """

    workspace: Workspace
    _tables: dict[str, pa.Table] = field(default_factory=dict)
    _places: dict[tuple[str, str], dict[Any, pa.Array]] = field(default_factory=dict)

    # ------------------------------------------------------------------ what there is

    @cached_property
    def studies(self) -> dict[str, Mapping[str, Any]]:
        """The manifest of each study that was run."""
        results = self.workspace.results
        return {name: results.study(name).manifest for name in results.studies}

    @cached_property
    def version(self) -> str:
        """A digest of all that decides what the explorer shows: results, definitions, code."""
        digest = hashlib.sha256(repr(code_version()).encode())
        for name, manifest in sorted(self.studies.items()):
            digest.update(name.encode())
            for table, entry in sorted(manifest["tables"].items()):
                digest.update(f"{table}:{entry['sha256']};".encode())
        digest.update(self.workspace.portfolio.digest.encode())
        return digest.hexdigest()[:16]

    @cached_property
    def state(self) -> str:
        """The version with the lake's, from which the calculator answers: what is shown changes with no more."""
        return f"{self.version}-{self.workspace.lake.version}"

    @cached_property
    def simulated(self) -> bool:
        """Whether any of the results come from simulated data."""
        return self.workspace.simulated or any(m.get("simulated") for m in self.studies.values())

    @cached_property
    def tables(self) -> dict[str, str]:
        """Each result table with the study that made it."""
        return {t: study for study, m in sorted(self.studies.items()) for t in sorted(m["tables"])}

    def entry(self, table: str) -> Mapping[str, Any]:
        """Return what the manifest says of a table: rows, columns, sha256."""
        entry: Mapping[str, Any] = self.studies[self.tables[table]]["tables"][table]
        return entry

    def has(self, table: str) -> bool:
        """Return whether there is a result table of that name."""
        return table in self.tables

    def table(self, name: str) -> pa.Table:
        """Return a result table.

        Raises
        ------
        NotThereError
            There is none of that name; the text lists those that there are.
        """
        if name not in self._tables:
            self._tables[name] = self.workspace.results.read(name).combine_chunks()
        return self._tables[name]

    def select(self, name: str, **equal: object) -> pa.Table:
        """Return the rows of a result table whose columns equal the values given, in the table's order.

        None stands for no filter.

        Raises
        ------
        NotThereError
            There is no such table.
        UsageError
            The table has no such column.
        """
        table = self.table(name)
        wanted = {column: value for column, value in equal.items() if value is not None}
        for column in wanted:
            if column not in table.column_names:
                raise UsageError(f"{column}: table {name} has no column '{column}'")
        if not wanted:
            return table
        # The rows of the rarest value are few: only those are held against the other filters.
        values = {c: pa.scalar(v, table.schema.field(c).type) for c, v in wanted.items()}
        places = {c: self._rows_of(name, c).get(v.as_py(), _NOWHERE) for c, v in values.items()}
        rarest = min(places, key=lambda c: len(places[c]))
        found = table.take(places[rarest])
        for column, value in values.items():
            if column != rarest:
                found = found.filter(pc.equal(found[column], value))
        return found

    def _rows_of(self, name: str, column: str) -> dict[Any, pa.Array]:
        """Return at which rows of a table each value of a column stands."""
        key = (name, column)
        if key not in self._places:
            numbered = pa.table({"value": self.table(name)[column]}).append_column(
                "row", pa.array(range(self.table(name).num_rows), pa.int32())
            )
            groups = numbered.group_by("value", use_threads=False).aggregate([("row", "list")])
            rows = groups["row_list"].combine_chunks()
            values = groups["value"].to_pylist()
            self._places[key] = {v: rows[i].values for i, v in enumerate(values) if v is not None}
        return self._places[key]

    def rows(self, name: str, **equal: object) -> list[Row]:
        """Return the rows of :meth:`select` as dictionaries; none where the study was not run."""
        return self.select(name, **equal).to_pylist() if self.has(name) else []

    def values(self, name: str, column: str) -> list[str]:
        """Return the values of a text column in the order in which they first stand; none where there is no table."""
        return list(dict.fromkeys(self.table(name)[column].to_pylist())) if self.has(name) else []

    # ------------------------------------------------------------------ research

    @cached_property
    def windows(self) -> list[str]:
        """The windows of the research study, oldest first."""
        return sorted(set(self.table("leads")["window"].to_pylist())) if self.has("leads") else []

    @property
    def newest(self) -> str:
        """The newest window."""
        return self.windows[-1] if self.windows else ""

    def window(self, wanted: str | None) -> str:
        """Return a window that there is; the newest where None.

        Raises
        ------
        NotThereError
            There is no such window.
        """
        if not wanted:
            return self.newest
        if wanted not in self.windows:
            raise NotThereError(f"window '{wanted}': there are {', '.join(self.windows) or 'none yet'}")
        return wanted

    @cached_property
    def domains(self) -> list[Domain]:
        """The domains of the portfolio, in alphabetical order."""
        found: dict[str, list[Technology]] = {}
        for technology in self.workspace.portfolio.values():
            found.setdefault(technology.domain, []).append(technology)
        return [
            Domain(slug(name), name, tuple(sorted(members, key=lambda t: t.name)))
            for name, members in sorted(found.items())
        ]

    def domain(self, wanted: str) -> Domain:
        """Return a domain by its name in addresses.

        Raises
        ------
        NotThereError
            There is none.
        """
        for domain in self.domains:
            if domain.id == wanted:
                return domain
        raise NotThereError(f"domain '{wanted}': there are {', '.join(d.id for d in self.domains)}")

    def technology(self, wanted: str) -> Technology:
        """Return a technology of the portfolio.

        Raises
        ------
        NotThereError
            There is none of that id.
        """
        return self.workspace.portfolio.find(wanted)

    def leads(self, window: str) -> dict[str, Row]:
        """Return the leads of a window by technology."""
        return {r["technology"]: r for r in self.rows("leads", window=window)}

    @cached_property
    def method(self) -> Mapping[str, Any]:
        """The method of the research study."""
        method: Mapping[str, Any] = self._settings.get("method", {})
        return method

    @property
    def variant(self) -> str:
        """The query by which the research study's works were found: ``strict`` or ``broad``."""
        return str(self._settings.get("query", "strict"))

    @property
    def _settings(self) -> Mapping[str, Any]:
        settings: Mapping[str, Any] = self.studies.get("research", {}).get("settings", {})
        return settings

    @property
    def top(self) -> str:
        """The top share of the method, as it stands in sentences: ``top 10 %``."""
        return f"top {100 * float(self.method.get('top', 0.1)):g} %"

    def years_of_leaders(self) -> list[Row]:
        """Return, per year and country, how many technologies it leads, of all technologies together."""
        return [r for r in self.rows("overall", unit_kind="country") if is_year(r["window"])]

    # ------------------------------------------------------------------ units

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of each unit in ``shares``: country, bloc or institution."""
        if not self.has("shares"):
            return {}
        pairs = self.table("shares").group_by(["unit", "unit_kind"]).aggregate([]).to_pylist()
        return {p["unit"]: p["unit_kind"] for p in pairs}

    @cached_property
    def institution_names(self) -> dict[str, str]:
        """The name of each institution in ``shares``."""
        if not self.has("shares"):
            return {}
        pairs = self.select("shares", unit_kind="institution").group_by(["unit", "name"]).aggregate([])
        return {p["unit"]: p["name"] or p["unit"] for p in pairs.to_pylist()}

    def name(self, unit: str) -> str:
        """Return how a unit is called."""
        return self.institution_names.get(unit) or country_name(unit)

    def said(self, unit: str) -> str:
        """Return how a unit is called within a sentence."""
        return self.institution_names.get(unit) or country_in_sentence(unit)

    def units(self, kind: str) -> list[str]:
        """Return the units of a kind, those with the most highly cited work in the newest window first."""
        table = self.select("shares", unit_kind=kind, window=self.newest) if self.has("shares") else None
        if table is None or not table.num_rows:
            return []
        sums = table.group_by("unit").aggregate([("high_impact", "sum")]).to_pylist()
        return [s["unit"] for s in sorted(sums, key=lambda s: (-s["high_impact_sum"], s["unit"]))]

    def peers(self, unit: str) -> list[str]:
        """Return with which units of its kind one is compared: the two largest, and these with all large ones."""
        others = [u for u in self.units(self.kinds[unit]) if u != unit]
        return others[:6] if unit in self.units(self.kinds[unit])[:7] else others[:2]

    def pair(self, one: str, other: str) -> str:
        """Return two units as their comparison's address has them, the larger one first, so that it has one only."""
        order = self.units(self.kinds[one])
        return ",".join(sorted((one, other), key=lambda u: order.index(u) if u in order else len(order)))

    def require_unit(self, unit: str, kinds: Iterable[str]) -> str:
        """Return a unit of ``shares``.

        Raises
        ------
        NotThereError
            There is none of these kinds.
        """
        if self.kinds.get(unit) not in set(kinds):
            raise NotThereError(f"'{unit[:40]}' is no {' or '.join(kinds)} with papers in these results")
        return unit


def is_year(window: str) -> bool:
    """Return whether a window is a single year.

    Examples
    --------
    >>> is_year("2019-2019"), is_year("2019-2023")
    (True, False)
    """
    first, _, last = window.partition("-")
    return first == last

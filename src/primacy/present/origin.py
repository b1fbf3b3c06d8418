"""Where a result table comes from, in the words that stand beside it wherever it is shown or handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from primacy.lake.results import Results
from primacy.lake.schema import Table
from primacy.studies.tables import STUDY_TABLES

__all__ = ["SIMULATED_WORLD", "SOURCES", "Origin", "Source"]


@dataclass(frozen=True)
class Source:
    """An upstream: name, address, licence (an SPDX id; None where its own terms hold), and how to cite it."""

    title: str
    url: str
    licence: str | None
    reference: str = ""


OPENALEX = Source(
    "OpenAlex",
    "https://openalex.org",
    "CC0-1.0",
    "Priem, Piwowar & Orr (2022), OpenAlex: A fully-open index of scholarly works, arXiv:2205.01833",
)
HUB = Source("Hugging Face Hub", "https://huggingface.co", None)
EPOCH = Source(
    "Epoch AI",
    "https://epoch.ai",
    "CC-BY-4.0",
    "Epoch AI, data on machine learning hardware and GPU clusters",
)
PRICES = Source("models.dev", "https://models.dev", "MIT")

SOURCES: Mapping[str, tuple[Source, ...]] = {
    "research": (OPENALEX,),
    "institutions": (OPENALEX,),
    "models": (HUB,),
    "compute": (EPOCH, PRICES),
    "assessment": (OPENALEX, HUB, EPOCH, PRICES),
}
"""Whose data a study stands on. A compute table names further sources of prices and power in its rows."""

SIMULATED_WORLD = "a simulated world"
TITLES: Mapping[str, str] = {
    "research": "who writes the most cited papers of each technology",
    "institutions": "whose articles stand in the journals of a list",
    "models": "whose open-weights models are downloaded",
    "compute": "usable compute and the cost of tokens",
    "assessment": "who leads, all measures together",
}
"""What each study is about."""


@dataclass(frozen=True)
class Origin:
    """Where one result table comes from.

    Attributes
    ----------
    table, study
        Names.
    rows
        How many rows it has.
    sha256
        Of its Parquet file.
    lake_version
        Version of the lake that it was computed from.
    inputs
        Version, rows and schema of each lake table that the study read.
    settings
        The method: what decides the numbers beside the data.
    primacy, source
        Version of the code, and a digest of its source.
    simulated
        Whether the data are of a made-up world.
    """

    table: str
    study: str
    rows: int
    sha256: str
    lake_version: int | None
    inputs: Mapping[str, Any]
    settings: Mapping[str, Any]
    primacy: str
    source: str
    simulated: bool

    @classmethod
    def of(cls, manifest: Mapping[str, Any], table: str) -> Origin:
        """Return the origin of a table by the manifest of its study."""
        entry = manifest["tables"][table]
        code = manifest.get("code", {})
        return cls(
            table=table,
            study=manifest["study"],
            rows=entry["rows"],
            sha256=entry["sha256"],
            lake_version=manifest.get("lake_version"),
            inputs=manifest.get("inputs", {}),
            settings=manifest.get("settings", {}),
            primacy=code.get("primacy", ""),
            source=code.get("source", ""),
            simulated=bool(manifest.get("simulated")),
        )

    @classmethod
    def find(cls, results: Results, table: str) -> Origin:
        """Return the origin of a table of a workspace's results.

        Raises
        ------
        NotThereError
            There is no such table.
        """
        return cls.of(results.study_of(table).manifest, table)

    @property
    def declared(self) -> Table | None:
        """What its columns mean; None where the code that runs does not know the table."""
        return STUDY_TABLES.get(self.study, {}).get(self.table)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Whose data it stands on; nobody's where they are simulated."""
        return () if self.simulated else SOURCES.get(self.study, ())

    @property
    def source_text(self) -> str:
        """Whose data it stands on, in words."""
        if self.simulated:
            return SIMULATED_WORLD
        return "; ".join(f"{s.title} ({s.url}, {s.licence or 'own terms'})" for s in self.sources)

    @property
    def licence(self) -> str:
        """The terms on which its numbers may be used, in words."""
        if self.simulated:
            return "CC0-1.0"
        licences = sorted({s.licence or f"the terms of {s.title}" for s in self.sources})
        return ", ".join(licences) or "the terms of its sources"

    @property
    def version(self) -> str:
        """Twelve digits that stand for exactly these rows."""
        return self.sha256[:12]

    @property
    def title(self) -> str:
        """What it is, as a title."""
        about = TITLES.get(self.study, self.study)
        mark = " (SIMULATED DATA)" if self.simulated else ""
        return f"primacy, {self.study} study: {about}; table '{self.table}'{mark}"

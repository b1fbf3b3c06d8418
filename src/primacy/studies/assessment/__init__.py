"""The assessment: research, people, compute and models joined into one verdict, that opens down to its indicators."""

from __future__ import annotations

from primacy.studies.assessment.definition import Definition, load_definition
from primacy.studies.assessment.run import NEEDED, run, sources

__all__ = ["NEEDED", "Definition", "load_definition", "run", "sources"]

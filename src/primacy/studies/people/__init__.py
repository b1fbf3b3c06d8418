"""People: where the authors of highly cited works learned and work."""

from __future__ import annotations

from primacy.studies.people.run import run

__all__ = ["run"]

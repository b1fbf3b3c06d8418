"""How sure: bootstrap, multiverse and verdicts on numpy arrays; no tables, no files."""

from __future__ import annotations

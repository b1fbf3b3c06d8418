"""Facts that the project carries, each with its source: blocs, and what other modules here add."""

from __future__ import annotations

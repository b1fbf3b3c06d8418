"""The five studies: which tables, which measures, which result tables; no formulae."""

from __future__ import annotations

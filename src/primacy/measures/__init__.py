"""The formulae, as pure Ibis functions: tables in, a table out; nothing is opened or written."""

from __future__ import annotations

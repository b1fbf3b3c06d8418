"""Composite indicators with the full OECD/JRC practice; usable on its own."""

from __future__ import annotations

"""Compute: chips, clusters, token prices, power prices, measured energy; whichever files a directory holds.

Files are recognised by their columns (CSV) or keys (JSON), not by their names. Each table of the lake is one
snapshot, which a pull replaces; rows that share a key are kept and counted, never merged.
"""

from __future__ import annotations

from primacy.sources.compute.pull import Pulled, pull

__all__ = ["Pulled", "pull"]

"""One module per upstream: how its files become rows of the lake's tables."""

from __future__ import annotations

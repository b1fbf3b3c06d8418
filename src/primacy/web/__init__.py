"""The explorer, live and as a static site."""

from __future__ import annotations

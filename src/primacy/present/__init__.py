"""How results look: terminal tables, charts, briefs, data packages; nothing is computed."""

from __future__ import annotations

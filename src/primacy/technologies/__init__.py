"""What a technology is: the portfolio files, the query language and the matcher."""

from __future__ import annotations

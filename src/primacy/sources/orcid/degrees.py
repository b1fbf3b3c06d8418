"""Degrees: undergraduate or postgraduate, from the title that somebody typed.

The rule: the title is folded to words (Unicode compatibility forms, no case, no accents, no full stops: ``M.Sc.`` is
``msc``), and the terms of ``data/degrees.csv`` are looked for among them: whole words, a beginning where the term ends
in ``*``, or any place where a script writes no spaces. Postgraduate studies are those after a first degree (master's
and doctoral degrees, ISCED levels 7 and 8); a first degree that crowns one long course, such as Diplom, Laurea,
Licenciatura or Специалист, is undergraduate. A title that names both counts as postgraduate, the higher of them. A
postdoctoral stay is no study; like a title that no term fits it is ``unknown``.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import Literal, TypeAlias

__all__ = ["Stage", "degree_stage", "fold", "terms"]

Stage: TypeAlias = Literal["undergraduate", "postgraduate", "unknown"]

_LONGEST = 300
"""Characters of a title that are looked at."""

_LETTERS = str.maketrans({"ı": "i", "đ": "d", "ł": "l", "ø": "o", "æ": "ae", ".": None, "'": None, "’": None})
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Thai and Lao, Japanese, Chinese, Korean: words with no space between them, or with endings attached."""


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return the words of a text, with a space between them, without case and accents.

    Examples
    --------
    >>> fold("Maestría  en Ciencias"), fold("Ph.D. (Phys.)"), fold("Бакалавр"), fold("ＢＳｃ")
    ('maestria en ciencias', 'phd phys', 'бакалавр', 'bsc')
    """
    wide = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in wide if not "\u0300" <= c <= "\u036f")
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", plain).translate(_LETTERS)))


@cache
def terms() -> list[dict[str, str]]:
    """Return the rows of the table: stage, language, terms, example."""
    file = resources.files("primacy.sources.orcid") / "data" / "degrees.csv"
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    found: dict[str, list[str]] = {}
    for row in terms():
        for term in row["terms"].split("|"):
            found.setdefault(row["stage"], []).append(_pattern(term.strip()))
    return {stage: re.compile("|".join(patterns)) for stage, patterns in found.items()}


def _pattern(term: str) -> str:
    words = re.escape(fold(term))
    if _SPACELESS.search(term):
        return words
    return rf"\b{words}" if term.endswith("*") else rf"\b{words}\b"


@lru_cache(maxsize=100_000)
def degree_stage(title: str | None) -> Stage:
    """Return the stage of a study by its title.

    Examples
    --------
    >>> [degree_stage(t) for t in ("BSc (Hons)", "PhD", "本科", "Visiting student", None)]
    ['undergraduate', 'postgraduate', 'undergraduate', 'unknown', 'unknown']
    >>> degree_stage("Integrated BSc and MSc"), degree_stage("Postdoctoral fellow")
    ('postgraduate', 'unknown')
    """
    words = fold((title or "")[:_LONGEST])
    patterns = _patterns()
    if not words or patterns["unknown"].search(words):
        return "unknown"
    if patterns["postgraduate"].search(words):
        return "postgraduate"
    return "undergraduate" if patterns["undergraduate"].search(words) else "unknown"

"""Folding: what a text becomes before it is compared with a query.

The rule is the same for texts and for queries:

1. Unicode case-folding (``ß`` becomes ``ss``, ``ﬁ`` becomes ``fi``, ``Σ`` and ``ς`` become ``σ``).
2. Removal of accents: letters and numbers are decomposed (NFKD, so ``₂`` is ``2`` and ``ｎ`` is ``n``) and
   combining marks are dropped. Only letters and numbers are decomposed: ``™`` and ``℃`` stay symbols.
3. Whatever is then not a letter or a digit is a space. A hyphen is a space, and so are ``_``, a zero-width
   space and a soft hyphen.

A *word* is a maximal run of what is left. The rule looks at one character at a time, so that a table can hold
it; only Korean, whose syllables stay whole, needs texts to be composed (NFC) before and after.
"""

from __future__ import annotations

import unicodedata

__all__ = ["fold", "fold_character", "words"]


def fold(text: str) -> str:
    """Fold a text: its words, lower case and without accents, with single spaces between.

    Parameters
    ----------
    text
        Any text; line ends and control characters count as spaces.

    Returns
    -------
    str
        The words of the text joined by single spaces; empty where it has none.

    Examples
    --------
    >>> fold("Na⁺-ion Batteries: Müller’s CO₂ straße")
    'na ion batteries muller s co2 strasse'
    >>> fold("--")
    ''
    """
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """List the words of a text, folded.

    Examples
    --------
    >>> words("Lithium-Ion (Li–S)")
    ['lithium', 'ion', 'li', 's']
    """
    if text.isascii():
        return text.translate(_TABLE).split()
    return _compose(_compose(text).translate(_TABLE)).split()


def _compose(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def fold_character(character: str) -> str:
    """Fold one character: letters and digits, one space, or nothing for a combining mark.

    Examples
    --------
    >>> [fold_character(c) for c in "Éß½-™"]
    ['e', 'ss', '1 2', ' ', ' ']
    """
    return "".join(_fold_part(part) for part in character.casefold())


def _fold_part(character: str) -> str:
    kind = unicodedata.category(character)[0]
    if kind == "M":
        return ""
    if kind not in "LN":
        return " "
    if "\uac00" <= character <= "\ud7a3":  # a Korean syllable is a letter, not a letter with accents
        return character
    parts = unicodedata.normalize("NFKD", character).casefold()
    kept = (part for part in parts if unicodedata.category(part)[0] != "M")
    return "".join(part if part.isalnum() else " " for part in kept)


class _Table(dict[int, str]):
    """The folding of every character met so far, filled on demand (for ``str.translate``)."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


_TABLE = _Table()

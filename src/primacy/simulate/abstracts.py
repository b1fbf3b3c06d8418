"""Inverted indices of abstracts, made for many works at once.

An abstract is the opening "Simulated abstract of record N.", some sentences of the common pool, the work's
unit, and more sentences.
All sentences are kept as numbers of words; a block of works is laid out as one array of (work, word, place)
and sorted, so that the pieces of the JSON object come out in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import numpy as np

from primacy.simulate.population import Integers
from primacy.simulate.texts import Library

_OPENING = "Simulated abstract of record"
_NUMBER_AT = len(_OPENING.split())
_BEFORE, _AFTER = (3, 7), (3, 7)  # how many sentences stand before and after the unit
_PLACES = 512


@dataclass(frozen=True)
class _Texts:
    """Sentences as numbers of words, one after the other."""

    words: Integers
    start: Integers

    @classmethod
    def of(cls, texts: Iterable[str], numbers: dict[str, int]) -> _Texts:
        rows = [[numbers.setdefault(word, len(numbers)) for word in text.split()] for text in texts]
        return cls(
            np.array([n for row in rows for n in row], np.int64), np.cumsum([0, *(len(row) for row in rows)])
        )


class Abstracts:
    """Writes the abstracts of blocks of works.

    Parameters
    ----------
    library
        The words of the world.
    """

    def __init__(self, library: Library) -> None:
        numbers: dict[str, int] = {}
        self._sentences = len(library.sentences)
        flat = [unit.abstract for units in (*library.units, *library.loose) for unit in units]
        texts = [_OPENING, *library.sentences, *flat]
        self._texts = _Texts.of(texts, numbers)
        encode = msgspec.json.Encoder().encode
        self._keys = np.array([b"]," + encode(word) + b":[" for word in numbers], dtype=object)
        places = range(_PLACES)
        self._places = np.array([b"%d" % n for n in places], dtype=object)
        self._more = np.array([b",%d" % n for n in places], dtype=object)

    def write(self, numbers: Integers, units: Integers, rng: np.random.Generator) -> list[bytes]:
        """Return the JSON of the inverted index of each work of a block.

        Parameters
        ----------
        numbers
            Numbers of the works' ids.
        units
            Index of each work's unit among all units and then all loose ones, or -1 for a work that belongs
            to no technology.
        rng
            Source of the choice of sentences.
        """
        choice = self._choose(units, rng)
        work, word, place = self._lay_out(choice)
        key = np.sort((work * len(self._keys) + word) * _PLACES + place)
        (work, word), place = np.divmod(key // _PLACES, len(self._keys)), key % _PLACES
        first = np.ones(len(work), bool)
        first[1:] = (work[1:] != work[:-1]) | (word[1:] != word[:-1])
        pieces = np.empty(2 * len(work), dtype=object)
        pieces[0::2] = np.where(first, self._keys[word], b"")
        pieces[1::2] = np.where(first, self._places[place], self._more[place])
        bounds = (2 * np.searchsorted(work, np.arange(len(numbers) + 1))).tolist()
        parts = pieces.tolist()
        return [
            b'{"%d.":[%d%b]}' % (number, _NUMBER_AT, b"".join(parts[low:high]))
            for number, low, high in zip(numbers.tolist(), bounds[:-1], bounds[1:], strict=True)
        ]

    def _choose(self, units: Integers, rng: np.random.Generator) -> Integers:
        """Choose the texts of each work: opening, sentences, unit, sentences; -1 where there is none."""
        size, width = len(units), 1 + (_BEFORE[1] - 1) + 1 + (_AFTER[1] - 1)
        choice = 1 + rng.integers(0, self._sentences, (size, width))
        choice[:, 0] = 0
        middle = _BEFORE[1]
        choice[:, middle] = np.where(units >= 0, 1 + self._sentences + units, -1)
        slot = np.arange(1, middle)[None, :]
        choice[:, 1:middle][slot > rng.integers(*_BEFORE, (size, 1))] = -1
        choice[:, middle + 1 :][slot > rng.integers(*_AFTER, (size, 1))] = -1
        return choice

    def _lay_out(self, choice: Integers) -> tuple[Integers, Integers, Integers]:
        """Write the chosen texts one after the other: work, word and place of every word."""
        work, column = np.nonzero(choice >= 0)
        text = choice[work, column]
        length = self._texts.start[text + 1] - self._texts.start[text]
        total = int(length.sum())
        end = np.cumsum(length)
        inside = np.arange(total) - np.repeat(end - length, length)
        word = self._texts.words[np.repeat(self._texts.start[text], length) + inside]
        row = np.repeat(work, length)
        first = np.searchsorted(row, np.arange(len(choice)))
        place = np.arange(total) - first[row]
        place += place >= _NUMBER_AT  # the number of the record stands after the opening
        return row, word, place

"""Find terms, prefixes and phrases in a batch of folded texts.

Texts repeat their words: each distinct word of a batch is looked up once, by an Aho-Corasick automaton that knows
every word and prefix of every query. What the distinct words mean is then spread over all places where they stand,
and phrases are followed from word to word in a trie whose edges are words. So the cost of a text hardly depends on
how many queries there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from primacy.technologies.matcher.folded import Folded
from primacy.technologies.matcher.lists import Lists, Numbers
from primacy.technologies.matcher.words import words_of
from primacy.technologies.query import Words

_DFA_WORDS = 4000  # above, the automaton's larger form no longer fits the processor's caches
_FILTER_BITS = 18


@dataclass(frozen=True)
class Found:
    """The matches of patterns in a batch.

    Attributes
    ----------
    pattern
        The pattern's number.
    cell
        Where: twice the index of the text, plus one in its abstract.
    first
        The number of the match's first word, counted through the batch.
    """

    pattern: Numbers
    cell: Numbers
    first: Numbers


class Finder:
    """Finds patterns.

    Parameters
    ----------
    patterns
        Distinct terms, prefixes and phrases, numbered by their order.
    """

    def __init__(self, patterns: Sequence[Words]) -> None:
        self._trie = _Trie(patterns)
        words = self._trie.words
        form = ahocorasick_rs.Implementation
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            [f" {word}{'' if prefix else ' '}".encode() for word, prefix in words],
            implementation=form.DFA if len(words) <= _DFA_WORDS else form.ContiguousNFA,
        )

    def find(self, folded: Folded) -> Found:
        """Find every match in a batch, by the number of its words, then by its place."""
        words = words_of(folded)
        matches = self._automaton.find_matches_as_indexes(words.text, overlapping=True)
        flat = np.fromiter(chain.from_iterable(matches), np.int64, 3 * len(matches))
        entry = np.searchsorted(words.begin, flat[1::3])  # a match begins at its entry's space
        pattern, first = self._trie.follow(entry, flat[::3], words.standing, len(words.begin))
        cell = words.cell.take(first)
        if (folded.text < 0).any():  # in a segment that another one replaces
            kept = np.flatnonzero(cell >= 0)
            return Found(pattern[kept], cell[kept], first[kept])
        return Found(pattern, cell, first)


class _Trie:
    """Patterns as paths of words.

    Attributes
    ----------
    words
        The distinct (word, whether it is only a prefix) of all patterns, numbered.
    """

    def __init__(self, patterns: Sequence[Words]) -> None:
        self.words: dict[tuple[str, bool], int] = {}
        edges: dict[tuple[int, int], int] = {}  # (node, word) -> node; node 0 is the root
        ends: dict[int, int] = {}
        for number, pattern in enumerate(patterns):
            node = 0
            for place, written in enumerate(pattern.words):
                prefix = pattern.prefix and place == len(pattern.words) - 1
                step = node, self.words.setdefault((written, prefix), len(self.words))
                node = edges.setdefault(step, len(edges) + 1)
            ends[node] = number
        inner = sorted(
            (node * len(self.words) + word, child) for (node, word), child in edges.items() if node
        )
        self._edge = np.array([edge for edge, _ in inner], np.int64)
        self._target = np.array([child for _, child in inner], np.int32)
        self._pattern = np.full(len(edges) + 1, -1, np.int32)  # that ends at a node
        self._pattern[list(ends)] = list(ends.values())
        self._goes_on = np.zeros(len(edges) + 1, bool)  # whether a node has children
        self._goes_on[self._edge // max(1, len(self.words))] = True
        self._child = np.zeros(len(self.words), np.int32)  # of the root, by word; 0 where there is none
        self._later = np.zeros(len(self.words), bool)  # whether a word stands in a phrase after the first
        for (node, word), child in edges.items():
            if node:
                self._later[word] = True
            else:
                self._child[word] = child
        self._filter = np.zeros(1 << _FILTER_BITS, bool)
        self._filter[_hash(self._edge)] = True

    def follow(
        self, entry: npt.NDArray[np.int64], word: npt.NDArray[np.int64], standing: Numbers, entries: int
    ) -> tuple[Numbers, Numbers]:
        """Return the pattern and the first place of every match.

        Parameters
        ----------
        entry, word
            Pairs of a distinct word of the texts and a word of the patterns that it is.
        standing
            The distinct word at each place.
        entries
            How many distinct words there are.
        """
        heads, later = self._child[word] > 0, self._later[word]
        begin = Lists(entry[heads], self._child[word[heads]], items=entries)
        go_on = Lists(entry[later], word[later], items=entries)
        place = np.flatnonzero((begin.count > 0).take(standing)).astype(np.int32)
        index, node = begin.of(standing.take(place))
        first = place.take(index)
        continues = np.append(go_on.count > 0, False)
        standing = np.append(standing, np.int32(entries))  # after the last word stands nothing
        patterns, firsts = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        length = 0
        while len(node):
            length += 1
            pattern = self._pattern.take(node)
            ends = np.flatnonzero(pattern >= 0)
            patterns.append(pattern[ends])
            firsts.append(first[ends])
            longer = np.flatnonzero(self._goes_on.take(node))
            longer = longer[continues.take(standing.take(first[longer] + length))]
            first, node = first[longer], node[longer]
            index, following = go_on.of(standing.take(first + length))
            first, node = self._step(first[index], node[index], following)
        return np.concatenate(patterns), np.concatenate(firsts)

    def _step(self, first: Numbers, node: Numbers, word: Numbers) -> tuple[Numbers, Numbers]:
        """Go along the edges that there are."""
        edge = node * np.int64(len(self.words)) + word
        likely = np.flatnonzero(self._filter.take(_hash(edge)))
        edge = edge[likely]
        at = np.searchsorted(self._edge, edge)
        there = np.flatnonzero(np.append(self._edge, -1)[at] == edge)
        return first[likely[there]], self._target[at[there]]


def _hash(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    spread = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (spread >> np.uint64(64 - _FILTER_BITS)).astype(np.int64)

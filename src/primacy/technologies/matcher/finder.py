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
import pyarrow as pa

from primacy.technologies.matcher.folded import SPACE, Folded
from primacy.technologies.matcher.lists import Lists, Numbers
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
        space = np.flatnonzero(np.frombuffer(folded.data, np.uint8) == SPACE)
        distinct, standing = _distinct(folded.data, space)
        entry, word = self._look_up(distinct)
        pattern, first = self._trie.follow(entry, word, standing, len(distinct))
        cell = _cells(folded, space)[first]
        if (folded.text < 0).any():  # in a segment that another one replaces
            kept = np.flatnonzero(cell >= 0)
            return Found(pattern[kept], cell[kept], first[kept])
        return Found(pattern, cell, first)

    def _look_up(self, distinct: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return pairs of a distinct word and a word or prefix of the queries that it is."""
        wide = pa.types.is_large_binary(distinct.type)
        offsets = np.frombuffer(distinct.buffers()[1], np.int64 if wide else np.int32, len(distinct) + 1)
        data = distinct.buffers()[2].to_pybytes()[: offsets[-1]] + b" "
        matches = self._automaton.find_matches_as_indexes(data, overlapping=True)
        flat = np.fromiter(chain.from_iterable(matches), np.int64, 3 * len(matches))
        return np.searchsorted(offsets, flat[1::3], side="right") - 1, flat[::3]


def _distinct(data: bytes, space: npt.NDArray[np.int64]) -> tuple[pa.Array, Numbers]:
    """Return the distinct words, each with the space before it, and which of them stands at each place."""
    wide = len(data) > np.iinfo(np.int32).max
    offsets = np.append(space, len(data)).astype(np.int64 if wide else np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    words = pa.Array.from_buffers(pa.large_binary() if wide else pa.binary(), len(space), buffers)
    encoded = words.dictionary_encode()
    return encoded.dictionary, np.asarray(encoded.indices)


def _cells(folded: Folded, space: npt.NDArray[np.int64]) -> Numbers:
    """Return the cell of each word of a batch; negative in a segment that another one replaces."""
    border, end = (np.searchsorted(space, marks) for marks in (folded.border, folded.end))
    bounds = np.stack([border, end], axis=1).ravel()
    title = np.where(folded.text < 0, -1, 2 * folded.text)
    cells = np.stack([title, np.where(title < 0, -1, title + 1)], axis=1).ravel()
    return np.repeat(cells.astype(np.int32), np.diff(bounds, prepend=0))


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
        place = np.flatnonzero((begin.count > 0)[standing]).astype(np.int32)
        index, node = begin.of(standing[place])
        first = place[index]
        continues = np.append(go_on.count > 0, False)
        standing = np.append(standing, np.int32(entries))  # after the last word stands nothing
        patterns, firsts = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        length = 0
        while len(node):
            length += 1
            pattern = self._pattern[node]
            ends = np.flatnonzero(pattern >= 0)
            patterns.append(pattern[ends])
            firsts.append(first[ends])
            longer = np.flatnonzero(self._goes_on[node])
            longer = longer[continues[standing[first[longer] + length]]]
            first, node = first[longer], node[longer]
            index, following = go_on.of(standing[first + length])
            first, node = self._step(first[index], node[index], following)
        return np.concatenate(patterns), np.concatenate(firsts)

    def _step(self, first: Numbers, node: Numbers, word: Numbers) -> tuple[Numbers, Numbers]:
        """Go along the edges that there are."""
        edge = node * np.int64(len(self.words)) + word
        likely = np.flatnonzero(self._filter[_hash(edge)])
        edge = edge[likely]
        at = np.searchsorted(self._edge, edge)
        there = np.flatnonzero(np.append(self._edge, -1)[at] == edge)
        return first[likely[there]], self._target[at[there]]


def _hash(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    spread = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (spread >> np.uint64(64 - _FILTER_BITS)).astype(np.int64)

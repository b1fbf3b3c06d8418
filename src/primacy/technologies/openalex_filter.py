"""A query as filters of OpenAlex's API, so that a technology's works can be fetched without the whole of OpenAlex.

The filters together find every work that the query finds, and more: what the API cannot say is left out of a
conjunction, never added to it, and named. Which of the fetched works belong to the technology is decided by the
matcher afterwards.

Words go into ``title_and_abstract.search.exact``: the search without stemming, the only one that knows ``*``.
Topics and sources have filters of their own; since the API joins filters by AND alone, an OR of words and a topic
takes two of them. A request's address may have 4 KB, so long ORs are divided over several filters as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from primacy.errors import UsageError
from primacy.technologies.query.nodes import And, Near, Node, Not, Or, Query, Source, Topic, Within, Words

SEARCH = "title_and_abstract.search.exact"
TOPICS = "topics.id"
SOURCES = "primary_location.source.id"

LONGEST = 3000
"""Bytes of a filter in an address; 4,094 are the limit of the whole."""
MOST = 64
"""How many filters one query may become."""
LARGEST = 10_000
"""How many words and values a conjunction may have, all its cases together."""
STEM = 3
"""How many letters must stand before ``*``."""
VALUES = 100
"""How many values one filter may list."""


@dataclass(frozen=True)
class Translation:
    """What a query became.

    Parameters
    ----------
    filters
        Values of the parameter ``filter``; a work that the query finds is found by at least one of them.
    widened
        What the API cannot say, and what stands for it; each once.
    """

    filters: tuple[str, ...]
    widened: tuple[str, ...]


def translate(query: Query | Sequence[Query]) -> Translation:
    """Translate a query, or several of which any may hold.

    Parameters
    ----------
    query
        The query or queries.

    Raises
    ------
    UsageError
        Nothing is left that narrows the search.

    Examples
    --------
    >>> from primacy.technologies.query import parse
    >>> t = translate(parse('(supercapacitor* OR title:"double layer") NOT review AND topic:T10018'))
    >>> t.filters
    ('title_and_abstract.search.exact:("double layer" OR "supercapacitor*"),topics.id:T10018',)
    >>> t.widened
    ('NOT review is left out', 'title: also finds abstracts')
    """
    queries = [query] if isinstance(query, Query) else list(query)
    translator = _Translator()
    branches = translator.branches(Or(tuple(q.root for q in queries)))
    if not queries or branches is None:
        raise UsageError(
            "the query has a part that no filter of OpenAlex's API can narrow; give --filter, or pull a snapshot"
        )
    filters = [f for branch in _merged(branches) for f in translator.render(branch)]
    return Translation(tuple(dict.fromkeys(filters)), tuple(sorted(translator.widened)))


@dataclass(frozen=True)
class _Branch:
    """A conjunction: words (a tree of ``And``, ``Or`` and ``Words``), and the values that filters must have."""

    text: Node | None = field(default=None, compare=False)
    topics: tuple[tuple[str, ...], ...] = ()
    sources: tuple[tuple[str, ...], ...] = ()
    size: int = field(default=1, compare=False)
    """About how many words and values it has."""


_Branches = list[_Branch] | None
"""Conjunctions of which any may hold; None where nothing is required, so that every work would be found."""


class _Translator:
    """Translates, and collects what was widened."""

    def __init__(self) -> None:
        self.widened: set[str] = set()

    def branches(self, node: Node) -> _Branches:
        """Return a node as conjunctions."""
        match node:
            case Words():
                return self._words(node)
            case Topic(number):
                return [_Branch(topics=((f"T{number}",),))]
            case Source(number):
                return [_Branch(sources=((f"S{number}",),))]
            case Near(left, right):
                self.widened.add("NEAR is read as AND")
                return self.branches(And((left, right)))
            case Within(name, part):
                other = "abstracts" if name == "title" else "titles"
                self.widened.add(f"{name}: also finds {other}")
                return self.branches(part)
            case Not(Topic(number)):
                return [_Branch(topics=((f"!T{number}",),))]
            case Not(Source(number)):
                return [_Branch(sources=((f"!S{number}",),))]
            case Not(part):
                self.widened.add(f"NOT {_named(part)} is left out")
                return None
            case Or(parts):
                return self._or(parts)
            case And(parts):
                return self._and(parts)

    def _words(self, node: Words) -> _Branches:
        words, prefix = node.words, node.prefix
        if prefix and len(words[-1]) < STEM:
            words, prefix = words[:-1], False
            rest = f'"{" ".join(words)}" stands for it' if words else "it is left out"
            self.widened.add(f"{_named(node)} has fewer than {STEM} letters before *: {rest}")
        return [_Branch(Words(words, prefix))] if words else None

    def _or(self, parts: Iterable[Node]) -> _Branches:
        found: list[_Branch] = []
        for part in parts:
            branches = self.branches(part)
            if branches is None:
                return None
            found += branches
        return _merged(found)

    def _and(self, parts: Iterable[Node]) -> _Branches:
        found = [b for part in parts if (b := self.branches(part)) is not None]
        if not found:
            return None
        cases = [tuple(b for branches in found for b in branches if len(branches) == 1)]
        for branches in sorted((b for b in found if len(b) > 1), key=len):
            size = len(branches) * sum(map(_size, cases)) + len(cases) * _size(branches)
            if len(cases) * len(branches) > MOST or size > LARGEST:
                self.widened.add("a conjunction with too many cases lacks some of its parts")
            else:
                cases = [(*case, branch) for case in cases for branch in branches]
        return _merged(map(_both, cases))

    def render(self, branch: _Branch) -> list[str]:
        """Return the filters of a conjunction."""
        rest = [f"{TOPICS}:{'|'.join(values)}" for values in branch.topics]
        rest += [f"{SOURCES}:{'|'.join(values)}" for values in branch.sources]
        room = LONGEST - sum(len(quote(r)) + 3 for r in rest)
        if room < LONGEST // 4:
            self.widened.add("a conjunction of too many topics and sources lacks some of them")
            while len(rest) > 1 and room < LONGEST // 4:
                room += len(quote(rest.pop())) + 3
        if branch.text is None:
            return [",".join(rest)]
        return [",".join([f"{SEARCH}:{_text(t)}", *rest]) for t in self._divided(branch.text, room)]

    def _divided(self, text: Node, room: int) -> list[Node]:
        """Return trees of words that are short enough, and of which any holds where the given one does."""
        if _length(text) <= room:
            return [text]
        match text:
            case Or(parts):
                return _packed([p for part in parts for p in self._divided(part, room)], room)
            case And(parts):
                return self._divided_and(parts, room)
            case Words(words):
                self.widened.add("a phrase that is too long is cut")
                kept = len(words)
                while kept > 1 and _length(Words(words[:kept])) > room:
                    kept //= 2
                return [Words(words[:kept])]
            case _:  # no other node is left in a tree of words
                raise AssertionError(text)

    def _divided_and(self, parts: tuple[Node, ...], room: int) -> list[Node]:
        """Divide a conjunction: its longest OR in two, as often as need be."""
        queue, done = [parts], list[Node]()
        while queue:
            now = queue.pop()
            sizes = [_length(p) + len("%20AND%20") for p in now]
            place = max(range(len(now)), key=lambda i: (isinstance(now[i], Or), sizes[i]))
            longest, others = now[place], (*now[:place], *now[place + 1 :])
            if sum(sizes) <= room:
                done.append(_and(now))
            elif isinstance(longest, Or) and len(queue) + len(done) < MOST:
                half = len(longest.parts) // 2
                queue += [(*others, _or(longest.parts[:half])), (*others, _or(longest.parts[half:]))]
            elif others:
                self.widened.add("a conjunction that is too long lacks its longest parts")
                queue.append(_shortest(now, sizes, room))
            else:
                done += self._divided(longest, room)
        return done


def _both(case: Sequence[_Branch]) -> _Branch:
    """Join conjunctions into one."""
    texts = [b.text for b in case if b.text is not None]
    return _Branch(
        _and(texts) if texts else None,
        tuple(dict.fromkeys(t for b in case for t in b.topics)),
        tuple(dict.fromkeys(s for b in case for s in b.sources)),
        _size(case),
    )


def _size(branches: Iterable[_Branch]) -> int:
    return sum(b.size for b in branches)


def _shortest(parts: Sequence[Node], sizes: Sequence[int], room: int) -> tuple[Node, ...]:
    """Return the shortest of some parts, as many as fit, at least one and never all."""
    kept: list[Node] = []
    for size, place in sorted((size, place) for place, size in enumerate(sizes)):
        room -= size
        if kept and (room < 0 or len(kept) == len(parts) - 1):
            break
        kept.append(parts[place])
    return tuple(kept)


def _merged(branches: Iterable[_Branch]) -> list[_Branch]:
    """Put conjunctions together that differ in their words alone, or are one topic or one source."""
    words: dict[_Branch, list[Node] | None] = {}
    sizes: Counter[_Branch] = Counter()
    topics: list[str] = []
    sources: list[str] = []
    for branch in branches:
        sizes[branch] += branch.size
        if branch.text is not None:
            texts = words.setdefault(branch, [])
            if texts is not None:
                texts.append(branch.text)
        elif len(branch.topics) == 1 and not branch.sources and not branch.topics[0][0].startswith("!"):
            topics += branch.topics[0]
        elif len(branch.sources) == 1 and not branch.topics and not branch.sources[0][0].startswith("!"):
            sources += branch.sources[0]
        else:
            words[branch] = None  # which holds wherever words are asked for besides
    merged = [
        _Branch(_or(texts) if texts else None, b.topics, b.sources, sizes[b]) for b, texts in words.items()
    ]
    merged += [_Branch(topics=(values,), size=len(values)) for values in _hundreds(topics)]
    merged += [_Branch(sources=(values,), size=len(values)) for values in _hundreds(sources)]
    return merged


def _hundreds(values: Iterable[str]) -> list[tuple[str, ...]]:
    distinct = sorted(set(values))
    return [tuple(distinct[i : i + VALUES]) for i in range(0, len(distinct), VALUES)]


def _or(parts: Iterable[Node]) -> Node:
    return _joined(Or, parts)


def _and(parts: Iterable[Node]) -> Node:
    return _joined(And, parts)


def _joined(kind: type[And] | type[Or], parts: Iterable[Node]) -> Node:
    """Join parts, without repetition, in an order of their own."""
    flat = [p for part in parts for p in (part.parts if isinstance(part, kind) else (part,))]
    distinct = sorted(dict.fromkeys(flat), key=_text)
    return distinct[0] if len(distinct) == 1 else kind(tuple(distinct))


def _packed(parts: Iterable[Node], room: int) -> list[Node]:
    """Join as many parts by OR as fit, again and again."""
    packed: list[list[Node]] = []
    size = 0
    for part in parts:
        length = _length(part) + len("%20OR%20")
        if not packed or size + length > room:
            packed.append([])
            size = 0
        packed[-1].append(part)
        size += length
    return [_or(group) for group in packed]


def _length(text: Node) -> int:
    return len(quote(_text(text)))


def _text(node: Node) -> str:
    """Write a tree of words as the API reads it."""
    match node:
        case Words(words, prefix):
            return f'"{" ".join(words)}{"*" if prefix else ""}"'
        case And(parts):
            return f"({' AND '.join(map(_text, parts))})"
        case Or(parts):
            return f"({' OR '.join(map(_text, parts))})"
        case _:  # no other node is left in a tree of words
            raise AssertionError(node)


def _named(node: Node) -> str:
    """Say what a part of a query is, shortly."""
    match node:
        case Words(words, prefix):
            text = f"{' '.join(words)}{'*' if prefix else ''}"
            return text if len(words) == 1 else f'"{text}"'
        case Topic(number):
            return f"topic:T{number}"
        case Source(number):
            return f"source:S{number}"
        case Within(name):
            return f"{name}:(…)"
        case _:
            return "(…)"

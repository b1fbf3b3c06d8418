"""A slow, plain reading of OpenAlex's filters: which documents a value of the parameter ``filter`` finds.

Written from OpenAlex's description of its API (help.openalex.org: filtering, searching): conditions are joined by
commas, values by ``|``, ``!`` negates; a search without stemming knows AND, OR, parentheses, quoted phrases and a
trailing ``*`` after at least three letters. An address may have 4,094 bytes and a condition 100 values.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from tests.oracles.query import Document

SEARCH = "title_and_abstract.search.exact"


class Refused(Exception):
    """The API would answer 400."""


def finds(filter_: str, document: Document) -> bool:
    if len(quote(filter_)) > 3900:
        raise Refused("Request URL too long")
    return all(_holds(condition, document) for condition in _conditions(filter_))


def _conditions(filter_: str) -> list[str]:
    """Split at the commas."""
    return filter_.split(",")


def _holds(condition: str, document: Document) -> bool:
    name, colon, value = condition.partition(":")
    if not colon or not value:
        raise Refused(condition)
    if name == SEARCH:
        return _Search(value).found(document)
    values = value.split("|")
    if len(values) > 100:
        raise Refused("more than 100 values")
    if name == "topics.id":
        mine = {f"T{t}" for t in document.topics}
    elif name == "primary_location.source.id":
        mine = {f"S{document.source}"} if document.source is not None else set()
    else:
        raise Refused(name)
    if value.startswith("!"):
        return mine.isdisjoint(value[1:].split("|"))
    return not mine.isdisjoint(values)


class _Search:
    """A recursive-descent reader of the search language."""

    def __init__(self, text: str) -> None:
        self.tokens = re.findall(r'"[^"]*"|[()]|[^\s()"]+', text)

    def found(self, document: Document) -> bool:
        holds = self._or(document)
        if self.tokens:
            raise Refused(self.tokens[0])
        return holds

    def _next(self) -> str:
        if not self.tokens:
            raise Refused("the search ends too early")
        return self.tokens.pop(0)

    def _or(self, document: Document) -> bool:
        holds = self._and(document)
        while self.tokens and self.tokens[0] == "OR":
            self._next()
            holds = self._and(document) or holds
        return holds

    def _and(self, document: Document) -> bool:
        holds = self._one(document)
        while self.tokens and self.tokens[0] == "AND":
            self._next()
            holds = self._one(document) and holds
        return holds

    def _one(self, document: Document) -> bool:
        token = self._next()
        if token == "(":
            holds = self._or(document)
            if self._next() != ")":
                raise Refused("a parenthesis is not closed")
            return holds
        if not token.startswith('"') or token == '""':
            raise Refused(token)
        words = token.strip('"').split()
        prefix = words[-1].endswith("*")
        if prefix and len(words[-1]) < 4:
            raise Refused("fewer than three letters before *")
        if "*" in "".join(words).rstrip("*"):
            raise Refused(token)
        return any(_phrase(words, text, prefix) for text in document.words.values())


def _phrase(words: list[str], text: list[str], prefix: bool) -> bool:
    for start in range(len(text) - len(words) + 1):
        window = text[start : start + len(words)]
        last = window[-1].startswith(words[-1].rstrip("*")) if prefix else window[-1] == words[-1]
        if window[:-1] == words[:-1] and last:
            return True
    return False

"""A slow, plain evaluator of the query language, written from its description alone.

It shares nothing with the package: its own folding, its own tokens, its own recursive-descent parser, and an
evaluation that lists every match of every part. A document is a title, an abstract, the numbers of its topics
and the number of its source.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field


class Refused(Exception):
    """The text is not a query."""


@dataclass
class Document:
    title: str = ""
    abstract: str = ""
    topics: list[int] = field(default_factory=list)
    source: int | None = None
    words: dict[str, list[str]] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = {"title": split(self.title), "abstract": split(self.abstract)}
        self.joined = {place: " " + " ".join(words) for place, words in self.words.items()}


def split(text: str) -> list[str]:
    """Words: runs of letters and digits after case-folding and removal of accents."""
    text = unicodedata.normalize("NFC", text).casefold()
    text = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in text)
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(c for c in text if unicodedata.category(c)[0] != "M")
    text = unicodedata.normalize("NFC", text)
    return re.findall(r"[^\W_]+", text)


# ---- reading --------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\)) | "(?P<phrase>[^"]*)" |
        (?P<field>[^\s()":]+): |
        (?P<word>[^\s()":]+)
    )""",
    re.VERBOSE,
)


def tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if not token:
            raise Refused(f"nothing readable at {at}")
        kind = str(token.lastgroup)
        value = token[kind]
        if kind == "word" and (value in ("AND", "OR", "NOT", "NEAR") or value.startswith("NEAR/")):
            kind = value.split("/")[0]
        found.append((kind, value))
        at = token.end()
    return [*found, ("end", "")]


class Parser:
    def __init__(self, text: str) -> None:
        self.rest = tokens(text)

    def peek(self) -> str:
        return self.rest[0][0]

    def take(self) -> tuple[str, str]:
        return self.rest.pop(0)

    def whole(self):
        tree = self.either()
        if self.peek() != "end":
            raise Refused(f"unexpected {self.peek()}")
        return tree

    def either(self):
        parts = [self.both()]
        while self.peek() == "OR":
            self.take()
            parts.append(self.both())
        return ("or", parts) if len(parts) > 1 else parts[0]

    def both(self):
        parts = [self.negated()]
        while self.peek() in ("AND", "NOT"):
            if self.peek() == "AND":
                self.take()
            parts.append(self.negated())
        return ("and", parts) if len(parts) > 1 else parts[0]

    def negated(self):
        if self.peek() == "NOT":
            self.take()
            return ("not", self.negated())
        return self.near()

    def near(self):
        left = self.operand()
        if self.peek() != "NEAR":
            return left
        number = re.fullmatch(r"NEAR/([0-9]+)", self.take()[1])
        right = self.operand()
        if not number or self.peek() == "NEAR" or not (joinable(left) and joinable(right)):
            raise Refused("NEAR")
        return ("near", int(number[1]), left, right)

    def operand(self):
        if self.peek() != "field":
            return self.plain()
        name = self.take()[1]
        part = self.plain()
        if name in ("topic", "source"):
            number = re.fullmatch(r"[TtSs]([0-9]+)", part[3]) if part[0] == "words" else None
            if not number or part[3][0].lower() != name[0]:
                raise Refused(name)
            return (name, int(number[1]))
        if name not in ("title", "abstract") or not wordy(part):
            raise Refused(name)
        return ("field", name, part)

    def plain(self):
        kind, value = self.take()
        if kind == "open":
            tree = self.either()
            if self.take()[0] != "close":
                raise Refused("not closed")
            return tree
        if kind not in ("word", "phrase"):
            raise Refused(f"{kind} where a term is missing")
        stem, star, after = value.partition("*")
        words = split(stem)
        if after.strip() or not words or (star and len(split(stem + "q")) != len(words)):
            raise Refused(value)
        return ("words", words, bool(star), value)


def joinable(tree) -> bool:
    return tree[0] == "words" or (tree[0] == "or" and all(joinable(part) for part in tree[1]))


def wordy(tree) -> bool:
    if tree[0] in ("or", "and"):
        return all(wordy(part) for part in tree[1])
    return tree[0] in ("words", "near") or (tree[0] == "not" and wordy(tree[1]))


def parse(text: str):
    return Parser(text).whole()


# ---- evaluating -----------------------------------------------------------------------------------------


def occurrences(tree, document: Document, place: str) -> list[tuple[int, int]]:
    """Every (first, last) position of a match of words, or of any of an OR-group."""
    if tree[0] == "or":
        return [span for part in tree[1] for span in occurrences(part, document, place)]
    _, wanted, prefix, _ = tree
    words, found = document.words[place], []
    if " " + " ".join(wanted) not in document.joined[place]:
        return found
    for first in range(len(words) - len(wanted) + 1):
        here = words[first : first + len(wanted)]
        same_end = here[-1].startswith(wanted[-1]) if prefix else here[-1] == wanted[-1]
        if same_end and here[:-1] == wanted[:-1]:
            found.append((first, first + len(wanted) - 1))
    return found


def holds(tree, document: Document, places: tuple[str, ...] = ("title", "abstract")) -> bool:
    kind = tree[0]
    if kind == "or":
        return any(holds(part, document, places) for part in tree[1])
    if kind == "and":
        return all(holds(part, document, places) for part in tree[1])
    if kind == "not":
        return not holds(tree[1], document, places)
    if kind == "field":
        return holds(tree[2], document, (tree[1],))
    if kind == "topic":
        return tree[1] in document.topics
    if kind == "source":
        return tree[1] == document.source
    if kind == "words":
        return any(occurrences(tree, document, place) for place in places)
    _, distance, left, right = tree
    for place in places:
        for a in occurrences(left, document, place):
            for b in occurrences(right, document, place):
                gap = max(a, b)[0] - min(a, b)[1] - 1  # words between the earlier match and the later
                if 0 <= gap <= distance:
                    return True
    return False

"""Random queries whose words are drawn from given documents, so that they have hits."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.oracles.query import Document

SPELLINGS = (" ", "-", " - ", "\n")


class QueryMaker:
    """Makes queries with every operator."""

    def __init__(self, documents: Sequence[Document], random: random.Random) -> None:
        self.passages = [words for document in documents for words in document.words.values() if words]
        self.random = random

    def query(self, depth: int = 3, *, fields: bool = True) -> str:
        roll = self.random.random()
        if depth == 0 or roll < 0.15:
            return self.leaf()
        if roll < 0.35:
            return f"{self.side()} NEAR/{self.random.choice([0, 1, 2, 5, 20])} {self.side()}"
        if fields and roll < 0.47:
            name = self.random.choice(["title:", "abstract:"])
            return name + (
                self.leaf() if self.random.random() < 0.3 else f"({self.query(depth - 1, fields=False)})"
            )
        if fields and roll < 0.52:
            return self.random.choice(["topic:T", "source:S"]) + str(self.random.randrange(4))
        if roll < 0.6:
            return f"NOT ({self.query(depth - 1, fields=fields)})"
        operator = self.random.choice([" AND ", " OR ", " OR ", " NOT "])
        return operator.join(self.part(depth, fields) for _ in range(self.random.randint(2, 4)))

    def part(self, depth: int, fields: bool) -> str:
        return self.leaf() if self.random.random() < 0.4 else f"({self.query(depth - 1, fields=fields)})"

    def side(self) -> str:
        if self.random.random() < 0.5:
            return self.leaf()
        return f"({' OR '.join(self.leaf() for _ in range(self.random.randint(1, 4)))})"

    def leaf(self) -> str:
        words = self.random.choice(self.passages)
        first = self.random.randrange(len(words))
        words = words[first : first + self.random.choice([1, 1, 1, 2, 3])]
        star = ""
        if self.random.random() < 0.35:
            words = [*words[:-1], words[-1][: self.random.randint(1, len(words[-1]))]]
            star = "*"
        if len(words) == 1 and self.random.random() < 0.7:
            return self.cased(words[0]) + star
        return f'"{self.cased(self.random.choice(SPELLINGS).join(words))}{star}"'

    def cased(self, text: str) -> str:
        return text.title() if self.random.random() < 0.3 else text

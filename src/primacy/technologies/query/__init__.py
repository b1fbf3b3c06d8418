"""The query language: `parse` turns text into a tree of immutable nodes.

The language in one example::

    (supercapacitor* OR "electric double layer" NEAR/3 capacit*) AND title:graphene NOT topic:T10018

`docs/technologies.md` is its reference; `query.lark` its grammar.
"""

from __future__ import annotations

from primacy.technologies.query.errors import QuerySyntaxError
from primacy.technologies.query.nodes import (
    And,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Query,
    Source,
    Topic,
    Within,
    Words,
    children,
    leaves,
)
from primacy.technologies.query.parser import parse

__all__ = [
    "And",
    "Leaf",
    "Near",
    "Node",
    "Not",
    "Or",
    "Query",
    "QuerySyntaxError",
    "Source",
    "Topic",
    "Within",
    "Words",
    "children",
    "leaves",
    "parse",
]

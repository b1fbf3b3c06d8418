"""The examples in the reference of the query language are true."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from primacy.technologies.lint import CHECKS
from primacy.technologies.matcher import Matcher
from primacy.technologies.query import QuerySyntaxError, parse

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "technologies.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```query\n(.*?)\n```", PAGE, re.DOTALL)
REFUSED = PAGE.split("### What is refused")[1].split("\n## ")[0]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.splitlines()[0])
def test_examples(example: str) -> None:
    query, *lines = example.splitlines()
    assert lines
    titles, abstracts = zip(*(([*line[2:].split(" | "), ""])[:2] for line in lines), strict=True)
    found = Matcher({"query": parse(query)}).match(pa.array(titles), pa.array(abstracts))
    assert found.texts("query").tolist() == [i for i, line in enumerate(lines) if line.startswith("+ ")]
    assert all(line[:2] in ("+ ", "- ") for line in lines)


def test_there_are_examples_of_every_operator() -> None:
    queries = " ".join(example.splitlines()[0] for example in EXAMPLES)
    for operator in (" AND ", " OR ", " NOT ", " NEAR/", "title:", "abstract:", '"', "*", "("):
        assert operator in queries


@pytest.mark.parametrize(
    "query", re.findall(r"`([^`]+)`", "".join(re.findall(r"^\| (`.*?) \|", REFUSED, re.MULTILINE)))
)
def test_what_is_refused(query: str) -> None:
    with pytest.raises(QuerySyntaxError):
        parse(query)


def test_every_check_of_lint_is_described() -> None:
    assert not [check for check in CHECKS - {"file"} if f"`{check}`" not in PAGE]

"""Titles that a technology's queries must find, and near misses that they must not.

`cases/cases-*.csv` holds one case a line: technology, variant, text (a title), expected (1 or 0) and, where a
title alone says too little, the column abstract. The hits are well-known works or titles of their kind; the
misses are false friends, most of which an earlier wording of the query did find.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pytest

from primacy.technologies.matcher import Matcher
from primacy.technologies.portfolio import load_portfolio

CASES = Path(__file__).parent / "cases"


def read_cases() -> dict[tuple[str, str], list[tuple[str, str, bool]]]:
    """Read the cases of every file: (title, abstract, expected) by technology and variant."""
    cases = defaultdict(list)
    for path in sorted(CASES.glob("cases-*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                case = (row["text"], row.get("abstract") or "", bool(int(row["expected"])))
                cases[row["technology"], row["variant"]].append(case)
    return cases


CASES_BY_QUERY = read_cases()


@pytest.fixture(scope="module")
def portfolio():
    return load_portfolio()


@pytest.mark.parametrize(("technology", "variant"), sorted(CASES_BY_QUERY))
def test_a_query_finds_its_own_titles_and_no_false_friends(portfolio, technology, variant):
    cases = CASES_BY_QUERY[technology, variant]
    titles, abstracts, expected = zip(*cases, strict=True)
    matcher = Matcher({"query": portfolio[technology].query(variant)})
    found = set(matcher.match(pa.array(titles), pa.array(abstracts)).texts("query").tolist())
    missed = [titles[i] for i, wanted in enumerate(expected) if wanted and i not in found]
    false = [titles[i] for i, wanted in enumerate(expected) if not wanted and i in found]
    assert (missed, false) == ([], [])


def test_every_case_names_a_technology_of_the_portfolio(portfolio):
    assert {technology for technology, _ in CASES_BY_QUERY} <= set(portfolio)


def test_each_query_that_has_cases_has_hits_and_misses():
    for query, cases in CASES_BY_QUERY.items():
        assert {expected for *_, expected in cases} == {True, False}, query

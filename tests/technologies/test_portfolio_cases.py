"""Titles that a technology's queries must find, and near misses that they must not.

`cases/cases-*.csv` (critical-74) and `cases/article-10.csv` hold one case a line: technology, variant, text (a
title), expected (1 or 0) and, where a title alone says too little, the column abstract. The hits are well-known
works or titles of their kind; the misses are false friends, most of which an earlier wording of the query did find.
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


def read_cases() -> dict[tuple[str, str, str], list[tuple[str, str, bool]]]:
    """Read the cases of every file: (title, abstract, expected) by portfolio, technology and variant."""
    cases = defaultdict(list)
    for path in sorted(CASES.glob("*.csv")):
        portfolio = "critical-74" if path.stem.startswith("cases-") else path.stem
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                case = (row["text"], row.get("abstract") or "", bool(int(row["expected"])))
                cases[portfolio, row["technology"], row["variant"]].append(case)
    return cases


CASES_BY_QUERY = read_cases()


@pytest.fixture(scope="module")
def portfolios():
    return {name: load_portfolio(name) for name in ("critical-74", "article-10")}


@pytest.mark.parametrize(("portfolio", "technology", "variant"), sorted(CASES_BY_QUERY))
def test_a_query_finds_its_own_titles_and_no_false_friends(portfolios, portfolio, technology, variant):
    cases = CASES_BY_QUERY[portfolio, technology, variant]
    titles, abstracts, expected = zip(*cases, strict=True)
    matcher = Matcher({"query": portfolios[portfolio][technology].query(variant)})
    found = set(matcher.match(pa.array(titles), pa.array(abstracts)).texts("query").tolist())
    missed = [titles[i] for i, wanted in enumerate(expected) if wanted and i not in found]
    false = [titles[i] for i, wanted in enumerate(expected) if not wanted and i in found]
    assert (missed, false) == ([], [])


def test_every_case_names_a_technology_of_its_portfolio(portfolios):
    assert all(technology in portfolios[portfolio] for portfolio, technology, _ in CASES_BY_QUERY)


def test_each_query_that_has_cases_has_hits_and_misses():
    for query, cases in CASES_BY_QUERY.items():
        assert {expected for *_, expected in cases} == {True, False}, query

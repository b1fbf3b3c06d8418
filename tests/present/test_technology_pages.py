"""Queries and technologies as people see them: laid out within the width, escaped, and still the same query."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from primacy.present.queries import render_query
from primacy.present.technologies import render_technology
from primacy.present.technology_pages import PageFacts, query_html, technology_page, write_pages
from primacy.technologies.portfolio import Portfolio, load_portfolio
from primacy.technologies.query import parse
from primacy.technologies.technology import Quality, Stranger, Technology
from tests.oracles.query import Document
from tests.technologies.queries import QueryMaker

SOME = load_portfolio().technologies[::9]
HOSTILE = Technology(
    id="x",
    name="<script>alert(1)</script>",
    domain="D & D",
    definition="a < b",
    strict_text='"<b>" OR a&b',
    broad_text="b NOT (c OR d)",
    topics=("T1",),
    notes=("<img src=x>",),
    strangers=(Stranger("T2", "5 > 4"),),
    quality=Quality(sampled=20, relevant=18),
)


@pytest.mark.parametrize("width", [40, 80])
def test_a_query_laid_out_is_the_same_query(width: int) -> None:
    maker = QueryMaker(
        [Document("solid state battery electrolytes", "for the cells of cars")], random.Random(1)
    )
    queries = [parse(maker.query(4)) for _ in range(200)]
    queries += [t.query(v) for t in SOME for v in ("strict", "broad")]
    for query in queries:
        plain = render_query(query, width=width).plain
        assert parse(plain) == query
        assert not re.search(r" $", plain, re.MULTILINE)


def test_the_portfolio_fits_into_eighty_columns() -> None:
    for technology in SOME:
        for query in (technology.strict, technology.broad):
            assert max(map(len, render_query(query).plain.split("\n"))) <= 80, technology.id
        console = Console(width=80, record=True, file=StringIO())
        console.print(render_technology(technology, width=80))
        assert max(map(len, console.export_text().split("\n"))) <= 80


def test_a_query_in_html_is_the_same_query() -> None:
    for technology in (HOSTILE, *SOME):
        for query in (technology.strict, technology.broad):
            html = query_html(query)
            assert parse(unescape(re.sub(r"</?span[^>]*>", "", html))) == query


class _Checker(HTMLParser):
    """Checks that elements nest."""

    VOID = frozenset({"meta", "link", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_pages_nest_and_escape() -> None:
    facts = PageFacts(
        works={("x", "strict"): 3},
        texts=10,
        overlaps={"x": [("y", 2), ("gone", 1)]},
        topics={1: "<i>topic</i>"},
        simulated=True,
    )
    other = replace(HOSTILE, id="y", name="Other")
    page = technology_page(HOSTILE, Portfolio(Path(), (HOSTILE, other)), facts)
    checker = _Checker()
    checker.feed(page)
    assert checker.open == []
    assert not {"script", "img", "i", "b"} & set(checker.seen)
    for part in (
        "SIMULATED",
        "3 of 10 works",
        'href="y.html">Other</a> 2',
        "90%",
        "5 &gt; 4",
        "T1</a> &lt;i&gt;",
    ):
        assert part in page


def test_a_page_for_each_technology(tmp_path: Path) -> None:
    portfolio = Portfolio(Path(), (HOSTILE,))
    files = write_pages(portfolio, tmp_path / "pages", PageFacts())
    assert [file.name for file in files] == ["index.html", "x.html"]
    first = [file.read_bytes() for file in files]
    assert [file.read_bytes() for file in write_pages(portfolio, tmp_path / "pages", PageFacts())] == first
    assert 'href="x.html"' in files[0].read_text(encoding="utf-8")

"""Degrees: every line of the table, titles as people type them, and what must stay unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primacy.sources.orcid.degrees import degree_stage, terms


@pytest.mark.parametrize("row", terms(), ids=lambda r: f"{r['language']} {r['stage']}")
def test_every_line_of_the_table_finds_its_example(row):
    assert degree_stage(row["example"]) == row["stage"]
    assert set(row) == {"stage", "language", "terms", "example"}


@pytest.mark.parametrize("row", terms(), ids=lambda r: f"{r['language']} {r['stage']}")
def test_every_term_finds_itself_or_something_higher(row):
    order = ["undergraduate", "postgraduate", "unknown"]
    for term in row["terms"].split("|"):
        found = degree_stage(term.strip().rstrip("*"))
        assert order.index(found) >= order.index(row["stage"]), term


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("B.Sc.", "undergraduate"),
        ("Bachelor's degree in Physics", "undergraduate"),
        ("BACHELOR OF ARTS", "undergraduate"),
        ("Undergraduate student", "undergraduate"),
        ("Dipl.-Ing.", "undergraduate"),
        ("Lisans", "undergraduate"),
        ("学士(工学)", "undergraduate"),
        ("Ingeniero Químico", "undergraduate"),
        ("Ph. D.", "postgraduate"),
        ("PhD candidate", "postgraduate"),
        ("M.S.", "postgraduate"),
        ("Master’s degree", "postgraduate"),
        ("BSc, MSc", "postgraduate"),
        ("Yüksek Lisans", "postgraduate"),
        ("Laurea Magistrale", "postgraduate"),
        ("Pós-Graduação", "postgraduate"),
        ("Postgraduate Diploma", "postgraduate"),
        ("кандидат технических наук", "postgraduate"),
        ("博士后", "unknown"),
        ("Post-Doc", "unknown"),
        ("Physics", "unknown"),
        ("Business Administration", "unknown"),
        ("Mechanical Engineering", "unknown"),
        ("Diploma", "unknown"),
        ("Basic course", "unknown"),
        ("", "unknown"),
        ("  ", "unknown"),
    ],
)
def test_titles_as_people_type_them(title, stage):
    assert degree_stage(title) == stage


@given(st.text(max_size=40))
def test_case_and_any_text_are_taken(text):
    assert degree_stage(text) in ("undergraduate", "postgraduate", "unknown")
    assert (
        degree_stage(f"MSc {text.replace('post', '').replace('博', '').replace('박', '')}") != "undergraduate"
    )

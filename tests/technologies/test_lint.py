"""Lint: each check by hand; what it calls dead changes no result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primacy.technologies.lint import _covered_in, _members, lint, load_files
from primacy.technologies.query import Or, parse
from primacy.technologies.technology import Accepted, Technology
from tests.oracles import query as oracle
from tests.technologies.test_matcher import DOCUMENTS


def technology(strict: str, broad: str = "unrelated", id: str = "t") -> Technology:
    return Technology(id=id, name="T", domain="D", definition="d", strict_text=strict, broad_text=broad)


def found(strict: str) -> list[tuple[str, str]]:
    return [(finding.check, finding.term) for finding in lint([technology(strict)])]


@pytest.mark.parametrize(
    ("query", "dead"),
    [
        ("battery OR batter*", "battery"),
        ("batteries* OR batter*", "batteries*"),
        ('"solid state battery" OR "solid state"', '"solid state battery"'),
        ('"solid state battery" OR "state batter*"', '"solid state battery"'),
        ('"solid state*" OR "solid stat*"', '"solid state*"'),
        ("wordy OR (other OR (wor* OR third))", "wordy"),
        ("title:wordy OR wordy", "wordy"),
        ("title:(wordy OR wor*)", "wordy"),
        ("x AND (wordy OR wor*)", "wordy"),
        ("other NOT (wordy OR wor*)", "wordy"),
        ("other NEAR/3 (wordy OR wor*)", "wordy"),
        ("wordy OR (wordy NEAR/3 other)", "the group with wordy"),
        ("wordy OR (third AND wordily) OR wor*", "wordy"),
    ],
)
def test_dead_terms(query: str, dead: str) -> None:
    assert ("dead", dead) in found(query)


@pytest.mark.parametrize(
    "query",
    [
        "batter* OR cell*",
        "wordy OR wordily",
        '"solid state" OR "state solid"',
        '"solid stated" OR "solid state battery*"',
        "wordy OR title:wordily",
        "wordy AND wor*",
        "title:wordy OR abstract:wor*",
        "(wordy AND third) OR (wor* AND other)",
        'other NEAR/2 ("through silicon" OR silicon)',  # a phrase reaches farther than its part
    ],
)
def test_terms_that_are_not_dead(query: str) -> None:
    assert not [finding for finding in found(query) if finding[0] == "dead"]


NESTED = st.sampled_from(
    ["a", "ab", "abc", "a*", "ab*", '"a b"', '"a b*"', '"b a b"', '"ab a*"', "a NEAR/2 b"]
)


@settings(deadline=None)
@given(st.lists(NESTED, min_size=2, max_size=5, unique=True), st.lists(DOCUMENTS, max_size=5))
def test_dead_terms_can_go(parts: list[str], documents: list[oracle.Document]) -> None:
    members = list(_members(Or(tuple(parse(part).root for part in parts)), "text"))
    dead = {term for term, check, _ in _covered_in(members, near=False) if check == "dead"}
    kept = [part for part in parts if part not in dead]
    assert kept, "nothing covers what covers the rest"
    whole, without = (oracle.parse(" OR ".join(f"({part})" for part in some)) for some in (parts, kept))
    for document in documents:
        assert oracle.holds(whole, document) == oracle.holds(without, document)


def test_repeated_terms() -> None:
    assert found("wordy OR other OR Wordy") == [("repeated", "Wordy")]
    assert found("(wordy AND third) OR (wordy AND other)") == []


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("gan OR photonics", ["gan"]),
        ("CRISPR", ["CRISPR"]),
        ("crispr OR title:led", ["led"]),
        ("(photonics OR (other OR GAN)) NOT network", ["GAN"]),
        ("GAN AND gallium", []),
        ("GAN NEAR/5 gallium", []),
        ("photonics NOT gan", []),
        ('gan* OR "gan hemt"', []),
        ("GAN NOT network", ["GAN"]),
        ("(gan OR hemt) AND (device OR devices)", []),
    ],
)
def test_unguarded_acronyms(query: str, terms: list[str]) -> None:
    assert [term for check, term in found(query) if check == "acronym"] == terms


@pytest.mark.parametrize(
    "query", ["NOT wordy", "wordy OR NOT other", "NOT (wordy AND other)", "title:(NOT wordy)"]
)
def test_complements(query: str) -> None:
    assert ("complement", "") in found(query)


@pytest.mark.parametrize("query", ["wordy NOT other", "NOT (NOT wordy)", "wordy AND (other OR NOT third)"])
def test_what_is_no_complement(query: str) -> None:
    assert not found(query)


def test_prefixes_and_wildcards() -> None:
    assert found("ab*") == [("prefix", "ab*")]
    assert found('colo?r OR batter$ OR "what is it?" OR "C# code"') == [
        ("wildcard", "colo?r"),
        ("wildcard", "batter$"),
        ("wildcard", '"what is it?"'),
        ("wildcard", '"C# code"'),
    ]


def test_twins() -> None:
    one, two = technology("wordy AND x", "plenty", id="t"), technology("plenty", "second", id="u")
    three = technology("third OR plenty", id="v")
    assert [str(finding) for finding in lint([three, two, one]) if finding.check == "twin"] == [
        "t: twin: has a query in common with u",
        "u, strict: twin: plenty alone admits a work to this one and to v",
    ]


def test_escapes() -> None:
    hits = {("t", "strict"): np.array([1, 2, 3]), ("t", "broad"): np.array([2, 3, 4])}
    assert [str(finding) for finding in lint([technology("wordy")], hits)] == [
        "t: escape: broad misses 1 of the 3 works that strict finds"
    ]


def test_findings_that_are_meant_carry_their_reason() -> None:
    one = replace(
        technology("LIGO OR gan"),
        accepted=(
            Accepted("acronym", "the observatory, nothing else", "LIGO"),
            Accepted("dead", "no reason"),
            Accepted("escape", "is not checked here"),
        ),
    )
    assert [(f.check, f.term, f.reason) for f in lint([one])] == [
        ("acronym", "LIGO", "the observatory, nothing else"),
        ("acronym", "gan", ""),
        ("accepted", "", ""),
    ]


def test_files_that_cannot_be_used_are_findings(tmp_path) -> None:
    (tmp_path / "bad.toml").write_text("id = 3", encoding="utf-8")
    loaded, findings = load_files([tmp_path / "bad.toml"])
    assert loaded == []
    assert [(f.technology, f.level) for f in findings] == [("bad", "error")]


def test_the_bundled_portfolio_is_loaded_whole() -> None:
    from primacy.technologies.portfolio import DEFAULT, load_portfolio, portfolio_files

    loaded, findings = load_files(portfolio_files(DEFAULT))
    assert findings == []
    assert load_portfolio().technologies == tuple(loaded)

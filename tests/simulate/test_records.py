"""The records say exactly what was drawn: credit, citations, references."""

from __future__ import annotations

import numpy as np
import pytest

from primacy.simulate.openalex import FIRST_WORK
from primacy.simulate.population import TYPES, populate
from primacy.simulate.samples import country_credit


@pytest.fixture(scope="module")
def drawn(planned):
    """The works of the small world, drawn again."""
    design, _, _ = planned
    return populate(design, 0, 4_000, FIRST_WORK, np.random.default_rng([3, 0, 0]))


@pytest.fixture(scope="module")
def in_order(live):
    return [live[name] for name in sorted(live)]


def credit_of(record, merged=("HK", "MO")):
    """Fractional, split over institutions, renormalised: from the record alone."""
    found = {}
    for authorship in record["authorships"]:
        codes = [i["country_code"] for i in authorship["institutions"]] or authorship["countries"]
        for code in codes:
            code = "CN" if code in merged else code
            found[code] = found.get(code, 0.0) + 1 / len(codes)
    total = sum(found.values())
    return {code: part / total for code, part in found.items()}


def test_credit_is_what_was_drawn(drawn, in_order, planned):
    codes = planned[0].codes
    table = country_credit(drawn, codes)
    assert len(in_order) == len(table)
    for record, row in zip(in_order, table, strict=True):
        expected = {codes[c]: row[c] for c in np.flatnonzero(row)}
        assert credit_of(record) == pytest.approx(expected)


def test_facts_are_what_was_drawn(drawn, in_order):
    assert [r["cited_by_count"] for r in in_order] == drawn.citations.tolist()
    assert [r["publication_year"] for r in in_order] == (2003 + drawn.year).tolist()
    assert [r["type"] for r in in_order] == [TYPES[k] for k in drawn.kind.tolist()]
    assert [r["is_xpac"] for r in in_order] == drawn.xpac.tolist()
    assert [r["is_retracted"] for r in in_order] == drawn.retracted.tolist()
    assert [r["is_paratext"] for r in in_order] == drawn.paratext.tolist()


def test_references_in_the_world_never_exceed_the_stated_citations(live):
    cited = [name for record in live.values() for name in record["referenced_works"] if name in live]
    names, counts = np.unique(cited, return_counts=True)
    for name, count in zip(names.tolist(), counts.tolist(), strict=True):
        assert count <= live[name]["cited_by_count"]
    assert len(cited) > 3 * len(live)


def test_counts_of_the_last_ten_years_never_exceed_the_whole(live):
    for record in live.values():
        years = [each["year"] for each in record["counts_by_year"]]
        assert years == sorted(years, reverse=True)
        assert all(record["publication_year"] <= year <= 2026 for year in years)
        assert sum(each["cited_by_count"] for each in record["counts_by_year"]) <= record["cited_by_count"]


def test_a_record_agrees_with_itself(live):
    for record in live.values():
        authorships = record["authorships"]
        assert authorships[0]["author_position"] == "first"
        assert [a["is_corresponding"] for a in authorships] == [True] + [False] * (len(authorships) - 1)
        assert record["referenced_works_count"] == len(record["referenced_works"])
        assert record["primary_topic"] == record["topics"][0]
        for authorship in authorships:
            listed = {i["id"] for i in authorship["institutions"]}
            stated = {i for a in authorship["affiliations"] for i in a["institution_ids"]}
            assert listed == stated
            assert {i["country_code"] for i in authorship["institutions"]} <= set(authorship["countries"])
            assert all(i["lineage"][0] == i["id"] for i in authorship["institutions"])


def test_some_authors_have_a_country_alone_and_some_nothing(live):
    authors = [a for record in live.values() for a in record["authorships"]]
    alone = sum(bool(a["countries"]) and not a["institutions"] for a in authors)
    nothing = sum(not a["countries"] for a in authors)
    several = sum(len(a["institutions"]) > 1 for a in authors)
    assert 0 < alone < nothing < 0.2 * len(authors)
    assert 0.05 < several / len(authors) < 0.15

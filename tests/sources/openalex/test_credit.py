"""Credit: hand-worked cases of every rule, each through a whole pull."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primacy.lake.store import Lake
from primacy.sources.openalex import pull
from tests.oracles import openalex as oracle
from tests.sources.openalex.builders import (
    affiliation,
    author,
    expected,
    institution,
    rows,
    same,
    work,
    write,
)

US1, US2, CN3, NOWHERE4 = institution(1, "US"), institution(2, "US"), institution(3, "CN"), institution(4)
NAMED, NAMED_CN = institution(None, None), institution(None, "CN")
THIRD, SIXTH, QUARTER = 1 / 3, 1 / 6, 1 / 4

CASES = {
    "one author, two institutions": (
        [author(US1, CN3)],
        [(0, 1, "US", 0.5, 0.5), (0, 3, "CN", 0.5, 0.5)],
    ),
    "each author holds 1/N, one without anything is lost but counts": (
        [author(US1), author(), author(CN3)],
        [(0, 1, "US", THIRD, THIRD), (1, None, None, THIRD, THIRD), (2, 3, "CN", THIRD, THIRD)],
    ),
    "an author who stands there twice counts twice": (
        [author(US1, author={"id": "A7"}), author(US1, author={"id": "A7"})],
        [(0, 1, "US", 0.5, 0.5), (1, 1, "US", 0.5, 0.5)],
    ),
    "an institution that stands there twice is one": (
        [author(US1, US1, CN3)],
        [(0, 1, "US", 0.5, 0.5), (0, 3, "CN", 0.5, 0.5)],
    ),
    "an entry without id takes no slot beside one with an id": (
        [author(US1, NAMED, NAMED_CN)],
        [(0, 1, "US", 1.0, 1.0)],
    ),
    "an institution without country takes its slot, and countries does not rescue it": (
        [author(US1, NOWHERE4, countries=["US", "FR"])],
        [(0, 1, "US", 0.5, 0.5), (0, 4, None, 0.5, 0.5)],
    ),
    "entries without id stand for their country where none has an id": (
        [author(NAMED_CN, institution(None, "US"))],
        [(0, None, "CN", 0.5, 0.5), (0, None, "US", 0.5, 0.5)],
    ),
    "distinct entries without id in one country are slots of their own": (
        [
            author(
                {**NAMED_CN, "display_name": "a"}, {**NAMED_CN, "display_name": "b"}, institution(None, "US")
            )
        ],
        [(0, None, "CN", 2 * THIRD, 2 * THIRD), (0, None, "US", THIRD, THIRD)],
    ),
    "countries serves where no institution resolved": (
        [author(NAMED, countries=["us", "CN", "US", None, "XYZ"])],
        [(0, None, "CN", 0.5, 0.5), (0, None, "US", 0.5, 0.5)],
    ),
    "codes that are not two letters count as missing": (
        [author(institution(5, "U.S."), countries=["US"]), author(countries=["ZZZ"])],
        [(0, 5, None, 0.5, 0.5), (1, None, None, 0.5, 0.5)],
    ),
    "affiliations share equally, then their institutions": (
        [author(US1, US2, CN3, affiliations=[affiliation(1, 2), affiliation(3)])],
        [(0, 1, "US", THIRD, QUARTER), (0, 2, "US", THIRD, QUARTER), (0, 3, "CN", THIRD, 0.5)],
    ),
    "an institution in two affiliations gets both parts": (
        [author(US1, CN3, affiliations=[affiliation(1), affiliation(1, 3)])],
        [(0, 1, "US", 0.5, 0.75), (0, 3, "CN", 0.5, QUARTER)],
    ),
    "an affiliation without institutions is a slot that is lost": (
        [author(US1, affiliations=[affiliation(1), affiliation(), affiliation(None)])],
        [(0, None, None, 0.0, 2 * THIRD), (0, 1, "US", 1.0, THIRD)],
    ),
    "an id that stands twice in an affiliation is one": (
        [author(US1, CN3, affiliations=[affiliation(1, 1, 3, None)])],
        [(0, 1, "US", 0.5, 0.5), (0, 3, "CN", 0.5, 0.5)],
    ),
    "where no affiliation resolved, countries serves for the whole": (
        [author(affiliations=[affiliation(), affiliation(None)], countries=["US", "CN"])],
        [(0, None, "CN", 0.5, 0.5), (0, None, "US", 0.5, 0.5)],
    ),
    "where no affiliation resolved and there are no countries, all is lost": (
        [author(US1, affiliations=[affiliation()])],
        [(0, None, None, 0.0, 1.0), (0, 1, "US", 1.0, 0.0)],
    ),
    "empty affiliations fall back on institutions": (
        [author(US1, CN3, affiliations=[])],
        [(0, 1, "US", 0.5, 0.5), (0, 3, "CN", 0.5, 0.5)],
    ),
    "an institution of an affiliation takes its country from elsewhere in the record": (
        [author(affiliations=[affiliation(3)]), author(CN3)],
        [(0, None, None, 0.5, 0.0), (0, 3, "CN", 0.0, 0.5), (1, 3, "CN", 0.5, 0.5)],
    ),
    "an institution that nothing in the record describes has no country": (
        [author(affiliations=[affiliation(9)], countries=["US"])],
        [(0, None, "US", 1.0, 0.0), (0, 9, None, 0.0, 1.0)],
    ),
    "no authorships, no rows": ([], []),
}


@pytest.mark.parametrize("case", CASES)
def test_credit(case, tmp_path):
    authorships, wanted = CASES[case]
    lake = Lake.create(tmp_path / "lake")
    pull(lake, write(tmp_path / "works.jsonl", work(1, authorships=authorships)))
    columns = ("author_seq", "institution_id", "country", "weight", "weight_affiliation")
    got = rows(lake, "authorships", *columns)
    same({"authorships": got}, {"authorships": wanted})
    same(
        {"authorships": rows(lake, "authorships")},
        {"authorships": expected([work(1, authorships=authorships)])["authorships"]},
    )
    assert rows(lake, "works", "authors") == [(len(authorships),)]


COUNTRIES = st.sampled_from(["US", "CN", "fr", None, "XXL"])
IDS = st.sampled_from([1, 2, 3, None])
AUTHORS = st.builds(
    lambda places, countries, affiliations, flag: author(
        *places, countries=countries, affiliations=affiliations, is_corresponding=flag
    ),
    st.lists(st.builds(institution, IDS, COUNTRIES), max_size=4),
    st.none() | st.lists(COUNTRIES, max_size=3),
    st.none() | st.lists(st.builds(lambda ids: affiliation(*ids), st.lists(IDS, max_size=3)), max_size=3),
    st.sampled_from([True, False, None]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(AUTHORS, max_size=4), min_size=1, max_size=6))
def test_credit_equals_the_oracle_and_sums_to_one(tmp_path_factory, authorships):
    folder = tmp_path_factory.mktemp("credit")
    records = [work(n, authorships=a) for n, a in enumerate(authorships, 1)]
    lake = Lake.create(folder / "lake")
    pull(lake, write(folder / "works.jsonl", *records))
    got = rows(lake, "authorships")
    same({"authorships": got}, {"authorships": oracle.tables(records)["authorships"]})
    for n, a in enumerate(authorships, 1):
        if a:
            for column in (-2, -1):
                assert sum(r[column] for r in got if r[0] == n) == pytest.approx(1, abs=1e-12)

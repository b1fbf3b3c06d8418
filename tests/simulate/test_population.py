"""Authors, citations and references: shapes that a world needs."""

from __future__ import annotations

import numpy as np
import pytest

from primacy.simulate.citations import draw, expected_score, score, tail, threshold
from primacy.simulate.design import design
from primacy.simulate.graph import references
from primacy.simulate.institutions import institutions, starts, weights
from primacy.simulate.population import BACKGROUND, SLICE, cell_counts, populate, slices
from primacy.simulate.trajectory import courses

NAMES = tuple(course.technology for course in courses())[:6]


@pytest.fixture(scope="module")
def works():
    return populate(design(NAMES), 0, 20_000, 1, np.random.default_rng(0))


def test_a_tie_is_scored_in_part():
    assert score(np.array([3, 1, 1, 0]), 0.5).tolist() == [1.0, 0.5, 0.5, 0.0]
    assert score(np.array([0, 0, 0, 0, 0]), 0.10) == pytest.approx([0.1] * 5)
    assert score(np.array([7]), 0.10) == pytest.approx([0.1])


def test_the_threshold_of_a_population_is_the_limit_of_its_samples():
    location = np.array([[0.4, 1.9]])
    weight = np.array([[0.7, 0.3]])
    rng = np.random.default_rng(0)
    drawn = draw(location[0][(rng.random(2_000_000) < 0.3).astype(int)], rng)
    for top in (0.01, 0.10, 0.25):
        at, part = threshold(location, weight, top)
        assert (expected_score(at, part, location) * weight).sum() == pytest.approx(top)
        scores = score(drawn, top)
        assert drawn[scores == 1].min() == at[0] + 1
        assert scores[drawn == at[0]].max() == pytest.approx(part[0], abs=0.1)


def test_tails_are_those_of_the_draws():
    drawn = draw(np.full(1_000_000, 1.2), np.random.default_rng(0))
    for count in (1, 2, 10, 100):
        assert (drawn >= count).mean() == pytest.approx(float(tail(count, 1.2)), abs=0.002)


def test_slices_cover_a_world_and_their_cells_add_up():
    plan = design(NAMES)
    for size in (2_000, SLICE, SLICE + 1, 333_333):
        bounds = slices(size)
        assert bounds[0][0] == 0
        assert bounds[-1][1] == size
        assert all(0 < last - first <= SLICE for first, last in bounds)
        counts = sum(cell_counts(plan, first, last) for first, last in bounds)
        assert np.abs(counts - plan.volume * (1 - BACKGROUND) * size).max() <= 0.5
        assert counts.sum() <= size


def test_citations_are_skewed_with_zeros_and_ties(works):
    assert 0.03 < (works.citations == 0).mean() < 0.3
    assert works.citations.mean() > 1.5 * np.median(works.citations)


def test_some_works_have_more_than_a_hundred_authors(works):
    size = np.diff(works.start)
    assert size.min() >= 1
    assert (size >= 100).any()
    assert 4 < size.mean() < 7


def test_authors_of_a_domestic_work_are_of_its_country(works):
    alone = ~works.abroad[works.authors.work]
    assert (works.authors.country[alone] == works.lead[works.authors.work][alone]).all()


def test_a_work_with_two_countries_has_authors_of_both(works):
    foreign = works.authors.country == works.second[works.authors.work]
    seen = np.bincount(works.authors.work, foreign, minlength=len(works))
    assert (seen[works.abroad] >= 1).all()
    assert (seen[~works.abroad] == 0).all()


def test_institutions_lie_in_the_country_of_their_authors(works):
    place = np.array([each.place for each in institutions()])
    assert (place[works.authors.institution] == works.authors.country).all()


def test_weights_of_institutions_sum_to_one_in_each_country():
    table = weights(NAMES)
    assert np.allclose(np.add.reduceat(table, starts()[:-1], axis=1), 1)


def test_references_never_exceed_citations_and_never_point_to_the_future(works):
    plan = design(NAMES)
    start, cited = references(works, plan.codes, np.random.default_rng(1))
    citing = np.repeat(np.arange(len(works)), np.diff(start))
    assert (np.bincount(cited, minlength=len(works)) <= works.citations).all()
    assert (works.year[citing] >= works.year[cited]).all()
    assert (works.technology[citing] == works.technology[cited]).all()
    assert (citing != cited).all()
    assert len(np.unique(citing * len(works) + cited)) == len(cited)
    assert 4 < len(cited) / len(works) < 8


def test_china_cites_itself_more_than_others_do(works):
    plan = design(NAMES)
    start, cited = references(works, plan.codes, np.random.default_rng(1))
    citing = np.repeat(np.arange(len(works)), np.diff(start))
    rate = {}
    for code in ("CN", "US", "GB"):
        own = works.lead[cited] == plan.codes.index(code)
        rate[code] = (works.lead[citing[own]] == plan.codes.index(code)).mean()
    assert rate["CN"] > rate["US"] > rate["GB"] > 0.2

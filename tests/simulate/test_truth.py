"""The truth: it follows the published facts, and plain counting of many works recovers it."""

from __future__ import annotations

import collections
import csv
import math

import numpy as np
import pytest

from primacy.simulate.citations import SPREAD, score
from primacy.simulate.design import DUAL, DUAL_ABROAD, design
from primacy.simulate.population import UNRESOLVED, populate
from primacy.simulate.trajectory import FIRST_YEAR, YEARS, courses
from primacy.simulate.truth import PUBLISHED, Truth

EVERY = tuple(course.technology for course in courses())


@pytest.fixture(scope="module")
def whole():
    """The truth of all 74 technologies, each by itself."""
    return Truth(design(EVERY), np.eye(len(EVERY)))


def old(shared):
    with (shared / "facts" / "technologies.csv").open() as file:
        return {row["technology_id"] for row in csv.DictReader(file) if row["first_added"] == "2023"}


def test_the_world_knows_the_technologies(shared):
    with (shared / "facts" / "technologies.csv").open() as file:
        assert sorted(row["technology_id"] for row in csv.DictReader(file)) == list(EVERY)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("2003-2007", {"US": 60, "CN": 3, "JP": 1}),
        ("2018-2022", {"CN": 52, "US": 12}),
        ("2019-2023", {"CN": 57, "US": 7}),
    ],
)
def test_leaders_of_the_64_are_as_published(shared, whole, window, expected):
    leads = zip(EVERY, whole.leads(window), strict=True)
    assert collections.Counter(lead.leader for name, lead in leads if name in old(shared)) == expected


def test_leaders_of_the_74_are_as_published(whole):
    assert collections.Counter(lead.leader for lead in whole.leads("2020-2024")) == {"CN": 66, "US": 8}


def test_every_published_leader_leads(shared, whole):
    with (shared / "facts" / "aspi_published.csv").open() as file:
        published = {
            (row["technology_id"], row["window"]): row["country"]
            for row in csv.DictReader(file)
            if row["rank"] == "1" and row["window"] != "2013-2017"
        }
    assert len(published) > 150
    for window in {window for _, window in published}:
        for name, lead in zip(EVERY, whole.leads(window), strict=True):
            assert lead.leader == published.get((name, window), lead.leader), (name, window)


def test_works_of_two_technologies_turn_no_published_leader(whole, planned):
    _, _, truth = planned
    assert truth.design.technologies == EVERY
    for window in PUBLISHED:
        apart, together = whole.leads(window), truth.leads(window)
        assert [lead.leader for lead in apart] == [lead.leader for lead in together]


def test_overall_shares_are_as_published(planned):
    _, _, whole = planned
    codes = whole.design.codes
    overall = whole.overall()
    for year, code, share in ((2005, "CN", 0.06), (2005, "US", 0.43), (2024, "CN", 0.48), (2024, "US", 0.09)):
        assert overall[year - FIRST_YEAR, codes.index(code)] == pytest.approx(share, abs=0.006)


def test_machine_learning_changes_hands_in_2017(whole):
    assert whole.crossings()[EVERY.index("machine-learning")] == 2017


def test_there_are_clear_leads_and_coin_tosses(whole):
    leads = whole.leads("2019-2023")
    assert sum(lead.clear for lead in leads) > 40
    assert 2 <= sum(lead.coin_toss for lead in leads) <= 6


def test_shares_sum_to_one(planned):
    _, _, truth = planned
    for top in (0.01, 0.10, 0.25):
        assert np.allclose(truth.yearly(top).sum(axis=-1), 1, atol=1e-12)
    assert np.allclose(truth.institutions("2019-2023").sum(axis=-1), 1, atol=1e-12)


def test_the_truth_of_one_cell_by_hand():
    """The same expectation, term by term in plain Python."""
    plan = design(("supercapacitors",))
    y, top, codes = 12, 0.10, range(len(plan.codes))
    lead, target = plan.lead[0, y].tolist(), plan.target[0, y].tolist()
    abroad, location = plan.abroad[y].tolist(), plan.location[y].tolist()

    def at_least(k, m):
        return 1.0 if k == 0 else 0.5 * math.erfc((math.log(k) - m) / SPREAD / math.sqrt(2))

    def kinds(c):
        return ((1 - abroad[c], location[c][0], False), (abroad[c], location[c][1], True))

    def beyond(k):
        return sum(lead[c] * p * at_least(k, m) for c in codes for p, m, _ in kinds(c))

    at = next(k for k in range(10_000) if beyond(k + 1) <= top)
    part = (top - beyond(at + 1)) / (beyond(at) - beyond(at + 1))
    share = [0.0] * len(plan.codes)
    for own in codes:
        for p, m, two in kinds(own):
            mass = lead[own] * p * (at_least(at + 1, m) + part * (at_least(at, m) - at_least(at + 1, m)))
            given = 0.5 if two else DUAL * DUAL_ABROAD / 2
            share[own] += mass * (1 - given)
            for c in codes:
                if c != own:
                    share[c] += mass * given * target[c] / (1 - target[own])
    truth = Truth(plan, np.eye(1)).yearly(merge=False)[0, y]
    assert truth == pytest.approx([s / top for s in share], abs=1e-12)


@pytest.mark.parametrize("top", [0.05, 0.10, 0.25])
def test_counting_many_works_recovers_the_truth(top):
    """Fractional counting, renormalised, over 300,000 works of two technologies."""
    names = ("quantum-computing", "supercapacitors")
    plan = design(names)
    works = populate(plan, 0, 300_000, 1, np.random.default_rng(5))
    people = works.authors
    known = people.state != UNRESOLVED
    codes = plan.codes
    weight = np.where(known, 1.0, 0.0)
    other = np.searchsorted(np.cumsum(np.bincount(_places())), people.second_institution, "right")
    credit = np.zeros((len(works), len(codes)))
    two = people.second_institution >= 0
    np.add.at(credit, (people.work, people.country), weight * np.where(two, 0.5, 1.0))
    np.add.at(credit, (people.work[two], other[two]), weight[two] * 0.5)
    total = credit.sum(axis=1)
    counted = (total > 0) & ~works.background
    credit[counted] /= total[counted, None]
    expected = Truth(plan, np.eye(2)).yearly(top, merge=False)
    for t in range(2):
        for y in (0, 10, len(YEARS) - 1):
            cell = counted & (works.technology == t) & (works.year == y)
            scores = score(works.citations[cell], top)
            share = (scores[:, None] * credit[cell]).sum(axis=0) / scores.sum()
            error = np.sqrt(expected[t, y] * (1 - expected[t, y]) / (top * cell.sum()))
            assert scores.sum() == pytest.approx(top * cell.sum())
            assert (np.abs(share - expected[t, y]) < 5 * error + 0.002).all()


def _places():
    from primacy.simulate.institutions import institutions

    return [each.place for each in institutions()]

"""Draws over methods and works at once: shares and leaders belong together."""

from __future__ import annotations

import numpy as np
import pytest

from primacy.inference.bootstrap import generator
from primacy.inference.multiverse import Multiverse, joint_draws, multiverse
from primacy.inference.workshop import SHAPE, Material, Workshop


def material(citations, units, parts):
    """Works of one year, one unit each, under every query and type; all ways of counting agree."""
    n = len(citations)
    return Material(
        year=np.full(n, 2024),
        citations=np.array(citations),
        foreign=np.repeat(np.array(citations)[:, None, None], 2, axis=1).repeat(2, axis=2),
        in_query=np.ones((n, 2), dtype=bool),
        in_types=np.ones((n, 2), dtype=bool),
        work=np.arange(n),
        unit=np.array(units),
        parts=np.full((n, 2, 3), parts),
        merged=np.arange(max(units) + 1),
    )


def drawn(n=300, draws=50, seed=0):
    rng = np.random.default_rng(3)
    made = material(rng.poisson(4, n).tolist(), rng.integers(0, 3, n).tolist(), 1.0)
    workshop = Workshop(made, 2024)
    return joint_draws(workshop, multiverse(workshop, 0), draws, generator(seed, "t", "w", "joint"))


def test_the_leader_of_a_draw_has_its_largest_share_and_shares_sum_to_one():
    found = drawn()
    assert found.shares.shape == (50, 3)
    assert found.shares.sum(axis=1) == pytest.approx(np.ones(50))
    rounded = np.round(found.shares, 12)
    assert (rounded[np.arange(50), found.leader] == rounded.max(axis=1)).all()


def test_shares_spread_as_a_bootstrap_does():
    # Every work scores alike, so a share is the part of the works of a unit: a binomial in every universe.
    n = 400
    made = material([1] * n, [0] * 100 + [1] * 300, 1.0)
    workshop = Workshop(made, 2024)
    found = joint_draws(workshop, multiverse(workshop, 1), 2000, generator(0, "binomial"))
    share = found.shares[~np.isnan(found.shares[:, 1]), 1]
    assert share.mean() == pytest.approx(0.75, abs=0.003)
    assert share.std() == pytest.approx(np.sqrt(0.75 * 0.25 / n), rel=0.08)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    assert drawn().shares.tobytes() == drawn().shares.tobytes()
    assert drawn(seed=1).shares.tobytes() != drawn().shares.tobytes()


def test_without_a_defensible_universe_nothing_is_defined():
    made = material([1, 2], [0, 1], 1.0)
    nowhere = np.zeros(SHAPE, dtype=bool)
    universes = Multiverse(np.full(SHAPE, -1), np.full(SHAPE, np.nan), nowhere, 0)
    found = joint_draws(Workshop(made, 2024), universes, 3, generator(0, "none"))
    assert found.leader.tolist() == [-1, -1, -1]
    assert found.shares.shape == (3, 2)
    assert np.isnan(found.shares).all()

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from primacy.composite import Definition, Index, Indicator, Uncertainty, rank_spread
from primacy.composite.model import Model, dirichlet
from primacy.errors import InputError, UsageError

from .builders import flat, listed, values

ROWS = [[0.9, 0.8, 0.7], [0.5, 0.4, 0.3], [0.1, 0.6, 0.4], [0.3, 0.1, None]]
INDEX = flat(ROWS, weights=[0.5, 0.3, 0.2])


def test_two_equal_gammas_share_equally():
    assert dirichlet(np.array([3.0, 3.0]), np.array([[0.4, 0.4]])).tolist() == [[0.5, 0.5]]


def test_dirichlet_draws_have_the_mean_and_variance_of_the_distribution():
    w, c = np.array([0.5, 0.3, 0.2]), 50.0
    draws = dirichlet(c * w, np.random.default_rng(1).random((20_000, 3)))
    assert draws.sum(axis=1) == pytest.approx(np.ones(20_000))
    assert draws.mean(axis=0) == pytest.approx(w, abs=0.002)
    assert draws.var(axis=0) == pytest.approx(w * (1 - w) / (c + 1), rel=0.03)


def test_tiny_parameters_do_not_underflow():
    draws = dirichlet(np.array([1e-4, 2e-4]), np.random.default_rng(1).random((5000, 2)))
    assert np.isfinite(draws).all()
    assert draws.mean(axis=0) == pytest.approx([1 / 3, 2 / 3], abs=0.03)


def test_replicates_are_what_the_index_gives_with_the_drawn_weights():
    model = Model(INDEX, Uncertainty(concentration=20))
    points = np.random.default_rng(4).random((5, model.dimensions))
    weights = dirichlet(20 * np.array([0.5, 0.3, 0.2]), points)
    for row, own in zip(model.scores(points), weights, strict=True):
        expected = flat(ROWS, weights=own.tolist()).run().score
        assert row.tolist() == pytest.approx(expected.tolist())


def test_alternatives_are_chosen_by_equal_parts_of_the_unit_interval():
    model = Model(INDEX, Uncertainty(weights="none", normalise=("none", "minmax", "rank")))
    assert [i.name for i in model.inputs] == ["normalise"]
    scores = model.scores(np.array([[0.0], [0.34], [0.99], [1.0]]))
    for row, normalise in zip(scores, ("none", "minmax", "rank", "rank"), strict=True):
        assert row.tolist() == pytest.approx(INDEX.change(normalise=normalise).run().score.tolist())


def test_alternatives_with_a_geometric_mean_use_the_floor_and_the_stated_index_does_not():
    index = flat([[0.0, 1.0], [0.004, 0.5]])
    model = Model(index, Uncertainty(weights="none", aggregate=("arithmetic", "geometric"), floor=0.01))
    arithmetic, geometric = model.scores(np.array([[0.2], [0.8]]))
    assert arithmetic.tolist() == pytest.approx([50.0, 25.2])
    assert geometric.tolist() == pytest.approx([10.0, 100 * np.sqrt(0.005)])
    bare = Model(index, Uncertainty(weights="none", aggregate=("arithmetic", "geometric")))
    with pytest.raises(InputError, match="under aggregate geometric: 'x1' of 'A': a value is 0"):
        bare.scores(np.array([[0.8]]))


def test_rank_intervals_hold_the_ranks_that_occurred():
    spread = rank_spread(INDEX, Uncertainty(replicates=500, concentration=4))
    assert spread.ranks.shape == (500, 4)
    for k in range(4):
        drawn = np.sort(spread.ranks[:, k])
        # The inverse of the empirical distribution: the ceil(p n)-th value.
        assert spread.low[k] == drawn[int(np.ceil(0.025 * 500)) - 1]
        assert spread.median[k] == drawn[249]
        assert spread.high[k] == drawn[int(np.ceil(0.975 * 500)) - 1]
    assert spread.first.tolist() == [1.0, 0.0, 0.0, 0.0]
    above = spread.probability_above(1, 2)
    assert 0 < above < 1
    assert above + spread.probability_above(2, 1) == pytest.approx(1.0)


def test_a_wider_interval_holds_a_narrower_one_and_more_noise_widens_it():
    narrow = rank_spread(INDEX, Uncertainty(replicates=400, interval=0.5))
    wide = rank_spread(INDEX, Uncertainty(replicates=400, interval=0.99))
    assert (wide.low <= narrow.low).all()
    assert (wide.high >= narrow.high).all()
    calm = rank_spread(INDEX, Uncertainty(replicates=400, concentration=1e6))
    assert calm.low.tolist() == calm.high.tolist() == INDEX.run().rank.tolist()


def test_the_same_seed_gives_the_same_ranks_and_another_gives_others():
    one, same, other = (rank_spread(INDEX, Uncertainty(replicates=300, seed=s)) for s in (7, 7, 8))
    assert one.ranks.tobytes() == same.ranks.tobytes()
    assert one.ranks.tobytes() != other.ranks.tobytes()


def test_without_replicates_there_is_no_spread():
    assert rank_spread(INDEX, Uncertainty(replicates=0)) is None


def test_when_nothing_is_uncertain_every_replicate_is_the_index():
    spread = rank_spread(INDEX, Uncertainty(weights="none", replicates=3))
    assert [row.tolist() for row in spread.ranks] == [INDEX.run().rank.tolist()] * 3


def test_units_without_a_rank_have_no_interval():
    rows = [[0.9], [None], [0.1], [0.5]]
    index = flat([[0.9], [0.2], [0.1], [0.5]]).change(values=values(rows, apart=frozenset({"D"})))
    spread = rank_spread(index, Uncertainty(replicates=10))
    assert listed(spread.low) == listed(spread.high) == [1, None, 2, None]
    assert listed(spread.first) == [1, None, 0, None]
    assert np.isnan(spread.probability_above(0, 1))


def test_a_weight_of_zero_stays_zero():
    index = flat([[1, 0, 5], [0, 1, 9]], weights=[1, 1, 0])
    model = Model(index, Uncertainty())
    assert model.dimensions == 2
    flat_noise = Model(index, Uncertainty(weights="flat"))
    points = np.random.default_rng(0).random((4, 2))
    for scores in (model.scores(points), flat_noise.scores(points)):
        assert scores.sum(axis=1) == pytest.approx(np.full(4, 100.0))


def test_flat_weights_are_uniform_over_all_that_sum_to_one():
    index = flat([[1.0, 0.0, 0.0]], weights=[98, 1, 1], scale=1)
    model = Model(index, Uncertainty(weights="flat"))
    scores = model.scores(np.random.default_rng(2).random((20_000, 3)))[:, 0]
    # The first of three flat weights is Beta(1, 2): mean 1/3, variance 1/18.
    assert scores.mean() == pytest.approx(1 / 3, abs=0.01)
    assert scores.var() == pytest.approx(1 / 18, rel=0.05)


@pytest.mark.parametrize("aggregate", ["arithmetic", "copeland"])
def test_replicates_do_not_depend_on_how_many_are_computed_at_once(monkeypatch, aggregate):
    model = Model(INDEX.change(aggregate=aggregate), Uncertainty())
    points = np.random.default_rng(3).random((50, model.dimensions))
    whole = model.scores(points)
    monkeypatch.setattr("primacy.composite.model._CELLS", 30)
    assert model.scores(points).tobytes() == whole.tobytes()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"replicates": -1}, "replicates is -1; it takes a whole number from 0"),
        ({"weights": "gauss"}, "uncertainty weights is 'gauss'; it takes dirichlet, flat, none"),
        ({"concentration": 0.0}, r"concentration is 0\.0; it takes a number above 0"),
        ({"interval": 1.0}, r"interval is 1\.0; it takes a share between 0 and 1"),
        ({"floor": -1.0}, r"floor is -1\.0; it takes a number above 0"),
        ({"seed": -1}, "seed is -1; it takes a whole number from 0"),
        ({"normalise": ("softmax",)}, "uncertainty normalise is 'softmax'"),
        ({"missing": ("guess",)}, "uncertainty missing is 'guess'"),
        ({"aggregate": (("arithmetic", "mode"),)}, "uncertainty aggregate is 'mode'"),
    ],
)
def test_a_setting_that_an_option_does_not_take_is_named(settings, message):
    with pytest.raises(UsageError, match=message):
        Uncertainty(**settings)


# ---------------------------------------------------------------------------- draws of the values


def test_each_replicate_takes_one_draw_of_the_values():
    index = flat([[1.0], [2.0]])
    draws = np.array([[[1.0], [2.0]], [[5.0], [3.0]]])
    model = Model(index, Uncertainty(weights="none"), draws=draws)
    assert [i.name for i in model.inputs] == ["values"]
    scores = model.scores(np.array([[0.0], [0.49], [0.5], [0.99]]))
    assert scores.tolist() == [[100, 200], [100, 200], [500, 300], [500, 300]]


def test_draws_are_normalised_each_on_its_own_and_with_the_drawn_weights():
    draws = np.random.default_rng(0).random((4, 4, 3))
    model = Model(INDEX.change(normalise="minmax"), Uncertainty(concentration=20), draws=draws)
    points = np.random.default_rng(2).random((7, model.dimensions))
    weights = dirichlet(20 * np.array([0.5, 0.3, 0.2]), points[:, :3])
    for row, own, at in zip(model.scores(points), weights, points[:, 3], strict=True):
        one = flat(draws[int(at * 4)].tolist(), weights=own.tolist(), normalise="minmax")
        assert row.tolist() == pytest.approx(one.run().score.tolist())


def test_the_chance_of_being_first_is_the_part_of_the_draws_in_which_a_unit_is():
    draws = np.array([[[2.0], [1.0]]] * 3 + [[[1.0], [2.0]]])
    spread = rank_spread(flat([[2.0], [1.0]]), Uncertainty(replicates=8000, weights="none"), draws=draws)
    assert spread is not None
    assert spread.first.tolist() == pytest.approx([0.75, 0.25], abs=0.02)


def test_one_draw_is_no_uncertainty_but_it_is_what_is_computed():
    model = Model(flat([[1.0], [2.0]]), Uncertainty(weights="none"), draws=np.array([[[4.0], [3.0]]]))
    assert model.inputs == ()
    assert model.scores(np.zeros((2, 0))).tolist() == [[400, 300], [400, 300]]


def test_draws_follow_denominators_and_screening():
    index = flat([[10.0, 1.0], [20.0, 1.0], [None, 1.0]])
    divided = replace(
        index,
        values=replace(index.values, denominators=np.array([[10.0, 1.0], [10.0, 1.0], [1.0, 1.0]])),
        method=replace(index.method, screen_units=0.6),
    )
    draws = np.array([[[30.0, 1.0], [10.0, 1.0], [7.0, 1.0]]] * 2)
    scores = Model(divided, Uncertainty(weights="none"), draws=draws).scores(np.array([[0.3]]))
    assert scores[0].tolist()[:2] == [200.0, 100.0]
    assert np.isnan(scores[0, 2])


def test_draws_of_another_shape_are_refused():
    with pytest.raises(InputError, match=r"draws of values are \(2, 2\); the index has 4 units and 3 ind"):
        Model(INDEX, Uncertainty(), draws=np.zeros((5, 2, 2)))


def test_the_levels_of_a_replicate_are_its_groups_and_its_score():
    definition = Definition(
        levels=("x", "group"),
        indicators=(Indicator(path=("a", "x1")), Indicator(path=("a", "x2")), Indicator(path=("b", "x3"))),
    )
    index = Index(definition=definition, values=values([[1.0, 3.0, 5.0], [2.0, 2.0, 8.0]]))
    groups, whole = Model(index, Uncertainty(weights="none")).levels(np.zeros((1, 0)))
    assert groups.tolist() == [[[200, 500], [200, 800]]]
    assert whole.tolist() == [[[350], [500]]]

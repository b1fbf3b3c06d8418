from __future__ import annotations

import numpy as np
import pytest

from primacy.composite import Effect, Uncertainty, sensitivity, usual_alternatives
from primacy.composite.model import Input, Model
from primacy.composite.sensitivity import _analyse, _design, _lead, _problem
from primacy.errors import InputError, UsageError
from tests.oracles import composite as oracle

from .builders import flat, values

ROWS = [[0.9, 0.1, 0.4], [0.5, 0.4, 0.8], [0.1, 0.6, 0.3], [0.3, 0.9, 0.2], [0.7, 0.2, 0.6]]
INDEX = flat(ROWS, weights=[0.5, 0.3, 0.2])


class _Linear:
    """A model whose effects are known: y = 1·a + 2·b + 3·c, with b and c in one group."""

    inputs = (Input("a", (0,)), Input("rest", (1, 2)))
    dimensions = 3


def test_the_estimates_find_known_effects_of_groups():
    problem = _problem(_Linear())
    points = _design(problem, 4096, seed=0)
    assert points.shape == (4096 * 4, 3)
    found = _analyse(problem, points @ np.array([1.0, 2.0, 3.0]), seed=0)
    # Variances are 1/12 times 1, 4, 9: a explains 1/14 alone and in all, the group 13/14.
    assert found["S1"].tolist() == pytest.approx([1 / 14, 13 / 14], abs=0.01)
    assert found["ST"].tolist() == pytest.approx([1 / 14, 13 / 14], abs=0.01)


def test_the_effects_of_an_index_agree_with_the_oracle():
    uncertainty = Uncertainty(
        replicates=128, concentration=8, normalise=("none", "rank"), aggregate=("arithmetic", "geometric")
    )
    model = Model(INDEX, uncertainty)
    points = _design(_problem(model), 128, seed=0)
    stated = INDEX.run().rank
    shifts = [float(np.abs(row - stated).mean()) for row in model.ranks(points)]
    expected = oracle.sobol_effects(shifts, 3)
    found = sensitivity(INDEX, uncertainty).effects
    for effect, (first, total) in zip(found, expected, strict=True):
        assert effect.first_order == pytest.approx(first, abs=1e-9)
        assert effect.total == pytest.approx(total, abs=1e-9)


def test_seed_zero_is_a_seed():
    problem = _problem(_Linear())
    y = _design(problem, 64, seed=0) @ np.array([1.0, 2.0, 3.0])
    assert _design(problem, 64, seed=0).tobytes() == _design(problem, 64, seed=0).tobytes()
    one, same = _analyse(problem, y, seed=0), _analyse(problem, y, seed=0)
    assert one["S1_conf"].tobytes() == same["S1_conf"].tobytes()


def test_a_single_input_explains_everything():
    found = sensitivity(INDEX, Uncertainty(replicates=512, concentration=5))
    assert found.effects == (Effect("weights", 1.0, 1.0, 0.0, 0.0),)
    assert found.variance > 0
    found = sensitivity(INDEX, Uncertainty(replicates=512, weights="none", normalise=("none", "rank")))
    assert found.effects == (Effect("normalise", 1.0, 1.0, 0.0, 0.0),)


def test_interacting_inputs_have_total_effects_above_their_first_order_ones():
    uncertainty = Uncertainty(
        replicates=1024, concentration=10, normalise=("none", "rank"), aggregate=("arithmetic", "geometric")
    )
    found = sensitivity(INDEX, uncertainty)
    assert [e.input for e in found.effects] == ["weights", "normalise", "aggregate"]
    for effect in found.effects:
        slack = effect.first_order_error + effect.total_error
        assert effect.total >= effect.first_order - slack
        assert -slack <= effect.first_order <= 1 + slack
    assert sum(e.first_order for e in found.effects) <= 1 + sum(e.first_order_error for e in found.effects)


def test_the_design_is_a_power_of_two_not_above_the_replicates():
    found = sensitivity(INDEX, Uncertainty(replicates=100, normalise=("none", "rank")))
    assert found.evaluations == 64 * (2 + 2)


def test_weights_can_be_split_by_level():
    from .test_index import INDEX as two_levels

    found = sensitivity(two_levels, Uncertainty(replicates=64, split_weights=True))
    assert [e.input for e in found.effects] == ["weights of pillar", "weights of sector"]


def test_the_rank_of_one_unit_can_be_explained():
    found = sensitivity(INDEX, Uncertainty(replicates=128, concentration=5), unit="A")
    assert found.output == "rank of A"
    assert 1 <= found.mean <= 5
    with pytest.raises(InputError, match="there is no unit 'Z'"):
        sensitivity(INDEX, Uncertainty(replicates=128), unit="Z")


def test_when_no_choice_moves_the_ranks_all_effects_are_zero():
    clear = flat([[1, 1], [2, 2], [3, 3]])
    found = sensitivity(clear, Uncertainty(replicates=16))
    assert found.variance == 0
    assert [(e.first_order, e.total) for e in found.effects] == [(0.0, 0.0)]


def test_when_nothing_is_uncertain_there_are_no_effects():
    assert sensitivity(INDEX, Uncertainty(weights="none")).effects == ()


@pytest.mark.parametrize("replicates", [0, 1])
def test_a_design_needs_two_points(replicates):
    with pytest.raises(UsageError, match=f"replicates is {replicates}; .* at least 2"):
        sensitivity(INDEX, Uncertainty(replicates=replicates))


def test_the_same_seed_gives_the_same_effects():
    uncertainty = Uncertainty(replicates=64, normalise=("none", "rank"))
    assert sensitivity(INDEX, uncertainty) == sensitivity(INDEX, uncertainty)


def test_usual_alternatives_fill_only_what_is_not_stated():
    usual = usual_alternatives(INDEX, Uncertainty())
    assert usual.normalise == ("none", "minmax", "percentile-rank")
    assert usual.aggregate == ("arithmetic", "geometric")
    assert usual.missing == ()
    assert usual.floor == 0.01
    stated = Uncertainty(normalise=("none",), aggregate=("copeland",), missing=("drop",), floor=0.5)
    assert usual_alternatives(INDEX, stated) == stated


def test_usual_alternatives_never_score_a_gap_as_zero_unless_it_was_asked():
    gappy = flat([[1, None], [2, 3], [3, 1]])
    assert usual_alternatives(gappy, Uncertainty()).missing == ("drop", "median")
    assert usual_alternatives(gappy.change(missing="zero"), Uncertainty()).missing == (
        "zero",
        "drop",
        "median",
    )


def test_where_values_may_be_negative_the_alternative_is_copeland():
    negative = flat([[-1, 2], [2, 3]])
    assert usual_alternatives(negative, Uncertainty()).aggregate == ("arithmetic", "copeland")
    zscore = INDEX.change(normalise="zscore")
    assert usual_alternatives(zscore, Uncertainty()).aggregate == ("arithmetic", "copeland")
    assert usual_alternatives(negative.change(normalise="minmax"), Uncertainty()).aggregate == (
        "arithmetic",
        "geometric",
    )


def test_one_unit_has_no_ranking_to_explain():
    alone = flat([[0.5, 0.5]])
    found = sensitivity(alone, usual_alternatives(alone, Uncertainty(replicates=8)))
    assert [(e.input, e.total) for e in found.effects] == [("weights", 0.0)]
    bloc = flat([[0.5], [0.2]]).change(values=values([[0.5], [0.2]], apart=frozenset({"B"})))
    assert usual_alternatives(bloc, Uncertainty()).normalise == ()


def test_draws_of_the_values_are_an_input_of_their_own():
    index = flat([[1.0], [2.0]])
    draws = np.array([[[1.0], [2.0]], [[2.0], [1.0]]])
    found = sensitivity(index, Uncertainty(replicates=64, weights="none"), unit="A", draws=draws)
    assert [(e.input, e.first_order, e.total) for e in found.effects] == [("values", 1.0, 1.0)]


def test_what_moves_a_lead_is_found_where_the_rank_never_moves():
    # A's lead is 3 - 1 = 2 or 9 - 1 = 8: its rank is 1 in both, its lead hangs on the values alone.
    draws = np.array([[[3.0], [1.0]], [[9.0], [1.0]]])
    index, uncertain = flat([[3.0], [1.0]]), Uncertainty(replicates=64, weights="none")
    rank = sensitivity(index, uncertain, unit="A", draws=draws)
    lead = sensitivity(index, uncertain, unit="A", of="lead", draws=draws)
    assert (rank.output, rank.variance) == ("rank of A", 0.0)
    assert lead.output == "lead of A"
    assert lead.mean == pytest.approx(500)
    assert lead.variance == pytest.approx(300.0**2)
    assert [(e.input, e.total) for e in lead.effects] == [("values", 1.0)]


def test_a_lead_is_over_the_best_of_those_that_are_ranked():
    scores = np.array([[5.0, 3.0, 9.0], [1.0, 2.0, 9.0], [1.0, np.nan, 9.0]])
    assert _lead(scores, np.array([True, True, False]), 0).tolist() == [2.0, -1.0, 0.0]


def test_another_output_is_refused():
    with pytest.raises(UsageError, match="of"):
        sensitivity(INDEX, Uncertainty(), unit="A", of="score")

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from primacy.composite import Definition, Group, Index, Indicator, Method
from primacy.errors import InputError, UsageError
from tests.oracles import composite as oracle

from .builders import flat, listed, matrix, values

DEFINITION = Definition(
    levels=("pillar", "sector"),
    indicators=(
        Indicator(path=("AI", "People"), weight=3),
        Indicator(path=("AI", "Money"), weight=1),
        Indicator(path=("Space", "People"), weight=1),
    ),
    groups=(Group(path=("AI",), weight=0.6), Group(path=("Space",), weight=0.4)),
)
ROWS = [[1.0, 0.6, 0.5], [0.2, None, 1.0], [None, None, 0.8], [None, None, None]]
INDEX = Index(definition=DEFINITION, values=values(ROWS), method=Method(scale=100))


def test_two_levels_by_hand():
    result = INDEX.run()
    # A: AI = 0.75·1 + 0.25·0.6 = 0.9; 0.6·0.9 + 0.4·0.5 = 0.74. B: AI = 0.2 (Money missing), 0.12 + 0.4.
    # C: AI missing as a whole, so Space alone. D: nothing at all.
    assert listed(result.score) == [pytest.approx(74.0), pytest.approx(52.0), pytest.approx(80.0), None]
    assert listed(result.rank) == [2, 3, 1, None]
    assert listed(result.coverage) == pytest.approx([1.0, 0.6 * 0.75 + 0.4, 0.4, 0.0])
    assert listed(result.scores_of("AI")) == [pytest.approx(90.0), pytest.approx(20.0), None, None]
    assert listed(result.scores_of("Space / People")) == [50.0, 100.0, 80.0, None]


def test_a_unit_with_every_value_is_covered_exactly():
    rng = np.random.default_rng(0)
    index = flat(rng.random((3, 17)).tolist(), weights=rng.random(17).tolist())
    assert index.run().coverage.tolist() == [1.0, 1.0, 1.0]


def test_missing_is_zero_only_when_asked_and_coverage_says_what_was_there():
    zero = INDEX.change(missing="zero").run()
    assert listed(zero.score) == pytest.approx([74.0, 49.0, 32.0, 0.0])
    assert listed(zero.coverage) == listed(INDEX.run().coverage)
    assert zero.missing.tolist() == [0, 1, 2, 3]


def test_a_method_per_level():
    mixed = INDEX.change(aggregate=("geometric", "arithmetic")).run()
    assert mixed.score[0] == pytest.approx(100 * (0.6 * 0.6**0.25 + 0.4 * 0.5))
    other = INDEX.change(aggregate=("arithmetic", "geometric")).run()
    assert other.score[0] == pytest.approx(100 * 0.9**0.6 * 0.5**0.4)


def test_any_step_can_be_changed_and_the_index_itself_never_changes():
    before = listed(INDEX.run().score)
    assert INDEX.change(scale=1).run().score[0] == pytest.approx(0.74)
    assert INDEX.change(normalise="rank", missing="median").method.missing == "median"
    assert INDEX.change(values=values([[1, 1, 1]])).run().score.tolist() == pytest.approx([100.0])
    assert INDEX.change(method=Method(scale=2), normalise="none").method.scale == 2
    assert listed(INDEX.run().score) == before


def test_a_setting_that_does_not_exist_is_named():
    with pytest.raises(UsageError, match=r"a method has no setting 'normalize'; it has .*normalise"):
        INDEX.change(normalize="rank")


def test_a_bloc_is_scored_and_never_ranked():
    rows = [[0.0], [10.0], [30.0]]
    index = flat(rows, normalise="minmax")
    apart = index.change(values=values(rows, apart=frozenset({"C"}))).run()
    assert listed(apart.score) == [0.0, 100.0, 300.0]
    assert listed(apart.rank) == [2, 1, None]


def test_values_and_indicators_must_match():
    with pytest.raises(InputError, match="the values have 1 columns; the index has 3 indicators"):
        Index(definition=DEFINITION, values=values([[1.0]]))


def test_an_indicator_that_nobody_has_is_named():
    with pytest.raises(InputError, match="no unit has a value of indicator 'x2': leave it out or supply"):
        flat([[1, None], [2, None]]).run()
    with pytest.raises(InputError, match="of indicator 'x1', 'x2'"):
        flat([[None, None, 1], [None, None, 2]], missing="zero").run()
    only_bloc = flat([[1], [2]]).change(values=values([[None], [2]], apart=frozenset({"B"})))
    with pytest.raises(InputError, match="no unit but those set apart has a value of indicator 'x1'"):
        only_bloc.run()


def test_an_earlier_period_can_supply_an_indicator_that_nobody_has_now():
    v = values([[None], [None]], earlier=((2020, matrix([[4], [6]])),))
    index = flat([[1], [2]], scale=1).change(values=v)
    with pytest.raises(InputError, match="no unit has a value"):
        index.run()
    result = index.change(missing="panel").run()
    assert listed(result.score) == [4.0, 6.0]
    assert listed(result.coverage) == [0.0, 0.0]


def test_screening_everything_away_is_refused():
    with pytest.raises(InputError, match=r"no indicator has 0\.9 of its values: lower the screen"):
        flat([[1, None], [None, 2]], screen_indicators=0.9).run()
    with pytest.raises(InputError, match="no unit that is left has a value of indicator 'x2'"):
        flat([[1, None, 1], [1, None, 1], [None, 2, None]], screen_units=0.6).run()
    with pytest.raises(InputError, match=r"no unit to rank has 0\.9 of its values"):
        flat([[1, None], [None, 2]], screen_units=0.9).run()


def test_one_unit_can_be_scored_on_an_absolute_scale():
    result = flat([[0.25, 0.75]]).run()
    assert (result.score.tolist(), result.rank.tolist()) == ([50.0], [1.0])


_cells = st.one_of(st.none(), st.integers(1, 9).map(float))
_table = st.lists(st.lists(_cells, min_size=3, max_size=3), min_size=2, max_size=7)
_weights = st.lists(st.integers(1, 9).map(float), min_size=5, max_size=5)
_methods = st.tuples(
    st.sampled_from(["none", "minmax", "zscore", "rank", "percentile-rank", "fraction-of-max"]),
    st.sampled_from(["drop", "zero", "median"]),
    st.sampled_from(["arithmetic", "copeland", ("copeland", "arithmetic"), ("arithmetic", "copeland")]),
)


def _built(rows, weights, method):
    labels = [("AI", "a"), ("AI", "b"), ("Space", "a")]
    definition = Definition(
        levels=("pillar", "sector"),
        indicators=tuple(Indicator(path=p, weight=w) for p, w in zip(labels, weights[:3], strict=True)),
        groups=(Group(path=("AI",), weight=weights[3]), Group(path=("Space",), weight=weights[4])),
    )
    normalise, missing, aggregate = method
    return Index(
        definition=definition,
        values=values(rows),
        method=Method(normalise=normalise, missing=missing, aggregate=aggregate),
    )


def _usable(rows):
    return all(any(row[k] is not None for row in rows) for k in range(3))


@given(_table, _weights, _methods)
def test_a_whole_index_agrees_with_the_oracle(rows, weights, method):
    if not _usable(rows):
        return
    labels = [("AI", "a"), ("AI", "b"), ("Space", "a")]
    sector = {"AI": weights[3], "Space": weights[4]}
    long = [
        {
            "u": unit,
            "p": label[1],
            "s": label[0],
            "v": "" if row[k] is None else repr(row[k]),
            "pw": repr(weights[k]),
            "sw": repr(sector[label[0]]),
        }
        for unit, row in zip("ABCDEFG", rows, strict=False)
        for k, label in enumerate(labels)
    ]
    aggregation = method[2] if isinstance(method[2], str) else list(method[2])
    expected = oracle.index(
        long,
        unit="u",
        levels=["p", "s"],
        value="v",
        weights={"p": "pw", "s": "sw"},
        normalisation=method[0],
        missing=method[1],
        aggregation=aggregation,
    )
    result = _built(rows, weights, method).run()
    for unit, score, coverage in zip(result.units, listed(result.score), result.coverage, strict=True):
        theirs, covered = expected[unit]
        assert (score is None) == (theirs is None)
        assert score is None or score == pytest.approx(theirs, rel=1e-9, abs=1e-9)
        assert coverage == pytest.approx(covered, abs=1e-12)


@given(_table, _weights, _methods, st.randoms(), st.floats(0.01, 100))
def test_the_order_of_units_and_the_scale_of_weights_change_nothing(rows, weights, method, random, factor):
    if not _usable(rows):
        return
    plain = _built(rows, weights, method).run()
    order = list(range(len(rows)))
    random.shuffle(order)
    other = _built([rows[k] for k in order], [w * factor for w in weights], method).run()
    assert listed(other.rank) == [listed(plain.rank)[k] for k in order]
    for a, b in zip(listed(other.score), [listed(plain.score)[k] for k in order], strict=True):
        assert (a is None) == (b is None)
        assert a is None or a == pytest.approx(b, rel=1e-9, abs=1e-9)


@given(_table, _weights, st.sampled_from(["rank", "percentile-rank"]))
def test_under_ranks_monotone_transforms_change_nothing(rows, weights, normalise):
    if not _usable(rows):
        return
    method = (normalise, "drop", "arithmetic")
    bent = [[None if v is None else v**3 - 40 for v in row] for row in rows]
    assert listed(_built(bent, weights, method).run().score) == listed(
        _built(rows, weights, method).run().score
    )


@given(_table, _weights, st.floats(0.001, 1000))
def test_under_fraction_of_max_the_unit_of_measurement_changes_nothing(rows, weights, factor):
    if not _usable(rows):
        return
    method = ("fraction-of-max", "drop", "arithmetic")
    scaled = [[None if v is None else v * factor for v in row] for row in rows]
    for a, b in zip(
        listed(_built(scaled, weights, method).run().score),
        listed(_built(rows, weights, method).run().score),
        strict=True,
    ):
        assert a == (None if b is None else pytest.approx(b, rel=1e-9))

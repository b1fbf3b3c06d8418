"""Samples of many worlds: their mean is the truth, and what they state is consistent."""

from __future__ import annotations

import numpy as np
import pytest

from primacy.errors import UsageError
from primacy.simulate import samples


@pytest.mark.parametrize(
    ("technology", "window", "top"),
    [("natural-language-processing", "2019-2023", 0.10), ("electric-batteries", "2008-2012", 0.25)],
)
def test_the_mean_over_worlds_is_the_truth(technology, window, top):
    drawn = list(samples(technology, window, works=600, worlds=300, seed=1, top=top))
    share = np.array([sample.share for sample in drawn])
    error = share.std(axis=0) / np.sqrt(len(drawn))
    assert (np.abs(share.mean(axis=0) - drawn[0].truth) < 4.5 * error + 5e-4).all()


def test_a_sample_is_consistent():
    (sample,) = samples("quantum-computing", "2019-2023", works=2_000, worlds=1)
    assert set(sample.year.tolist()) == {2019, 2020, 2021, 2022, 2023}
    assert sample.credit.sum(axis=1) == pytest.approx(1)
    assert sample.truth.sum() == pytest.approx(1)
    for year in range(2019, 2024):
        of_year = sample.year == year
        assert sample.score[of_year].sum() == pytest.approx(0.10 * of_year.sum())
        cut = sample.citations[of_year & (sample.score == 1)].min()
        assert (sample.score[of_year & (sample.citations >= cut)] == 1).all()
    for code in ("HK", "MO"):
        place = sample.codes.index(code)
        assert sample.truth[place] == 0
        assert not sample.credit[:, place].any()


def test_same_seed_same_worlds():
    one, same, another = (
        next(iter(samples("radar", "2019-2023", works=300, worlds=1, seed=seed))) for seed in (1, 1, 2)
    )
    assert np.array_equal(one.credit, same.credit)
    assert not np.array_equal(one.citations, another.citations)
    assert np.array_equal(one.truth, another.truth)


@pytest.mark.parametrize("window", ["2019", "1999-2003", "2023-2019", "a-b"])
def test_a_wrong_window_is_refused(window):
    with pytest.raises(UsageError, match=f"window {window}: "):
        next(iter(samples("radar", window, works=300, worlds=1)))

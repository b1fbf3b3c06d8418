"""Uncertainty of a formula: draws of its inputs, intervals of its output, and which input matters most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Bar", "Range", "draw", "interval", "tornado"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Range:
    """What is known of an input: least, likeliest and greatest value; a triangular distribution.

    Examples
    --------
    >>> Range(1.0, 2.0, 4.0).quantile(np.array([0.0, 1.0])).tolist()
    [1.0, 4.0]
    >>> Range(3.0, 3.0, 3.0).quantile(np.array([0.5])).tolist()
    [3.0]
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.mode <= self.high:
            raise ValueError(f"{self.low:g}, {self.mode:g}, {self.high:g}: not least, likeliest, greatest")

    def quantile(self, p: Array) -> Array:
        """Return the values below which the parts ``p`` of the distribution lie."""
        width = self.high - self.low
        if width == 0:
            return np.full(np.shape(p), self.mode)
        turn = (self.mode - self.low) / width
        rising = self.low + np.sqrt(p * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - p) * width * (self.high - self.mode))
        return np.where(p < turn, rising, falling)


def draw(inputs: Mapping[str, Range], *, draws: int, seed: int) -> dict[str, Array]:
    """Draw the inputs independently, each spread evenly over its distribution (Latin hypercube).

    Parameters
    ----------
    inputs
        The inputs by name; their order does not matter.
    draws, seed
        How many, and the seed.
    """
    generator = np.random.default_rng(seed)
    drawn = {}
    for name in sorted(inputs):
        p = (generator.permutation(draws) + generator.random(draws)) / draws
        drawn[name] = inputs[name].quantile(p)
    return {name: drawn[name] for name in inputs}


def interval(values: Array, *, level: float = 0.9) -> tuple[float, float, float]:
    """Return the lower end, the median and the upper end of the middle part of the values."""
    tail = (1 - level) / 2
    low, median, high = np.quantile(values, [tail, 0.5, 1 - tail])
    return float(low), float(median), float(high)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a tornado chart.

    Parameters
    ----------
    input
        The input.
    at_5, at_95
        The output when the input alone stands at its 5th and at its 95th percentile, all others at their median.
    swing
        The difference between the two, without sign.
    importance
        The part of the output's variance in ranks that goes with the input: its squared rank correlation, scaled so
        that all inputs sum to 1. From the draws.
    """

    input: str
    at_5: float
    at_95: float
    swing: float
    importance: float


def tornado(
    formula: Callable[[Mapping[str, Array]], Array],
    inputs: Mapping[str, Range],
    drawn: Mapping[str, Array],
) -> Sequence[Bar]:
    """Return one bar for each input, the widest first.

    Parameters
    ----------
    formula
        Takes inputs by name, numbers or arrays, and returns the output.
    inputs
        The inputs.
    drawn
        Their draws, from :func:`draw`.
    """
    middle = {name: r.quantile(np.array([0.5])) for name, r in inputs.items()}
    output = np.broadcast_to(formula(drawn), next(iter(drawn.values())).shape)
    squares = {name: _rank_correlation(values, output) ** 2 for name, values in drawn.items()}
    whole = sum(squares.values()) or 1.0
    bars = []
    for name, r in inputs.items():
        ends = [float(formula({**middle, name: r.quantile(np.array([p]))})[0]) for p in (0.05, 0.95)]
        bars.append(Bar(name, ends[0], ends[1], abs(ends[1] - ends[0]), squares[name] / whole))
    return sorted(bars, key=lambda b: (-b.swing, -b.importance, b.input))


def _rank_correlation(a: Array, b: Array) -> float:
    """Return Spearman's correlation, 0 where one of the two does not vary."""
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def _ranks(values: Array) -> Array:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)

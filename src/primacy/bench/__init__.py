"""The benchmarks: what primacy costs against what a user would do instead, as ratios measured in one run."""

from __future__ import annotations

from primacy.bench.measurement import Measurement
from primacy.bench.suite import BENCHMARKS, run

__all__ = ["BENCHMARKS", "Measurement", "run"]

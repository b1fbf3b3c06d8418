"""Reading an index from a file: a TOML definition beside its data in long form.

::

    name = "…"                      # optional
    [data]
    file = "pillars.csv"            # CSV or Parquet, one row per unit and indicator; relative to this file
    unit = "country"                # column of the units
    levels = ["pillar", "sector"]   # columns of the labels, innermost first; the last makes the score
    value = "value_0_1"             # column of the values; empty, NA, NaN and null are missing
    weights = { pillar = "pillar_weight", sector = "sector_weight" }
                                    # per level: a column, or a table of numbers; equal where not given
    direction = "direction"         # a column of 1 and -1, or a table; 1 where not given
    denominator = "gdp"             # a column that each value is divided by
    missing_values = [-99]          # numbers that mean missing in the column of values
    year = "year"                   # a column of whole years: the index is of one year …
    at = 2024                       # … this one, by default the latest; earlier ones serve missing = "panel"
    unit_group = "region"           # column of the units' groups, for missing = "group-mean", "group-median"
    apart = ["Europe"]              # blocs: scored on their members' yardstick, never ranked
    [method]
    normalise = "none"              # minmax | zscore | rank | percentile-rank | fraction-of-max |
                                    # distance-to-target | goalposts | none
    missing = "drop"                # zero | median | mean | group-mean | group-median | panel | knn
    aggregate = "arithmetic"        # geometric | harmonic | generalised | copeland; one, or one per level
    scale = 100
    floor = 0.01                    # for geometric and harmonic; no floor where not given
    power = 1                       # for generalised
    goalposts = [0, 10]             # for all, or a table per indicator
    target = 5                      # for all, or a table per indicator
    weighting = "given"             # equal | pca | entropy | effective; one, or one per level
    treat = "none"                  # winsorise
    most_winsorised = 5
    neighbours = 5                  # for knn
    screen = { units = 0.6, indicators = 0.5 }    # smallest share of values to stay in
    [uncertainty]
    replicates = 2000
    weights = "dirichlet"           # flat | none
    concentration = 50
    seed = 0
    normalise = ["none", "minmax"]  # alternatives to draw from, and so for missing and aggregate
    floor = 0.01                    # for alternatives that need one
    interval = 0.95
    split_weights = false           # one input per level of weights in the sensitivity table

Only ``file``, ``unit``, ``levels`` and ``value`` must be there. ``normalise``, ``missing``, ``aggregate``,
``scale``, ``power``, ``weighting``, ``treat``, ``most_winsorised``, ``neighbours`` and, under
``[uncertainty]``, ``replicates``, ``weights``, ``concentration``, ``seed``, ``interval`` and
``split_weights`` have the values above as defaults; nothing else is set unless it is stated.

A table of numbers is keyed by label, ``{ AI = 0.25 }``; where a label stands in several groups, tables nest,
outermost first: ``[data.weights.pillar.AI] "Human Capital" = 0.2``. Every key of such a table must name
something in the data, and an unknown key anywhere is an error.

Units and indicators are put in the order of their names, so that the order of the rows changes nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primacy.composite._settings import Settings
from primacy.composite.index import Index, Result
from primacy.composite.method import Method
from primacy.composite.options import (
    AGGREGATIONS,
    MISSING,
    NORMALISATIONS,
    TREATMENTS,
    WEIGHT_NOISE,
    WEIGHTINGS,
)
from primacy.composite.sources import read_data
from primacy.composite.uncertainty import Uncertainty
from primacy.errors import InputError, UsageError


@dataclass(frozen=True, eq=False)
class IndexSpec:
    """An index as a file states it: what is computed, what is uncertain, and where it was read from."""

    index: Index
    uncertainty: Uncertainty
    path: Path
    name: str

    def run(self) -> Result:
        """Compute the index; an error names the file."""
        with naming(self.path):
            return self.index.run()


def load_index(path: str | Path) -> IndexSpec:
    """Read an index from a TOML file and its data.

    Parameters
    ----------
    path : str or Path
        The file; see the module's text for its keys.

    Returns
    -------
    IndexSpec

    Raises
    ------
    InputError
        Anything wrong with the file or its data; the text is one line that names the file and the key, the
        column, or the line.
    """
    path = Path(path)
    with naming(path):
        return _read(path)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Put the name of an index file before what is wrong with it."""
    try:
        yield
    except (InputError, UsageError) as error:
        raise InputError(f"{path.name}: {error}") from None


def _read(path: Path) -> IndexSpec:
    top = Settings(_parsed(path), "")
    data, method, uncertainty = (top.section(name) for name in ("data", "method", "uncertainty"))
    name = top.text("name", default=path.stem)
    top.refuse_unknown()
    goalposts, target = method.raw("goalposts"), method.raw("target")
    definition, values = read_data(data, path.parent, goalposts=goalposts, target=target)
    return IndexSpec(
        index=Index(definition=definition, values=values, method=_method(method)),
        uncertainty=_uncertainty(uncertainty),
        path=path,
        name=name,
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError("there is no such file") from None
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 text: {error.reason} at byte {error.start}") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}") from None
    if not text.strip():
        raise InputError("the file is empty: an index has at least a [data] section")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}") from None


def _method(settings: Settings) -> Method:
    default = Method()
    screen = settings.section("screen")
    method = Method(
        screen_units=screen.number("units", default=default.screen_units),
        screen_indicators=screen.number("indicators", default=default.screen_indicators),
        missing=settings.choice("missing", MISSING, default=default.missing),
        neighbours=settings.whole("neighbours", default=default.neighbours),
        treat=settings.choice("treat", TREATMENTS, default=default.treat),
        most_winsorised=settings.whole("most_winsorised", default=default.most_winsorised),
        normalise=settings.choice("normalise", NORMALISATIONS, default=default.normalise),
        weighting=settings.one_or_several("weighting", WEIGHTINGS, default="given"),
        aggregate=settings.one_or_several("aggregate", AGGREGATIONS, default="arithmetic"),
        floor=settings.optional_number("floor"),
        power=settings.number("power", default=default.power),
        scale=settings.number("scale", default=default.scale),
    )
    screen.refuse_unknown()
    settings.refuse_unknown()
    return method


def _uncertainty(settings: Settings) -> Uncertainty:
    default = Uncertainty()
    uncertainty = Uncertainty(
        replicates=settings.whole("replicates", default=default.replicates),
        weights=settings.choice("weights", WEIGHT_NOISE, default=default.weights),
        concentration=settings.number("concentration", default=default.concentration),
        normalise=settings.several("normalise", NORMALISATIONS),
        missing=settings.several("missing", MISSING),
        aggregate=settings.alternatives("aggregate", AGGREGATIONS),
        floor=settings.optional_number("floor"),
        interval=settings.number("interval", default=default.interval),
        split_weights=settings.flag("split_weights", default=default.split_weights),
        seed=settings.whole("seed", default=default.seed),
    )
    settings.refuse_unknown()
    return uncertainty

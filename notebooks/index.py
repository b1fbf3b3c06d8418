"""Build an index, see which ranks are sure, and which choice they hang on."""

from __future__ import annotations

import marimo

app = marimo.App(width="medium", app_title="Build an index")


@app.cell
def _():
    import marimo as mo
    import numpy as np

    from primacy.composite import Definition, Index, Indicator, Method, Uncertainty, Values, rank_spread

    units = ("CN", "US", "DE", "JP")
    matrix = np.array([[0.48, 0.15, 0.44], [0.10, 0.75, 0.31], [0.05, np.nan, 0.02], [0.03, 0.02, 0.01]])
    return Definition, Index, Indicator, Method, Uncertainty, Values, matrix, mo, rank_spread, units


@app.cell
def _(mo):
    mo.md(
        """
        # Build an index

        Three indicators for four countries. One value is missing, and is not scored as zero: the weights of the others are re-scaled, and the
        coverage says so.
        """
    )


@app.cell
def _(Definition, Index, Indicator, Method, Values, matrix, units):
    index = Index(
        definition=Definition(
            levels=("indicator",),
            indicators=tuple(Indicator(path=(n,)) for n in ("papers", "clusters", "downloads")),
        ),
        values=Values(units=units, matrix=matrix),
        method=Method(normalise="fraction-of-max", missing="drop", aggregate="arithmetic"),
    )
    result = index.run()
    dict(zip(units, result.score.round(3).tolist(), strict=True))
    return index, result


@app.cell
def _(index, mo):
    as_zero = index.change(missing="zero").run()
    geometric = index.change(aggregate="geometric", floor=0.01).run()
    mo.md(
        f"""
        ## The same index with one step changed

        Missing as zero: {as_zero.score.round(3).tolist()}. Geometric mean: {geometric.score.round(3).tolist()}.
        """
    )
    return as_zero, geometric


@app.cell
def _(Uncertainty, index, rank_spread, units):
    spread = rank_spread(index, Uncertainty(replicates=1000, seed=0))
    dict(zip(units, zip(spread.low.tolist(), spread.high.tolist(), strict=True), strict=True))
    return (spread,)


if __name__ == "__main__":
    app.run()

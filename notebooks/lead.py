"""A lead and its robustness: who leads one technology, how sure that is, and which choices it hangs on."""

from __future__ import annotations

import marimo

app = marimo.App(width="medium", app_title="A lead and its robustness")


@app.cell
def _():
    import os

    import marimo as mo

    import primacy as pr
    from primacy.present import charts

    workspace = pr.open(os.environ.get("PRIMACY_WORKSPACE", "demo"))
    technology = "photovoltaics"
    return charts, mo, technology, workspace


@app.cell
def _(mo, technology, workspace):
    mo.md(
        f"""
        # A lead and its robustness

        Technology: **{technology}**. {"**SIMULATED DATA**: this says nothing about any real country." if workspace.simulated else ""}

        ## Who leads?
        """
    )


@app.cell
def _(technology, workspace):
    shares = workspace.shares(technology).to_pandas()
    shares[["unit", "papers", "share", "low", "high", "rank"]].head(10)
    return (shares,)


@app.cell
def _(charts, technology, workspace):
    charts.share(workspace, technology)


@app.cell
def _(mo, technology, workspace):
    found = workspace.robustness(technology)
    row = found.row()
    mo.md(
        f"""
        ## How sure?

        {row["leader"]} leads in **{100 * row["robustness"]:.0f} %** of {row["universes"]:,} defensible methods. Each row below is a choice of
        method, with the part of the margin's variance that it explains.
        """
    )
    return (found,)


@app.cell
def _(found):
    import pandas as pd

    pd.DataFrame(found.choices())
    return


@app.cell
def _(mo, technology, workspace):
    lead = workspace.show("leads", technology=technology).to_pylist()[-1]
    said = "not known" if lead["probability"] is None else f"{100 * lead['probability']:.0f} %"
    mo.md(
        f"""
        ## The claim

        In {lead["window"]}, {lead["leader"]} wrote **{100 * lead["leader_share"]:.1f} %** of the 10 % most cited papers on {technology}.
        Probability of the lead over methods and papers: {said}. Verdict: **{lead["verdict"]}**.
        """
    )
    return (lead,)


if __name__ == "__main__":
    app.run()

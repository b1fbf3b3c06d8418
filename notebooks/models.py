"""Who makes the open-weights models that the world uses, under every rule of counting."""

from __future__ import annotations

import marimo

app = marimo.App(width="medium", app_title="Whose models does the world use?")


@app.cell
def _():
    import os

    import marimo as mo

    import primacy as pr

    workspace = pr.open(os.environ.get("PRIMACY_WORKSPACE", "demo"))
    return mo, workspace


@app.cell
def _(mo, workspace):
    mo.md(
        f"""
        # Whose models does the world use?

        {"**SIMULATED DATA.** " if workspace.simulated else ""}By *publisher* a download belongs to who published the model; by *origin* it is handed on to the
        models that it was made from.
        """
    )


@app.cell
def _(workspace):
    import pandas as pd

    both = pd.concat(
        workspace.models.adoption(by=rule, measure=measure).to_pandas()
        for rule in ("publisher", "origin")
        for measure in ("downloads_30d", "downloads_all")
    )
    shares = both.pivot_table(index="unit", columns=["measure", "by"], values="share")
    shares
    return both, shares


@app.cell
def _(mo, workspace):
    rows = workspace.models.attribution(("us", "china")).to_pylist()
    leaders = {r["leader"] for r in rows}
    mo.md(
        f"""
        ## Where the answer flips

        {len(rows)} combinations of population, period and rule were computed; the leader is one of {", ".join(sorted(map(str, leaders)))}. A sentence on
        who leads needs all three, and the denominator.
        """
    )
    return (rows,)


@app.cell
def _(workspace):
    workspace.models.concentration().to_pandas()


if __name__ == "__main__":
    app.run()

"""An open Nature Index: Count and Share over a list of journals, with intervals and what nobody gets."""

from __future__ import annotations

import marimo

app = marimo.App(width="medium", app_title="An open Nature Index")


@app.cell
def _():
    import os

    import marimo as mo

    import primacy as pr

    workspace = pr.open(os.environ.get("PRIMACY_WORKSPACE", "demo"))
    year = 2024
    return mo, workspace, year


@app.cell
def _(mo, workspace, year):
    basket = workspace.institutions.basket()
    mo.md(
        f"""
        # An open Nature Index, {year}

        {"**SIMULATED DATA.** " if workspace.simulated else ""}The list is `{basket.id}` with {len(basket.venues)} venues. *Count* is the number of articles
        with an author of a country; *Share* divides each article over its authors and their institutions.
        """
    )


@app.cell
def _(workspace, year):
    table = workspace.institutions.shares(year=year, by="country").to_pandas()
    table.head(12)
    return (table,)


@app.cell
def _(mo, table):
    total = table["share"].sum()
    unassigned = table.loc[table["unit"] == "unassigned", "share"].sum()
    mo.md(
        f"""
        Shares and *unassigned* together are the number of articles: **{total:.3f}**. Of these **{unassigned:.1f}** belong to nobody whom the records
        name.
        """
    )
    return total, unassigned


@app.cell
def _(workspace, year):
    workspace.institutions.shares(year=year, by="institution").to_pandas().head(12)


if __name__ == "__main__":
    app.run()

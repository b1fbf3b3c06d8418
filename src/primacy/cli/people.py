"""Commands on people: pull orcid, people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa
import typer

from primacy.cli.pull import pull
from primacy.cli.state import state
from primacy.measures.talent import Weighting

TableName = Literal["stocks", "flows", "balances", "careers"]

_COLUMNS: dict[str, list[str]] = {
    "stocks": ["evidence", "stage", "rank", "unit", "authors", "share", "low", "high", "coverage"],
    "flows": ["from_stage", "to_stage", "origin", "destination", "authors", "share", "low", "high"],
    "balances": ["from_stage", "to_stage", "unit", "before", "lost", "gained", "net", "retention"],
}
_MEANING = {
    "stocks": "where the authors were at each stage",
    "flows": "who went where; share: of the authors of the origin",
    "balances": "what countries lost and gained, in authors",
    "careers": "how much is known of the authors",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    pull.command("orcid")(pull_orcid)
    app.command("people")(people)


def pull_orcid(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A directory of ORCID's .tar or .tar.gz files, one of them, a named pipe, or - for standard input.",
        ),
    ],
    organizations: Annotated[
        Path | None,
        typer.Option(
            "--organizations",
            metavar="FILE",
            help="ROR's data dump, or a CSV with scheme,identifier,ror: what GRID, Ringgold and Funder ids stand for.",
        ),
    ] = None,
) -> None:
    """Studies and employments out of ORCID's public data file; again and again, the newest release counts."""
    # The parser is slow to import, and only this command needs it.
    from primacy.sources import orcid

    now = state(context)
    workspace = now.workspace
    with now.progress(f"pull {source}", unit="documents") as advance:
        summary = orcid.pull(
            workspace.lake, source, organizations=organizations, advance=lambda n: advance(n, None)
        )
    workspace.refresh()
    for note in summary.notes:
        now.say(note)
    row = summary.row()
    if not now.for_people:
        now.emit(pa.Table.from_pylist([row]))
        return
    counts = [{"what": name.replace("_", " "), "number": row[name]} for name in row if name != "seconds"]
    now.emit(pa.Table.from_pylist(counts), title=f"pulled {source}", note=f"{summary.seconds:.0f} s")


def people(
    context: typer.Context,
    technology: Annotated[str, typer.Argument(metavar="TECHNOLOGY", help="Its id.")],
    table: Annotated[TableName, typer.Option("--table", help="What to show.")] = "stocks",
    window: Annotated[
        str | None, typer.Option("--window", metavar="Y1-Y2", help="Publication years.")
    ] = None,
    top: Annotated[float | None, typer.Option("--top", help="0.01, 0.05, 0.10 or 0.25.")] = None,
    weighting: Annotated[
        Weighting, typer.Option("--weighting", help="An author counts once, or by the credit of the works.")
    ] = "once",
    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="Bootstrap replicates.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="S", help="Its seed.")] = None,
) -> None:
    """Where the authors of a technology's most cited works learned and work, computed on the spot."""
    now = state(context)
    options: dict[str, Any] = {"top": top, "replicates": replicates, "seed": seed}
    with now.messages.status(f"authors of {technology}"):
        found = now.workspace.people.of(technology, window=window, weighting=weighting, **options).tables
    name = now.workspace.portfolio.find(technology).name
    method = now.workspace.method(**options)
    for line in _caveats(found["careers"]):
        now.say(line)
    rows = _transposed(found[table]) if table == "careers" and now.for_people else found[table]
    now.emit(
        rows,
        columns=_COLUMNS.get(table),
        title=f"{name}, {now.workspace.research.window(window)}: {_MEANING[table]} (top {method.top:.0%})",
        note="low, high: 95 % interval from a bootstrap over works" if method.replicates else "",
        limit=40,
    )


def _caveats(careers: pa.Table) -> list[str]:
    """Say how much is known of the authors, and how far it can be trusted."""
    if not careers.num_rows:
        return ["no work of the technology counts in that window under this method"]
    row = careers.to_pylist()[0]
    lines = [
        f"{row['persons']:,} authors; with an ORCID iD {_percent(row['with_orcid'])}; by ORCID the employment of "
        f"{_percent(row['orcid_employment'])} is known and postgraduate studies of "
        f"{_percent(row['orcid_postgraduate'])}; by their works alone the employment of "
        f"{_percent(row['affiliations_employment'])}; nothing of {_percent(row['unknown'])}",
    ]
    if row["without_profile"]:
        lines.append(f"{_percent(row['without_profile'])} of the credit belongs to authors without a profile")
    if row["affiliations_first"]:
        lines.append(
            "affiliations are weaker evidence: a first affiliation in the lake is not where somebody studied, and a "
            "lake that holds few of an author's works shows few moves"
        )
    if row["agreement"] is not None:
        lines.append(
            f"where both are known, ORCID and works agree on {_percent(row['agreement'])} of employments"
        )
    return lines


def _percent(part: float | None) -> str:
    return "–" if part is None else f"{100 * part:.1f} %"


def _transposed(careers: pa.Table) -> pa.Table:
    """Return one row of many columns as rows, for the width of a terminal."""
    rows = careers.to_pylist()
    return pa.table(
        {
            "what": careers.column_names,
            "value": [
                f"{rows[0][c]:.4g}" if isinstance(rows[0][c], float) else str(rows[0][c])
                for c in careers.column_names
            ],
        }
        if rows
        else {"what": [], "value": []}
    )

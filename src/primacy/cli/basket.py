"""Commands of the institutions study: basket, with partners, venues, journals, lists and compare."""

from __future__ import annotations

from typing import Annotated

import pyarrow as pa
import typer

from primacy.cli.state import State, state
from primacy.errors import UsageError
from primacy.measures.basket import BasketKind
from primacy.measures.basket_credit import Division
from primacy.measures.method import Split
from primacy.measures.rollup import Rollup
from primacy.studies.institutions.resolution import Resolved

basket = typer.Typer(invoke_without_command=True)

Name = Annotated[
    str | None,
    typer.Option(
        "--basket",
        metavar="ID|FILE",
        help="A list that ships, a .csv with name, issn_print, issn_online, or a .toml with a query.",
    ),
]
Year = Annotated[int | None, typer.Option("--year", metavar="Y", help="Publication year.")]
Ending = Annotated[
    str | None,
    typer.Option("--ending", metavar="MONTH", help="Instead of a year: twelve months up to one, 2024-06."),
]
By = Annotated[BasketKind, typer.Option("--by", help="Whose Shares.")]
SplitOption = Annotated[
    Split | None, typer.Option("--split", help="Divide an author's part over institutions or affiliations.")
]
RollupOption = Annotated[
    Rollup | None,
    typer.Option("--rollup", help="Institutions as their topmost ancestors, without or with systems."),
]
DivisionOption = Annotated[
    Division | None, typer.Option("--division", help="With a roll-up: divide before or after it.")
]
Subject = Annotated[
    str | None, typer.Option("--subject", metavar="NAME", help="Only articles of this subject.")
]
Replicates = Annotated[
    int | None, typer.Option("--replicates", metavar="N", help="Bootstrap replicates; 0: no intervals.")
]
Seed = Annotated[int | None, typer.Option("--seed", metavar="S", help="Its seed.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(basket, name="basket")


@basket.callback()
def shares(
    context: typer.Context,
    name: Name = None,
    year: Year = None,
    ending: Ending = None,
    by: By = "institution",
    split: SplitOption = None,
    rollup: RollupOption = None,
    division: DivisionOption = None,
    subject: Subject = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="VENUE", help="Leave out a venue, by name or ISSN; repeatable."),
    ] = None,
    replicates: Replicates = None,
    seed: Seed = None,
) -> None:
    """Count and Share over a basket of journals, computed on the spot."""
    if context.invoked_subcommand is not None:
        return
    now = state(context)
    if year is None and ending is None:
        raise UsageError("--year: name the publication year, or --ending MONTH for twelve months")
    desk = now.workspace.institutions
    _tell(now, desk.resolve(name))
    with now.messages.status(f"Shares by {by}"):
        rows = desk.shares(
            year=year,
            ending=ending,
            by=by,
            basket=name,
            subject=subject,
            without=without,
            split=split,
            rollup=rollup,
            division=division,
            replicates=replicates,
            seed=seed,
        )
    first = rows.slice(0, 1).to_pylist()[0]
    if not first["articles"]:
        now.say(f"basket {first['basket']}: no article in {first['period']}")
    named = ["country", "name"] if by == "institution" else ["name"]
    whose = {"none": "", "parents": ", rolled up to parents", "systems": ", rolled up to systems"}
    now.emit(
        _amounts(now, rows),
        columns=["rank", "unit", "count", "Share", "from", "to", "change %", *named],
        title=f"basket {first['basket']}, {first['period']}: Share by {by}{whose[first['rollup']]}",
        note=f"{first['articles']:,} articles; from, to: 95 % interval from a bootstrap over articles; "
        "change: adjusted, against the period before",
        limit=25,
    )


@basket.command("partners")
def partners(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="I123 or CN.")],
    name: Name = None,
    year: Year = None,
    ending: Ending = None,
    split: SplitOption = None,
    rollup: RollupOption = None,
    division: DivisionOption = None,
    subject: Subject = None,
) -> None:
    """With whom a unit writes the basket's articles: collaboration scores."""
    now = state(context)
    if year is None and ending is None:
        raise UsageError("--year: name the publication year, or --ending MONTH for twelve months")
    desk = now.workspace.institutions
    _tell(now, desk.resolve(name))
    rows = desk.partners(
        unit,
        year=year,
        ending=ending,
        basket=name,
        subject=subject,
        split=split,
        rollup=rollup,
        division=division,
    )
    now.emit(
        rows,
        columns=["partner", "partner_name", "count", "score", "unit_share", "partner_share"],
        title=f"{unit}: collaboration in basket {desk.basket(name).id}, {year or ending}",
        note="score: the Shares of both together from the articles that both sign",
        limit=25,
    )


@basket.command("venues")
def venues(context: typer.Context, name: Name = None) -> None:
    """List the venues of a basket with their sources in the lake: found, not found, ambiguous."""
    now = state(context)
    resolved = now.workspace.institutions.resolve(name)
    for note in resolved.basket.notes:
        now.say(f"basket {resolved.basket.id}: {note}")
    found = len(resolved.basket.venues) - len(resolved.missing)
    now.emit(
        resolved.report,
        columns=["status", "venue", "issns", "sources", "detail"],
        title=f"{resolved.basket.title}: {found} of {len(resolved.basket.venues)} venues are in the lake",
        note="subset: the list's maker counts only some of the articles, which open metadata do not tell apart",
    )


def _amounts(now: State, rows: pa.Table) -> pa.Table:
    """Rename, for people, columns that elsewhere are parts of a whole: here they are amounts."""
    if not now.for_people:
        return rows
    return rows.rename_columns({"share": "Share", "low": "from", "high": "to", "adjusted_change": "change %"})


def _tell(now: State, resolved: Resolved) -> None:
    for note in resolved.notes():
        now.say(note)

"""Commands of the institutions study: basket, with partners, venues, journals, lists and compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from primacy.cli.state import State, state
from primacy.errors import UsageError
from primacy.measures.basket import BasketKind
from primacy.measures.basket_credit import Division
from primacy.measures.method import Split
from primacy.measures.rollup import Rollup
from primacy.present.terminal import cell
from primacy.sources.reference.baskets import Basket, shipped_baskets
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


@basket.command("journals")
def journals(
    context: typer.Context,
    unit: Annotated[
        str | None, typer.Argument(metavar="[UNIT]", help="I123 or CN; the leading ones without it.")
    ] = None,
    name: Name = None,
    year: Year = None,
    by: Annotated[BasketKind | None, typer.Option("--by", help="Kind of unit.")] = None,
    split: SplitOption = None,
    rollup: RollupOption = None,
    division: DivisionOption = None,
) -> None:
    """Which journals carry a rank: what units have from each, and where they would stand without it."""
    now = state(context)
    desk = now.workspace.institutions
    _tell(now, desk.resolve(name))
    rows = desk.journals(
        unit, year=_year(year), by=by, basket=name, split=split, rollup=rollup, division=division
    )
    now.emit(
        _amounts(now, rows),
        columns=["unit", "rank", "venue", "count", "Share", "part", "rank_without", "name"],
        title=f"basket {desk.basket(name).id}, {year}: each journal left out in turn",
        note="part: of the unit's Share; rank without: the unit's rank if the journal were not in the list",
        limit=40,
    )


@basket.command("compare")
def compare(
    context: typer.Context,
    published: Annotated[
        Path | None,
        typer.Option("--published", metavar="FILE.csv", help="Published rows: name, share and more."),
    ] = None,
    other: Annotated[
        str | None, typer.Option("--other", metavar="ID|FILE", help="Another list, on the same year.")
    ] = None,
    rows: Annotated[bool, typer.Option("--rows", help="Every published row instead of a summary.")] = False,
    name: Name = None,
    year: Year = None,
    by: By = "institution",
    split: SplitOption = None,
    rollup: RollupOption = None,
    division: DivisionOption = None,
) -> None:
    """Compare with published figures (rank correlation, errors), or with another list on the same year."""
    if (published is None) == (other is None):
        raise UsageError("--published: name a file of published rows, or another list with --other")
    now = state(context)
    desk = now.workspace.institutions
    _tell(now, desk.resolve(name))
    options = {"basket": name, "split": split, "rollup": rollup, "division": division}
    if other is not None:
        _tell(now, desk.resolve(other))
        found = desk.compare_list(other, year=_year(year), by=by, **options)
        now.emit(
            _amounts(now, found),
            columns=["rank", "other_rank", "unit", "Share", "other_share", "of_list", "of_units", "name"],
            title=f"basket {desk.basket(name).id} beside {desk.basket(other).id}, {year}: Share by {by}",
            note="of list: what the list changes; of units: the change since the year before under the other list",
            limit=25,
        )
        return
    assert published is not None  # noqa: S101 - for the type checker
    done = desk.compare_published(published, year=_year(year), by=by, **options)
    if done.unmatched:
        some = "; ".join(done.unmatched[:5]) + ("; …" if len(done.unmatched) > 5 else "")
        now.say(f"{published}: {len(done.unmatched)} of {done.rows.num_rows} rows not found here: {some}")
    title = f"basket {desk.basket(name).id}, {year}: Share by {by} beside {published.name}"
    if rows:
        now.emit(
            _amounts(now, done.rows),
            columns=["unit", "published_share", "Share", "error", "published_count", "count", "name"],
            title=title,
            limit=40,
        )
    else:
        now.emit(
            done.summary if not now.for_people else _upright(done.summary),
            title=title,
            note="factor: the one number with which the published Shares reproduce the published changes",
        )


@basket.command("lists")
def lists(context: typer.Context) -> None:
    """Show the lists that ship."""
    now = state(context)
    found = [
        {
            "basket": b.id,
            "venues": len(b.venues),
            "years": _span(b),
            "version": b.version,
            "title": b.title,
            "source": b.source,
        }
        for b in shipped_baskets().values()
    ]
    now.emit(
        pa.Table.from_pylist(found),
        columns=["basket", "venues", "years", "version", "title"],
        title="lists of venues",
        note="years: the data years of the official tables that were made with the list",
        simulated=False,
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


def _year(year: int | None) -> int:
    if year is None:
        raise UsageError("--year: name the publication year")
    return year


def _span(basket: Basket) -> str | None:
    """Return a list's data years as 2017-2021, or 2025- where it is in force."""
    return None if basket.years is None else "-".join(str(y or "") for y in basket.years)


def _upright(row: pa.Table) -> pa.Table:
    """Return one row as a table of figures and values, for people."""
    values = row.to_pylist()[0]
    shown = {k: cell(k, v) for k, v in values.items()}
    return pa.table({"figure": [k.replace("_", " ") for k in shown], "value": list(shown.values())})


def _amounts(now: State, rows: pa.Table) -> pa.Table:
    """Rename, for people, columns that elsewhere are parts of a whole: here they are amounts."""
    if not now.for_people:
        return rows
    names = {"share": "Share", "low": "from", "high": "to", "adjusted_change": "change %"}
    return rows.rename_columns([names.get(c, c) for c in rows.column_names])


def _tell(now: State, resolved: Resolved) -> None:
    for note in resolved.notes():
        now.say(note)

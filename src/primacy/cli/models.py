"""Commands of the models study: pull hub, adoption, concentration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from primacy.cli.pull import pull
from primacy.cli.state import State, state
from primacy.errors import UsageError
from primacy.measures.adoption import Rule, UnitKind
from primacy.studies.models.market import Level, Measure

By = Annotated[Rule, typer.Option("--by", help="Whose: the publisher's, or the roots' of the lineage.")]
Only = Annotated[
    Path | None,
    typer.Option(
        "--only", metavar="FILE", help="Count only these: one id a line, or a CSV with id or modelId."
    ),
]
Downloads = Annotated[
    Measure,
    typer.Option(
        "--measure",
        help="Of 30 days or since the beginning; of a year or of first years, where history allows.",
    ),
]
Among = Annotated[
    str,
    typer.Option(
        "--population",
        metavar="NAME",
        help="all, mainline, text-generation, after-chatgpt, no-repacks, without-top, unflagged.",
    ),
]
Snapshot = Annotated[
    str | None, typer.Option("--snapshot", metavar="DAY", help="Which snapshot; by default the newest.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    pull.command("hub")(pull_hub)
    app.command("adoption")(adoption)
    app.command("concentration")(concentration)
    app.command("attribution")(attribution)


def pull_hub(
    context: typer.Context,
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SOURCE]",
            help="A dump of the Hub's models: .parquet, .csv, .csv.gz; without it the live Hub.",
        ),
    ] = None,
    organizations: Annotated[
        Path | None,
        typer.Option(
            "--organizations",
            metavar="FILE.csv",
            help="hf_org,region[,country]: who stands behind an account, in place of the shipped list.",
        ),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", metavar="DAY", help="The dump's day; by default from its name or content."),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option("--max", metavar="N", min=1, help="Live: stop at N models, most downloaded first."),
    ] = None,
) -> None:
    """Models, downloads and declared parents from the Hugging Face Hub, as one dated snapshot."""
    # The Hub's client is slow to import, and only this command needs it.
    from primacy.sources.hub.crawl import Crawl
    from primacy.sources.hub.pull import pull_crawl, pull_dump

    now = state(context)
    lake = now.workspace.lake
    if source is not None:
        if most is not None:
            raise UsageError("--max: only for the live Hub; a dump is read whole")
        with now.progress(f"pull {source.name}", unit="models") as advance:
            pulled = pull_dump(
                lake, source, organizations=organizations, snapshot=date, advance=lambda n: advance(n, None)
            )
    else:
        if date is not None:
            raise UsageError("--date: only for a dump; a crawl of the live Hub is dated by the day it began")
        crawl = Crawl(lake.path / "_crawl" / "hub", limit=most)
        if crawl.pages:
            now.say(f"going on with the crawl of {crawl.day}, after {crawl.pages} pages")
        with now.progress(f"pull {crawl.endpoint}", unit="models") as advance:
            pulled = pull_crawl(lake, crawl, organizations=organizations, advance=lambda n: advance(n, None))
    now.workspace.refresh()
    now.emit(
        pa.Table.from_pylist([pulled.row()]),
        columns=["snapshot", "read", "added", "updated", "unchanged", "deleted", "quarantined"],
        title=f"snapshot of {pulled.snapshot} (dated by {pulled.dated_by}): {pulled.models:,} models",
        note=f"organisations: {pulled.organizations}",
    )


def adoption(
    context: typer.Context,
    by: By = "publisher",
    unit: Annotated[UnitKind, typer.Option("--unit", help="Of what kind the units are.")] = "region",
    measure: Downloads = "downloads_30d",
    population: Among = "all",
    only: Only = None,
    snapshot: Snapshot = None,
) -> None:
    """Who has which share of the downloads of open-weights models, computed on the spot."""
    now = state(context)
    rows = now.workspace.models.adoption(
        by=by, unit=unit, measure=measure, population=population, only=only, snapshot=snapshot
    )
    _say_absent(now, only)
    now.emit(
        rows,
        columns=["rank", "unit", "downloads", "share", "models"],
        title=f"{measure} by {by} {unit}, snapshot of {rows['snapshot'][0]}",
        note=f"of {rows['total'][0].as_py():,.0f} downloads; organisation known for {_coverage(rows)}",
        limit=30,
    )


def concentration(
    context: typer.Context,
    level: Annotated[
        Level | None, typer.Option("--level", help="Of what the shares are; all levels by default.")
    ] = None,
    by: By = "publisher",
    measure: Downloads = "downloads_30d",
    population: Among = "all",
    only: Only = None,
    snapshot: Snapshot = None,
) -> None:
    """HHI (0 to 10,000), Gini and the share of the top 1 %, computed on the spot."""
    now = state(context)
    rows = now.workspace.models.concentration(
        level, by=by, measure=measure, population=population, only=only, snapshot=snapshot
    )
    _say_absent(now, only)
    now.emit(
        rows,
        columns=["level", "hhi", "hhi_low", "gini", "top1_share", "units"],
        title=f"concentration of {measure} by {by}, snapshot of {rows['snapshot'][0]}",
        note="hhi counts the unattributed as one unit, hhi_low as countless; the truth lies between",
    )


def attribution(
    context: typer.Context,
    sides: Annotated[
        str, typer.Option("--sides", metavar="A,B", help="Two regions of the organisations' list.")
    ] = "us,china",
    snapshot: Snapshot = None,
) -> None:
    """Two sides' shares under every population, measure, rule and denominator, and where the answer flips."""
    now = state(context)
    first, _, second = (part.strip() for part in sides.partition(","))
    if not first or not second or "," in second or first == second:
        raise UsageError(f"--sides {sides}: two regions with a comma between them, such as us,china")
    rows = now.workspace.models.attribution((first, second), snapshot=snapshot)
    now.emit(
        _for_people(rows) if now.format == "table" and now.out is None else rows,
        title=f"{first} and {second} under every rule, snapshot of {rows['snapshot'][0]}",
        note="shares of all downloads; flips: another leader than `primacy adoption` says without options; "
        "flip point: share of the unattributed downloads that the side behind would need",
    )


def _for_people(rows: pa.Table) -> pa.Table:
    """Return the matrix in the width of a terminal: one denominator, shares under the names of the sides."""
    whole = [r for r in rows.to_pylist() if r["denominator"] == "all"]
    return pa.table(
        {
            "population": [r["population"] for r in whole],
            "downloads": [r["measure"].removeprefix("downloads_") for r in whole],
            "by": [r["by"] for r in whole],
            **{whole[0][s]: [_percent(r[f"{s}_share"]) for r in whole] for s in ("first", "second")},
            "leader": [r["leader"] for r in whole],
            "flips": ["flips" if r["flips"] else "" for r in whole],
            "flip_point": [_percent(r["flip_point"]) for r in whole],
        }
    )


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _say_absent(now: State, only: Path | None) -> None:
    if only is not None and (absent := now.workspace.models.absent(only)):
        now.say(f"{only}: {len(absent)} of its models are not in the lake, such as {absent[0]}")


def _coverage(rows: pa.Table) -> str:
    value = rows["coverage"][0].as_py()
    return "none" if value is None else f"{value:.1%} of them"

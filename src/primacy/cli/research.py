"""Commands of the research study: shares."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa
import typer
from rich.text import Text

from primacy.cli.completion import technology_ids
from primacy.cli.state import AT, State, state
from primacy.measures.method import Counting, Missing, Scope, Split, Territories, Thresholds, Ties, UnitKind
from primacy.present.countries import country_name
from primacy.present.palette import colour
from primacy.present.scoreboard import scoreboard
from primacy.present.speccurve import flips, text_curve
from primacy.present.terminal import SIMULATED
from primacy.studies.research.robustness import CHOICES


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("shares")(shares)
    app.command("robustness")(robustness)
    app.command("scoreboard")(scoreboard_command)


_INTERVALS = (
    "low, high: 95 % interval from a bootstrap over works; where few highly cited works carry a unit it is too narrow, "
    "and programs find a better one in beta_low, beta_high"
)
_METHOD = "Method (defaults: [method] in primacy.toml)"


def shares(
    context: typer.Context,
    technology: Annotated[
        str, typer.Argument(metavar="TECHNOLOGY", help="Its id.", autocompletion=technology_ids)
    ],
    by: Annotated[UnitKind, typer.Option("--by", help="Whose shares.")] = "country",
    window: Annotated[
        str | None, typer.Option("--window", metavar="Y1-Y2", help="Publication years.")
    ] = None,
    top: Annotated[
        float | None, typer.Option("--top", help="0.01, 0.05, 0.10 or 0.25.", rich_help_panel=_METHOD)
    ] = None,
    ties: Annotated[
        Ties | None, typer.Option("--ties", help="Works at the threshold.", rich_help_panel=_METHOD)
    ] = None,
    scope: Annotated[
        Scope | None, typer.Option("--scope", help="Works compete within.", rich_help_panel=_METHOD)
    ] = None,
    counting: Annotated[
        Counting | None, typer.Option("--counting", help="Who gets credit.", rich_help_panel=_METHOD)
    ] = None,
    split: Annotated[
        Split | None,
        typer.Option("--split", help="How an author's part is divided.", rich_help_panel=_METHOD),
    ] = None,
    missing: Annotated[
        Missing | None,
        typer.Option("--missing", help="Credit that resolves to nobody.", rich_help_panel=_METHOD),
    ] = None,
    types: Annotated[
        str | None,
        typer.Option("--types", metavar="LIST", help="Work types, with commas.", rich_help_panel=_METHOD),
    ] = None,
    territories: Annotated[
        Territories | None,
        typer.Option("--territories", help="HK and MO: as CN, or apart.", rich_help_panel=_METHOD),
    ] = None,
    rollup: Annotated[
        bool | None,
        typer.Option(
            "--rollup/--no-rollup", help="Institutions as their ancestors.", rich_help_panel=_METHOD
        ),
    ] = None,
    exclude_domestic: Annotated[
        bool | None,
        typer.Option("--exclude-domestic", help="Only citations from abroad.", rich_help_panel=_METHOD),
    ] = None,
    include_xpac: Annotated[
        bool | None, typer.Option("--include-xpac", help="Also the expansion set.", rich_help_panel=_METHOD)
    ] = None,
    thresholds: Annotated[
        Thresholds | None,
        typer.Option("--thresholds", help="In replicates: kept, or found anew.", rich_help_panel=_METHOD),
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option("--replicates", metavar="N", help="Bootstrap replicates.", rich_help_panel=_METHOD),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="S", help="Its seed.", rich_help_panel=_METHOD)
    ] = None,
    at: Annotated[int | None, AT] = None,
) -> None:
    """Who writes the most cited works of a technology, with intervals, computed on the spot."""
    now = state(context)
    options: dict[str, Any] = {
        "top": top,
        "ties": ties,
        "scope": scope,
        "counting": counting,
        "split": split,
        "missing": missing,
        "types": types,
        "territories": territories,
        "rollup": rollup,
        "exclude_domestic": exclude_domestic,
        "include_xpac": include_xpac,
        "thresholds": thresholds,
        "replicates": replicates,
        "seed": seed,
    }
    workspace = now.workspace if at is None else now.workspace.at(at)
    with now.messages.status(f"shares of {technology} by {by}"):
        rows = workspace.research.shares(technology, by=by, window=window, **options)
    name: list[Literal["name"]] = ["name"] if by == "institution" else []
    method = workspace.method(**options)
    technology_name = workspace.portfolio.find(technology).name
    years = workspace.research.window(window)
    if not rows.num_rows:
        now.say(
            f"{technology}: no work in the lake counts in {years} under this method; "
            "`primacy technologies try` shows what its query finds"
        )
    if method.counting in ("first", "corresponding"):
        now.say(_unmarked(workspace.research.coverage(technology, window=window, **options), method.counting))
    now.emit(
        rows,
        columns=["rank", "unit", *name, "papers", "high_impact", "share", "low", "high", "few", "h_index"],
        title=f"{technology_name}, {years}: share of the top {method.top:.0%} by {by}",
        note=_INTERVALS if method.replicates else "",
        limit=20,
    )


def _unmarked(coverage: pa.Table, counting: str) -> str:
    """Say how many works have nobody to credit, where only some authors are credited."""
    works = sum(coverage["works"].to_pylist())
    without = sum(coverage[f"works_without_{counting}_author"].to_pylist())
    return f"{without:,} of {works:,} works mark no {counting} author: nobody is credited for them"


def robustness(
    context: typer.Context,
    technology: Annotated[
        str, typer.Argument(metavar="TECHNOLOGY", help="Its id.", autocompletion=technology_ids)
    ],
    window: Annotated[
        str | None, typer.Option("--window", metavar="Y1-Y2", help="Publication years.")
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option("--chart", metavar="FILE", help="Draw the specification curve: .svg, .png or .html."),
    ] = None,
) -> None:
    """In how many defensible methods the leader leads, and which choices the answer hangs on."""
    now = state(context)
    workspace = now.workspace
    with now.messages.status(f"universes of {technology}"):
        found = workspace.robustness(technology, window=window)
    row, choices = found.row(), found.choices()
    name = workspace.portfolio.find(technology).name
    if chart is not None:
        from primacy.present.charts_research import spec_curve
        from primacy.present.save import save

        title = f"{name}, {found.window}: does {found.leader} lead?"
        picture = spec_curve(
            found.margins, choices, leader=found.leader, title=title, simulated=workspace.simulated
        )
        save(picture, chart)
        now.say(f"drew {chart}")
    if now.format != "table" or now.out is not None:
        now.emit(pa.Table.from_pylist(choices, schema=CHOICES))
        return
    if workspace.simulated:
        now.output.print(Text(SIMULATED, style="bold yellow"))
    leader = country_name(found.leader)
    now.output.print(Text(f"{name}, {found.window}", style="bold"))
    now.output.print(
        f"{leader} leads in {100 * (row['robustness'] or 0):.0f} % of {row['universes']:,} universes"
        + (
            f"; {100 * row['probability']:.0f} % with sampling error"
            if row["probability"] is not None
            else ""
        )
    )
    if row["challenger"]:
        share = 100 * row["challenger_robustness"]
        now.output.print(f"the strongest other leader is {country_name(row['challenger'])}: {share:.0f} %")
    now.output.print()
    for line in text_curve(found.margins, colour=colour(found.leader), width=min(now.output.width, 76)):
        now.output.print(line)
    now.output.print(Text("universes, from the least to the most favourable", style="dim"))
    now.output.print()
    now.emit(
        pa.Table.from_pylist(flips(choices)),
        columns=["choice", "total", "first_order", "most", "least"],
        title="what the answer hangs on",
        note="total, first order: part of the margin's variance that a choice explains, with and "
        f"without interactions; most, least: where {leader} leads most and least often",
        simulated=False,
    )


def scoreboard_command(context: typer.Context) -> None:
    """Who leads how many technologies, the biggest leads, and the shares over time."""
    now = state(context)
    print_scoreboard(now)


def print_scoreboard(now: State) -> None:
    """Print the scoreboard of the workspace's results; programs get the rows of ``leads``."""
    workspace = now.workspace
    leads = workspace.results.read("leads")
    if now.format != "table" or now.out is not None:
        now.emit(leads)
        return
    names = {t.id: (t.name, t.domain) for t in workspace.portfolio.values()}
    top = workspace.results.study("research").manifest["settings"]["method"]["top"]
    now.output.print(
        scoreboard(leads, workspace.results.read("overall"), names, top=top, simulated=workspace.simulated)
    )

"""``primacy chart``: charts of the results as files."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from primacy.cli.completion import technology_ids
from primacy.cli.state import State, state
from primacy.errors import UsageError
from primacy.present.reading import By, Evidence

chart = typer.Typer(
    help="Draw a chart of the results: --out FILE ends in .svg, .png, .pdf, .html or .json (Vega-Lite).",
    no_args_is_help=True,
)

Technology = Annotated[
    str, typer.Argument(metavar="TECHNOLOGY", help="Its id.", autocompletion=technology_ids)
]
Window = Annotated[
    str | None,
    typer.Option("--window", metavar="Y1-Y2", help="A window of the study; by default the newest."),
]
Units = Annotated[By, typer.Option("--by", help="Whose shares.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(chart, name="chart")


def _write(now: State, name: str, **arguments: Any) -> None:
    """Draw one of :mod:`primacy.present.charts` and write it to ``--out``."""
    if now.out is None:
        raise UsageError("chart: name the file with --out FILE, ending in .svg, .png, .pdf, .html or .json")
    from primacy.present import charts  # the libraries that draw take a while to start
    from primacy.present.save import require_ending, save

    require_ending(now.out)
    with now.messages.status(f"chart {name}"):
        save(getattr(charts, name)(now.workspace, **arguments), now.out)
    now.say(f"drew {now.out}")


@chart.command("share")
def share(
    context: typer.Context,
    technology: Technology,
    by: Units = "country",
    window: Window = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="At most so many units.")] = 15,
) -> None:
    """Draw the shares of the most cited papers, with 95 % intervals."""
    _write(state(context), "share", technology=technology, by=by, window=window, limit=limit)


@chart.command("bump")
def bump(
    context: typer.Context,
    technology: Technology,
    by: Units = "country",
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="How many ranks.")] = 8,
) -> None:
    """Draw ranks over the windows of the study: who passed whom."""
    _write(state(context), "bump", technology=technology, by=by, limit=limit)


@chart.command("slope")
def slope(
    context: typer.Context,
    technology: Technology,
    by: Units = "country",
    first: Annotated[
        str | None, typer.Option("--first", metavar="Y1-Y2", help="The earlier window; by default the first.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--last", metavar="Y1-Y2", help="The later window; by default the newest.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="How many units.")] = 8,
) -> None:
    """Draw shares then and now, joined by lines."""
    _write(state(context), "slope", technology=technology, by=by, first=first, last=last, limit=limit)


@chart.command("heatmap")
def heatmap(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="A country or bloc: CN, EU27.")],
) -> None:
    """Draw a country's or bloc's share by technology and year."""
    _write(state(context), "heatmap", unit=unit)


@chart.command("map")
def world_map(
    context: typer.Context,
    technology: Annotated[
        str | None,
        typer.Argument(
            metavar="[TECHNOLOGY]", help="Its id; all together by default.", autocompletion=technology_ids
        ),
    ] = None,
    window: Window = None,
) -> None:
    """Draw shares on a map of the world."""
    _write(state(context), "world_map", technology=technology, window=window)


@chart.command("spec-curve")
def spec_curve(context: typer.Context, technology: Technology, window: Window = None) -> None:
    """Draw the margin of a lead under every defensible method, and what it hangs on."""
    _write(state(context), "spec_curve", technology=technology, window=window)


@chart.command("flows")
def flows(
    context: typer.Context,
    technology: Technology,
    window: Window = None,
    evidence: Annotated[
        Evidence | None,
        typer.Option(
            "--evidence", help="What people state in ORCID (where there is any), or what their works state."
        ),
    ] = None,
    from_stage: Annotated[
        str | None, typer.Option("--from", metavar="STAGE", help="The earlier stage, with --to.")
    ] = None,
    to_stage: Annotated[
        str | None, typer.Option("--to", metavar="STAGE", help="The later stage, with --from.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="How many countries are named.")] = 7,
) -> None:
    """Draw from where to where the authors of the most cited papers went."""
    if (from_stage is None) != (to_stage is None):
        raise UsageError("chart flows: give both --from and --to, or neither")
    stages = None if from_stage is None else (from_stage, to_stage)
    _write(
        state(context),
        "flows",
        technology=technology,
        window=window,
        evidence=evidence,
        stages=stages,
        limit=limit,
    )

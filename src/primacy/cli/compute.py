"""Commands of the compute study: pull compute, chips, clusters, tokens, adopt, usable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pyarrow as pa
import typer

from primacy.cli.pull import pull
from primacy.cli.state import state
from primacy.measures.clusters import Measure
from primacy.measures.tokens import Task
from primacy.sources import compute


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("chips")(chips)
    app.command("clusters")(clusters)
    app.command("tokens")(tokens)
    app.command("adopt")(adopt)
    app.command("usable")(usable)


@pull.command("compute")
def pull_compute(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files lie.")],
) -> None:
    """Chips, clusters, token prices, power prices and measured energy, whichever of those files DIR holds."""
    now = state(context)
    workspace = now.workspace
    with now.messages.status(f"pull {directory}"):
        done = compute.pull(workspace.lake, directory)
    workspace.refresh()
    for name, rows in done.tables.items():
        now.say(f"{name}: {rows} rows")
    if done.shared_keys:
        now.say(
            f"{done.shared_keys} rows of token prices share provider and model with another: "
            "kept apart, see the column shared_key_rows"
        )
    if done.ignored:
        now.say(f"left alone, of no known kind: {', '.join(done.ignored)}")
    now.emit(pa.Table.from_pylist([done.row()]), title=f"pulled {directory}")


OnOption = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day, such as 2026-01-15.")]


def chips(
    context: typer.Context,
    on: OnOption = None,
    to: Annotated[
        str, typer.Option("--to", metavar="COUNTRY", help="Destination, ISO 3166-1 alpha-2.")
    ] = "CN",
    timeline: Annotated[
        str | None,
        typer.Option("--timeline", metavar="CHIP", help="The periods of one chip instead of one day."),
    ] = None,
) -> None:
    """Each chip's export-rule status on a date; by default on the day from which the newest rule holds."""
    now = state(context)
    if timeline is not None:
        found = now.workspace.compute.timeline(timeline, to=to)
        now.emit(
            found,
            columns=["chip", "since", "until", "status", "rule"],
            title=f"{timeline}: export-rule status for {to.upper()}",
        )
        return
    found = now.workspace.compute.chips(on=on, to=to)
    day = found["on"][0].as_py() if found.num_rows else on
    now.emit(
        found,
        columns=["chip", "tpp", "performance_density", "memory_bandwidth", "status", "rule"],
        title=f"chips: export-rule status on {day} for {to.upper()}",
        note="tpp: tera-(bit-operations per second); performance_density: tpp per mm² of die; "
        "memory_bandwidth: GB/s",
        limit=60,
    )


def clusters(
    context: typer.Context,
    on: OnOption = None,
    measure: Annotated[
        Measure, typer.Option("--measure", help="H100-equivalents, 16-bit operations per second, megawatts.")
    ] = "h100e",
    standard: Annotated[
        bool, typer.Option("--standard", help="Only clusters of the source's standard analysis.")
    ] = False,
) -> None:
    """Compute capacity by country, with the interval that the certainty of each cluster leaves."""
    now = state(context)
    found = now.workspace.compute.clusters(on=on, measure=measure, standard=standard)
    coverage = f"{found['coverage'][0].as_py():.0%}" if found.num_rows else "none"
    day = found["on"][0].as_py() if found.num_rows else on
    now.emit(
        found,
        columns=["rank", "country", "capacity", "share", "low", "high", "systems", "unmeasured"],
        title=f"clusters on {day}: capacity by country, {measure}",
        note=f"country and measure are known of {coverage} of the clusters that count; the source lists 10-20 % of "
        "the world's capacity; low, high: 95 % interval of the share",
        limit=25,
    )


GpuOption = Annotated[str, typer.Option("--gpu", help="The GPU on which one would serve.")]
GpuHourOption = Annotated[
    float | None,
    typer.Option(
        "--gpu-hour", metavar="USD", help="Rent of a GPU; the median of the newest year by default."
    ),
]


def tokens(
    context: typer.Context,
    model: Annotated[
        str | None, typer.Option("--model", metavar="M", help="One model, by any of its ids or its name.")
    ] = None,
    utilization: Annotated[
        float,
        typer.Option("--utilization", metavar="U", help="Part of the measured throughput used, up to 1."),
    ] = 1.0,
    gpu_hour: GpuHourOption = None,
    gpu: GpuOption = "H100",
) -> None:
    """Price, energy and self-host cost of a million tokens, one row per listed price."""
    now = state(context)
    found = now.workspace.compute.tokens(model=model, gpu=gpu, gpu_hour=gpu_hour, utilization=utilization)
    hour = now.workspace.compute.gpu_hour(gpu) if gpu_hour is None else gpu_hour
    rent = "no rent known" if hour is None else f"${hour:.2f} an hour"
    now.emit(
        found,
        columns=["model", "provider", "blended", "wh_per_million", "self_host_usd", "break_even_utilization"],
        title=f"tokens: US dollars per million; self-hosted on {gpu} at {rent}, utilization {utilization:g}",
        note="blended: three input tokens to one of output; wh_per_million: measured GPU energy per million output "
        "tokens; self_host_usd: per million output tokens",
        limit=40,
    )


def adopt(
    context: typer.Context,
    tokens_per_day: Annotated[
        float, typer.Option("--tokens-per-day", metavar="N", help="How many tokens a day one needs.")
    ],
    task: Annotated[Task, typer.Option("--task", help="What the model is to do.")] = "chat",
    gpu: GpuOption = "H100",
    gpu_hour: GpuHourOption = None,
    utilization: Annotated[
        float, typer.Option("--utilization", metavar="U", help="Part of the throughput that one plans for.")
    ] = 0.7,
    country: Annotated[
        str | None, typer.Option("--country", metavar="COUNTRY", help="Where one would serve.")
    ] = None,
    licence: Annotated[
        str | None, typer.Option("--licence", metavar="L", help="open, or a licence such as apache-2.0.")
    ] = None,
) -> None:
    """Which model to adopt: every model from its cheapest host, and served oneself, the cheapest first."""
    now = state(context)
    found = now.workspace.compute.adopt(
        tokens_per_day=tokens_per_day,
        task=task,
        gpu=gpu,
        gpu_hour=gpu_hour,
        utilization=utilization,
        country=country,
        licence=licence,
    )
    status = found["gpu_status"][0].as_py() if found.num_rows else None
    rule = f"; {gpu} in {str(country).upper()}: {status} by export rule" if status else ""
    now.emit(
        found,
        columns=["option", "model", "provider", "usd_per_day", "gpus", "kwh_per_day", "frontier"],
        title=f"{tokens_per_day:,.0f} tokens a day, {task}: ways to have them",
        note=f"frontier: no other way is as cheap, as sparing and as large{rule}",
        limit=40,
    )


def usable(
    context: typer.Context,
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A scenario of the project, or a TOML file.")
    ] = "open-small",
    on: OnOption = None,
    table: Annotated[
        Literal["estimate", "tornado", "inputs"], typer.Option("--table", help="What to show.")
    ] = "estimate",
    draws: Annotated[int, typer.Option("--draws", metavar="N", help="Draws of the Monte Carlo.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Its seed.")] = 0,
) -> None:
    """Usable compute by country: tokens a day and cost of a million, with what matters most."""
    now = state(context)
    with now.messages.status(f"usable compute: {scenario}"):
        found = now.workspace.compute.usable(scenario, on=on, draws=draws, seed=seed)
    people = {
        "estimate": [
            "country",
            "tokens_per_day",
            "tokens_per_day_low",
            "tokens_per_day_high",
            "usd_per_million",
            "viable",
        ],
        "tornado": ["country", "output", "rank", "input", "at_5", "at_95", "importance"],
        "inputs": ["country", "input", "least", "likeliest", "greatest", "unit"],
    }
    now.emit(
        getattr(found, table),
        columns=people[table],
        title=f"usable compute, {scenario}: {table}",
        note="low, high: 90 % interval" if table == "estimate" else "",
        limit=60,
    )

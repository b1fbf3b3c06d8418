"""Commands on the workspace as a whole: init, run, show, explain, check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from primacy.cli.completion import result_tables, technology_ids
from primacy.cli.state import AT, state
from primacy.errors import PrimacyError
from primacy.workspace import Workspace
from primacy.workspace.check import check


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init")(init)
    app.command("run")(run)
    app.command("show")(show)
    app.command("explain")(explain)
    app.command("check")(check_command)


def init(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where to make it.")],
) -> None:
    """Make a workspace: a commented primacy.toml, a lake, a place for results."""
    Workspace.init(directory)
    state(context).say(
        f"{directory}: a workspace; next: primacy --workspace {directory} pull openalex SOURCE"
    )


def run(
    context: typer.Context,
    studies: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STUDY]...", help="research, institutions, models, compute, assessment; all by default."
        ),
    ] = None,
) -> None:
    """Compute studies into results/."""
    now = state(context)
    with now.messages.status("starting") as status:
        written = now.workspace.run(studies or None, step=lambda text: status.update(text))
    rows = [
        {"study": w.manifest["study"], "table": name, "rows": w.manifest["tables"][name]["rows"]}
        for w in written
        for name in w.tables
    ]
    now.emit(pa.Table.from_pylist(rows), title="results", note="look at one with `primacy show TABLE`")


def show(
    context: typer.Context,
    table: Annotated[
        str,
        typer.Argument(metavar="TABLE", help="A result table or a lake table.", autocompletion=result_tables),
    ],
    technology: Annotated[
        str | None,
        typer.Option(
            "--technology", metavar="ID", help="Only this technology.", autocompletion=technology_ids
        ),
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="U", help="Only this unit: CN, I123, EU27.")
    ] = None,
    window: Annotated[str | None, typer.Option("--window", metavar="W", help="Only this window.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=0, metavar="N", help="At most N rows.")] = None,
    at: Annotated[int | None, AT] = None,
) -> None:
    """Show any result table or lake table."""
    now = state(context)
    workspace = now.workspace if at is None else now.workspace.at(at)
    rows = workspace.show(table, technology=technology, unit=unit, window=window, limit=limit)
    now.emit(rows, title=table, columns=_PEOPLE.get(table), limit=None if limit is not None else 40)


_PEOPLE = {
    "leads": [
        "technology",
        "window",
        "leader",
        "leader_share",
        "lead_ratio",
        "probability",
        "verdict",
        "monopoly_risk",
    ],
    "shares": ["technology", "unit", "name", "window", "papers", "share", "low", "high", "rank"],
    "pairwise": ["technology", "window", "unit", "other", "probability", "difference", "low", "high"],
    "stocks": ["technology", "window", "evidence", "stage", "rank", "unit", "authors", "share", "coverage"],
    "flows": [
        "technology",
        "window",
        "from_stage",
        "to_stage",
        "origin",
        "destination",
        "share",
        "low",
        "high",
    ],
    "yearly": ["technology", "unit", "name", "year", "papers", "share", "low", "high", "rank"],
}


def explain(
    context: typer.Context,
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="A result table.", autocompletion=result_tables)
    ],
    technology: Annotated[
        str | None,
        typer.Option(
            "--technology", metavar="ID", help="Also its definition.", autocompletion=technology_ids
        ),
    ] = None,
) -> None:
    """Say where a table's numbers come from: inputs with versions, settings, code, counts, lost weight."""
    now = state(context)
    manifest = now.workspace.explain(table, technology=technology)
    facts = list(_flatten(manifest))
    if now.format == "json":
        now.emit_records([{"key": k, "value": v} for k, v in facts])
        return
    texts = [v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for _, v in facts]
    rows = pa.table(
        {"key": pa.array([k for k, _ in facts], pa.string()), "value": pa.array(texts, pa.string())}
    )
    now.emit(rows, title=f"where {table} comes from")


def _flatten(value: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield what is not a mapping, under the names that lead to it, joined by dots."""
    if not isinstance(value, dict):
        yield prefix, value
        return
    for name in sorted(value):
        yield from _flatten(value[name], f"{prefix}.{name}" if prefix else str(name))


def check_command(context: typer.Context) -> None:
    """Check that lake and results are whole and agree; exit 1 where they do not."""
    now = state(context)
    findings = check(now.workspace)
    now.emit(
        pa.Table.from_pylist(
            [{"check": f.check, "ok": f.ok, "detail": f.detail} for f in findings],
            schema=pa.schema([("check", pa.string()), ("ok", pa.bool_()), ("detail", pa.string())]),
        ),
        title="integrity",
    )
    bad = [f for f in findings if not f.ok]
    if bad:
        raise PrimacyError(
            f"{len(bad)} of {len(findings)} checks failed; first: {bad[0].check}: {bad[0].detail}"
        )

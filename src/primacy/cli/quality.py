"""Commands on the quality of queries: technologies evaluate, sample, overlap, topics."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import pyarrow as pa
import typer

from primacy.cli.portfolio import Identifier, PortfolioOption, portfolio_of
from primacy.cli.state import State, state
from primacy.studies.search import Works
from primacy.technologies import quality
from primacy.technologies.technology import VARIANTS, Technology, Variant
from primacy.workspace import matching

TopicsOption = Annotated[
    Path | None,
    typer.Option(
        "--topics", metavar="FILE.csv", help="topic_id, topic, keywords; the lake's topics by default."
    ),
]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("topics")(topics)
    group.command("sample")(sample)
    group.command("evaluate")(evaluate)
    group.command("overlap")(overlap)


def evaluate(
    context: typer.Context,
    technology: Identifier,
    labels: Annotated[
        Path,
        typer.Option("--labels", metavar="FILE.csv", help="work_id, relevant (1 or 0); stratum, population."),
    ],
    portfolio: PortfolioOption = None,
) -> None:
    """Estimate precision and recall of a technology's queries from labelled works."""
    now = state(context)
    found = portfolio_of(now, portfolio).find(technology)
    read = quality.read_labels(labels)
    hits, _ = _search(now, found)
    known = matching.texts_of(now.workspace, read.work)["work_id"].to_pylist()
    kept = read.among(np.array([int(work[1:]) for work in known], np.int64))
    notes = [f"{read.blank} rows are not labelled"] if read.blank else []
    if len(kept.work) < len(read.work):
        notes.append(f"{len(read.work) - len(kept.work)} labelled works are not in the lake and left out")
    now.emit(
        quality.evaluate(found.id, kept, hits),
        columns=["query", "measure", "stratum", "hits", "labelled", "estimate", "low", "high"],
        title=f"{found.name}: {len(kept.work)} labelled works",
        note="; ".join([*notes, "low, high: Wilson's 95 % interval"]),
    )
    if notes and not now.for_people:
        now.say("; ".join(notes))


def sample(
    context: typer.Context,
    technology: Identifier,
    n: Annotated[int, typer.Option("--n", min=1, metavar="N", help="How many works.")] = 100,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="S", help="Of the draw.")] = 0,
    portfolio: PortfolioOption = None,
) -> None:
    """Draw a sheet of works to label: of strict, of broad only, and of the topics only.

    Write it with --out FILE.csv, fill the column relevant with 1 or 0, and hand it to evaluate.
    """
    now = state(context)
    found = portfolio_of(now, portfolio).find(technology)
    hits, topical = _search(now, found)
    drawn = quality.sample_sheet(found.id, quality.strata(hits, topical), n=n, seed=seed)
    texts = {row["work_id"]: row for row in matching.texts_of(now.workspace, _works(drawn)).to_pylist()}
    rows = []
    for row in drawn.to_pylist():
        work = f"W{row['work_id']}"
        text = texts[work]
        rows.append({**text, "relevant": None, "stratum": row["stratum"], "population": row["population"]})
    schema = pa.schema(
        {
            "work_id": pa.string(),
            "relevant": pa.int64(),
            "year": pa.int64(),
            "title": pa.string(),
            "abstract": pa.string(),
            "stratum": pa.string(),
            "population": pa.int64(),
        }
    )
    sizes = ", ".join(f"{name} {len(works):,}" for name, works in quality.strata(hits, topical).items())
    now.emit(
        pa.Table.from_pylist(rows, schema=schema),
        columns=["work_id", "stratum", "title"],
        title=f"{found.name}: {len(rows)} works to label",
        note=f"works there are: {sizes}; write the sheet with --out FILE.csv",
    )


def overlap(
    context: typer.Context,
    technology: Annotated[
        str | None, typer.Option("--technology", metavar="ID", help="Only pairs with this one.")
    ] = None,
    query: Annotated[Variant | None, typer.Option("--query", help="The chosen one by default.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=0, metavar="N", help="At most N pairs.")] = None,
) -> None:
    """Count the works that technologies share."""
    now = state(context)
    if technology is not None:
        now.workspace.portfolio.find(technology)
    variant = query or now.workspace.variant
    table = quality.overlap(matching.memberships(now.workspace, variant))
    if technology is not None:
        wanted = [technology in (row["technology"], row["other"]) for row in table.to_pylist()]
        table = table.filter(pa.array(wanted, pa.bool_()))
    table = table.slice(0, limit)
    if now.for_people:
        pairs = [f"{row['technology']} + {row['other']}" for row in table.to_pylist()]
        table = table.append_column("technologies", pa.array(pairs, pa.string()))
    now.emit(
        table,
        columns=["shared", "jaccard", "technologies"],
        title=f"works that technologies share ({variant})",
        limit=None if limit is not None else 40,
    )


def topics(
    context: typer.Context,
    technology: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One technology in full; all in short by default.")
    ] = None,
    file: TopicsOption = None,
    portfolio: PortfolioOption = None,
) -> None:
    """Show which OpenAlex topics a technology's queries hit by the topics' own names and keywords."""
    now = state(context)
    table = quality.read_topics(file) if file is not None else matching.topics(now.workspace)
    chosen = portfolio_of(now, portfolio)
    if technology is None:
        now.emit(
            quality.topic_summary(quality.topic_hits(chosen.technologies, table)),
            columns=["technology", "mapped", "hit", "strangers", "explained"],
            title="topics that are mapped, that broad hits of these, and strangers that it hits",
        )
        return
    found = chosen.find(technology)
    now.emit(
        quality.topic_hits([found], table),
        columns=["topic", "finding", "strict", "broad", "name"],
        title=f"{found.name}: topics that are mapped or hit",
    )


def _search(now: State, technology: Technology) -> tuple[dict[Variant, Works], Works]:
    """Return the works that each query of a technology finds, and those of its topics."""
    queries = {variant: technology.query(variant) for variant in VARIANTS}
    with now.progress("searching", unit="texts") as advance:
        hits = matching.search_all(now.workspace, queries, advance=advance)
    return hits, matching.topical_works(now.workspace, technology.topic_numbers)


def _works(table: pa.Table) -> Works:
    return np.asarray(table["work_id"], np.int64)

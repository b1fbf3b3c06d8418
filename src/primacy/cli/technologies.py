"""Commands on technologies: match, technologies."""

from __future__ import annotations

import sys
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from primacy.cli import quality
from primacy.cli.portfolio import Identifier, PortfolioOption, portfolio_directory, portfolio_of
from primacy.cli.state import State, state
from primacy.errors import InputError
from primacy.present.technologies import render_findings, render_hit, render_technology
from primacy.present.technology_pages import PageFacts, write_pages
from primacy.technologies import lint as checks
from primacy.technologies.excerpt import excerpt
from primacy.technologies.portfolio import (
    Variant,
    locate_portfolio,
    portfolio_files,
)
from primacy.technologies.query import Query, QuerySyntaxError, parse
from primacy.technologies.technology import VARIANTS, Technology
from primacy.workspace import matching


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("match")(match)
    group = typer.Typer(
        help="The portfolio: what it is, and how good its queries are.", invoke_without_command=True
    )
    group.callback()(technologies)
    group.command("list")(list_)
    group.command("show")(show)
    group.command("lint")(lint)
    group.command("try")(try_)
    group.command("pages")(pages)
    quality.register(group)
    app.add_typer(group, name="technologies")


def match(
    context: typer.Context,
    portfolio: PortfolioOption = None,
    query: Annotated[
        Variant, typer.Option("--query", help="Which query decides what the works of a technology are.")
    ] = "strict",
    full: Annotated[
        bool,
        typer.Option("--full", help="Match every text anew, not only what changed since the last match."),
    ] = False,
) -> None:
    """Find the works of every technology: fill memberships."""
    now = state(context)
    with now.progress("matching", unit="texts") as advance:
        summary = now.workspace.match(portfolio, query=query, full=full, advance=advance)
    row = {
        "query": summary.query,
        "technologies": summary.technologies,
        "texts": summary.texts,
        "read": summary.read,
        "memberships": summary.memberships,
        "empty": list(summary.empty),
    }
    empty = f"no work in: {', '.join(summary.empty)}" if summary.empty else ""
    now.emit(
        pa.Table.from_pylist([row]),
        columns=["query", "technologies", "texts", "read", "memberships"],
        note=empty,
    )


def technologies(context: typer.Context) -> None:
    """Look at the portfolio: list | show ID | lint [DIR] | try QUERY."""
    if context.invoked_subcommand is None:
        list_(context)


def list_(context: typer.Context, portfolio: PortfolioOption = None) -> None:
    """List the technologies."""
    now = state(context)
    listed = portfolio_of(now, portfolio)
    works = _works(now)
    rows = [
        {
            "technology": t.id,
            "name": t.name,
            "domain": t.domain,
            "version": t.version,
            "topics": len(t.topics),
            **{f"{v}_works": works.get((t.id, v), 0) if works else None for v in VARIANTS},
        }
        for t in listed.technologies
    ]
    people = ["technology", *(["strict_works", "broad_works"] if works else ["domain"])]
    table = pa.Table.from_pylist(rows, schema=_LISTED)
    now.emit(table, columns=people, title=f"{len(rows)} technologies")


_LISTED = pa.schema(
    {
        "technology": pa.string(),
        "name": pa.string(),
        "domain": pa.string(),
        "version": pa.int64(),
        "topics": pa.int64(),
        "strict_works": pa.int64(),
        "broad_works": pa.int64(),
    }
)


def show(context: typer.Context, technology: Identifier, portfolio: PortfolioOption = None) -> None:
    """Show a technology: definition, scope, queries, topics, notes."""
    now = state(context)
    found = portfolio_of(now, portfolio).find(technology)
    works = {variant: count for (name, variant), count in _works(now).items() if name == found.id}
    if now.for_people:
        page = render_technology(found, width=now.output.width, topics=_topic_names(now), works=works or None)
        now.output.print(page)
        return
    now.emit(pa.Table.from_pylist([{**_row(found), **{f"{v}_works": works.get(v) for v in VARIANTS}}]))


def _row(found: Technology) -> dict[str, object]:
    quality = found.quality
    return {
        "technology": found.id,
        "name": found.name,
        "domain": found.domain,
        "version": found.version,
        "definition": found.definition,
        "scope_in": found.scope_in or None,
        "scope_out": found.scope_out or None,
        "strict": found.strict_text,
        "broad": found.broad_text,
        "topics": list(found.topics),
        "notes": list(found.notes),
        "sampled": quality.sampled if quality else None,
        "relevant": quality.relevant if quality else None,
    }


def lint(
    context: typer.Context,
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Technology files; those of primacy.toml by default."),
    ] = None,
    lake: Annotated[
        bool,
        typer.Option("--lake", help="Also look for works of the lake that strict finds and broad misses."),
    ] = False,
    explained: Annotated[
        bool, typer.Option("--explained", help="Show also the findings that a technology's file accepts.")
    ] = False,
) -> None:
    """Check technology files; exit 1 where one cannot be used."""
    now = state(context)
    files = portfolio_files(locate_portfolio(portfolio_directory(now, directory)))
    loaded, findings = checks.load_files(files)
    hits = None
    if lake:
        with now.progress("searching", unit="texts") as advance:
            queries = {(t.id, variant): t.query(variant) for t in loaded for variant in VARIANTS}
            hits = matching.search_all(now.workspace, queries, advance=advance)
    findings += checks.lint(loaded, hits)
    if now.for_people:
        shown = findings if explained else [finding for finding in findings if not finding.reason]
        now.output.print(
            render_findings(shown, files=len(files), explained=sum(bool(f.reason) for f in findings))
        )
    else:
        schema = pa.schema([(each.name, pa.string()) for each in fields(checks.Finding)])
        now.emit(pa.Table.from_pylist([asdict(finding) for finding in findings], schema=schema))
    errors = [finding.message for finding in findings if finding.level == "error"]
    if errors:
        more = f" (and {len(errors) - 1} files more)" if len(errors) > 1 else ""
        raise InputError(errors[0].splitlines()[0] + more)


def try_(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="In quotes; see docs/technologies.md.")],
    limit: Annotated[int | None, typer.Option("--limit", min=0, metavar="N", help="At most N hits.")] = None,
) -> None:
    """Count and show the hits of a query in the lake."""
    now = state(context)
    parsed = _parse(query)
    with now.progress("searching", unit="texts") as advance:
        hits = now.workspace.search(parsed, advance=advance)
    total, texts = hits.num_rows, now.workspace.lake.count("texts")
    shown = hits.slice(0, limit if limit is not None else (10 if now.for_people else None)).to_pylist()
    bodies = [excerpt(parsed, hit["abstract"] or "") for hit in shown]
    if not now.for_people:
        rows = [
            {**{k: v for k, v in hit.items() if k != "abstract"}, "excerpt": body.text}
            for hit, body in zip(shown, bodies, strict=True)
        ]
        schema = pa.schema([*(f for f in hits.schema if f.name != "abstract"), ("excerpt", pa.string())])
        now.emit(pa.Table.from_pylist(rows, schema=schema))
        now.say(f"{total:,} of {texts:,} texts")
        return
    for hit, body in zip(shown, bodies, strict=True):
        title = excerpt(parsed, hit["title"] or "(no title)")
        note = " · ".join(str(v) for v in (hit["year"], hit["work_id"]) if v is not None)
        now.output.print(render_hit(title, body, note=note))
    more = f"; the first {len(shown)} are shown" if len(shown) < total else ""
    now.output.print(f"{total:,} of {texts:,} texts{more}", style="bold")


def pages(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write them.")],
    portfolio: PortfolioOption = None,
) -> None:
    """Write a page for each technology, and an index, for a browser."""
    now = state(context)
    facts = matching.page_facts(now.workspace) if now.in_workspace else {}
    files = write_pages(portfolio_of(now, portfolio), directory, PageFacts(**facts))
    if now.for_people:
        now.say(f"{len(files)} pages; open {files[0]}")
    else:
        now.emit(pa.table({"file": [str(file) for file in files]}))


def _parse(text: str) -> Query:
    try:
        return parse(text)
    except QuerySyntaxError as error:
        if sys.stderr.isatty():
            sys.stderr.write(f"{error.caret()}\n")
        raise


def _works(now: State) -> dict[tuple[str, str], int]:
    """Count the works of each technology and variant; empty outside a workspace, and before any match."""
    return matching.membership_counts(now.workspace) if now.in_workspace else {}


def _topic_names(now: State) -> dict[int, str]:
    """Return the names of the lake's topics by number; empty outside a workspace."""
    return matching.topic_names(now.workspace) if now.in_workspace else {}

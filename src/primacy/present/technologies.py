"""A technology as a page for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from primacy.present.queries import render_query
from primacy.technologies.excerpt import Excerpt
from primacy.technologies.lint import Finding
from primacy.technologies.technology import VARIANTS, Technology

_HINTS = {"strict": "precision first", "broad": "recall first"}


def render_technology(
    technology: Technology,
    *,
    width: int = 80,
    topics: Mapping[int, str] | None = None,
    works: Mapping[str, int] | None = None,
) -> RenderableType:
    """Lay out everything that is known of a technology.

    Parameters
    ----------
    technology
        The technology.
    width
        Of the terminal.
    topics
        Names of topics by number, where they are known.
    works
        For each variant, how many works of the lake belong to the technology, where that is known.
    """
    parts: list[RenderableType] = [
        Text(technology.name, "bold") + Text(f"  {technology.id}", "dim"),
        Text(f"{technology.domain} · definition {technology.version}", "dim"),
        Text(),
        _prose(technology.definition),
    ]
    for label, prose in (("In", technology.scope_in), ("Out", technology.scope_out)):
        if prose:
            parts += [Text(), _labelled(label, prose)]
    for variant in VARIANTS:
        query = technology.query(variant)
        facts = [_HINTS[variant], f"{sum(1 for _ in query.leaves())} terms"]
        if works is not None:
            facts.append(f"{works.get(variant, 0):,} works")
        parts += [Text(), Text(variant.capitalize(), "bold") + Text("  " + " · ".join(facts), "dim")]
        parts.append(render_query(query, width=width))
    parts += _lists(technology, topics or {})
    return Group(*parts)


def render_hit(title: Excerpt, body: Excerpt, *, note: str) -> RenderableType:
    """Lay out one hit of a query: its title and the piece of its abstract that holds the query's words."""
    lines: list[RenderableType] = [_marked(title, "bold") + Text(f"  {note}", "dim")]
    if body.text:
        lines.append(Padding(_marked(body, ""), (0, 0, 0, 2)))
    return Group(*lines)


def render_findings(findings: Sequence[Finding], *, files: int, explained: int) -> RenderableType:
    """Lay out what lint found, by technology.

    Parameters
    ----------
    findings
        What to show.
    files
        How many files were checked.
    explained
        How many findings the files accept, shown or not.
    """
    parts: list[RenderableType] = []
    for technology, group in groupby(findings, key=lambda finding: finding.technology):
        parts.append(Text(technology, "bold"))
        for finding in group:
            colour = "red" if finding.level == "error" else "dim" if finding.reason else "yellow"
            label = Text(f"  {finding.check}", colour)
            message = Text(f"{finding.query}: " if finding.query else "", "dim") + Text(finding.message)
            if finding.reason:
                message.append(f" — meant: {finding.reason}", "dim")
            parts.append(_beside(label, message, width=13))
    errors = sum(finding.level == "error" for finding in findings)
    warnings = sum(finding.level == "warning" and not finding.reason for finding in findings)
    style = "bold red" if errors else "bold yellow" if warnings else "bold green"
    parts.append(Text(f"{files} files: {errors} errors, {warnings} warnings, {explained} explained", style))
    return Group(*parts)


def _lists(technology: Technology, names: Mapping[int, str]) -> Iterable[RenderableType]:
    def section(title: str, lines: Iterable[str]) -> Iterable[RenderableType]:
        listed = list(lines)
        if listed:
            yield Text()
            yield Text(title, "bold")
            yield from (_labelled("•", line) for line in listed)

    def topic(written: str) -> str:
        name = names.get(int(written[1:]))
        return f"{written} {name}" if name else written

    yield from section("Topics that overlap", map(topic, technology.topics))
    yield from section(
        "Topics hit though not mapped", (f"{topic(s.topic)}: {s.reason}" for s in technology.strangers)
    )
    if technology.quality:
        quality = technology.quality
        found = (
            f"{quality.relevant} of {quality.sampled} real hits of the {quality.variant} query are relevant"
        )
        yield from section("Quality", filter(None, [found, quality.notes]))
    yield from section("Notes", technology.notes)
    accepted = (f"{a.check}{f' {a.term}' if a.term else ''}: {a.reason}" for a in technology.accepted)
    yield from section("Findings of lint that are meant", accepted)
    yield from section("Changes", (f"{c.version} ({c.date}) {c.change}" for c in technology.changelog))


def _prose(text: str) -> Text:
    return Text(" ".join(text.split()))


def _labelled(label: str, text: str) -> RenderableType:
    return _beside(Text(label, "bold" if len(label) > 1 else "dim"), _prose(text))


def _beside(label: Text, body: Text, *, width: int | None = None) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True, min_width=width)
    grid.add_column()
    grid.add_row(label, body)
    return grid


def _marked(excerpt: Excerpt, style: str) -> Text:
    text = Text(excerpt.text, style)
    for start, end in excerpt.marks:
        text.stylize("bold yellow", start, end)
    return text

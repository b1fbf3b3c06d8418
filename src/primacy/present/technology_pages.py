"""A page per technology for a browser: the definition, the queries in colour, what is known of their quality.

The pages are plain HTML without scripts or outside resources; every text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from primacy.errors import InputError
from primacy.present.queries import EXCLUDED, FIELD, NEGATION, OPERATOR, TERM, render_query
from primacy.present.terminal import SIMULATED
from primacy.technologies.portfolio import Portfolio
from primacy.technologies.quality import wilson
from primacy.technologies.query import Query
from primacy.technologies.technology import VARIANTS, Technology, Variant

_CLASSES = {OPERATOR: "operator", NEGATION: "not", FIELD: "field", TERM: "term", EXCLUDED: "excluded"}
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 54rem; margin: 2rem auto; padding: 0 1rem; color: #1c2127; }
h1 { margin-bottom: 0 } h2 { margin-top: 2rem } .hint { color: #5c6670 } a { color: #0b5cad }
pre { background: #f6f7f9; border-left: 3px solid #c9d1d9; padding: .8rem 1rem; overflow-x: auto; font-size: .85rem }
table { border-collapse: collapse } td, th { padding: .15rem .8rem .15rem 0; text-align: left; vertical-align: top }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
.operator { color: #8a3ffc; font-weight: 600 } .not { color: #b3261e; font-weight: 600 } .field { color: #006d77 }
.term { color: #1a6b2f } .excluded { color: #b3261e } .simulated { background: #ffe9a8; padding: .4rem .8rem }
@media (prefers-color-scheme: dark) {
  body { background: #14171a; color: #e3e6e8 } pre { background: #1e2328; border-color: #414b55 }
  .hint { color: #9aa5af } a { color: #79b8ff } .operator { color: #c4a1ff } .not, .excluded { color: #ff8a80 }
  .field { color: #7fd6df } .term { color: #8fd19e } .simulated { color: #14171a } }
"""


@dataclass(frozen=True)
class PageFacts:
    """What a lake knows of the technologies; empty where there is none.

    Attributes
    ----------
    works
        Works by technology and variant.
    texts
        How many texts were matched.
    overlaps
        For each technology, others with the number of works that both have, most first.
    topics
        Names of topics by number.
    simulated
        Whether the works are of a simulated world.
    """

    works: Mapping[tuple[str, str], int] = field(default_factory=dict)
    texts: int = 0
    overlaps: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    topics: Mapping[int, str] = field(default_factory=dict)
    simulated: bool = False


def write_pages(portfolio: Portfolio, directory: Path, facts: PageFacts) -> list[Path]:
    """Write ``index.html`` and a page for each technology; return the files.

    Raises
    ------
    InputError
        The directory cannot be written.
    """
    pages = {"index": index_page(portfolio, facts)}
    pages |= {
        technology.id: technology_page(technology, portfolio, facts) for technology in portfolio.technologies
    }
    files = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, page in pages.items():
            files.append(directory / f"{name}.html")
            files[-1].write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{directory}: cannot be written: {error.strerror}") from None
    return files


def index_page(portfolio: Portfolio, facts: PageFacts) -> str:
    """Return the page that lists the technologies by domain."""
    domains: dict[str, list[Technology]] = {}
    for technology in portfolio.technologies:
        domains.setdefault(technology.domain, []).append(technology)
    parts = []
    for domain, listed in sorted(domains.items()):
        rows = [
            [
                f'<a href="{escape(t.id)}.html">{escape(t.name)}</a>',
                *(_number(facts.works.get((t.id, variant))) for variant in VARIANTS),
            ]
            for t in listed
        ]
        parts += [f"<h2>{escape(domain)}</h2>", _table(["Technology", "Strict", "Broad"], rows)]
    hint = f"{len(portfolio)} technologies, each defined by two queries"
    if facts.texts:
        hint += f"; the numbers are works found among {facts.texts:,} texts"
    return _page("Technologies", hint, parts, facts)


def technology_page(technology: Technology, portfolio: Portfolio, facts: PageFacts) -> str:
    """Return the page of one technology."""
    parts = [f"<p>{escape(technology.definition)}</p>"]
    scope = [("In", technology.scope_in), ("Out", technology.scope_out)]
    parts += [f"<p><strong>{label}.</strong> {escape(text)}</p>" for label, text in scope if text]
    for variant in VARIANTS:
        parts += _query_section(technology, variant, facts)
    topics = [(topic, facts.topics.get(int(topic[1:]), "")) for topic in technology.topics]
    links = [f'<a href="https://openalex.org/{topic}">{topic}</a> {escape(name)}' for topic, name in topics]
    parts += _section("Topics that overlap", links)
    strangers = [
        f"{s.topic} {facts.topics.get(int(s.topic[1:]), '')}: {s.reason}" for s in technology.strangers
    ]
    parts += _section("Topics hit though not mapped", map(escape, strangers))
    parts += _quality_section(technology)
    others = [
        f'<a href="{escape(other)}.html">{escape(portfolio[other].name)}</a> {count:,}'
        for other, count in facts.overlaps.get(technology.id, ())
        if other in portfolio
    ]
    parts += _section("Works in common with", others)
    parts += _section("Notes", map(escape, technology.notes))
    changes = [f"{c.version} ({c.date}): {c.change}" for c in technology.changelog]
    parts += _section("Changes", map(escape, changes))
    parts.append('<p><a href="index.html">All technologies</a></p>')
    hint = f"{technology.id} · {technology.domain} · definition {technology.version}"
    return _page(technology.name, hint, parts, facts)


def query_html(query: Query, *, width: int = 92) -> str:
    """Return a query in colour, laid out over lines, for a ``pre`` element."""
    text = render_query(query, width=width, indent=0)
    pieces, at = [], 0
    for start, end, style in sorted((span.start, span.end, str(span.style)) for span in text.spans):
        if start >= at and style in _CLASSES:
            marked = f'<span class="{_CLASSES[style]}">{escape(text.plain[start:end])}</span>'
            pieces += [escape(text.plain[at:start]), marked]
            at = end
    return "".join([*pieces, escape(text.plain[at:])])


def _query_section(technology: Technology, variant: Variant, facts: PageFacts) -> list[str]:
    query = technology.query(variant)
    hint = {"strict": "precision first", "broad": "recall first"}[variant]
    hint += f", {sum(1 for _ in query.leaves())} terms"
    if (works := facts.works.get((technology.id, variant))) is not None:
        hint += f", {works:,} of {facts.texts:,} works"
    title = f'<h2>{variant.capitalize()} query <small class="hint">{hint}</small></h2>'
    return [title, f"<pre>{query_html(query)}</pre>"]


def _quality_section(technology: Technology) -> list[str]:
    quality = technology.quality
    if quality is None or not quality.sampled:
        return []
    low, high = wilson(quality.relevant, quality.sampled)
    found = (
        f"{quality.relevant} of {quality.sampled} real hits of the {quality.variant} query that were read are "
        f"relevant: {quality.relevant / quality.sampled:.0%} (95 % interval {low:.0%} to {high:.0%})"
    )
    return _section("Quality", map(escape, filter(None, [found, quality.notes])))


def _section(title: str, items: Iterable[str]) -> list[str]:
    listed = [f"<li>{item}</li>" for item in items]
    return [f"<h2>{title}</h2>", f"<ul>{''.join(listed)}</ul>"] if listed else []


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(tag: str, cells: Sequence[str]) -> str:
        first, *numbers = cells
        rest = "".join(f'<{tag} class="number">{cell}</{tag}>' for cell in numbers)
        return f"<tr><{tag}>{first}</{tag}>{rest}</tr>"

    return f"<table>{line('th', header)}{''.join(line('td', row) for row in rows)}</table>"


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _page(title: str, hint: str, parts: Sequence[str], facts: PageFacts) -> str:
    warning = f'<p class="simulated">{escape(SIMULATED)}</p>\n' if facts.simulated else ""
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'{warning}<h1>{escape(title)}</h1>\n<p class="hint">{escape(hint)}</p>\n{body}\n</body>\n</html>\n'
    )

"""What stands in the brief of a technology, and in that of a country or bloc."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from primacy._version import __version__
from primacy.errors import NotThereError
from primacy.present import brief as parts
from primacy.present import charts_shares as charts
from primacy.present.brief import Brief, Fact
from primacy.present.citation import Citation
from primacy.present.figure import Figure
from primacy.present.origin import SIMULATED_WORLD, Origin
from primacy.present.queries import render_query
from primacy.present.sentences import VERDICTS, percent, years
from primacy.present.terminal import SIMULATED
from primacy.technologies.technology import Technology
from primacy.web.figures.countries import heat_map
from primacy.web.figures.parts import ALL_YEARS, Row, lines_in_words, names, path, table
from primacy.web.pages import subjects
from primacy.web.snapshot import Snapshot, is_year

__all__ = ["KINDS", "brief", "country", "kind_of", "technology"]

KINDS = ("technology", "country")
COUNTRIES, STRONGEST, MAPPED, PEERS = 12, 20, 40, 4
"""How many countries a technology's table has; how many technologies a country's table and its map; how many peers."""
LONGEST, QUERY = 320, 480
"""Characters of a definition, and of a query."""


def kind_of(snapshot: Snapshot, wanted: str) -> str:
    """Return which kind of brief a technology's id or the code of a country or bloc asks for.

    Raises
    ------
    NotThereError
        It is neither, or the research study was not run.
    """
    _require_study(snapshot)
    if wanted in snapshot.workspace.portfolio:
        return "technology"
    if snapshot.kinds.get(wanted) in ("country", "bloc"):
        return "country"
    raise NotThereError(
        f"brief '{wanted[:60]}': no technology of the portfolio, and no country or bloc of the results; give an id "
        "such as those of `primacy technologies list`, or a code such as CN"
    )


def brief(snapshot: Snapshot, kind: str, wanted: str, window: str | None = None) -> Brief:
    """Return the brief of a kind.

    Raises
    ------
    NotThereError
        There is no such subject or window, it has no papers there, or the research study was not run.
    """
    _require_study(snapshot)
    return (technology if kind == "technology" else country)(snapshot, wanted, window)


def _require_study(snapshot: Snapshot) -> None:
    if "research" not in snapshot.studies:
        raise NotThereError(
            "a brief shows the research study, which was not run; `primacy run research` makes it"
        )


# ---------------------------------------------------------------------- a technology


def technology(snapshot: Snapshot, wanted: str, given: str | None = None) -> Brief:
    """Return the brief of a technology in a window, the newest where None."""
    page = subjects.technology(snapshot, wanted, given)
    known, one, window = page.context, page.context["technology"], page.context["window"]
    lead: Row | None = known["lead"]
    if lead is None:
        raise NotThereError(f"brief '{one.id}': no papers on it were counted in {window}")
    drawn = {figure.path.split("/")[1]: figure for figure in known["figures"]}
    return Brief(
        title=one.name,
        kicker=f"primacy · brief on a technology · {one.domain}",
        span=_span(snapshot, window),
        foot=_foot(snapshot),
        notice=SIMULATED if snapshot.simulated else None,
        first=[
            parts.Words([_short(one.definition)]),
            parts.Quotes(known["sentences"]),
            parts.Facts(_lead_facts(snapshot, lead)),
            *_row(drawn, ("trend", False), ("countries", True)),
            *_row(drawn, ("institutions", False), ("blocs", True)),
        ],
        second=[
            parts.Words(_evidence(snapshot, lead, known), "Would the answer survive another method?"),
            *_row(drawn, ("choices", False), ("home-bias", True)),
            _countries_table(snapshot, known["shares"][:COUNTRIES]),
            _method_box(snapshot, one),
            _source_box(snapshot, ["leads", "shares", "yearly", "choices", "home_bias"], one),
        ],
    )


def _lead_facts(snapshot: Snapshot, lead: Row) -> list[Fact]:
    """Return the six numbers of a technology."""
    second = lead["runner_up"]
    ratio = "–" if lead["lead_ratio"] is None else f"{lead['lead_ratio']:.1f}×"
    over = f"over {snapshot.said(second)}" if second else "nobody else has highly cited papers"
    if lead["lead_ratio_low"] is not None and lead["lead_ratio_high"] is not None:
        over += f"; 95 % interval {lead['lead_ratio_low']:.1f}× to {lead['lead_ratio_high']:.1f}×"
    return [
        Fact(
            "Leader",
            snapshot.name(lead["leader"]),
            f"{percent(lead['leader_share'])} of the {snapshot.top} most cited papers",
        ),
        Fact("Verdict", str(lead["verdict"]).capitalize(), VERDICTS.get(lead["verdict"], "")),
        Fact("Leads in", percent(lead["probability"]), "of all resamplings and methods together"),
        Fact("Lead ratio", ratio, over),
        Fact(
            "Monopoly risk",
            str(lead["monopoly_risk"]).capitalize(),
            f"{lead['top10_in_leader']} of the ten leading institutions are in {snapshot.said(lead['leader'])}; the "
            f"same grade in {percent(lead['monopoly_risk_stability'])} of resamplings",
        ),
        Fact(
            "Papers",
            f"{lead['papers']:,}",
            f"{lead['high_impact']:,.1f} highly cited; {percent(lead['coverage'])} have a country",
        ),
    ]


def _evidence(snapshot: Snapshot, lead: Row, known: Any) -> list[str]:
    """Return what the verdict stands on, in words."""
    leader = snapshot.said(lead["leader"])
    leader = leader[:1].upper() + leader[1:]
    said = [
        f"{leader} leads in {percent(lead['bootstrap_probability'])} of resamplings of the papers by the main method, "
        f"and in {percent(lead['robustness'])} of {lead['universes']:,} defensible methods."
        if lead["robustness"] is not None and lead["universes"]
        else f"{leader} leads in {percent(lead['bootstrap_probability'])} of resamplings of the papers."
    ]
    if lead["challenger"]:
        said.append(
            f"Where it does not, {snapshot.said(lead['challenger'])} most often does: in "
            f"{percent(lead['challenger_robustness'])} of the methods."
        )
    shown = {r["unit"] for r in known["shares"][:COUNTRIES]}
    overtaken = [
        f"{snapshot.name(r['overtaker'])} overtook {snapshot.said(r['overtaken'])} in {r['year']}"
        + ("" if r["low"] is None or r["high"] is None else f" (95 % interval {r['low']} to {r['high']})")
        for r in known["crossings"]
        if {r["overtaker"], r["overtaken"]} <= shown
    ]
    if overtaken:
        said.append("; ".join(overtaken[:3]) + ".")
    return [" ".join(said), f"The verdict “{lead['verdict']}” means: {VERDICTS.get(lead['verdict'], '–')}."]


def _countries_table(snapshot: Snapshot, shares: Sequence[Row]) -> parts.Sheet:
    number = {"number": True}
    return parts.Sheet(
        [
            parts.Column("Rank", **number),
            parts.Column("Country", wide=True),
            parts.Column("Share", **number),
            parts.Column("95 % interval", **number),
            parts.Column("Papers", **number),
            parts.Column("Highly cited", **number),
            parts.Column("H-index", **number),
        ],
        [
            [
                str(r["rank"]),
                snapshot.name(r["unit"]),
                percent(r["share"], 1),
                _interval(r),
                f"{r['papers']:,.1f}",
                f"{r['high_impact']:,.1f}",
                str(r["h_index"]),
            ]
            for r in shares
        ],
        "Countries",
    )


# ---------------------------------------------------------------------- a country or bloc


def country(snapshot: Snapshot, wanted: str, given: str | None = None) -> Brief:
    """Return the brief of a country or bloc in a window, the newest where None."""
    page = subjects.country(snapshot, wanted, given)
    known, unit, window = page.context, page.context["unit"], page.context["window"]
    rows: list[Row] = known["rows"]
    if not rows:
        raise NotThereError(f"brief '{unit}': it has no papers in {window}")
    shown, left = rows[:STRONGEST], len(rows) - STRONGEST
    return Brief(
        title=known["name"],
        kicker=f"primacy · brief on a {known['kind']} · all critical technologies",
        span=_span(snapshot, window),
        foot=_foot(snapshot),
        notice=SIMULATED if snapshot.simulated else None,
        first=[
            parts.Quotes(known["sentences"]),
            parts.Facts(_country_facts(snapshot, known)),
            *_figures((_with_peers(snapshot, unit), False)),
            _technologies_table(snapshot, known, shown),
            *(
                [parts.Words([f"and {left} more, by rank; the explorer has all."], size=8)]
                if left > 0
                else []
            ),
        ],
        second=[
            *_figures((heat_map(snapshot, unit, ALL_YEARS, most=MAPPED), False)),
            parts.Words(_how_surely(snapshot, known), "How surely it leads"),
            _peers_table(snapshot, known),
            _method_box(snapshot),
            _source_box(snapshot, ["overall", "shares", "leads", "yearly", "trends"]),
        ],
    )


def _country_facts(snapshot: Snapshot, known: Any) -> list[Fact]:
    overall, rows = known["overall"] or {}, known["rows"]
    among = "blocs" if known["kind"] == "bloc" else "countries"
    facts = [
        Fact("Share of all", percent(overall.get("share"), 1), f"95 % interval {_interval(overall)}"),
        Fact("Rank overall", str(overall.get("rank") or "–"), f"among {among}"),
    ]
    if known["kind"] == "country":
        facts.append(Fact("Technologies led", str(len(known["leading"])), f"of {len(rows)} with papers"))
        sure = sum(1 for r in known["leading"] if r["verdict"] == "leads")
        facts.append(Fact("Surely led", str(sure), VERDICTS["leads"]))
    facts.append(
        Fact(
            "Highly cited papers",
            f"{overall.get('high_impact') or 0:,.0f}",
            f"of {overall.get('papers') or 0:,.0f} papers, summed over technologies",
        )
    )
    if known["kind"] == "country":
        three = sum(1 for r in rows if r["rank"] is not None and r["rank"] <= 3)
        facts.append(Fact("Among the first three in", str(three), f"of {len(rows)} technologies with papers"))
    return facts


def _technologies_table(snapshot: Snapshot, known: Any, rows: Sequence[Row]) -> parts.Sheet:
    leads, slopes = snapshot.leads(known["window"]), known["slopes"]
    number = {"number": True}
    return parts.Sheet(
        [
            parts.Column("Rank", **number),
            parts.Column("Technology", wide=True),
            parts.Column("Share", **number),
            parts.Column("95 % interval", **number),
            parts.Column("Change a year", **number),
            parts.Column("Leader"),
            parts.Column("Verdict"),
        ],
        [
            [
                str(r["rank"] or "–"),
                _short(known["names"].get(r["technology"], r["technology"]), 48),
                percent(r["share"], 1),
                _interval(r),
                _slope(slopes.get(r["technology"])),
                snapshot.name(leads[r["technology"]]["leader"]) if r["technology"] in leads else "–",
                str(leads[r["technology"]]["verdict"]) if r["technology"] in leads else "–",
            ]
            for r in rows
        ],
        "Technologies, by rank",
    )


def _how_surely(snapshot: Snapshot, known: Any) -> list[str]:
    """Return how many technologies a country leads by each verdict, or why a bloc leads none."""
    if known["kind"] == "bloc":
        return ["Blocs overlap with each other and with their members, so no bloc is ever called the leader."]
    counts = {v: sum(1 for r in known["leading"] if r["verdict"] == v) for v in VERDICTS}
    name = snapshot.said(known["unit"])
    found = [f"{count} “{verdict}” ({VERDICTS[verdict]})" for verdict, count in counts.items() if count]
    if not found:
        return [f"In {years(known['window'])}, {name} leads in none of {len(known['rows'])} technologies."]
    return [
        f"In {years(known['window'])}, {name} is first in {sum(counts.values())} of {len(known['rows'])} technologies; "
        f"by verdict: {'; '.join(found)}."
    ]


def _peers_table(snapshot: Snapshot, known: Any) -> parts.Sheet:
    """Return a unit and its peers: their share of all technologies together, and who is ahead in how many."""
    unit, window = known["unit"], known["window"]
    overall = {r["unit"]: r for r in snapshot.rows("overall", window=window, unit_kind=known["kind"])}
    mine = {r["technology"]: r["share"] or 0.0 for r in known["rows"]}
    rows = []
    for peer in [unit, *known["peers"][:PEERS]]:
        theirs = {
            r["technology"]: r["share"] or 0.0 for r in snapshot.rows("shares", unit=peer, window=window)
        }
        ahead = sum(1 for t in mine.keys() | theirs.keys() if mine.get(t, 0.0) > theirs.get(t, 0.0))
        row = overall.get(peer, {})
        rows.append(
            [
                str(row.get("rank") or "–"),
                snapshot.name(peer),
                percent(row.get("share"), 1),
                _interval(row),
                "–" if peer == unit else f"in {ahead} technologies",
            ]
        )
    number = {"number": True}
    return parts.Sheet(
        [
            parts.Column("Rank", **number),
            parts.Column("All technologies together", wide=True),
            parts.Column("Share", **number),
            parts.Column("95 % interval", **number),
            parts.Column(f"{known['name']} is ahead", **number),
        ],
        rows,
        "Against its peers",
    )


def _with_peers(snapshot: Snapshot, unit: str) -> Figure:
    """Return a unit's share of all technologies together over the years, among its peers."""
    units = [unit, *snapshot.peers(unit)[:PEERS]]
    every = snapshot.rows("overall", unit_kind=snapshot.kinds[unit])
    rows = [{**r, "year": int(r["window"][:4])} for r in every if r["unit"] in units and is_year(r["window"])]
    rows.sort(key=lambda r: (units.index(r["unit"]), r["year"]))

    def draw(narrow: bool) -> Any:
        return charts.lines(
            rows,
            names=names(snapshot, units, narrow),
            title="All critical technologies together",
            subtitle=f"share of the {snapshot.top} most cited papers of each year; band: 95 % interval",
            simulated=snapshot.simulated,
            ribbons=[unit],
            width=620,
            height=370,
        )

    return Figure(
        path("overall", unit, ALL_YEARS),
        f"{snapshot.name(unit)} among its peers: share of the {snapshot.top} most cited papers",
        lines_in_words(snapshot, rows, units),
        table(rows, ["unit", "year", "share", "low", "high"]),
        draw,
        "overall",
    )


# ---------------------------------------------------------------------- what both have


def _row(drawn: dict[str, Figure], *wanted: tuple[str, bool]) -> list[parts.Block]:
    return _figures(*((drawn[kind], narrow) for kind, narrow in wanted if kind in drawn))


def _figures(*wanted: tuple[Figure, bool]) -> list[parts.Block]:
    """Return a row of the figures that have something to draw; no row where none has."""
    there = [(figure, narrow) for figure, narrow in wanted if not figure.empty]
    return [parts.Figures(there)] if there else []


def _method_box(snapshot: Snapshot, technology: Technology | None = None) -> parts.Box:
    method = snapshot.method
    query = [] if technology is None else [("Query", _short(_query(snapshot, technology), QUERY))]
    return parts.Box(
        "Method",
        [
            (
                "Highly cited",
                f"the {snapshot.top} most cited papers within each technology and year; papers at the threshold share "
                "what is left.",
            ),
            (
                "Share",
                "credit in highly cited papers over the credit of all. A paper is one point, divided among its "
                "authors, each author's part among their institutions. Hong Kong and Macao count with China, Taiwan on "
                "its own.",
            ),
            (
                "95 % interval",
                f"of {method.get('replicates', 1000):,} resamplings of the papers, with replacement.",
            ),
            (
                "Verdict",
                "how often the leader still leads over all resamplings and all defensible methods together: what is "
                "highly cited, who gets credit, which documents, how long a window, which query, and more.",
            ),
            (
                "Limits",
                "publications say who writes influential research in the open; they do not measure capability, and "
                "citations take years to come in.",
            ),
            *query,
        ],
    )


def _query(snapshot: Snapshot, technology: Technology) -> str:
    """Return the query by which the works were found, on one line."""
    variant = snapshot.studies["research"].get("query") or "strict"
    query = technology.broad if variant == "broad" else technology.strict
    return f"{variant}, definition {technology.version}: {' '.join(render_query(query).plain.split())}"


def _source_box(snapshot: Snapshot, tables: Sequence[str], technology: Technology | None = None) -> parts.Box:
    manifest = snapshot.studies["research"]
    origins = [Origin.of(manifest, name) for name in tables if name in manifest["tables"]]
    source = SIMULATED_WORLD if snapshot.simulated else origins[0].source_text
    return parts.Box(
        "Source",
        [
            ("Data", f"{source}. Licence of the numbers: {origins[0].licence}."),
            (
                "Versions",
                f"results {snapshot.version}, lake {manifest.get('lake_version')}, primacy {__version__}.",
            ),
            ("How to cite", str(Citation(origins, technology)).strip()),
        ],
    )


def _span(snapshot: Snapshot, window: str) -> str:
    return f"papers of {years(window)}"


def _foot(snapshot: Snapshot) -> str:
    mark = "SIMULATED DATA · " if snapshot.simulated else ""
    return f"{mark}primacy {__version__} · results {snapshot.version}"


def _interval(row: Row) -> str:
    if row.get("low") is None or row.get("high") is None:
        return "–"
    return f"{percent(row['low'], 1)} – {percent(row['high'], 1)}"


def _slope(row: Row | None) -> str:
    if row is None or row["slope"] is None:
        return "–"
    shown = f"{100 * row['slope']:+.1f}"
    return ("0.0" if shown in ("+0.0", "-0.0") else shown.replace("-", "−")) + " points"


def _short(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"

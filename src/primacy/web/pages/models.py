"""The page of the models study, and the lists of families and owners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from primacy.present.sentences_models import (
    MEASURES,
    POPULATIONS,
    RULES,
    adoption_sentence,
    band_sentence,
)
from primacy.web import figures
from primacy.web.figures.adoption import DIMENSIONS, View, view
from primacy.web.page import Page
from primacy.web.snapshot import Row, Snapshot, slug

__all__ = ["families", "models", "models_at", "owners", "views"]

ROOTS = 15
LEVELS = {
    "model": "models",
    "owner": "firms and groups",
    "country": "countries",
    "region": "regions",
}
"""The levels of concentration that the page shows."""


def views(snapshot: Snapshot) -> list[View]:
    """Return every view that the results have."""
    rows = snapshot.table("adoption").group_by(["by", "measure", "population"]).aggregate([]).to_pylist()
    found = {View(r["by"], r["measure"], r["population"]) for r in rows}
    return sorted(found, key=lambda v: v.path)


def models(snapshot: Snapshot, query: Mapping[str, str]) -> Page:
    """Return whose models are downloaded, under the rule that the address names or the plain one."""
    if not snapshot.has("adoption"):
        return _page(View(), {"view": None})
    plain = View()
    chosen = {k: query.get(k) or getattr(plain, k) for k in ("by", "measure", "population")}
    return _models(snapshot, view(snapshot, **chosen))


def models_at(snapshot: Snapshot, by: str, measure: str, population: str) -> Page:
    """Return whose models are downloaded under a rule."""
    return _models(snapshot, view(snapshot, by, measure, population))


def _models(snapshot: Snapshot, chosen: View) -> Page:
    by, rest = chosen.by, f"{chosen.measure},{chosen.population}"
    here = {"by": by, "measure": chosen.measure, "population": chosen.population}
    rows = snapshot.rows("adoption", unit_kind="region", **here)
    notes = snapshot.studies["models"]
    sentences = [adoption_sentence(rows, snapshot.rows("attribution"), simulated=snapshot.simulated)]
    bands = snapshot.rows("overtaking_bands")
    sentences += [
        band_sentence(b, simulated=snapshot.simulated)
        for b in bands
        if b["measure"] == chosen.measure and b["basis"] == "creation"
    ]
    drawn = [
        figures.find(snapshot, "adoption", f"{by},region", rest),
        figures.find(snapshot, "attribution", "region", rest),
        figures.find(snapshot, "adoption-history", by, rest),
        figures.find(snapshot, "rules", by, "all"),
        figures.find(snapshot, "adoption", f"{by},country", rest),
        figures.find(snapshot, "adoption", f"{by},owner", rest),
    ]
    made_of = [figures.find(snapshot, "mix", d, f"{by},{chosen.measure}") for d in DIMENSIONS]
    return _page(
        chosen,
        {
            "view": chosen,
            "rows": rows,
            "sentences": [s for s in sentences if s],
            "switches": _switches(snapshot, chosen),
            "meaning": notes.get("populations", {}).get(chosen.population, ""),
            "figures": [f for f in drawn if not f.empty],
            "made_of": [f for f in made_of if not f.empty],
            "concentration": [r for r in snapshot.rows("concentration", **here) if r["level"] in LEVELS],
            "levels": LEVELS,
            "overtakings": [
                r
                for r in snapshot.rows("overtakings", by=by, measure=chosen.measure)
                if r["basis"] == "creation"
            ],
            "flows": _flows(snapshot, chosen.measure),
            "sizes": [
                r
                for r in snapshot.rows("model_sizes", by=by, measure=chosen.measure)
                if r["created"] == "all"
            ],
            "facts": {r["fact"]: r["count"] for r in snapshot.rows("lineage")},
            "roots": snapshot.rows("lineage_roots")[:ROOTS],
            "populations": POPULATIONS,
            "anchor": slug,
        },
    )


def _switches(snapshot: Snapshot, chosen: View) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Return each choice with its options: what it is called, the page to go to, and whether it is chosen."""
    there = set(views(snapshot))
    found = []
    for column, label, names in (
        ("by", "Attributed", RULES),
        ("measure", "Downloads of", MEASURES),
        ("population", "Models", POPULATIONS),
    ):
        now = {"by": chosen.by, "measure": chosen.measure, "population": chosen.population}
        options = [
            (name, other.path, value == now[column])
            for value, name in names.items()
            if (other := View(**{**now, column: value})) in there
        ]
        found.append((column, label, options))
    return found


def _flows(snapshot: Snapshot, measure: str) -> dict[str, Any]:
    """Return who publishes what descends from whom: regions, and the share of each pair."""
    rows = snapshot.rows("publishers_origins", measure=measure)
    sums: dict[str, float] = {}
    for r in rows:
        sums[r["origin"]] = sums.get(r["origin"], 0.0) + r["downloads"]
        sums.setdefault(r["publisher"], 0.0)
    regions = sorted(sums, key=lambda u: (u == "unattributed", -sums[u], u))
    return {"regions": regions, "share": {(r["publisher"], r["origin"]): r["share"] for r in rows}}


def _page(chosen: View, context: Mapping[str, Any]) -> Page:
    return Page(
        chosen.path if context["view"] else "models",
        "models.html",
        "Whose open-weights models does the world use?",
        "Shares of the downloads of open-weights models, by publisher and by origin, under every rule.",
        context,
    )


def families(snapshot: Snapshot) -> Page:
    """Return the models from which most others descend."""
    return _list(
        snapshot,
        "models/families",
        "Families of models",
        "The models from which most others descend, with all that goes back to them.",
        {"roots": snapshot.rows("lineage_roots"), "owners": []},
    )


def owners(snapshot: Snapshot) -> Page:
    """Return the firms and groups whose models are downloaded most."""
    rows: list[Row] = []
    if snapshot.has("adoption"):
        both = {
            by: snapshot.rows("adoption", unit_kind="owner", by=by, measure="downloads_30d", population="all")
            for by in RULES
        }
        origin = {r["unit"]: r for r in both["origin"]}
        rows = [{**r, "origin": origin.get(r["unit"])} for r in both["publisher"]]
    return _list(
        snapshot,
        "models/owners",
        "Publishers of models",
        "The firms, laboratories and groups whose models are downloaded most.",
        {"owners": rows, "roots": []},
    )


def _list(snapshot: Snapshot, path: str, title: str, description: str, rows: Mapping[str, list[Row]]) -> Page:
    return Page(path, "models_list.html", title, description, {**rows, "anchor": slug})

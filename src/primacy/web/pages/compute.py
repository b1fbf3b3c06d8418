"""The page of the compute study."""

from __future__ import annotations

from collections.abc import Mapping

from primacy.present.figure import Figure
from primacy.present.sentences_compute import capacity_sentence, chips_sentence, prices_sentence
from primacy.web import figures
from primacy.web.figures.compute import FILTERS, MEASURES, SCENARIOS, STATUS_WORDS, destination
from primacy.web.page import Page
from primacy.web.snapshot import Row, Snapshot

__all__ = ["compute", "compute_at", "views"]

FILTER_WORDS = {"all": "all that are listed", "standard": "those of the source’s own analysis"}
CHIPS = 20
MEASURED = 20


def views(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Return every measure with every filter, where there are clusters."""
    return [(m, f) for m in MEASURES for f in FILTERS] if snapshot.has("cluster_variants") else []


def compute(snapshot: Snapshot, query: Mapping[str, str]) -> Page:
    """Return how much compute each side has, in the measure that the address names or the plain one."""
    return compute_at(snapshot, query.get("measure") or "h100e", query.get("filter") or "all")


def compute_at(snapshot: Snapshot, measure: str, filter: str) -> Page:
    """Return how much compute each side has, in a measure."""
    drawn: list[Figure] = []
    clusters: list[Row] = []
    if snapshot.has("cluster_variants") or (measure, filter) != ("h100e", "all"):
        drawn = [
            figures.find(snapshot, "clusters", measure, filter),
            figures.of(snapshot, "clusters-by-year", filter, ""),
        ]
        clusters = snapshot.rows("cluster_variants", measure=measure, standard=FILTERS[filter])
    to = destination(snapshot)
    chips = [figures.of(snapshot, kind, to, "") for kind in ("chips", "chip-counts")]
    scenarios = [s for s in SCENARIOS if s in snapshot.values("usable_compute", "scenario")]
    hosts = {r["key"]: r for r in snapshot.rows("token_hosts")}
    context = {
        "there": "compute" in snapshot.studies,
        "measure": measure,
        "filter": filter,
        "measures": MEASURES,
        "filters": FILTER_WORDS,
        "clusters": clusters,
        "sentences": _sentences(snapshot, clusters, MEASURES.get(measure, measure)),
        "clusters_drawn": [f for f in drawn if not f.empty],
        "planned": snapshot.rows("clusters_planned")[:8],
        "owners": snapshot.rows("cluster_owners")[:8],
        "destination": to,
        "chips_drawn": [f for f in chips if not f.empty],
        "chips": snapshot.rows("chips")[:CHIPS],
        "chips_in_all": len(snapshot.values("chips", "chip")),
        "status_words": STATUS_WORDS,
        "levels": snapshot.rows("token_price_levels"),
        "events": snapshot.rows("token_price_events"),
        "energy": [
            figures.find(snapshot, "energy", gpu, "measured") for gpu in snapshot.values("self_host", "gpu")
        ],
        "measured": _measured(snapshot, hosts),
        "usable": [figures.find(snapshot, "usable", s, "tokens") for s in scenarios],
        "notes": snapshot.studies.get("compute", {}).get("compute", {}),
    }
    plain = (measure, filter) == ("h100e", "all")
    return Page(
        "compute" if plain else f"compute/{measure}/{filter}",
        "compute.html",
        "How much usable compute does each side have?",
        "Clusters by country, chips under export rules, prices and energy of tokens, usable compute.",
        context,
    )


def _sentences(snapshot: Snapshot, clusters: list[Row], measured: str) -> list[str]:
    simulated = snapshot.simulated
    said = [
        capacity_sentence(r, measured=measured, simulated=simulated)
        for r in clusters[:2]
        if r["share"] is not None
    ]
    said += [chips_sentence(r, simulated=simulated) for r in snapshot.rows("chip_counts")[-1:]]
    levels = {r["open_weights"]: r for r in snapshot.rows("token_price_levels")}
    if {True, False} <= set(levels) and all(
        levels[k]["median_blended_paid"] is not None for k in (True, False)
    ):
        said.append(prices_sentence(levels[True], levels[False], simulated=simulated))
    return said


def _measured(snapshot: Snapshot, hosts: Mapping[str, Row]) -> list[Row]:
    """Return each measured model on each GPU: energy, cost at each utilisation, and its cheapest host."""
    cheapest = {
        r["measured_model"]: hosts[r["key"]]
        for r in snapshot.rows("tokens")
        if r["measured_model"] and r["key"] in hosts
    }
    found: dict[tuple[str, str], Row] = {}
    for r in snapshot.rows("self_host"):
        one = found.setdefault((r["measured_model"], r["gpu"]), {**r, "costs": {}})
        one["costs"][r["utilization"]] = r["self_host_usd"]
        one["host"] = cheapest.get(r["measured_model"])
    return sorted(found.values(), key=lambda r: (r["gpu"] != "H100", r["parameters_billion"] or 0.0))[
        :MEASURED
    ]

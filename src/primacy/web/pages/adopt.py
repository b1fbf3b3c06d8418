"""The page that says which model to adopt: a form, its answer, and the same for volumes known beforehand."""

from __future__ import annotations

from collections.abc import Mapping

from primacy.errors import NotThereError
from primacy.present.countries import country_name
from primacy.present.sentences import large, marked
from primacy.web import calculator
from primacy.web.calculator import Question
from primacy.web.page import Page
from primacy.web.snapshot import Row, Snapshot

__all__ = ["adopt", "adopt_at"]

SHOWN = 40
PLACES = ("US", "CN", "DE", "FR", "GB", "IN", "JP", "KR", "CA", "BR", "AE", "SG")
"""Countries that the form offers; the address takes any."""
UTILIZATIONS = (0.3, 0.5, 0.7, 0.9)


def adopt(snapshot: Snapshot, query: Mapping[str, str]) -> Page:
    """Return the ways to have a number of tokens a day, as the address asks."""
    return _adopt(snapshot, calculator.question(query), "adopt")


def adopt_at(snapshot: Snapshot, volume: str) -> Page:
    """Return the ways for one of the volumes that the form offers.

    Raises
    ------
    NotThereError
        It is none of them.
    """
    if volume not in calculator.VOLUMES:
        raise NotThereError(f"volume '{volume[:20]}': there are {', '.join(calculator.VOLUMES)}")
    return _adopt(snapshot, calculator.question({"tokens": volume}), f"adopt/{volume}")


def _adopt(snapshot: Snapshot, asked: Question, path: str) -> Page:
    there = snapshot.workspace.lake.has("token_prices")
    rows: list[Row] = calculator.answer(snapshot, asked).to_pylist() if there else []
    best = [r for r in rows if r["frontier"]]
    return Page(
        path,
        "adopt.html",
        "Which model should one adopt?",
        "Every model from its cheapest host, and served oneself: cost, energy, size, licence and origin.",
        {
            "there": there,
            "asked": asked,
            "rows": rows[:SHOWN],
            "total": len(rows),
            "best": best,
            "gpu_status": rows[0]["gpu_status"] if rows else None,
            "sentences": _sentences(snapshot, asked, rows),
            "options": _options(snapshot, asked) if there else {},
            "volumes": calculator.VOLUMES,
        },
    )


def _sentences(snapshot: Snapshot, asked: Question, rows: list[Row]) -> list[str]:
    """Return the cheapest way with open weights, where there is one."""
    opened = next((r for r in rows if r["open_weights"] and r["option"] == "hosted"), None)
    if opened is None:
        return []
    said = (
        f"{large(asked.tokens_per_day)} tokens a day cost ${opened['usd_per_day']:,.2f} a day with the cheapest open "
        f"model on offer, {opened['model']} from {opened['provider']} (${opened['usd_per_million']:.3g} per million)"
    )
    own = next((r for r in rows if r["option"] == "self-hosted"), None)
    if own is not None:
        gpus = f"{own['gpus']} GPU{'s' if own['gpus'] != 1 else ''}"
        said += f"; served oneself the cheapest is {own['model']} on {gpus}, ${own['usd_per_day']:,.0f} a day"
    return [marked(f"{said}.", snapshot.simulated)]


def _options(snapshot: Snapshot, asked: Question) -> dict[str, list[tuple[str, str, bool]]]:
    """Return what each field of the form offers: value, text, whether it is chosen."""
    now = f"{asked.tokens_per_day:g}"
    volumes = dict(calculator.VOLUMES)
    if all(float(v) != asked.tokens_per_day for v in volumes):
        volumes[now] = large(asked.tokens_per_day)
    places = {"": "anywhere"} | {c: country_name(c) for c in dict.fromkeys([*PLACES, asked.country or "US"])}
    gpus = snapshot.workspace.compute.gpus() or ["H100"]
    licences = {"": "any", "open": "open weights"}
    if asked.licence:
        licences.setdefault(asked.licence, asked.licence)
    uses = sorted({*UTILIZATIONS, asked.utilization})
    return {
        "tokens": [(v, t, float(v) == asked.tokens_per_day) for v, t in volumes.items()],
        "task": [(t, t, t == asked.task) for t in calculator.TASKS],
        "gpu": [(g, g, g.casefold() == asked.gpu.casefold()) for g in gpus],
        "utilization": [(f"{u:g}", f"{100 * u:.0f} %", u == asked.utilization) for u in uses],
        "country": [(c, t, c == (asked.country or "")) for c, t in places.items()],
        "licence": [(v, t, v == (asked.licence or "")) for v, t in licences.items()],
    }

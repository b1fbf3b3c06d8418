"""Where the authors of highly cited works learned and work: every technology and window, as result tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa

from primacy.lake.engine import Engine, Keep
from primacy.measures import talent
from primacy.measures.method import Method, Window
from primacy.measures.talent import Weighting
from primacy.studies.outcome import Outcome, Step
from primacy.studies.people import doubts
from primacy.studies.people.crowd import Crowd
from primacy.studies.people.intervals import FLOW, SET, STOCK, Intervals, intervals
from primacy.studies.people.tables import BALANCES, CAREERS, DISAMBIGUATION, FLOWS, STOCKS
from primacy.studies.research.pipeline import Pipeline, Tables, Variant

__all__ = ["run"]


def run(
    tables: Tables,
    engine: Engine,
    *,
    method: Method,
    windows: Iterable[Window],
    weighting: Weighting = "once",
    technologies: Sequence[str] | None = None,
    variant: Variant = "strict",
    doubtful: bool = True,
    step: Step = lambda _: None,
) -> Outcome:
    """Compute stocks, flows and balances of authors, and how much is known of them.

    Parameters
    ----------
    tables, engine
        The lake's tables and what computes.
    method
        Which works are highly cited, and the bootstrap; as for the shares by country.
    windows
        The windows; employment is that of a window's last year.
    weighting
        An author counts ``once``, or by ``credit``.
    technologies
        Only these; all where None.
    variant
        Whose memberships.
    doubtful
        Compute ``disambiguation`` too.
    step
        Told what is being computed.

    Returns
    -------
    Outcome
        ``stocks``, ``flows``, ``balances``, ``careers``, ``disambiguation``: :mod:`primacy.studies.people.tables` says
        what their columns are.
    """
    chosen = sorted(set(windows))
    with engine.scratch() as keep:
        pipeline = Pipeline(tables, keep, method, chosen, technologies=technologies, variant=variant)
        crowd = Crowd(pipeline, keep, chosen, weighting=weighting)
        return _tables(crowd, engine, keep, method, doubtful, step)


def _tables(crowd: Crowd, engine: Engine, keep: Keep, method: Method, doubtful: bool, step: Step) -> Outcome:
    compute = engine.to_arrow
    common = {"top": method.top, "weighting": crowd.weighting}

    def table(rows: Iterable[dict[str, Any]], schema: pa.Schema, keys: Sequence[str]) -> pa.Table:
        made = pa.Table.from_pylist([r | common for r in rows], schema=schema)
        return made.sort_by([(k, "ascending") for k in keys])

    step("where authors learned and work")
    found = intervals(crowd, method, compute)
    streams = keep(talent.flows(crowd.weights, crowd.ways))
    stocks = compute(talent.stocks(crowd.weights, crowd.stages)).to_pylist()
    flows = compute(streams).to_pylist()
    balances = compute(talent.balances(streams)).to_pylist()
    step("what is known of authors")
    known = doubts.careers(crowd, compute)
    made = {
        "stocks": table(
            _with(stocks, found.stocks, [*SET, *STOCK]), STOCKS, [*SET, *STOCK[:2], "rank", "unit"]
        ),
        "flows": table(_flow_rows(flows, found), FLOWS, [*SET, *FLOW]),
        "balances": table(_balance_rows(balances, found, method), BALANCES, [*SET, *FLOW[:3], "unit"]),
        "careers": table(known, CAREERS, SET),
    }
    if doubtful:
        step("doubtful author profiles")
        rows = doubts.disambiguation(crowd, keep, compute)
        made["disambiguation"] = table(rows, DISAMBIGUATION, [*SET, "variant"])
    return Outcome(made, {"people": {"weighting": crowd.weighting, "orcid_records": _count(crowd, compute)}})


def _count(crowd: Crowd, compute: Callable[..., pa.Table]) -> int:
    persons = crowd.pipeline.tables("persons")
    return int(compute(persons.aggregate(n=persons.count()))["n"][0].as_py())


def _with(
    rows: list[dict[str, Any]], bounds: Any, keys: Sequence[str], names: tuple[str, str] = ("low", "high")
) -> list[dict[str, Any]]:
    """Add the interval of each row."""
    for row in rows:
        row[names[0]], row[names[1]] = bounds.get(tuple(row[k] for k in keys), (None, None))
    return rows


def _flow_rows(rows: list[dict[str, Any]], found: Intervals) -> list[dict[str, Any]]:
    keys = [*SET, *FLOW]
    return _with(
        _with(rows, found.flows, keys), found.destinations, keys, ("destination_low", "destination_high")
    )


def _balance_rows(rows: list[dict[str, Any]], found: Intervals, method: Method) -> list[dict[str, Any]]:
    """Add the interval of the retention: that of the flow from a country to itself."""
    for row in rows:
        key = (*(row[k] for k in [*SET, *FLOW[:3]]), row["unit"], row["unit"])
        nobody = (0.0, 0.0) if method.replicates and row["before"] else (None, None)
        row["low"], row["high"] = found.flows.get(key, nobody)
    return rows

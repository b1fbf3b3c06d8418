"""How stable a lead is under resampling: the ratio's interval and the monopoly-risk level's stability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from primacy.inference.bootstrap import draw_counts, generator, share_replicates
from primacy.inference.lead import LEVELS, lead_replicates
from primacy.measures.method import Method, UnitKind
from primacy.measures.share import units_of_works
from primacy.studies.research.intervals import Place, ToArrow, slices
from primacy.studies.research.pipeline import Cells, Pipeline

GROUP = ["technology", "window"]
KINDS: tuple[UnitKind, ...] = ("country", "institution")
ENDS = (0.025, 0.975)


def lead_stability(
    pipeline: Pipeline, windows: list[str], seats: Mapping[int, str], leads: pa.Table, compute: ToArrow
) -> dict[Place, dict[str, Any]]:
    """Return, per technology and window, what resampling says of its lead.

    Countries and institutions are resampled together: a work drawn twice counts twice for both.

    Returns
    -------
    dict
        lead_ratio_low, lead_ratio_high (null where infinite); monopoly_risk_low, monopoly_risk_high (levels), and
        monopoly_risk_stability (part of the replicates with the same level).
    """
    method = pipeline.method
    if not method.replicates:
        return {}
    members = pipeline.members.filter(pipeline.members.window.isin(windows))
    sizes = compute(members.group_by(*GROUP).agg(works=members.count()).order_by(GROUP))
    works = {(r["technology"], r["window"]): r["works"] for r in sizes.to_pylist()}
    values: dict[str, pa.Table] = {k: _values(pipeline.cells(k), windows, compute) for k in KINDS}
    places = {k: slices(v, GROUP) for k, v in values.items()}
    result: dict[Place, dict[str, Any]] = {}
    for lead in leads.to_pylist():
        place = (lead["technology"], lead["window"])
        mine = {k: v.slice(*places[k].get(place, (0, 0))) for k, v in values.items()}
        result[place] = _one(mine, works[place], lead, seats, method, place)
    return result


def _values(cells: Cells, windows: list[str], compute: ToArrow) -> pa.Table:
    scoring = cells.scored.filter(cells.scored.score > 0, cells.scored.window.isin(windows))
    rows = units_of_works(scoring, cells.credit)
    return compute(
        rows.select(*GROUP, "work_id", "unit", value=rows.credit * rows.score).order_by(
            [*GROUP, "work_id", "unit"]
        )
    )


def _one(
    values: Mapping[str, pa.Table],
    works: int,
    lead: Mapping[str, Any],
    seats: Mapping[int, str],
    method: Method,
    place: Place,
) -> dict[str, Any]:
    ids = np.unique(np.concatenate([v["work_id"].to_numpy() for v in values.values()]))
    counts = draw_counts(works, len(ids), method.replicates, generator(method.seed, *place, "lead"))
    credit = {}
    units: dict[str, list[Any]] = {}
    for kind, table in values.items():
        units[kind] = sorted(table["unit"].unique().to_pylist())
        number = {u: i for i, u in enumerate(units[kind])}
        credit[kind] = share_replicates(
            np.searchsorted(ids, table["work_id"].to_numpy()),
            np.array([number[u] for u in table["unit"].to_pylist()], dtype=np.int64),
            table["value"].to_numpy(),
            np.zeros(len(ids)),
            counts,
            len(number),
        ).credit
    country = {u: i for i, u in enumerate(units["country"])}
    seat = np.array([country.get(seats.get(u, ""), -1) for u in units["institution"]], dtype=np.int64)
    found = lead_replicates(credit["country"], credit["institution"], seat)
    known = found.leader >= 0
    if not known.any():
        return {}
    low, high = np.quantile(found.ratio[known], ENDS, method="inverted_cdf")
    risk_low, risk_high = np.quantile(found.level[known], ENDS, method="inverted_cdf")
    return {
        "lead_ratio_low": float(low) if np.isfinite(low) else None,
        "lead_ratio_high": float(high) if np.isfinite(high) else None,
        "monopoly_risk_low": LEVELS[risk_low],
        "monopoly_risk_high": LEVELS[risk_high],
        "monopoly_risk_stability": float((found.level[known] == LEVELS.index(lead["monopoly_risk"])).mean()),
    }

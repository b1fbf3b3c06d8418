"""Which models count: each population answers an objection to the one before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from primacy.sources.reference.mainline import mainline_models
from primacy.studies.models.market import Market, id_table

__all__ = ["CHATGPT", "POPULATIONS", "REPACK", "Population", "stacked"]

CHATGPT = "2022-11-30"
"""The day on which ChatGPT was released; the mainline list begins after it."""

REPACK = "(gguf|mlx|onnx|openvino|gptq|awq|bnb|bitsandbytes|prequantized)"
"""Names of models that were packed again by somebody, in lower case. Source: the ATOM project's list policy."""


@dataclass(frozen=True, slots=True)
class Population:
    """A set of models.

    Parameters
    ----------
    name, meaning
        What it is called, and which models it keeps.
    keep
        From the models of a market, the downloads and the flagged models, the downloads that count.
    """

    name: str
    meaning: str
    keep: Callable[[Market, ir.Table, ir.Table], ir.Table]


def _without_top(market: Market, values: ir.Table, flagged: ir.Table) -> ir.Table:
    line = ibis.window(group_by="measure", order_by=[ibis.desc("value"), "model_id"])
    placed = values.mutate(_place=ibis.row_number().over(line))
    return placed.filter(placed["_place"] > 0).drop("_place")


def _described(
    market: Market, values: ir.Table, condition: Callable[[ir.Table], ir.BooleanValue]
) -> ir.Table:
    models = market.models
    return values.semi_join(models.filter(condition(models)), "model_id")


def _no_repack(models: ir.Table) -> ir.BooleanValue:
    return (models.relation.coalesce("") != "quantized") & ~models.model_id.lower().re_search(REPACK)


POPULATIONS: tuple[Population, ...] = (
    Population("all", "every model of the snapshot", lambda m, v, f: v),
    Population(
        "mainline",
        "the ATOM project's mainline list: first-party language models after ChatGPT, no re-packs",
        lambda m, v, f: v.semi_join(m.hold("mainline", lambda: id_table(mainline_models())), "model_id"),
    ),
    Population(
        "text-generation",
        "task text-generation only",
        lambda m, v, f: _described(m, v, lambda t: t.task == "text-generation"),
    ),
    Population(
        "after-chatgpt",
        f"repositories made after {CHATGPT}: without the encoders of old",
        lambda m, v, f: _described(m, v, lambda t: t.created > CHATGPT),
    ),
    Population(
        "no-repacks",
        "without quantized copies and other formats of models that are there already",
        lambda m, v, f: _described(m, v, _no_repack),
    ),
    Population("without-top", "without the most downloaded model", _without_top),
    Population(
        "unflagged",
        "without models whose counters are out of line",
        lambda m, v, f: v.anti_join(f, "model_id"),
    ),
)
"""The populations, in the order in which tables show them."""


def stacked(
    market: Market, values: ir.Table, flagged: ir.Table, names: Sequence[str] | None = None
) -> ir.Table:
    """Return the downloads of every population in one table.

    Parameters
    ----------
    market
        The snapshot.
    values
        measure, model_id, value.
    flagged
        model_id: models with an anomaly.
    names
        Which populations; all where None.

    Returns
    -------
    ibis.expr.types.Table
        population, measure, model_id, value.
    """
    tables = [
        p.keep(market, values, flagged).select(
            "measure", "model_id", "value", population=ibis.literal(p.name)
        )
        for p in POPULATIONS
        if names is None or p.name in names
    ]
    return tables[0] if len(tables) == 1 else ibis.union(*tables)

"""Which model to adopt: hosted or served oneself, by price, energy, size, licence and origin."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_literal
from primacy.measures.tokens import TOKENS, model_key

__all__ = ["frontier", "hub_facts", "options"]

SECONDS_A_DAY = 86_400

NOT_FOR_TEXT = (
    "embed|rerank|e5-|bge-|minilm|mini-lm|mpnet|whisper|voxtral|tts|ocr|guard|moderation|audio|transcri|image"
)
"""Parts of the ids of models that write no text of their own: they embed, rank, listen, speak, watch or draw."""


def hub_facts(
    rows: ir.Table, *, catalogue: ir.Table, models: ir.Table, organizations: ir.Table, notable: ir.Table
) -> ir.Table:
    """Return what is known of each model key: its Hub id, licence and country of origin.

    Parameters
    ----------
    rows
        From :func:`primacy.measures.tokens.tokens`.
    catalogue, models, organizations, notable
        The lake's ``priced_models``, ``models``, ``organizations`` and ``notable_models``; those that nothing was
        pulled into have no rows.

    Returns
    -------
    ibis.expr.types.Table
        key, hub_id (of the model measured, else of the weights that the catalogue links), licence (the Hub's tag),
        origin (ISO 3166-1 alpha-2 of the account's owner, else of the first organisation that Epoch AI names).
    """
    linked = catalogue.mutate(key=model_key(catalogue.model)).filter(catalogue.hub_ids.length() > 0)
    linked = linked.group_by("key").agg(linked_id=linked.hub_ids[0].min())
    keys = rows.group_by("key").agg(measured_id=rows.measured_model.min(), name=rows.name.min())
    t = keys.left_join(linked, "key").drop("key_right")
    t = t.mutate(hub_id=ibis.coalesce(t.measured_id, t.linked_id))
    t = t.left_join(models.select(hub_id="model_id", licence="license"), "hub_id").drop("hub_id_right")
    t = t.mutate(namespace=t.hub_id.split("/")[0])
    owners = organizations.group_by("namespace").agg(seat=organizations.country.min())
    t = t.left_join(owners, "namespace").drop("namespace_right")
    first = notable.mutate(name_key=model_key(notable.model)).filter(notable.countries.length() > 0)
    first = first.group_by("name_key").agg(epoch=first.countries[0].min())
    t = t.mutate(name_key=model_key(t.name)).left_join(first, "name_key")
    return t.select("key", "hub_id", "licence", origin=ibis.coalesce(t.seat, t.epoch))


def options(
    rows: ir.Table,
    facts: ir.Table,
    *,
    tokens_per_day: float,
    gpu_hour: float | None,
    utilization: float = 1.0,
    kg_co2e_per_kwh: float | None = None,
) -> ir.Table:
    """Return the ways to have a number of tokens a day: each model from its cheapest host, and served oneself.

    Parameters
    ----------
    rows
        From :func:`primacy.measures.tokens.tokens`, for the task and the GPU in question.
    facts
        From :func:`hub_facts`.
    tokens_per_day
        Tokens a day, three in four of them input where a host bills them.
    gpu_hour
        US dollars per GPU and hour; None where it is not known, and then nothing is served oneself.
    utilization
        The part of the measured throughput that one plans for, above 0 and at most 1; the rest is for the peaks.
    kg_co2e_per_kwh
        Carbon intensity of the grid on which one would serve.

    Returns
    -------
    ibis.expr.types.Table
        option (hosted | self-hosted), model, provider (null when self-hosted), open_weights, licence, origin,
        parameters_billion, usd_per_day, usd_per_million, gpus, utilization (of the GPUs rented), kwh_per_day,
        energy_basis (measured | modelled), kg_co2e_per_day (where one serves oneself), cheapest_host_usd and
        break_even_tokens_per_day (from which on serving with one set of GPUs costs no more than that host), key.

    Notes
    -----
    GPUs are rented whole, around the clock: as many sets as the tokens need at the planned part of the measured
    throughput. Offers at a price of 0 are trials with a cap, no way to have many tokens; they are left out, as are
    models that write no text, and rows that share provider and model, of which nobody can say what they sell.
    """
    priced = rows.filter(
        rows.blended > 0,
        rows.output > 0,
        rows.shared_key_rows == 1,
        ~rows.model.lower().re_search(NOT_FOR_TEXT),
    )
    by_price = ["blended", "provider", "model", "line"]
    place = ibis.row_number().over(group_by="key", order_by=by_price)
    best = priced.mutate(place=place).filter(ibis._.place == 0)
    modelled = (best.wh_per_million_modelled_low + best.wh_per_million_modelled_high) / 2
    wh = ibis.coalesce(best.wh_per_million, modelled)
    need = exact_literal(tokens_per_day)
    hosted = best.select(
        option=ibis.literal("hosted"),
        model="model",
        provider="provider",
        open_weights="open_weights",
        parameters_billion="parameters_billion",
        usd_per_day=best.blended * need / TOKENS,
        usd_per_million="blended",
        gpus=ibis.null("int64"),
        utilization=ibis.null("float64"),
        kwh_per_day=wh * need / TOKENS / 1000,
        energy_basis=ibis.cases(
            (best.wh_per_million.notnull(), "measured"), (modelled.notnull(), "modelled"), else_=None
        ),
        kg_co2e_per_day=ibis.null("float64"),
        cheapest_host_usd=ibis.null("float64"),
        break_even_tokens_per_day=ibis.null("float64"),
        key="key",
    )
    both = hosted
    if gpu_hour is not None:
        served = _served(rows, tokens_per_day, gpu_hour, utilization, kg_co2e_per_kwh)
        both = hosted.union(served.cast(hosted.schema()))
    t = both.left_join(facts, "key").drop("key_right")
    ordered = ["usd_per_day", "option", "model", "provider"]
    return t.select(*(c for c in both.columns if c != "key"), "licence", "origin", "hub_id", "key").order_by(
        *ordered
    )


def _served(
    rows: ir.Table,
    tokens_per_day: float,
    gpu_hour: float,
    utilization: float,
    kg_co2e_per_kwh: float | None,
) -> ir.Table:
    measured = rows.filter(rows.measured_model.notnull())
    paid = measured.blended > 0
    one = measured.group_by("measured_model").agg(
        set_gpus=measured.gpus.max(),
        tokens_per_second=measured.tokens_per_second.max(),
        wh_per_million=measured.wh_per_million.max(),
        parameters_billion=measured.parameters_billion.max(),
        cheapest_host_usd=measured.blended.min(where=paid & (measured.shared_key_rows == 1)),
    )
    need, hour = exact_literal(tokens_per_day), exact_literal(gpu_hour)
    a_day = one.tokens_per_second * SECONDS_A_DAY
    sets = (need / (a_day * exact_literal(utilization))).ceil()
    gpus = sets * one.set_gpus
    kwh = one.wh_per_million * need / TOKENS / 1000
    carbon = ibis.null("float64") if kg_co2e_per_kwh is None else kwh * exact_literal(kg_co2e_per_kwh)
    return one.select(
        option=ibis.literal("self-hosted"),
        model="measured_model",
        provider=ibis.null("string"),
        open_weights=ibis.literal(True),
        parameters_billion="parameters_billion",
        usd_per_day=gpus * hour * 24,
        usd_per_million=gpus * hour * 24 / need * TOKENS,
        gpus=gpus,
        utilization=need / (sets * a_day),
        kwh_per_day=kwh,
        energy_basis=ibis.literal("measured"),
        kg_co2e_per_day=carbon,
        cheapest_host_usd="cheapest_host_usd",
        break_even_tokens_per_day=one.set_gpus * hour * 24 / one.cheapest_host_usd * TOKENS,
        key=model_key(one.measured_model),
    )


def frontier(ways: ir.Table) -> ir.Table:
    """Add whether no other way is at least as cheap, as sparing and as large, and better in one of the three.

    Parameters
    ----------
    ways
        From :func:`options`, or some of its rows.

    Returns
    -------
    ibis.expr.types.Table
        The rows with ``frontier``: null where cost, energy or size is not known, so that it cannot be told. Size
        stands in for quality, for which no openly licensed measure is in the lake.
    """
    told = ways.usd_per_day.notnull() & ways.kwh_per_day.notnull() & ways.parameters_billion.notnull()
    way = ways.option.concat("|", ways.model, "|", ways.provider.fill_null(""))
    known = ways.mutate(way=way).filter(told)
    other = known.select(other_usd="usd_per_day", other_kwh="kwh_per_day", other_size="parameters_billion")
    beaten = known.join(
        other,
        [
            other.other_usd <= known.usd_per_day,
            other.other_kwh <= known.kwh_per_day,
            other.other_size >= known.parameters_billion,
            (other.other_usd < known.usd_per_day)
            | (other.other_kwh < known.kwh_per_day)
            | (other.other_size > known.parameters_billion),
        ],
    )
    lost = beaten.select(beaten_way="way").distinct()
    rows = ways.mutate(way=way, told=told)
    t = rows.left_join(lost, rows.way == lost.beaten_way)
    return t.mutate(frontier=ibis.cases((t.told, t.beaten_way.isnull()), else_=None)).drop(
        "way", "told", "beaten_way"
    )

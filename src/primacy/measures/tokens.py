"""What a million tokens cost: listed prices, energy measured or modelled, and the cost of serving a model oneself."""

from __future__ import annotations

from typing import Literal

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_literal

__all__ = [
    "CHAT",
    "Task",
    "best_configurations",
    "blended",
    "break_even_utilization",
    "model_key",
    "modelled_energy",
    "self_host_table",
    "self_host_usd",
    "tokens",
]

Task = Literal["chat", "reasoning", "code", "image", "video"]

CHAT: Task = "chat"

TASKS: dict[Task, tuple[str, ...]] = {
    "chat": ("lm-arena-chat", "chat"),
    "reasoning": ("gpqa",),
    "code": ("sourcegraph-fim",),
    "image": ("image-chat",),
    "video": ("video-chat",),
}
"""The names that measured energy gives each task."""

JOULES_PER_WATT_HOUR = 3600
TOKENS = 1e6


# ------------------------------------------------------------------ formulae


def blended(inputs: ir.NumericValue, outputs: ir.NumericValue) -> ir.FloatingValue:
    """Return the price of a million tokens of which three in four are input: (3·input + output)/4.

    Examples
    --------
    >>> t = ibis.memtable({"input": [1.0], "output": [5.0]})
    >>> blended(t.input, t.output).to_pyarrow()[0].as_py()
    2.0
    """
    return (3 * inputs + outputs) / 4


def self_host_usd(
    gpus: ir.NumericValue, tokens_per_second: ir.NumericValue, *, gpu_hour: float, utilization: float
) -> ir.FloatingValue:
    """Return US dollars per million output tokens of a configuration that one rents.

    gpu_hour · GPUs / (tokens_per_second · 3600 · utilization) · 10⁶, with ``gpu_hour`` in US dollars per GPU and
    hour and ``utilization`` the part of the time, or of the throughput, that is used (above 0, at most 1).
    """
    hour, used = exact_literal(gpu_hour), exact_literal(utilization)
    return hour * gpus / (tokens_per_second * 3600 * used) * TOKENS


def break_even_utilization(
    gpus: ir.NumericValue, tokens_per_second: ir.NumericValue, price: ir.NumericValue, *, gpu_hour: float
) -> ir.FloatingValue:
    """Return the utilization at which serving costs what a host charges; above 1 the host is always cheaper.

    Null where the host charges nothing.
    """
    return exact_literal(gpu_hour) * gpus / (tokens_per_second * 3600 * price.nullif(0.0)) * TOKENS


# ------------------------------------------------------------------ names


def model_key(name: ir.StringValue) -> ir.StringValue:
    """Return what the ids that catalogues give one model have in common.

    The last part of a path, without a vendor's prefix, a version at the end, or what follows a colon; letters and
    digits only, lower case. ``meta-llama/Llama-3.1-8B-Instruct`` and ``meta.llama3-1-8b-instruct-v1:0`` agree.

    Examples
    --------
    >>> t = ibis.memtable({"id": ["meta-llama/Llama-3.1-8B-Instruct", "us.meta.llama3-1-8b-instruct-v1:0"]})
    >>> model_key(t.id).to_pyarrow().to_pylist()
    ['llama318binstruct', 'llama318binstruct']
    """
    plain = name.lower().re_replace(r"^.*/", "").re_replace(r"\s*\(.*\)$", "")
    plain = plain.re_replace(r"(-v[0-9]+)?:[a-z0-9]+$", "").re_replace(r"^([a-z]+\.)+", "")
    return plain.re_replace(r"^meta-?llama", "llama").re_replace(r"[^a-z0-9]+", "")


# ------------------------------------------------------------------ measured


def best_configurations(energy: ir.Table, *, gpu: str, task: Task = CHAT) -> ir.Table:
    """Return, for each model, the measured configuration of highest throughput on a GPU.

    Parameters
    ----------
    energy
        The lake's ``token_energy``.
    gpu
        The GPU, such as ``H100``; upper or lower case.
    task
        The task that was measured.

    Returns
    -------
    ibis.expr.types.Table
        measured_model (Hugging Face id), gpu, gpus, concurrency, precision, parameters_billion, tokens_per_second
        (of all the GPUs), wh_per_million (GPU energy, watt-hours per million output tokens). Of configurations
        with equal throughput, the one with fewer GPUs.
    """
    kept = energy.filter(energy.task.isin(TASKS[task]), energy.gpu.lower() == gpu.lower())
    place = ibis.row_number().over(
        group_by="model_id",
        order_by=[ibis.desc("tokens_per_second"), "gpus", "joules_per_token", "line"],
    )
    best = kept.mutate(place=place).filter(ibis._.place == 0)
    return best.select(
        measured_model="model_id",
        gpu="gpu",
        gpus="gpus",
        concurrency="concurrency",
        precision="precision",
        parameters_billion="parameters_billion",
        tokens_per_second="tokens_per_second",
        wh_per_million=best.joules_per_token / JOULES_PER_WATT_HOUR * TOKENS,
    )


def self_host_table(
    energy: ir.Table, *, gpu: str, gpu_hour: float, utilization: float, task: Task = CHAT
) -> ir.Table:
    """Return what serving each measured model oneself costs.

    Returns
    -------
    ibis.expr.types.Table
        measured_model, gpu, gpus, concurrency, precision, parameters_billion, tokens_per_second, wh_per_million,
        gpu_hour_usd, utilization, self_host_usd (US dollars per million output tokens), cheapest first.
    """
    best = best_configurations(energy, gpu=gpu, task=task)
    return best.mutate(
        gpu_hour_usd=exact_literal(gpu_hour),
        utilization=exact_literal(utilization),
        self_host_usd=self_host_usd(
            best.gpus, best.tokens_per_second, gpu_hour=gpu_hour, utilization=utilization
        ),
    ).order_by("self_host_usd", "measured_model")


def _measured_by_key(configurations: ir.Table) -> ir.Table:
    """Return the configurations under the keys by which prices find them.

    A model's own id comes first; where only a quantised build of it was measured, that build stands for it.
    """
    own = configurations.mutate(key=model_key(configurations.measured_model), quantised=False)
    base = own.mutate(key=own.key.re_replace(r"(fp8|bf16)$", ""), quantised=True)
    both = own.union(base.filter(base.key != model_key(base.measured_model)))
    place = ibis.row_number().over(
        group_by="key", order_by=["quantised", ibis.desc("tokens_per_second"), "measured_model"]
    )
    return both.mutate(place=place).filter(ibis._.place == 0).drop("place", "quantised")


# ------------------------------------------------------------------ modelled

_GPU_ENERGY = (1.1665273170451914e-06, -0.011205921025579175, 4.052928146734005e-05)
_LATENCY = (0.0006785088094353663, 0.0003119310311688259, 0.019473717579473387)
_GPU_MEMORY_GB, _SERVER_GPUS, _SERVER_WATTS, _BATCH, _BITS = 80, 8, 1200, 64, 16
PUE = (1.09, 1.20)
"""Power usage effectiveness of data centres, from the best to the worst that EcoLogits assumes."""


def modelled_energy(active: ir.NumericValue, total: ir.NumericValue, *, pue: float) -> ir.FloatingValue:
    """Return watt-hours per million output tokens as EcoLogits models them, at 64 concurrent requests.

    Parameters
    ----------
    active, total
        Parameters active per token and in all, 10⁹.
    pue
        Power usage effectiveness of the data centre.

    Notes
    -----
    EcoLogits, methodology of November 2025: each GPU uses (α·exp(β·B)·P_active + γ) Wh per token; the rest of the
    server 1.2 kW per 8 GPUs, shared by the B requests for as long as a token takes; the number of GPUs is the next
    power of two that holds 1.2 times the weights at 16 bits in 80 GB each.
    """
    alpha, beta, gamma = _GPU_ENERGY
    per_gpu = alpha * ibis.literal(beta * _BATCH).exp() * active + gamma
    needed = (1.2 * total * _BITS / 8 / _GPU_MEMORY_GB).ceil()
    gpus = ibis.literal(2.0).pow(needed.log2().ceil())
    slope, per_request, constant = _LATENCY
    seconds = slope * active + per_request * _BATCH + constant
    server = seconds / JOULES_PER_WATT_HOUR * _SERVER_WATTS * gpus / _SERVER_GPUS / _BATCH
    return exact_literal(pue) * (server + gpus * per_gpu) * TOKENS


# ------------------------------------------------------------------ the table


def tokens(
    prices: ir.Table,
    energy: ir.Table,
    *,
    catalogue: ir.Table,
    sizes: ir.Table,
    gpu: str,
    gpu_hour: float | None,
    utilization: float,
    task: Task = CHAT,
) -> ir.Table:
    """Return price, energy and cost of serving oneself, one row per listed price.

    Parameters
    ----------
    prices, energy, catalogue, sizes
        The lake's ``token_prices``, ``token_energy``, ``priced_models`` and ``model_sizes``.
    gpu
        The GPU on which one would serve, as ``token_energy`` names it.
    gpu_hour
        US dollars per GPU and hour; None where it is not known.
    utilization
        The part of the measured throughput that is used, above 0 and at most 1.
    task
        The task whose measured configurations are taken.

    Returns
    -------
    ibis.expr.types.Table
        model, provider, open_weights (the row's own flag; null where blank); input, output, blended (US dollars per
        million tokens); wh_per_million (measured GPU energy of the configuration served, watt-hours per million
        output tokens); self_host_usd (US dollars per million output tokens); name; first_party (the seller is the
        maker); measured_model, gpu, gpus, tokens_per_second (the configuration); break_even_utilization (above which
        serving is cheaper than this row's blended price); parameters_billion;
        wh_per_million_modelled_low, wh_per_million_modelled_high (EcoLogits, data centre included); sizes_guessed;
        shared_key_rows (rows with this provider and model: above 1, an id that upstream cut off); key, line.
    """
    measured = _measured_by_key(best_configurations(energy, gpu=gpu, task=task))
    t = prices.mutate(key=model_key(prices.model), name_key=model_key(prices.name))
    t = t.left_join(measured, "key").drop("key_right")
    named = measured.rename({f"named_{c}": c for c in measured.columns})
    t = t.left_join(named, (t.name_key == named.named_key) & t.measured_model.isnull())
    t = t.mutate(**{c: ibis.coalesce(t[c], t[f"named_{c}"]) for c in measured.columns if c != "key"}).drop(
        [f"named_{c}" for c in measured.columns]
    )
    made = catalogue.select(made=catalogue.model).distinct()
    t = t.left_join(made, t.provider.concat("/").concat(t.model) == made.made)
    t = t.left_join(_sizes_by_key(sizes), "key").drop("key_right")
    price = blended(t.input_usd_per_million, t.output_usd_per_million)
    if gpu_hour is None:
        cost = even = ibis.null("float64")
    else:
        cost = self_host_usd(t.gpus, t.tokens_per_second, gpu_hour=gpu_hour, utilization=utilization)
        even = break_even_utilization(t.gpus, t.tokens_per_second, price, gpu_hour=gpu_hour)
    return t.select(
        "model",
        "provider",
        "open_weights",
        input="input_usd_per_million",
        output="output_usd_per_million",
        blended=price,
        wh_per_million="wh_per_million",
        self_host_usd=cost,
        name="name",
        first_party=t.made.notnull(),
        measured_model="measured_model",
        gpu="gpu",
        gpus="gpus",
        tokens_per_second="tokens_per_second",
        break_even_utilization=even,
        parameters_billion=ibis.coalesce(t.parameters_billion, t.total_low_billion),
        wh_per_million_modelled_low=modelled_energy(t.active_low_billion, t.total_low_billion, pue=PUE[0]),
        wh_per_million_modelled_high=modelled_energy(t.active_high_billion, t.total_high_billion, pue=PUE[1]),
        sizes_guessed="guessed",
        shared_key_rows="shared_key_rows",
        key="key",
        line="line",
    ).order_by(ibis.asc("blended", nulls_first=False), "provider", "model", "line")


def _sizes_by_key(sizes: ir.Table) -> ir.Table:
    """Return one row of sizes per key: of several, what a maker states before what is guessed."""
    keyed = sizes.mutate(key=model_key(sizes.model))
    place = ibis.row_number().over(group_by="key", order_by=["guessed", "provider", "model"])
    first = keyed.mutate(place=place).filter(ibis._.place == 0)
    return first.select(
        "key",
        "active_low_billion",
        "active_high_billion",
        "total_low_billion",
        "total_high_billion",
        "guessed",
    )

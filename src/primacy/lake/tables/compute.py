"""Tables that come from files on chips, clusters, token prices, power and measured energy.

Each table is one snapshot: a pull replaces the tables whose files its directory holds. ``line`` is the line
of the source file at which a row begins, so that rows which share a key can be told apart and found again.
"""

from __future__ import annotations

from primacy.lake.schema import Column, Table

_SOURCE = (
    Column("source", "string", "name of the file that states it", nullable=False),
    Column("line", "int64", "line of that file at which the row begins, from 1", nullable=False),
)

CHIPS = Table(
    "chips",
    "one model of accelerator chip",
    (
        Column("chip", "string", "name", nullable=False),
        Column("maker", "string", "company that designs it"),
        Column("maker_country", "string", "ISO 3166-1 alpha-2 of the maker"),
        Column("type", "string", "GPU, TPU, NPU, … as the source says"),
        Column("release_date", "string", "ISO 8601"),
        Column("release_price_usd", "double", "list price at release, US dollars a chip"),
        Column(
            "tpp",
            "double",
            "total processing performance, tera-(bit-operations per second): dense peak x bit length",
        ),
        Column("die_mm2", "double", "die area, mm²"),
        Column("memory_bytes", "double", "memory, bytes"),
        Column("memory_bandwidth_gb_per_s", "double", "memory bandwidth, 10⁹ bytes per second"),
        Column(
            "interconnect_gb_per_s", "double", "bandwidth to other chips of the node, 10⁹ bytes per second"
        ),
        Column("tdp_watts", "double", "thermal design power, watts"),
        Column("fp16_flops", "double", "dense 16-bit floating-point operations per second"),
        *_SOURCE,
    ),
    key=("chip",),
)

CLUSTERS = Table(
    "clusters",
    "one cluster of accelerators; names are not unique",
    (
        Column("name", "string", "name as the source gives it", nullable=False),
        Column("status", "string", "existing | planned | decommissioned | unknown", nullable=False),
        Column("certainty", "string", "confirmed | likely | unlikely that it exists as described"),
        Column("country", "string", "ISO 3166-1 alpha-2 of the site"),
        Column("owner", "string", "owner as the source gives it; several are separated by commas"),
        Column("sector", "string", "private | public | public/private"),
        Column("first_operational", "string", "ISO 8601; a month or a year stands for its first day"),
        Column("decommissioned", "string", "ISO 8601"),
        Column("h100_equivalents", "double", "capacity in H100-equivalents"),
        Column("flops16", "double", "peak 16-bit operations per second"),
        Column("power_mw", "double", "power capacity, megawatts"),
        Column("hardware_cost_usd", "double", "cost of the hardware, US dollars"),
        Column("chip", "string", "primary chip; null where it is not named"),
        Column("chips", "double", "number of primary chips"),
        Column("standard", "bool", "the source includes it in its standard analysis", nullable=False),
        Column("possible_duplicate", "bool", "the source takes it for a possible duplicate", nullable=False),
        *_SOURCE,
    ),
    key=("line",),
)

TOKEN_PRICES = Table(
    "token_prices",
    "one price that one provider lists for one model; provider and model may repeat",
    (
        Column("provider", "string", "who sells it", nullable=False),
        Column("model", "string", "the provider's own id of the model", nullable=False),
        Column("name", "string", "display name"),
        Column("open_weights", "bool", "the row's own flag; null where the row leaves it blank"),
        Column("release_date", "string", "ISO 8601, of the model"),
        Column("input_usd_per_million", "double", "US dollars per million input tokens"),
        Column("output_usd_per_million", "double", "US dollars per million output tokens"),
        Column("cache_read_usd_per_million", "double", "US dollars per million cached input tokens"),
        Column("context_tokens", "double", "context window, tokens"),
        Column("shared_key_rows", "int64", "rows of the file with this provider and model", nullable=False),
        *_SOURCE,
    ),
    key=("provider", "model"),
)

PRICED_MODELS = Table(
    "priced_models",
    "one model of the price catalogue, under its maker's id",
    (
        Column("model", "string", "maker/model", nullable=False),
        Column("name", "string", "display name"),
        Column("open_weights", "bool", "the weights can be downloaded"),
        Column("release_date", "string", "ISO 8601"),
        Column("hub_ids", "list<string>", "Hugging Face ids of the weights"),
        *_SOURCE,
    ),
    key=("model",),
)

TOKEN_PRICE_HISTORY = Table(
    "token_price_history",
    "one period in which one provider's price of one model held",
    (
        Column("provider", "string", "who sells it", nullable=False),
        Column("model", "string", "the provider's own id of the model", nullable=False),
        Column("tier", "string", "standard, batch, fast, …", nullable=False),
        Column(
            "position",
            "int32",
            "place in this history, from 0",
            nullable=False,
        ),
        Column("start", "string", "ISO 8601; null where the history begins with it"),
        Column("input_usd_per_million", "double", "US dollars per million input tokens; null: not sold"),
        Column("output_usd_per_million", "double", "US dollars per million output tokens; null: not sold"),
        Column("valid_from", "string", "ISO 8601, when the price is first attested"),
        Column("basis", "string", "documented | models.dev commit | first observed"),
        Column(
            "recorded_input_usd_per_million",
            "double",
            "what the catalogue said instead",
        ),
        Column(
            "recorded_output_usd_per_million",
            "double",
            "what the catalogue said instead",
        ),
        Column("evidence", "string", "address at which the price is attested"),
        Column("source", "string", "name of the file that states it", nullable=False),
    ),
    key=("provider", "model", "tier", "position"),
)

TOKEN_ENERGY = Table(
    "token_energy",
    "one measured configuration: a model served on a number of GPUs at a number of concurrent requests",
    (
        Column("model_id", "string", "Hugging Face id", nullable=False),
        Column("task", "string", "lm-arena-chat, gpqa, sourcegraph-fim, …", nullable=False),
        Column("gpu", "string", "GPU model", nullable=False),
        Column("gpus", "int32", "number of GPUs", nullable=False),
        Column("concurrency", "int32", "largest number of requests served at once"),
        Column("precision", "string", "number format of the weights"),
        Column("parameters_billion", "double", "parameters, 10⁹"),
        Column("active_parameters_billion", "double", "parameters active per token, 10⁹"),
        Column(
            "tokens_per_second",
            "double",
            "output tokens per second of all the GPUs",
            nullable=False,
        ),
        Column("joules_per_token", "double", "GPU energy per output token, joules", nullable=False),
        Column("watts", "double", "mean power of the GPUs, watts"),
        Column("output_tokens", "double", "mean output tokens of a request"),
        *_SOURCE,
    ),
    key=("model_id", "task", "gpu"),
)

MODEL_SIZES = Table(
    "model_sizes",
    "parameters of one model as EcoLogits states or guesses them",
    (
        Column("provider", "string", "EcoLogits' name of the provider", nullable=False),
        Column("model", "string", "the provider's id of the model", nullable=False),
        Column("active_low_billion", "double", "active parameters, 10⁹, lower bound", nullable=False),
        Column("active_high_billion", "double", "active parameters, 10⁹, upper bound", nullable=False),
        Column("total_low_billion", "double", "all parameters, 10⁹, lower bound", nullable=False),
        Column("total_high_billion", "double", "all parameters, 10⁹, upper bound", nullable=False),
        Column("guessed", "bool", "the architecture was never released", nullable=False),
        Column("source", "string", "package and version", nullable=False),
    ),
    key=("provider", "model"),
)

REFERENCE_PRICES = Table(
    "reference_prices",
    "one price of one model as the package genai-prices lists it, from its start date",
    (
        Column("provider", "string", "the package's id of the provider", nullable=False),
        Column("model", "string", "the package's id of the model", nullable=False),
        Column("start", "string", "ISO 8601; null where the history begins with it"),
        Column("input_usd_per_million", "double", "US dollars per million input tokens"),
        Column("output_usd_per_million", "double", "US dollars per million output tokens"),
        Column("source", "string", "package and version", nullable=False),
    ),
    key=("provider", "model", "start"),
)

GPU_PRICES = Table(
    "gpu_prices",
    "one price of a chip: rented by the hour, or bought",
    (
        Column("chip", "string", "name", nullable=False),
        Column("vendor", "string", "who rents or sells it"),
        Column("date", "string", "ISO 8601"),
        Column("hour_usd", "double", "on demand, US dollars per chip-hour"),
        Column("hour_1year_usd", "double", "committed for one year, US dollars per chip-hour"),
        Column("hour_3year_usd", "double", "committed for three years, US dollars per chip-hour"),
        Column("purchase_usd", "double", "bought, US dollars a chip"),
        Column("evidence", "string", "address at which the price is attested"),
        *_SOURCE,
    ),
    key=("chip", "vendor", "date"),
)

POWER_PRICES = Table(
    "power_prices",
    "one price of electricity in one country or market zone",
    (
        Column("country", "string", "ISO 3166-1 alpha-2", nullable=False),
        Column("zone", "string", "market zone or region; null for the whole country"),
        Column("kind", "string", "retail: what a user pays | wholesale: the market's mean", nullable=False),
        Column("customer", "string", "business | industrial | commercial; null for wholesale"),
        Column("period", "string", "the period that the price holds for"),
        Column("usd_per_kwh", "double", "US dollars per kilowatt-hour", nullable=False),
        *_SOURCE,
    ),
    key=("country", "zone", "kind"),
)

GRID_CARBON = Table(
    "grid_carbon",
    "the carbon intensity of one country's electricity as one source states it",
    (
        Column("country", "string", "ISO 3166-1 alpha-2", nullable=False),
        Column("publisher", "string", "ecologits | ember", nullable=False),
        Column("year", "int32", "year; null where the source states none"),
        Column("kg_co2e_per_kwh", "double", "kilograms of CO₂-equivalent per kilowatt-hour", nullable=False),
        Column("source", "string", "name of the file that states it", nullable=False),
    ),
    key=("country", "publisher", "year"),
)

NOTABLE_MODELS = Table(
    "notable_models",
    "one notable model as Epoch AI lists it",
    (
        Column("model", "string", "name", nullable=False),
        Column("organization", "string", "organisation, several separated by commas"),
        Column("countries", "list<string>", "ISO 3166-1 alpha-2 of the organisations, in the source's order"),
        Column("date", "string", "publication date, ISO 8601"),
        Column("parameters", "double", "number of parameters"),
        Column("training_flop", "double", "training compute, floating-point operations"),
        Column("accessibility", "string", "how the model can be had, in the source's words"),
        Column("open_weights", "bool", "the weights can be downloaded"),
        *_SOURCE,
    ),
    key=("model", "line"),
)

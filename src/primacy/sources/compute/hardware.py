"""Epoch AI's tables of hardware: chips, clusters, and what chips cost to rent or buy (CC BY 4.0)."""

from __future__ import annotations

from typing import Any

from primacy.sources.compute._reading import BadRowError, Quantity, Row, Sheets
from primacy.sources.reference.countries import alpha2

__all__ = ["CHIPS", "CLUSTERS", "GPU_PRICES"]

# ------------------------------------------------------------------ chips

_TPP = Quantity("Total processing performance (bit-OP/s)", "bit-OP/s", 1e9, 1e19, scale=1e-12)
_DIE = Quantity("Die Size (mm^2)", "mm²", 1, 1e5)
_MEMORY = Quantity("Memory (bytes)", "bytes", 1e6, 1e16)
_BANDWIDTH = Quantity("Memory bandwidth (byte/s)", "byte/s", 1e8, 1e17, scale=1e-9)
_INTERCONNECT = Quantity("Intranode bandwidth (byte/s)", "byte/s", 1e8, 1e17, scale=1e-9)
_TDP = Quantity("TDP (W)", "watts", 0.1, 1e5)
_PRICE = Quantity("Release price (USD)", "US dollars", 1, 1e8)
_TENSOR16 = Quantity("Tensor-FP16/BF16 performance (FLOP/s)", "FLOP/s", 1e8, 1e19)
_FP16 = Quantity("FP16 (half precision) performance (FLOP/s)", "FLOP/s", 1e8, 1e19)


def _chip(row: Row) -> dict[str, Any]:
    tensor = row.number(_TENSOR16)
    return {
        "chip": row.key("Hardware name"),
        "maker": row.text("Manufacturer"),
        "maker_country": alpha2(row.text("Country") or ""),
        "type": row.text("Type"),
        "release_date": row.remark_date("Release date"),
        "release_price_usd": row.number(_PRICE),
        "tpp": row.number(_TPP),
        "die_mm2": row.number(_DIE),
        "memory_bytes": row.number(_MEMORY),
        "memory_bandwidth_gb_per_s": row.number(_BANDWIDTH),
        "interconnect_gb_per_s": row.number(_INTERCONNECT),
        "tdp_watts": row.number(_TDP),
        "fp16_flops": row.number(_FP16) if tensor is None else tensor,
    }


CHIPS = Sheets(
    table="chips",
    title="a table of chips",
    signature=("Hardware name",),
    required=(_TPP.header,),
    quantities=(
        _TPP,
        _DIE,
        _MEMORY,
        _BANDWIDTH,
        _INTERCONNECT,
        _TDP,
        _PRICE,
        _TENSOR16,
        _FP16,
    ),
    row=_chip,
)

# ------------------------------------------------------------------ clusters

_H100E = Quantity("H100 equivalents", "H100-equivalents", 1e-6, 1e10, zero=True)
_FLOPS16 = Quantity("16-bit OP/s", "operations per second", 1e9, 1e26, zero=True)
_POWER = Quantity("Power Capacity (MW)", "megawatts", 1e-6, 1e6, zero=True)
_COST = Quantity("Hardware Cost", "US dollars", 1, 1e14, zero=True)
_CHIPS = Quantity("Chip quantity (primary)", "chips", 1, 1e10, zero=True)

_STATUS = ("existing", "planned", "decommissioned")
_CERTAINTY = ("confirmed", "likely", "unlikely")


def _site(row: Row) -> str | None:
    name = row.text("Country")
    if name is None:
        return None
    code = alpha2(name)
    if code is None:
        raise BadRowError(f"'Country' is '{name[:40]}', which names no country")
    return code


def _status(row: Row) -> str:
    value = (row.text("Status") or "unknown").lower()
    if value not in (*_STATUS, "unknown"):
        raise BadRowError(f"'Status' is '{value[:40]}', not one of {', '.join(_STATUS)}")
    return value


def _certainty(row: Row) -> str | None:
    """Return how certain a cluster is; capacity does not hang on it, so another word costs the word only."""
    value = (row.text("Certainty") or "").lower()
    if value and value not in _CERTAINTY:
        row.faults.append(
            f"'Certainty' is '{value[:40]}', not one of {', '.join(_CERTAINTY)}; loaded without it"
        )
    return value if value in _CERTAINTY else None


def _cluster(row: Row) -> dict[str, Any]:
    sector = row.text("Sector")
    return {
        "name": row.key("Name"),
        "status": _status(row),
        "certainty": _certainty(row),
        "country": _site(row),
        "owner": row.text("Owner"),
        "sector": sector.lower() if sector else None,
        "first_operational": row.day("First Operational Date"),
        "decommissioned": row.remark_date("Decommissioned Date (if applicable)"),
        "h100_equivalents": row.number(_H100E),
        "flops16": row.number(_FLOPS16),
        "power_mw": row.number(_POWER),
        "hardware_cost_usd": row.number(_COST),
        "chip": row.text("Chip type (primary)"),
        "chips": row.number(_CHIPS),
        "standard": bool(row.flag("Include in Standard Analysis")),
        "possible_duplicate": bool(row.flag("Possible Duplicate")),
    }


CLUSTERS = Sheets(
    table="clusters",
    title="a table of clusters",
    signature=("Status", "First Operational Date", _H100E.header),
    required=("Name", "Country"),
    quantities=(_H100E, _FLOPS16, _POWER, _COST, _CHIPS),
    row=_cluster,
)

# ------------------------------------------------------------------ prices of chips

_HOUR = Quantity("Price per chip-hour (on-demand)", "US dollars per chip-hour", 1e-4, 1e4)
_HOUR_1 = Quantity("Price per chip-hour (1-year CUD)", "US dollars per chip-hour", 1e-4, 1e4)
_HOUR_3 = Quantity("Price per chip-hour (3-year CUD)", "US dollars per chip-hour", 1e-4, 1e4)
_PURCHASE = Quantity("Price (hardware purchase)", "US dollars", 1, 1e8)


def _gpu_price(row: Row) -> dict[str, Any]:
    return {
        "chip": row.key("Hardware model"),
        "vendor": row.text("Vendor"),
        "date": row.date("Price date"),
        "hour_usd": row.number(_HOUR),
        "hour_1year_usd": row.number(_HOUR_1),
        "hour_3year_usd": row.number(_HOUR_3),
        "purchase_usd": row.number(_PURCHASE),
        "evidence": row.text("Price source"),
    }


GPU_PRICES = Sheets(
    table="gpu_prices",
    title="a table of chip prices",
    signature=("Hardware model", _HOUR.header),
    required=("Price date",),
    quantities=(_HOUR, _HOUR_1, _HOUR_3, _PURCHASE),
    row=_gpu_price,
)

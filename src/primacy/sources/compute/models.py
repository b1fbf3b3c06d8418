"""Models: token prices by provider and their history, the price catalogue, and notable models."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from primacy.errors import InputError
from primacy.sources.compute._reading import Quantity, Row, Sheet, Sheets
from primacy.sources.reference.countries import alpha2

__all__ = ["NOTABLE_MODELS", "PRICED_MODELS", "TOKEN_PRICES", "read_history"]

_PER_MILLION = "US dollars per million tokens"
_HIGHEST = 1e5

# ------------------------------------------------------------------ prices by provider (models.dev, MIT)

_INPUT = Quantity("input", _PER_MILLION, 0, _HIGHEST)
_OUTPUT = Quantity("output", _PER_MILLION, 0, _HIGHEST)
_CACHE = Quantity("cache_read", _PER_MILLION, 0, _HIGHEST)
_CONTEXT = Quantity("context", "tokens", 0, 1e12)


def _token_price(row: Row) -> dict[str, Any]:
    return {
        "provider": row.key("provider"),
        "model": row.key("model"),
        "name": row.text("name"),
        "open_weights": row.flag("open_weights"),
        "release_date": row.remark_date("release_date"),
        "input_usd_per_million": row.number(_INPUT),
        "output_usd_per_million": row.number(_OUTPUT),
        "cache_read_usd_per_million": row.number(_CACHE),
        "context_tokens": row.number(_CONTEXT),
    }


def _check_token_prices(file: str, rows: Sequence[dict[str, Any]]) -> None:
    """Refuse prices per token; count, for every row, the rows with its provider and model."""
    highest = max((r["input_usd_per_million"] or 0.0 for r in rows), default=0.0)
    if 0 < highest < 1e-3:
        raise InputError(
            f"{file}: no 'input' is above {highest:g}: these look like US dollars per token; "
            "give US dollars per million tokens"
        )
    seen = Counter((r["provider"], r["model"]) for r in rows)
    for row in rows:
        row["shared_key_rows"] = seen[row["provider"], row["model"]]


TOKEN_PRICES = Sheets(
    table="token_prices",
    title="a table of token prices",
    signature=("provider", "model", "input", "output"),
    required=("open_weights",),
    quantities=(_INPUT, _OUTPUT, _CACHE, _CONTEXT),
    row=_token_price,
    check=_check_token_prices,
)

# ------------------------------------------------------------------ the catalogue (models.dev, MIT)

_HUB = re.compile(r"^https://huggingface\.co/([^/\s]+/[^/\s?#]+)")


def _priced_model(row: Row) -> dict[str, Any]:
    links = (row.text("weights") or "").split("|")
    return {
        "model": row.key("id"),
        "name": row.text("name"),
        "open_weights": row.flag("open_weights"),
        "release_date": row.remark_date("release_date"),
        "hub_ids": [m[1] for link in links if (m := _HUB.match(link.strip()))],
    }


PRICED_MODELS = Sheets(
    table="priced_models",
    title="a catalogue of models",
    signature=("id", "open_weights", "weights"),
    required=(),
    quantities=(),
    row=_priced_model,
)

# ------------------------------------------------------------------ the history of prices


def read_history(file: str, digest: str, data: Mapping[str, Any]) -> Sheet:
    """Read a file of dated prices: provider, model and tier, each with the periods of its price.

    Raises
    ------
    InputError
        The file is of another schema, or a price is impossible.
    """
    if data.get("schema") != 1:
        raise InputError(f"{file}: 'schema' is {data.get('schema')!r}; this reads schema 1")
    sheet = Sheet("token_price_history", file, digest)
    for provider, models in sorted(data["prices"].items()):
        for model, tiers in sorted(models.items()):
            for tier, periods in sorted(tiers.items()):
                where = f"{file}: prices of {provider}, {model}, {tier}"
                for position, period in enumerate(periods):
                    rates = period.get("rates") or {}
                    recorded = period.get("recorded") or {}
                    sheet.rows.append(
                        {
                            "provider": provider,
                            "model": model,
                            "tier": tier,
                            "position": position,
                            "start": period.get("start"),
                            "input_usd_per_million": _price(rates.get("input"), where),
                            "output_usd_per_million": _price(rates.get("output"), where),
                            "valid_from": rates.get("valid_from"),
                            "basis": rates.get("valid_from_basis"),
                            "recorded_input_usd_per_million": _price(recorded.get("input"), where),
                            "recorded_output_usd_per_million": _price(recorded.get("output"), where),
                            "evidence": rates.get("source"),
                            "source": file,
                        }
                    )
    return sheet


def _price(value: object, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _HIGHEST:
        raise InputError(f"{where}: {value!r} is not between 0 and {_HIGHEST:g} {_PER_MILLION}; correct it")
    return float(value)


# ------------------------------------------------------------------ notable models (Epoch AI, CC BY 4.0)

_PARAMETERS = Quantity("Parameters", "parameters", 1, 1e16)
_TRAINING = Quantity("Training compute (FLOP)", "floating-point operations", 1, 1e30)


def _notable_model(row: Row) -> dict[str, Any]:
    names = (row.text("Country (of organization)") or "").split(",")
    codes = [code for name in names if name.strip() and (code := alpha2(name))]
    return {
        "model": row.key("Model"),
        "organization": row.text("Organization"),
        # A country counts once, however many of its organisations took part; "Multinational" names none.
        "countries": list(dict.fromkeys(codes)),
        "date": row.remark_date("Publication date"),
        "parameters": row.number(_PARAMETERS),
        "training_flop": row.number(_TRAINING),
        "accessibility": row.text("Model accessibility"),
        "open_weights": row.flag("Open model weights?"),
    }


NOTABLE_MODELS = Sheets(
    table="notable_models",
    title="a table of notable models",
    signature=("Model", "Publication date", _TRAINING.header),
    required=(),
    quantities=(_PARAMETERS, _TRAINING),
    row=_notable_model,
)

"""How many parameters a model has, and in which precision they are stored.

The Hub states tensor counts, which are not always the model's size: packed integers hold several parameters each,
and many repositories state nothing. The official size is taken where a list gives it, then the tensors unless they
are packed, then the GGUF header, then the name ("-7B-"); a packed count is a lower bound and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from primacy.sources.reference.mainline import listed_parameters

__all__ = ["Size", "size_of"]

PARAMETER_LIMIT = 10**14
"""A count above this is damage, such as the integer overflow that stood in GGUF headers for weeks."""

_IN_NAME = re.compile(r"(?<![A-Za-z0-9.])(?:(\d{1,3})[xX])?(\d{1,4}(?:\.\d{1,3})?)([mMbBtT])(?![A-Za-z0-9])")
_UNIT = {"m": 10**6, "b": 10**9, "t": 10**12}
_PRECISION = {
    "F64": "fp32",
    "F32": "fp32",
    "BF16": "bf16",
    "F16": "fp16",
    "F8_E4M3": "fp8",
    "F8_E5M2": "fp8",
    "I8": "int8",
    "U8": "packed",
    "I16": "packed",
    "U16": "packed",
    "I32": "packed",
    "U32": "packed",
    "I64": "packed",
    "U64": "packed",
    "F4": "packed",
}


@dataclass(frozen=True, slots=True)
class Size:
    """A model's size.

    Parameters
    ----------
    parameters
        How many; None where nothing says.
    source
        ``listed``, ``safetensors``, ``gguf``, ``name`` or ``packed``.
    precision
        How most of them are stored; None where nothing says.
    """

    parameters: int | None = None
    source: str | None = None
    precision: str | None = None


def size_of(
    model_id: str,
    safetensors: Mapping[str, Any] | None,
    gguf: Mapping[str, Any] | None,
    tags: Iterable[str] = (),
) -> Size:
    """Return the size of a model from what its record says.

    Examples
    --------
    >>> size_of("a/Mixtral-8x7B-v0.1", None, None)
    Size(parameters=56000000000, source='name', precision=None)
    >>> size_of("a/b", {"parameters": {"BF16": 10, "F32": 2}}, None)
    Size(parameters=12, source='safetensors', precision='bf16')
    >>> size_of("a/b-4bit", {"parameters": {"I32": 10, "F16": 2}, "total": 12}, None)
    Size(parameters=12, source='packed', precision='packed')
    """
    counts = _counts(safetensors)
    tensors = _sane(safetensors.get("total") if safetensors else None) or _sane(sum(counts.values()))
    precision = None
    if counts:
        precision = _PRECISION.get(max(sorted(counts), key=lambda k: counts[k]))
    elif gguf or "gguf" in tags:
        precision = "gguf"
    official = listed_parameters().get(model_id)
    if official is not None:
        return Size(official, "listed", precision)
    if tensors is not None and precision != "packed":
        return Size(tensors, "safetensors", precision)
    header = _sane(gguf.get("total") if gguf else None)
    if header is not None:
        return Size(header, "gguf", precision)
    named = _named(model_id)
    if named is not None:
        return Size(named, "name", precision)
    return Size(tensors, "packed" if tensors is not None else None, precision)


def _counts(safetensors: Mapping[str, Any] | None) -> dict[str, int]:
    counts = safetensors.get("parameters") if safetensors else None
    if isinstance(counts, list):  # a map column arrives as pairs
        counts = {p[0]: p[1] for p in counts if isinstance(p, tuple | list) and len(p) == 2}
    if not isinstance(counts, Mapping):
        return {}
    return {str(k): n for k, v in counts.items() if (n := _sane(v)) is not None}


def _sane(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= PARAMETER_LIMIT:
        return value
    return None


def _named(model_id: str) -> int | None:
    """Return the largest size that stands in the name; ``8x7B`` counts as 56 billion."""
    name = model_id.rpartition("/")[2]
    found = [
        round(int(experts or 1) * float(number) * _UNIT[unit.lower()])
        for experts, number, unit in _IN_NAME.findall(name)
    ]
    return _sane(max(found, default=None))

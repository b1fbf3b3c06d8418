"""Whether a benchmark fell back: held against what an earlier run of it said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from primacy.errors import InputError, PrimacyError

__all__ = ["refuse_slower"]

KEYS = ("benchmark", "stage", "works", "copies", "baseline", "by", "against")
"""What tells the rows of a run apart."""

RATES = ("ratio", "works_per_cpu_second")
"""Where more is better; the first that both rows have is compared. A ratio hardly depends on the machine."""

Row = Mapping[str, Any]


def refuse_slower(rows: Iterable[Row], file: Path, threshold: float) -> None:
    """Refuse a run in which a benchmark is worse than in an earlier one by more than a factor.

    Parameters
    ----------
    rows
        The run.
    file
        What `primacy bench` wrote earlier, as JSON.
    threshold
        The factor, at least 1.

    Raises
    ------
    PrimacyError
        One fell back; the text names each with both figures.
    InputError
        The file cannot be read, or has none of the benchmarks that were run.
    """
    before = {_key(row): row for row in _read(file)}
    pairs = [(before[_key(row)], row) for row in rows if _key(row) in before]
    if not pairs:
        raise InputError(
            f"{file}: has none of these benchmarks at these sizes; run them with the same options"
        )
    worse = [text for pair in pairs if (text := _fall(*pair, threshold))]
    if worse:
        raise PrimacyError(f"slower than in {file} by more than {threshold:g} times: {'; '.join(worse)}")


def _fall(before: Row, now: Row, threshold: float) -> str:
    for name in RATES:
        was, is_ = before.get(name), now.get(name)
        if was and is_:
            place = " ".join(str(v) for v in _key(now) if v is not None)
            return f"{place}: {name} {was:g} → {is_:g}" if was > threshold * is_ else ""
    return ""


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in KEYS)


def _read(file: Path) -> list[Row]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise InputError(f"{file}: is not JSON ({error}); give what `primacy bench` wrote") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{file}: is not an array of rows; give what `primacy bench` wrote")
    return rows

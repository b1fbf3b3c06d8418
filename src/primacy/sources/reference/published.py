"""Published rows of a ranking that a user supplies, to compare one's own with."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from primacy.errors import InputError
from primacy.sources.reference.countries import alpha2

__all__ = ["Published", "name_keys", "read_published"]


@dataclass(frozen=True, slots=True)
class Published:
    """One row: a unit's name (and its id, where the file has one), country code, and what is published of it."""

    name: str
    unit: str | None
    country: str | None
    count: float | None
    share: float
    share_before: float | None
    adjusted_change: float | None


_NUMBERS = {"count": "count", "share_before": "share_prev", "adjusted_change": "adj_share_change_pct"}


def read_published(path: Path, *, year: int, scope: str) -> list[Published]:
    """Read published rows from a CSV file.

    It has ``name`` and ``share``, and may have ``unit``, ``country``, ``count``, ``share_prev`` and
    ``adj_share_change_pct``. Rows of another ``year`` or ``scope`` (``institution``, ``country``) are left out where
    the file has these columns.

    Raises
    ------
    InputError
        The file cannot be read, lacks a column, has a value that is no number, or no row is left.
    """
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), strict=True)
        missing = [c for c in ("name", "share") if c not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"column '{missing[0]}' is missing; published rows have name and share at least")
        rows = []
        for raw in reader:
            row = {k: (v or "").strip() for k, v in raw.items() if k is not None}
            if row.get("year") not in (None, "", str(year)) or row.get("scope") not in (None, "", scope):
                continue
            numbers = {
                key: _number(row.get(column, ""), f"line {reader.line_num}: {column}")
                for key, column in {**_NUMBERS, "share": "share"}.items()
            }
            share = numbers.pop("share")
            if share is not None:
                country = row.get("country") or (row["name"] if scope == "country" else "")
                rows.append(
                    Published(row["name"], row.get("unit") or None, alpha2(country), share=share, **numbers)
                )
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, csv.Error) as error:
        raise InputError(f"{path}: {error}") from error
    if not rows:
        raise InputError(f"{path}: no row with a share of {scope} in {year}")
    return rows


def _number(text: str, where: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{where} '{text}' is no number")
    return value


def name_keys(name: str) -> tuple[str, ...]:
    """Return under which spellings a name may be found: as it stands without parentheses, and what is in them.

    Examples
    --------
    >>> name_keys("The University of Tokyo (UTokyo)")
    ('university of tokyo', 'utokyo')
    >>> name_keys("École Polytechnique")
    ('ecole polytechnique',)
    """
    inside = re.findall(r"\(([^()]*)\)", name)
    forms = [re.sub(r"\([^()]*\)", " ", name), *inside]
    keys = []
    for form in forms:
        plain = unicodedata.normalize("NFKD", form.replace("&", " and "))
        plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
        words = re.sub(r"[^\w]+", " ", plain).split()
        if words[:1] == ["the"]:
            words = words[1:]
        if words:
            keys.append(" ".join(words))
    return tuple(dict.fromkeys(keys))

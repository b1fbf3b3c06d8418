"""Who stands behind an account of the Hub: the list that ships with primacy, or one of the user's own."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa

from primacy.errors import InputError
from primacy.lake.tables.hub import ORGANIZATIONS
from primacy.sources.reference.shipped import shipped_rows

__all__ = ["LISTING", "read_organizations", "region_of", "shipped_organizations"]

LISTING = "primacy 2026-11"
"""The list that ships, with the month of its last review."""

_EUROPE = frozenset({
    "AD", "AL", "AT", "BA", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR",
    "GB", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK",
    "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "UA", "XK",
})  # fmt: skip


def region_of(country: str | None) -> str:
    """Return the region of a seat.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2; None for a collective that has no seat.

    Examples
    --------
    >>> [region_of(c) for c in ("US", "HK", "GB", "TW", None)]
    ['us', 'china', 'europe', 'other', 'international']
    """
    if not country:
        return "international"
    if country == "US":
        return "us"
    if country in {"CN", "HK", "MO"}:
        return "china"
    return "europe" if country in _EUROPE else "other"


def shipped_organizations() -> pa.Table:
    """Return the shipped list as rows of the lake's table ``organizations``.

    Examples
    --------
    >>> rows = {r["namespace"]: r for r in shipped_organizations().to_pylist()}
    >>> rows["Qwen"]["region"], rows["Qwen"]["owner"], rows["THUDM"]["renamed_to"]
    ('china', 'Alibaba', 'zai-org')
    """
    rows = [
        {**{k: v or None for k, v in row.items()}, "region": region_of(row["country"]), "listing": LISTING}
        for row in shipped_rows("organizations.csv")
    ]
    return pa.Table.from_pylist(rows, schema=ORGANIZATIONS.arrow)


def read_organizations(path: Path) -> pa.Table:
    """Read a list of the user's own: a CSV with ``hf_org``, ``region`` and, if need be, ``country``.

    Columns named as in the lake's table (``kind``, ``owner``, ``renamed_to``, ``source``) are kept, others
    are ignored. Regions are kept as they are spelt; an empty one is unattributed.

    Raises
    ------
    InputError
        The file cannot be read, lacks a column, or gives an account two regions.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    reader = csv.DictReader(io.StringIO(text))
    header = [name.strip() for name in reader.fieldnames or ()]
    for wanted in ("hf_org", "region"):
        if wanted not in header:
            raise InputError(f"{path}: column '{wanted}' is missing; a list has hf_org,region[,country]")
    reader.fieldnames = header
    kept: dict[str, dict[str, str | None]] = {}
    try:
        for raw in reader:
            if None in raw:
                raise InputError(f"{path}: line {reader.line_num} has more fields than the header")
            row = {name: (value or "").strip() or None for name, value in raw.items()}
            namespace = row.pop("hf_org")
            if namespace is None:
                raise InputError(f"{path}: line {reader.line_num} has no hf_org")
            country = row.get("country")
            entry = {c.name: row.get(c.name) for c in ORGANIZATIONS.columns}
            entry |= {
                "namespace": namespace,
                "country": country.upper() if country else None,
                "listing": path.name,
            }
            before = kept.setdefault(namespace, entry)
            if (before["region"], before["country"]) != (entry["region"], entry["country"]):
                raise InputError(
                    f"{path}: line {reader.line_num} gives {namespace} another region or country than a line "
                    "before it; keep one"
                )
    except csv.Error as error:
        raise InputError(f"{path}: line {reader.line_num} is not CSV ({error})") from error
    if not kept:
        raise InputError(f"{path}: no organisation in it")
    return pa.Table.from_pylist(list(kept.values()), schema=ORGANIZATIONS.arrow)

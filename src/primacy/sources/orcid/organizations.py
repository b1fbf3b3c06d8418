"""Organisations: from what somebody typed, and the id that ORCID put beside it, to an institution of the lake."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from primacy.errors import InputError
from primacy.lake.store import Lake
from primacy.lake.tables.people import ORGANIZATION_IDS
from primacy.sources.orcid.degrees import fold

__all__ = ["SCHEMES", "Resolver", "plain_identifier", "read_organization_ids"]

SCHEMES = {"ROR": "ror", "GRID": "grid", "RINGGOLD": "ringgold", "FUNDREF": "fundref"}
"""Sources of organisation ids as ORCID writes them; any other is ``other``."""


def plain_identifier(scheme: str, text: str) -> str:
    """Return an organisation's id without a resolver's address.

    Examples
    --------
    >>> plain_identifier("ror", "https://ror.org/05dxps055"), plain_identifier("ringgold", " 6469 ")
    ('05dxps055', '6469')
    >>> plain_identifier("fundref", "http://dx.doi.org/10.13039/100000001"), plain_identifier("grid", "grid.20861.3d")
    ('100000001', 'grid.20861.3d')
    """
    plain = text.strip().rstrip("/")
    return plain.rpartition("/")[2].lower() if scheme in ("ror", "grid", "fundref") else plain


class Resolver:
    """Finds institutions of the lake: by ROR id, by another id that leads to one, else by name and country.

    Parameters
    ----------
    institutions
        institution_id, ror, name, country of every institution.
    ids
        scheme, identifier, ror: which ROR id another id stands for.
    """

    def __init__(
        self, institutions: Iterable[Mapping[str, Any]], ids: Iterable[Mapping[str, str]] = ()
    ) -> None:
        self._ror: dict[str, int] = {}
        self._name: dict[tuple[str, str], int] = {}
        names: Counter[tuple[str, str]] = Counter()
        for row in institutions:
            if row["ror"]:
                self._ror[row["ror"].lower()] = row["institution_id"]
            if row["name"] and row["country"]:
                key = (fold(row["name"]), row["country"])
                names[key] += 1
                self._name[key] = row["institution_id"]
        for key, number in names.items():
            if number > 1:  # a name that two institutions of a country share says nothing
                del self._name[key]
        self._ids = {(r["scheme"], r["identifier"]): r["ror"] for r in ids}

    @classmethod
    def of(cls, lake: Lake) -> Resolver:
        """Return a resolver to the institutions of a lake."""
        return cls(
            _rows(lake, "institutions", ["institution_id", "ror", "name", "country"]),
            _rows(lake, "organization_ids", ["scheme", "identifier", "ror"]),
        )

    def find(
        self, scheme: str | None, identifier: str | None, name: str | None, country: str | None
    ) -> tuple[int | None, str | None]:
        """Return the institution and what found it; None and None where nothing did."""
        if scheme is not None and identifier is not None:
            ror = identifier if scheme == "ror" else self._ids.get((scheme, identifier))
            found = self._ror.get(ror) if ror is not None else None
            if found is not None:
                return found, scheme
        if name is not None and country is not None:
            found = self._name.get((fold(name), country))
            if found is not None:
                return found, "name"
        return None, None


def _rows(lake: Lake, name: str, columns: list[str]) -> list[dict[str, Any]]:
    files = lake.files(name)
    return pq.read_table(files, columns=columns).to_pylist() if files else []


def read_organization_ids(path: Path) -> pa.Table:
    """Read which ROR ids other organisations' ids stand for.

    Parameters
    ----------
    path
        ROR's data dump (JSON of either schema, or the zip file that holds it), or a CSV with ``scheme`` (grid,
        ringgold or fundref), ``identifier`` and ``ror``. ROR knows no Ringgold ids: a CSV may.

    Returns
    -------
    pyarrow.Table
        Rows of the lake's ``organization_ids``, sorted; an id that two organisations claim is left out.

    Raises
    ------
    InputError
        It cannot be read, or is neither.
    """
    try:
        data = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                inside = sorted(n for n in archive.namelist() if n.endswith(".json"))
                if not inside:
                    raise InputError(f"{path}: no .json in the zip file")
                data = archive.read(inside[-1])
        pairs = list(_of_csv(path, data) if path.suffix.lower() == ".csv" else _of_ror(path, data))
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error
    claims: dict[tuple[str, str], set[str]] = {}
    for scheme, identifier, ror in pairs:
        key = (scheme, plain_identifier(scheme, identifier))
        claims.setdefault(key, set()).add(plain_identifier("ror", ror))
    rows = [
        {"scheme": scheme, "identifier": identifier, "ror": next(iter(rors))}
        for (scheme, identifier), rors in sorted(claims.items())
        if len(rors) == 1
    ]
    return pa.Table.from_pylist(rows, schema=ORGANIZATION_IDS.arrow)


def _of_csv(path: Path, data: bytes) -> Iterator[tuple[str, str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8") from None
    wanted = ORGANIZATION_IDS.arrow.names
    missing = [c for c in wanted if c not in (reader.fieldnames or [])]
    if missing:
        raise InputError(f"{path}: column '{missing[0]}' is missing; it takes {', '.join(wanted)}")
    for line, row in enumerate(reader, 2):
        if row["scheme"] not in ("grid", "ringgold", "fundref"):
            raise InputError(f"{path} line {line}: scheme '{row['scheme']}': takes grid, ringgold, fundref")
        if row["identifier"] and row["ror"]:
            yield row["scheme"], row["identifier"], row["ror"]


def _of_ror(path: Path, data: bytes) -> Iterator[tuple[str, str, str]]:
    try:
        organizations = msgspec.json.decode(data, type=list[_Organization])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: neither ROR's data dump nor a CSV ({error})") from None
    for one in organizations:
        ids = one.external_ids or []
        groups = (
            [(kind, group) for kind, group in ids.items()]
            if isinstance(ids, dict)
            else [(str(group.get("type")), group) for group in ids]
        )
        for kind, group in groups:
            if kind.lower() in ("grid", "fundref"):
                every = group.get("all")
                for identifier in every if isinstance(every, list) else [every]:
                    if identifier:
                        yield kind.lower(), str(identifier), one.id


class _Organization(msgspec.Struct):
    """An organisation of ROR's data dump, of schema 1 (ids by kind) or 2 (a list of them)."""

    id: str
    external_ids: dict[str, dict[str, Any]] | list[dict[str, Any]] | None = None

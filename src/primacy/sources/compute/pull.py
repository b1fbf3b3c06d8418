"""From a directory of files to the lake: recognise, read, compare with what is there, replace."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from primacy.errors import InputError
from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.lake.transaction import Transaction
from primacy.sources.compute import hardware, models, packaged, power
from primacy.sources.compute._reading import Sheet, Sheets, header_of, read_sheet

__all__ = ["Pulled", "pull"]

_CSV: tuple[Sheets, ...] = (
    hardware.CHIPS,
    hardware.CLUSTERS,
    hardware.GPU_PRICES,
    models.TOKEN_PRICES,
    models.PRICED_MODELS,
    models.NOTABLE_MODELS,
    power.TOKEN_ENERGY,
    power.RETAIL_PRICES,
    power.WHOLESALE_PRICES,
)

_JSON: tuple[tuple[str, frozenset[str], Callable[[str, str, Mapping[str, Any]], Sheet]], ...] = (
    ("a history of token prices", frozenset({"prices", "schema"}), models.read_history),
    ("electricity mixes", frozenset({"electricity_mixes"}), power.read_mixes),
    ("carbon intensities of grids", frozenset({"areas", "unit"}), power.read_ember),
)

SIMULATED = "SIMULATED.json"
"""The file by which a directory says that its data are made up."""


@dataclass
class Pulled:
    """What a pull did.

    Parameters
    ----------
    read
        Rows read from the files, those put into quarantine not counted.
    added, updated, unchanged, deleted
        Rows of the lake that are new, changed under the same key, as before, or gone.
    quarantined
        Rows added to ``quarantine``.
    files
        Files read.
    shared_keys
        Rows of token prices that share provider and model with another row; they are kept.
    ignored
        Names of the files of no known kind.
    tables
        Rows of each table that the files fill.
    simulated
        The directory says that it is a simulated world.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    quarantined: int = 0
    files: int = 0
    shared_keys: int = 0
    ignored: list[str] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    simulated: bool = False

    def row(self) -> dict[str, int]:
        """Return the counts as the one row of a summary."""
        names = ("read", "added", "updated", "unchanged", "deleted", "quarantined", "files", "shared_keys")
        return {name: getattr(self, name) for name in names}


def pull(lake: Lake, directory: str | Path) -> Pulled:
    r"""Bring the known files of a directory into the lake; all of them, or none where one is refused.

    Parameters
    ----------
    lake
        The lake.
    directory
        Where the files lie; files of no known kind are left alone and named.

    Raises
    ------
    InputError
        There is no known file, two are of one kind, or one is in another unit or holds an impossible value.

    Examples
    --------
    >>> import tempfile
    >>> home = Path(tempfile.mkdtemp())
    >>> _ = (home / "power.csv").write_text("country,customer_type,usd_per_kwh\nFrance,business,0.166\n")
    >>> done = pull(Lake.create(home / "lake"), home)
    >>> done.read, done.added, done.tables["power_prices"]
    (1, 1, 1)
    """
    root = Path(directory)
    if not root.is_dir():
        raise InputError(f"{root}: no such directory; name the one that holds the files")
    done = Pulled(simulated=(root / SIMULATED).is_file())
    sheets = _read(root, done)
    if not sheets:
        raise InputError(
            f"{root}: no file of a known kind; known are {', '.join(k.title for k in _CSV)}, "
            f"{', '.join(title for title, _, _ in _JSON)}"
        )
    rows: dict[str, list[dict[str, Any]]] = {}
    for sheet in sheets:
        rows.setdefault(sheet.table, []).extend(sheet.rows)
    done.tables = {name: len(found) for name, found in sorted(rows.items())}
    done.read = sum(done.tables.values())
    done.shared_keys = sum(r["shared_key_rows"] > 1 for r in rows.get("token_prices", []))
    with lake.transaction(f"pull compute {root.name}") as transaction:
        for name, found in sorted(rows.items()):
            _replace(transaction, name, found, done)
        aside = Pulled()
        _replace(transaction, "model_sizes", packaged.model_sizes(), aside)
        _replace(transaction, "reference_prices", packaged.reference_prices(), aside)
        _quarantine(transaction, sheets, done)
        _remember(transaction, sheets)
        if done.simulated:
            transaction.label(simulated=True)
    return done


def _read(root: Path, done: Pulled) -> list[Sheet]:
    sheets: list[Sheet] = []
    kinds: dict[str, str] = {}
    for path in sorted(p for p in root.iterdir() if p.is_file() and p.suffix.lower() in {".csv", ".json"}):
        if path.name == SIMULATED:
            continue
        found = _recognise(path)
        if found is None:
            done.ignored.append(path.name)
            continue
        title, sheet = found
        if title in kinds:
            raise InputError(
                f"{path.name}: {title}, as {kinds[title]} is already; keep one of the two in {root}"
            )
        kinds[title] = path.name
        sheets.append(sheet)
    done.files = len(sheets)
    return sheets


def _recognise(path: Path) -> tuple[str, Sheet] | None:
    """Return what a file is and what it holds, None where it is of no known kind."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror}); check its permissions") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path.name}: byte {error.start} is not UTF-8; the file is damaged, fetch it again"
        ) from error
    digest = hashlib.sha256(data).hexdigest()
    if path.suffix.lower() == ".csv":
        header = header_of(text)
        for kind in _CSV:
            if kind.recognises(header):
                return kind.title, read_sheet(kind, path.name, digest, text)
        return None
    try:
        content = json.loads(text)
    except ValueError as error:
        raise InputError(f"{path.name}: not JSON ({error}); the file is damaged, fetch it again") from error
    for title, keys, read in _JSON:
        if isinstance(content, dict) and keys <= content.keys():
            try:
                return title, read(path.name, digest, content)
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                raise InputError(f"{path.name}: {title}, but of another layout ({error!r})") from error
    return None


# ------------------------------------------------------------------ into the lake


def _replace(transaction: Transaction, name: str, rows: list[dict[str, Any]], done: Pulled) -> None:
    """Make these the rows of a table, and count what that changes; an unchanged table is left alone."""
    table = declared(name)
    new = pa.Table.from_pylist(rows, schema=table.arrow)
    old = _current(transaction, name)
    before = Counter(_frozen(r) for r in old.to_pylist())
    after = Counter(_frozen(r) for r in new.to_pylist())
    same = (before & after).total()
    done.unchanged += same
    if before == after:
        return
    places = [table.arrow.get_field_index(c) for c in table.key]
    gone = Counter(tuple(r[i] for i in places) for r in (before - after).elements())
    come = Counter(tuple(r[i] for i in places) for r in (after - before).elements())
    updated = (gone & come).total()
    done.updated += updated
    done.added += come.total() - updated
    done.deleted += gone.total() - updated
    transaction.overwrite(name, new)


def _current(transaction: Transaction, name: str) -> pa.Table:
    files = transaction.live_files(name)
    if not files:
        return declared(name).arrow.empty_table()
    return pa.concat_tables(pq.read_table(f, partitioning=None) for f in files).cast(declared(name).arrow)


def _frozen(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(tuple(v) if isinstance(v, list) else v for v in row.values())


def _quarantine(transaction: Transaction, sheets: list[Sheet], done: Pulled) -> None:
    """Report the rows that could not be read; those reported before are not reported again."""
    known = {(r["file"], r["line"], r["digest"]) for r in _current(transaction, "quarantine").to_pylist()}
    rows = [
        {"source": "compute", "file": s.file, "line": line, "reason": reason, "digest": s.digest}
        for s in sheets
        for line, reason in s.bad
        if (s.file, line, s.digest) not in known
    ]
    done.quarantined = len(rows)
    if rows:
        transaction.append("quarantine", pa.Table.from_pylist(rows, schema=declared("quarantine").arrow))


def _remember(transaction: Transaction, sheets: list[Sheet]) -> None:
    """Note the files that were read, so that a number can be traced to the bytes it came from."""
    known = {r["digest"] for r in _current(transaction, "pulled_files").to_pylist()}
    rows = [
        {
            "digest": s.digest,
            "source": "compute",
            "entity": s.table,
            "file": s.file,
            "rows": len(s.rows),
            "quarantined": len(s.bad),
        }
        for s in sheets
        if s.digest not in known
    ]
    if rows:
        transaction.append("pulled_files", pa.Table.from_pylist(rows, schema=declared("pulled_files").arrow))

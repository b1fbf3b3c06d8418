"""Reading one archive of ORCID's: its members become rows of the lake, or go into quarantine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from primacy.lake.tables import table as declared
from primacy.lake.transaction import Transaction
from primacy.sources.orcid.archive import LARGEST, Member
from primacy.sources.orcid.organizations import Resolver
from primacy.sources.orcid.records import Parsed, UnfitRecordError, parse

__all__ = ["SOURCE", "Advance", "Batch", "Done", "Reading", "is_wanted"]

Advance = Callable[[int], None]

SOURCE = "orcid"

BATCH = 20_000
"""Members that are read before their rows are written,"""
BYTES = 32 << 20
"""and bytes of them, whichever comes first."""
_RELEASE = re.compile(r"ORCID_(\d{4})_(\d{2})")
_OTHER_KINDS = frozenset(
    {
        "distinctions",
        "fundings",
        "invited-positions",
        "memberships",
        "peer-reviews",
        "qualifications",
        "research-resources",
        "services",
        "works",
    }
)
"""Directories of the activities files that are passed over."""


@dataclass(frozen=True)
class Done:
    """How far a file was read: members, and of these records and faults."""

    members: int = 0
    records: int = 0
    quarantined: int = 0


class Batch:
    """Rows in the making."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("persons", "educations", "employments", "quarantine")
        }
        self.members = 0
        self.bytes = 0

    @property
    def full(self) -> bool:
        """Whether the rows should be written."""
        return self.members >= BATCH or self.bytes >= BYTES

    def write(self, tx: Transaction) -> None:
        """Append the rows to the lake and forget them."""
        for name, rows in self.rows.items():
            if rows:
                tx.append(name, pa.Table.from_pylist(rows, schema=declared(name).arrow))
                rows.clear()
        self.members = self.bytes = 0


class Reading:
    """An archive that is being read: its documents become rows.

    Parameters
    ----------
    name, digest
        What it is called, and the SHA-256 of its bytes; '' where that is not known yet.
    done
        How far it was read before.
    resolver
        Finds the institutions of the lake.
    counts
        Is told what was read, passed over and put into quarantine.
    advance
        Is told the number of documents read.
    """

    def __init__(
        self,
        name: str,
        digest: str,
        done: Done,
        resolver: Resolver,
        counts: Counter[str],
        advance: Advance,
    ) -> None:
        self.resolver = resolver
        self.counts = counts
        self.advance = advance
        self.name = name
        self.digest = digest
        self.members = done.members
        self.records = done.records
        self.quarantined = done.quarantined
        self.release = _release(name)

    def add(self, member: Member, batch: Batch) -> None:
        """Read one member."""
        self.members = member.number
        batch.members += 1
        batch.bytes += len(member.data or b"")
        if not self.release:
            self.release = _release(member.name)
        if member.data is None and member.size <= LARGEST:
            self.counts["passed_over"] += 1
            return
        try:
            if member.data is None:
                raise UnfitRecordError(f"{member.size} bytes; no record is larger than {LARGEST >> 20} MiB")
            found = parse(member.data, member.name)
        except UnfitRecordError as error:
            self.quarantined += 1
            self.counts["quarantined"] += 1
            batch.rows["quarantine"].append(
                {
                    "source": SOURCE,
                    "file": f"{self.name}/{member.name}".encode(errors="replace").decode(),
                    "line": member.number,
                    "reason": str(error),
                    "digest": self.digest,
                }
            )
            return
        if found is None:
            self.counts["passed_over"] += 1
            return
        self.records += 1
        self.counts["read"] += 1
        if self.counts["read"] % 1000 == 0:
            self.advance(self.counts["read"])
        self._rows(found, batch)

    def _rows(self, found: Parsed, batch: Batch) -> None:
        if found.person is not None:
            batch.rows["persons"].append(found.person | {"release": self.release})
        for entry in found.entries:
            row = entry.row
            institution, rule = self.resolver.find(
                row["scheme"], row["identifier"], row["organization"], row["country"]
            )
            batch.rows[entry.kind].append(
                row | {"institution_id": institution, "resolved_by": rule, "release": self.release}
            )

    def remember(self, tx: Transaction) -> None:
        """Write down how far the file was read."""
        row = {
            "digest": self.digest,
            "members": self.members,
            "records": self.records,
            "quarantined": self.quarantined,
        }
        rows = pa.Table.from_pylist([row], schema=declared("orcid_progress").arrow)
        tx.upsert("orcid_progress", rows, key="digest")
        tx.label(orcid_unsettled=True)

    def conclude(self, tx: Transaction, digest: str) -> None:
        """Write down that the archive was read whole."""
        row = {
            "digest": digest,
            "source": SOURCE,
            "entity": "people",
            "file": self.name,
            "rows": self.records,
            "quarantined": self.quarantined,
        }
        tx.append("pulled_files", pa.Table.from_pylist([row], schema=declared("pulled_files").arrow))
        tx.delete("orcid_progress", "digest", [digest])
        tx.label(orcid_unsettled=True)


def _release(name: str) -> str:
    found = _RELEASE.search(name)
    return f"{found[1]}-{found[2]}" if found else ""


def is_wanted(path: str) -> bool:
    """Return whether a member may hold a record, an education or an employment, by its path."""
    return path.endswith(".xml") and _OTHER_KINDS.isdisjoint(path.split("/")[:-1])

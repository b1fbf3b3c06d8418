"""What a pull tells: how far it is, and what it did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a pull is.

    Parameters
    ----------
    files, bytes
        How many there are.
    files_done, bytes_done
        How many were read.
    read
        Records read so far.
    """

    files: int
    bytes: int
    files_done: int = 0
    bytes_done: int = 0
    read: int = 0


@dataclass(frozen=True)
class PullSummary:
    """What a pull did.

    ``read = added + updated + unchanged + superseded + withdrawn``: every record that was read is one of these.

    Parameters
    ----------
    read
        Records of works that were read, those in files that an earlier pull read whole included.
    added
        Records of works that the lake did not have.
    updated
        Records that replaced an older one of the lake.
    unchanged
        Records that are not newer than the lake's.
    superseded
        Records that gave way to a newer one of the same pull.
    withdrawn
        Records of works that OpenAlex deleted.
    deleted
        Works that were in the lake and are deleted.
    quarantined
        Rows that the pull added to ``quarantine``.
    files
        Files of records.
    seconds
        How long it took.
    fetched
        Bytes that came over a network.
    retries
        Requests, or readings of a file, that were made again because the network or the server failed.
    notes
        What the user should know of the source.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    withdrawn: int = 0
    deleted: int = 0
    quarantined: int = 0
    files: int = 0
    seconds: float = 0.0
    fetched: int = 0
    retries: int = 0
    notes: tuple[str, ...] = ()

    def row(self) -> dict[str, int | float]:
        """Return the numbers by name."""
        return {k: v for k, v in vars(self).items() if k != "notes"}

"""What the code is: its version and a digest of the modules that decide a number."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from primacy._version import __version__

__all__ = ["code_version", "source_digest"]

ROOMS = ("composite", "lake", "measures", "inference", "studies", "technologies", "sources")


@cache
def source_digest(rooms: tuple[str, ...]) -> str:
    """Return a digest over all files of some rooms of the package."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for room in rooms:
        for path in sorted(p for p in (root / room).rglob("*") if p.is_file() and p.suffix != ".pyc"):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def code_version() -> dict[str, str]:
    """Return the version of primacy and a digest over the source of every room that touches a number."""
    return {"primacy": __version__, "source": source_digest(ROOMS)}

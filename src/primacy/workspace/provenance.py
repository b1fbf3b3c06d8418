"""What the code is: its version and a digest of the modules that decide a number."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from primacy._version import __version__

__all__ = ["code_version"]

ROOMS = ("composite", "lake", "measures", "inference", "studies", "technologies", "sources")


@cache
def code_version() -> dict[str, str]:
    """Return the version of primacy and a digest over the source of every room that touches a number."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return {"primacy": __version__, "source": digest.hexdigest()[:16]}

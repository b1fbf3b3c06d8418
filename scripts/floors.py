"""Write the oldest supported release series of every dependency as constraints for pip: `primacy>=6.0` as `==6.0.*`.

Usage: python scripts/floors.py [GROUP_OR_EXTRA]... > constraints.txt
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
FLOOR = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?>=(?P<floor>\d+(\.\d+)*)")


def requirements(project: dict[str, Any], names: Iterable[str]) -> Iterator[str]:
    """Yield the requirements of the project, and of the extras and groups named."""
    yield from project["project"]["dependencies"]
    for name in names:
        extras = project["project"]["optional-dependencies"]
        for one in extras[name] if name in extras else project["dependency-groups"][name]:
            if isinstance(one, str):
                yield one


def constraint(requirement: str) -> str:
    """Return the constraint that keeps a dependency in its oldest supported series.

    Examples
    --------
    >>> constraint("ibis-framework[duckdb]>=12.0"), constraint("fsspec>=2025.3")
    ('ibis-framework==12.0.*', 'fsspec==2025.3.*')
    """
    found = FLOOR.fullmatch(requirement)
    if found is None:
        raise ValueError(f"pyproject.toml: '{requirement}' states no single floor, such as name>=1.2")
    return f"{found['name']}=={found['floor']}.*"


def main(names: Iterable[str]) -> str:
    """Return the lines of the constraints."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    found = dict.fromkeys(constraint(r) for r in requirements(project, names))
    return "".join(f"{line}\n" for line in sorted(found))


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))

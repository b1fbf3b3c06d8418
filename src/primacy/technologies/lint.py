"""Check a portfolio's files.

``python -m primacy.technologies.lint DIR`` prints one line per finding and exits 1 if there is any.
"""

from __future__ import annotations

import sys
from pathlib import Path

from primacy.errors import InputError
from primacy.technologies.portfolio import DEFAULT, load_technology
from primacy.technologies.query import QuerySyntaxError


def main(arguments: list[str]) -> int:
    """Check the directories and files that are named; without any, the bundled portfolio."""
    files: list[Path] = []
    for target in map(Path, arguments or [str(DEFAULT)]):
        files += sorted(target.glob("*.toml")) if target.is_dir() else [target]
    failed = 0
    for file in files:
        try:
            load_technology(file)
        except InputError as error:
            failed += 1
            sys.stdout.write(f"{error}\n")
            if isinstance(error.__cause__, QuerySyntaxError):
                sys.stdout.write(f"{error.__cause__.caret()}\n")
    sys.stdout.write(f"{len(files)} files, {failed} with errors\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

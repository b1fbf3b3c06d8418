"""The house's rule: a room imports only from the rooms to its left."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOMS = [
    "errors",
    "composite",
    "lake",
    "sources",
    "technologies",
    "simulate",
    "measures",
    "inference",
    "studies",
    "workspace",
    "present",
    "web",
    "bench",
    "cli",
]
SOURCE = Path(__file__).resolve().parents[1] / "src" / "primacy"
FREE = {"_version"}


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else None


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module == "primacy":
                found |= {f"primacy.{a.name}" for a in node.names}
            elif node.module:
                found.add(node.module)
    return {m for m in found if m.split(".")[0] == "primacy"}


FILES = sorted(p for p in SOURCE.rglob("*.py") if p.parent != SOURCE or p.name != "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_room_imports_only_from_rooms_to_its_left(path):
    own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    if own in FREE or own == "__main__":
        return
    assert own in ROOMS, f"{own} is not a room of the house"
    for module in imports(path):
        room = room_of(module)
        if room in FREE:
            continue
        assert room in ROOMS, f"{path.name} imports {module}, which is in no room"
        assert ROOMS.index(room) <= ROOMS.index(own), f"{own} imports from {room}, to its right"


def test_inference_knows_neither_tables_nor_files():
    for path in (SOURCE / "inference").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        names |= {
            n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module
        }
        assert not names & {"ibis", "duckdb", "deltalake", "pyarrow", "pathlib", "os"}, path


def test_the_command_line_starts_without_the_libraries_that_only_some_commands_need() -> None:
    """They take longer to load than most commands take to run."""
    script = (
        "import sys, primacy.cli; print(*{'altair', 'pandas', 'scipy.stats', 'fastapi'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

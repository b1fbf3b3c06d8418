"""What is packaged: floors of dependencies, the files that a wheel needs, the container."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from primacy.cli import app

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FLOORS = runpy.run_path(str(ROOT / "scripts" / "floors.py"))


def test_every_dependency_states_one_floor():
    lines = FLOORS["main"](["spark", "mcp", "test"]).splitlines()
    assert len(lines) > 40
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==\d+(\.\d+)*\.\*", line) for line in lines)
    for name in ("duckdb", "ibis-framework", "pyspark-client", "pytest"):
        assert sum(line.startswith(f"{name}==") for line in lines) == 1


def test_a_requirement_without_a_floor_is_refused():
    with pytest.raises(ValueError, match="'numpy' states no single floor"):
        FLOORS["constraint"]("numpy")
    with pytest.raises(ValueError, match="states no single floor"):
        FLOORS["constraint"]("numpy>=2,<3")


def imported(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return {m[1] for m in re.finditer(r"^\s*(?:from|import) ([a-zA-Z0-9_]+)", text, re.MULTILINE)}


NAMES = {"SALib": "salib", "huggingface_hub": "huggingface-hub", "ahocorasick_rs": "ahocorasick-rs",
         "ibis": "ibis-framework", "vl_convert": "vl-convert-python", "genai_prices": "genai-prices",
         "pyspark": "pyspark-client", "mcp_types": "mcp", "starlette": "fastapi",
         "pandas": "ibis-framework"}  # fmt: skip
"""Modules whose package is called otherwise, or comes with another that is declared."""


def test_every_module_that_the_package_imports_is_declared():
    extras = PROJECT["project"]["optional-dependencies"]
    stated = [*PROJECT["project"]["dependencies"], *(r for rows in extras.values() for r in rows)]
    declared = {re.match(r"[A-Za-z0-9._-]+", r)[0].casefold() for r in stated}
    used = set().union(*(imported(p) for p in (ROOT / "src").rglob("*.py"))) - set(sys.stdlib_module_names)
    missing = {m for m in used - {"primacy"} if NAMES.get(m, m).casefold() not in declared}
    assert missing == set()


def test_the_container_builds_from_what_the_project_has():
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    for word in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE):
        for name in word.split():
            assert (ROOT / name).exists()
    assert "USER primacy" in text
    assert 'ENTRYPOINT ["primacy"]' in text


def test_the_program_says_its_version_and_installs_completion():
    done = subprocess.run(
        [sys.executable, "-c", "from primacy.cli import main; main(['--version'])"],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(p for p in sys.path if p)},
    )  # fmt: skip
    assert re.fullmatch(r"primacy \d+\.\d+\.\d+\n", done.stdout)
    assert app._add_completion is True

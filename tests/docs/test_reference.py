"""The reference is made from the code, and nothing in the code is without a word on it."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from primacy.lake.tables import TABLES
from primacy.studies.tables import RESULT_TABLES
from primacy.workspace.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs" / "_ext"))
import generated_reference as reference  # noqa: E402

PROSE = "\n".join(
    p.read_text(encoding="utf-8")
    for p in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    if "reference" not in p.relative_to(ROOT).parts
)


def test_every_option_of_every_command_has_a_help_text():
    bare = [
        f"{path} {option.opts[0]}"
        for path, command in reference.commands()
        for option in reference.options(command)
        if not (option.help or "").strip()
    ]
    assert bare == []


def test_every_command_is_on_a_page_beside_the_reference():
    leaves = [path for path, command in reference.commands() if not getattr(command, "commands", None)]
    assert len(leaves) > 20
    assert [path for path in leaves if path.removeprefix("primacy ") not in PROSE] == []


def test_the_page_of_commands_has_every_option():
    page = reference.commands_page()
    for path, command in reference.commands():
        part = page.partition(f"## `{path}`\n")[2].partition("\n## ")[0]
        for option in reference.options(command):
            if option.opts[0].startswith("-"):
                assert f"`{option.opts[0]}`" in part, f"{path} {option.opts[0]}"


def test_the_template_names_every_setting_and_is_read_back(tmp_path):
    page = reference.settings_page()
    toml = page.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "primacy.toml").write_text(
        re.sub(r"^# (?=\w+ = )", "", toml, flags=re.MULTILINE), encoding="utf-8"
    )
    assert Settings.read(tmp_path / "primacy.toml").method.replicates == 1000


def test_every_column_of_every_table_has_a_meaning():
    page = reference.tables_page()
    for table in [*TABLES.values(), *RESULT_TABLES.values()]:
        assert f"### `{table.name}`" in page
        assert [c.name for c in table.columns if not c.meaning.strip()] == []


def test_everything_public_has_a_docstring():
    bare = []
    for name in dict.fromkeys(
        m for names in reference.API.values() for n in names for m in reference.modules(n)
    ):
        module = importlib.import_module(name)
        for public in module.__all__:
            thing = getattr(module, public)
            if not (inspect.isclass(thing) or inspect.isfunction(thing)):
                continue
            if not inspect.getdoc(thing):
                bare.append(f"{name}.{public}")
            if inspect.isclass(thing):
                bare += [
                    f"{name}.{public}.{n}"
                    for n, member in vars(thing).items()
                    if not n.startswith("_") and callable(member) and not inspect.getdoc(member)
                ]
    assert bare == []


@pytest.mark.timeout(300)
def test_the_documentation_builds_without_a_warning(tmp_path):
    """Links and anchors within the pages are checked by the build."""
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "docs", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "reference" / "commands.html").is_file()

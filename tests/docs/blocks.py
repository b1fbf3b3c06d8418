"""The code blocks of the documentation's pages, and how to run them."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from primacy.cli import main

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(
    r"(?:^<!-- not run: (?P<why>[^\n]+) -->\n)?^```(?P<language>sh|python)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A block of shell or Python on a page; ``why`` says why it is not run."""

    page: Path
    line: int
    language: str
    text: str
    why: str | None


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page that are code to run."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, m.start()) + 1, m["language"], m["text"], m["why"])
        for m in BLOCK.finditer(text)
    ]


def commands(text: str) -> Iterator[str]:
    """Yield the commands of a shell block: lines, and lines with the document that follows them."""
    lines = iter(text.splitlines())
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        here = re.search(r"<<'(\w+)'", line)
        if here is None:
            yield line
            continue
        document = [line]
        for more in lines:
            document.append(more)
            if more == here[1]:
                break
        yield "\n".join(document)


def run(block: Block, directory: Path, names: dict[str, object], *, instead: Mapping[str, str]) -> None:
    """Run a block in a directory; *names* are the variables that a page's Python blocks share.

    *instead* has commands that are run in place of others.

    Commands of primacy run in this process: starting a new one takes longer than most of them.
    """
    place = f"{block.page.name}:{block.line}"
    if block.language == "python":
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(block.text, place, "exec"), names)
        return
    for command in commands(block.text):
        command = instead.get(command, command)
        words = shlex.split(command, comments=True) if "<<" not in command else []
        if words[:1] == ["export"]:
            name, _, value = words[1].partition("=")
            os.environ[name] = value
        elif words[:1] == ["primacy"]:
            error = io.StringIO()
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(error):
                code = main(words[1:])
            assert code == 0, f"{place}: {command}\n{error.getvalue()}"
        else:
            done = subprocess.run(
                ["bash", "-euc", command], cwd=directory, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{place}: {command}\n{done.stderr}"


def run_page(page: Path, directory: Path, *, instead: Mapping[str, str] | None = None) -> None:
    """Run the blocks of a page in a directory that has a workspace ``demo``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        patch.setenv("PRIMACY_WORKSPACE", "demo")
        patch.setenv("COLUMNS", "100")
        names: dict[str, object] = {}
        for block in blocks(page):
            if block.why is None:
                run(block, directory, names, instead=instead or {})

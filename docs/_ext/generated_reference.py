"""The reference pages that are made from the code, so that they cannot differ from it.

Written into `docs/reference/` when a build starts: every command with its options, every setting, every table with its
columns, and the modules of the Python API.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer
from pygments.lexers.special import TextLexer

import primacy
from primacy.cli import app
from primacy.lake.schema import Table
from primacy.lake.tables import TABLES
from primacy.studies.tables import STUDY_TABLES
from primacy.workspace.settings import TEMPLATE

API = {
    "Errors": ["primacy.errors"],
    "The workspace": [
        "primacy.workspace.workspace",
        "primacy.workspace.research",
        "primacy.workspace.models",
        "primacy.workspace.institutions",
        "primacy.workspace.settings",
        "primacy.measures.method",
    ],
    "Measures": ["primacy.measures"],
    "Inference": ["primacy.inference"],
    "Technologies": ["primacy.technologies"],
    "Composite indicators": ["primacy.composite"],
    "Charts": ["primacy.present"],
    "The lake": ["primacy.lake.store", "primacy.lake.engine", "primacy.lake.schema", "primacy.lake.results"],
}
"""Title of each part of the Python reference, with the modules or packages that it describes."""


def setup(app: Any) -> dict[str, bool]:
    """Let Sphinx write the pages before it reads any."""
    app.add_lexer("query", TextLexer)
    app.connect("builder-inited", lambda a: write_pages(Path(a.srcdir) / "reference"))
    return {"parallel_read_safe": True}


def write_pages(directory: Path) -> None:
    """Write the reference pages into a directory."""
    directory.mkdir(exist_ok=True)
    for name, text in {
        "commands.md": commands_page(),
        "settings.md": settings_page(),
        "tables.md": tables_page(),
        "python.md": python_page(),
    }.items():
        page = directory / name
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")


# ---------------------------------------------------------------------- commands


def commands(command: Any = None, path: str = "primacy") -> Iterator[tuple[str, Any]]:
    """Yield every command with the words that call it, those of groups after the group."""
    command = typer.main.get_command(app) if command is None else command
    yield path, command
    for name in sorted(getattr(command, "commands", {})):
        if not command.commands[name].hidden:
            yield from commands(command.commands[name], f"{path} {name}")


def commands_page() -> str:
    """Return the page of all commands."""
    parts = [
        "# Commands\n",
        "Global options may stand before or after a command. `--format json|csv|parquet` gives rows for programs.\n",
    ]
    for path, command in commands():
        parts += [f"## `{path}`\n", _prose(command.help), *_parameters(command)]
    return "\n".join(parts)


def options(command: Any) -> list[Any]:
    """Return the parameters of a command that are shown to users: its arguments, then its options."""
    return [p for p in command.params if not p.hidden and p.name != "help"]


def _parameters(command: Any) -> list[str]:
    rows = []
    for parameter in options(command):
        is_option = parameter.opts[0].startswith("-")
        names = (
            [*parameter.opts, *parameter.secondary_opts]
            if is_option
            else [parameter.metavar or parameter.name.upper()]
        )
        plain = parameter.default in (None, False, (), []) or callable(parameter.default)
        default = "" if plain else f"`{_cell(str(parameter.default))}`"
        rows.append(
            f"| {', '.join(f'`{n}`' for n in names)} | {_takes(parameter)} | {default} "
            f"| {_cell(parameter.help or '')} |"
        )
    return ["| | takes | default | |", "|---|---|---|---|", *rows, ""] if rows else []


def _takes(parameter: Any) -> str:
    annotation = parameter.type_descriptor.annotation
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if annotation is bool:
        return ""
    return f"`{parameter.metavar}`" if parameter.metavar else _NAMES.get(annotation, "text")


_NAMES = {int: "a whole number", float: "a number", Path: "a path"}


# ---------------------------------------------------------------------- settings, tables


def settings_page() -> str:
    """Return the page of `primacy.toml`: the file that `primacy init` writes."""
    return (
        "# Settings\n\n`primacy init DIR` writes this file; each line that starts with `#` states a default. "
        f"An unknown key is an error.\n\n```toml\n{TEMPLATE}```\n"
    )


def tables_page() -> str:
    """Return the page of the result tables and the tables of the lake."""
    parts = [
        "# Tables\n",
        "## Result tables\n",
        "What `primacy run` writes and `primacy show TABLE` prints.\n",
    ]
    for study, tables in STUDY_TABLES.items():
        parts += [f"### Study `{study}`\n", *(_table(t) for t in tables.values())]
    parts += [
        "## Lake tables\n",
        "Ids are the integer part of the OpenAlex id; `primacy show` writes them with their letter.\n",
        *(_table(TABLES[name]) for name in sorted(TABLES)),
    ]
    return "\n".join(parts)


def _table(table: Table) -> str:
    rows = [f"| `{c.name}` | {c.type} | {_cell(c.meaning)} | {_cell(c.unit or '')} |" for c in table.columns]
    head = [
        f"### `{table.name}`\n",
        f"{_prose(table.meaning)}\nKey: {', '.join(f'`{k}`' for k in table.key)}.\n",
        "| column | type | meaning | unit |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


# ---------------------------------------------------------------------- Python


def modules(name: str) -> list[str]:
    """Return a module, or the modules of a package that say what is public in them; of a façade, itself alone."""
    module = importlib.import_module(name)
    if getattr(module, "__all__", None) or not hasattr(module, "__path__"):
        return [name]
    found = []
    for info in pkgutil.iter_modules(module.__path__, f"{name}."):
        if not info.name.rpartition(".")[2].startswith("_"):
            found += [m for m in modules(info.name) if hasattr(importlib.import_module(m), "__all__")]
    return found


def python_page() -> str:
    """Return the page of the Python API."""
    parts = [
        "# Python\n",
        _prose(primacy.__doc__),
        _directive("autofunction", "primacy.open", "primacy.init"),
    ]
    described: set[str] = set()
    for title, names in API.items():
        parts.append(f"## {title}\n")
        for name in (m for n in names for m in modules(n) if m not in described):
            described.add(name)
            heading = [] if names == [name] else [f"### `{name}`\n"]
            parts += [*heading, _directive("automodule", name)]
    return "\n".join(parts)


def _directive(kind: str, *names: str) -> str:
    return "\n".join(["```{eval-rst}", *(f".. {kind}:: {name}" for name in names), "```", ""])


def _prose(text: str | None) -> str:
    """Return the first paragraphs of a help text, without what typer writes for terminals."""
    lines = (text or "").replace("\b", "").strip().partition("\n\nExamples\n")[0].splitlines()
    return "\n".join(line.strip() for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


__all__ = [
    "commands",
    "commands_page",
    "modules",
    "options",
    "python_page",
    "settings_page",
    "setup",
    "tables_page",
]

"""``primacy mcp``: numbers for assistants, over the Model Context Protocol."""

from __future__ import annotations

import typer

from primacy.cli.state import state
from primacy.errors import NotThereError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mcp")(mcp)


def mcp(context: typer.Context) -> None:
    """Serve results to assistants over standard input and output (Model Context Protocol); reads only."""
    now = state(context)
    try:
        from primacy.web.assistants import server
    except ModuleNotFoundError as missing:
        if not (missing.name or "").startswith("mcp"):
            raise
        raise NotThereError("mcp: install the extra, `pip install 'primacy[mcp]'`") from None
    serving = server(now.workspace)
    now.say("serving on standard input and output; an assistant starts this command itself")
    serving.run("stdio")

"""Commands of the explorer: serve, publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from primacy.cli.state import state
from primacy.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve")(serve)
    app.command("publish")(publish_command)


def serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option("--host", metavar="H", help="Address to listen on; this machine alone by default.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="P", min=0, max=65535, help="0: any free one.")
    ] = 8000,
) -> None:
    """Serve the explorer until interrupted; it only reads, and follows the results when a study is run again."""
    import socket

    import uvicorn

    from primacy.web.app import create_app

    now = state(context)
    app = create_app(now.workspace)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, the event loop sends small packets at once; else each answer waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # whoever reads the address may ask at once, and waits
    except OSError as error:
        raise InputError(f"{host}:{port}: cannot be listened on ({error.strerror}); choose --port") from error
    shown = f"[{host}]" if ":" in host else host
    now.say(f"the explorer is at http://{shown}:{listener.getsockname()[1]}/ (Ctrl-C ends it)")
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def publish_command(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write the site.")],
    png: Annotated[bool, typer.Option("--png/--no-png", help="Also every figure as PNG.")] = True,
    processes: Annotated[
        int | None, typer.Option("--processes", metavar="N", min=1, help="One per core where not given.")
    ] = None,
) -> None:
    """Write the explorer as files that any file server can serve, under any path."""
    from primacy.web.publish import publish

    now = state(context)
    with now.progress("publishing") as advance:
        done = publish(now.workspace, directory, png=png, processes=processes, advance=advance)
    row = {"pages": done.pages, "figures": done.figures, "files": done.files, "bytes": done.bytes}
    now.emit(pa.Table.from_pylist([row]), title=f"written to {directory}")

"""The explorer under load: the demonstration, served to twenty readers at once and then published.

The demonstration is made and served by the commands that a user would give, in processes of their own; the readers are
threads of this one, on the same processors.
"""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import IO, Any, cast
from urllib.parse import quote, urlsplit

from primacy.bench.isolated import processor
from primacy.errors import PrimacyError
from primacy.web.publish import publish
from primacy.web.site import Site
from primacy.workspace import Workspace

__all__ = ["CLIENTS", "Publishing", "Serving", "addresses", "explorer", "load"]

CLIENTS = 20
"""Readers at once."""
PAGES = 10
"""Different addresses of a kind that are asked for, at most."""
ROUNDS = 25
"""How often each reader asks."""
BAR_MS = 100.0
"""What the 95th percentile must not exceed, in milliseconds."""
BAR_SECONDS = 120.0
"""What publishing must not exceed."""
_COMMAND = [sys.executable, "-c", "import sys; from primacy.cli import main; sys.exit(main())"]


@dataclass(frozen=True)
class Serving:
    """What readers of one kind of page waited.

    Attributes
    ----------
    benchmark, works, kind
        Its name, the size of the world, and the kind: the first part of the address.
    clients, requests
        Readers at once, and what they asked for together.
    median_ms, p95_ms
        Milliseconds from a request to the end of its answer, over all requests, when everything was asked for before.
    largest_bytes
        The largest answer as it is sent, compressed.
    bar, holds
        What ``p95_ms`` must not exceed, and whether it does not.
    """

    benchmark: str
    works: int
    kind: str
    clients: int
    requests: int
    median_ms: float
    p95_ms: float
    largest_bytes: int
    bar: float
    holds: bool

    def row(self) -> dict[str, Any]:
        """Return it as a row."""
        return asdict(self)


@dataclass(frozen=True)
class Publishing:
    """What a static site cost.

    Attributes
    ----------
    benchmark, works, kind
        Its name, the size of the world, and ``publish`` or ``publish again``.
    wall_seconds, cpu_seconds
        From begin to end, and of the processors in all processes.
    pages, figures, files, bytes
        What was written.
    bar, holds
        What ``wall_seconds`` must not exceed, and whether it does not.
    """

    benchmark: str
    works: int
    kind: str
    wall_seconds: float
    cpu_seconds: float
    pages: int
    figures: int
    files: int
    bytes: int
    bar: float
    holds: bool

    def row(self) -> dict[str, Any]:
        """Return it as a row."""
        return asdict(self)


def explorer(
    root: Path, works: int, *, say: Callable[[str], None] = lambda _: None
) -> list[Serving | Publishing]:
    """Serve the demonstration to readers, a kind of page after the other, then publish it twice.

    Parameters
    ----------
    root
        Where the demonstration is made, unless it stands there already.
    works
        Works of its world.
    say
        Told what is going on.
    """
    workspace = root / f"demo-{works}"
    if not (workspace / "results" / "assessment").is_dir():
        say(f"making the demonstration of {works:,} works")
        _command(["--quiet", "demo", str(workspace), "--works", str(works)])
    found: list[Serving | Publishing] = []
    with _served(workspace) as address:
        for kind, paths in addresses(Workspace.open(workspace)).items():
            say(f"serving {kind}")
            found.append(load(address, kind, paths, works))
    for kind in ("publish", "publish again"):
        say(kind)
        found.append(_publishing(workspace, root / f"site-{works}", kind, works))
    return found


def addresses(workspace: Workspace) -> Mapping[str, Sequence[str]]:
    """Return addresses of every kind of page, of figures and of the API: some, spread over all that there are."""
    site = Site(workspace)
    kinds: dict[str, list[str]] = {}
    for path in site.paths():
        kinds.setdefault(path.split("/")[0] or "scoreboard", []).append(f"/{quote(path)}")
    newest, technologies = site.snapshot.newest, list(workspace.portfolio)
    kinds["figures"] = [f"/figures/countries/{t}/{newest}.svg" for t in technologies]
    kinds["api"] += ["/api/leads", *(f"/api/shares?technology={t}&window={newest}" for t in technologies)]
    return {kind: paths[:: -(-len(paths) // PAGES)] for kind, paths in sorted(kinds.items())}


def load(address: str, kind: str, paths: Sequence[str], works: int, *, rounds: int = ROUNDS) -> Serving:
    """Ask for addresses as many readers at once, each asked for once before.

    Raises
    ------
    PrimacyError
        An answer is not 200.
    """
    largest = max(size for _, size in _read(address, paths))
    start = threading.Barrier(CLIENTS)

    def reader(number: int) -> list[float]:
        mine = [paths[(number + i) % len(paths)] for i in range(rounds)]
        start.wait()
        return [seconds for seconds, _ in _read(address, mine)]

    with ThreadPoolExecutor(CLIENTS) as readers:
        waited = [1000 * seconds for each in readers.map(reader, range(CLIENTS)) for seconds in each]
    late = quantiles(waited, n=20)[-1]
    return Serving(
        "explorer",
        works,
        kind,
        CLIENTS,
        len(waited),
        round(median(waited), 1),
        round(late, 1),
        largest,
        BAR_MS,
        late <= BAR_MS,
    )


def _read(address: str, paths: Sequence[str]) -> Iterator[tuple[float, int]]:
    """Yield what each answer took, in seconds, and its bytes as they were sent; over one connection."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    try:
        for path in paths:
            began = perf_counter()
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise PrimacyError(f"explorer {path}: answered {answer.status}")
            yield perf_counter() - began, len(body) + len(str(answer.headers))
    finally:
        connection.close()


@contextmanager
def _served(workspace: Path) -> Iterator[str]:
    """Serve a workspace by the command; yields where."""
    with subprocess.Popen(  # noqa: S603 - the interpreter itself
        [*_COMMAND, "--workspace", str(workspace), "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as process:
        told = cast("IO[bytes]", process.stderr)
        try:
            said = ""
            for line in told:
                said += line.decode(errors="replace").strip()
                if found := re.search(r"http://[^/]+:\d+(?=/)", said):
                    # It listens before it says where: the first question waits until it can answer.
                    next(_read(found[0], ["/method"]))
                    yield found[0]
                    return
            raise PrimacyError(f"{workspace}: it could not be served: {said[-200:]}")
        finally:
            process.kill()


def _publishing(workspace: Path, site: Path, kind: str, works: int) -> Publishing:
    began, before = perf_counter(), processor()
    done = publish(Workspace.open(workspace), site)
    wall, cpu = perf_counter() - began, processor() - before
    return Publishing(
        "explorer",
        works,
        kind,
        round(wall, 1),
        round(cpu, 1),
        done.pages,
        done.figures,
        done.files,
        done.bytes,
        BAR_SECONDS,
        wall <= BAR_SECONDS,
    )


def _command(words: Sequence[str]) -> None:
    done = subprocess.run([*_COMMAND, *words], capture_output=True, check=False)  # noqa: S603 - the interpreter itself
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise PrimacyError(f"primacy {' '.join(words)}: {said[-1] if said else done.returncode}")

"""What was measured, as tables of the documentation: `python docs/_ext/measured.py` writes them into their pages.

`docs/measured/` holds what `primacy bench` said (`bench.json`) and the logs of chains (`chain-*.jsonl`). A table stands
between `<!-- measured: NAME -->` and `<!-- end -->`; a test holds the pages against the files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from primacy.bench.chain import Chain, costs, read
from primacy.bench.plan import plan

DOCS = Path(__file__).parents[1]
MEASURED = DOCS / "measured"
PAGES = [DOCS / "scale.md"]


def chains() -> list[Chain]:
    """Return the chains whose logs are kept, from small to large."""
    return sorted(map(read, MEASURED.glob("chain-*.jsonl")), key=lambda chain: chain.works)


def bench() -> list[dict[str, Any]]:
    """Return the rows of `primacy bench` that are kept."""
    rows: list[dict[str, Any]] = json.loads((MEASURED / "bench.json").read_text(encoding="utf-8"))
    return rows


def stages() -> str:
    """Return what every stage of every chain cost."""
    return _table(
        ["works", "stage", "CPU s", "works per CPU second", "memory, MiB", "lake, MiB", "exponent"],
        [
            [
                f"{c.works:,}",
                c.stage,
                f"{c.cpu_seconds:,.0f}",
                f"{c.works_per_cpu_second:,.0f}",
                f"{c.peak_memory_mb:,.0f}",
                f"{c.lake_mb:,.0f}",
                "" if c.exponent is None else f"{c.exponent:.2f}",
            ]
            for c in costs(chains())
        ],
    )


def snapshot() -> str:
    """Return what a whole snapshot would take."""
    return _table(
        ["stage", "from works", "exponent", "CPU hours", "hours on two cores", "memory, GiB", "disk, GiB"],
        [
            [
                p.stage,
                f"{p.measured_works:,}",
                f"{p.exponent:.2f}",
                f"{p.cpu_hours:,.1f}",
                f"{p.hours:,.1f}",
                f"{p.memory_gb:,.1f}",
                f"{p.disk_gb:,.0f}",
            ]
            for p in plan(chains())
        ],
    )


def ratios() -> str:
    """Return the ratios."""
    return _table(
        ["benchmark", "works", "against", "CPU s", "its CPU s", "CPU ratio", "by the clock", "MiB"],
        [
            [
                r["benchmark"],
                f"{r['works']:,}",
                r["baseline"],
                f"{r['cpu_seconds']:.1f}",
                f"{r['baseline_cpu_seconds']:.1f}",
                f"{r['cpu_ratio']:.2f}",
                f"{r['baseline_seconds'] / r['seconds']:.2f}",
                f"{r['peak_memory_mb']:,.0f}",
            ]
            for r in bench()
            if r.get("ratio")
        ],
    )


def floors() -> str:
    """Return the floor of every stage."""
    return _table(
        ["in", "stage", "with", "works per CPU second", "the pull takes"],
        [
            [
                r["against"],
                r["stage"],
                r["by"],
                f"{r['works_per_cpu_second']:,.0f}",
                f"{r['distance']:.1f} times that",
            ]
            for r in bench()
            if r["benchmark"] == "ceilings"
        ],
    )


TABLES: dict[str, Callable[[], str]] = {
    "stages": stages,
    "snapshot": snapshot,
    "ratios": ratios,
    "floors": floors,
}


def filled(page: str) -> str:
    """Return a page with its tables as the files say."""
    return re.sub(
        r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->)",
        lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}",
        page,
        flags=re.DOTALL,
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")

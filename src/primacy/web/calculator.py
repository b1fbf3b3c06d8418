"""The question of which model to adopt, as it stands in an address: bounded, and answered by the workspace."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import pyarrow as pa

from primacy.errors import PrimacyError, UsageError
from primacy.measures.tokens import Task
from primacy.sources.reference.countries import country_code
from primacy.web.snapshot import Snapshot

__all__ = ["LEAST", "MOST", "QUERY", "TASKS", "VOLUMES", "Question", "answer", "question"]

QUERY = ("tokens", "task", "gpu", "gpu_hour", "utilization", "country", "licence")
VOLUMES = {
    "1e6": "1 million: a small team",
    "1e8": "100 million: a company",
    "2e9": "2 billion: a large service",
    "1e11": "100 billion: a platform",
}
"""Tokens a day that the form offers."""
LEAST, MOST = 1e3, 1e13
TASKS: tuple[str, ...] = get_args(Task)
WAIT = 20.0
"""Seconds that a question waits for those before it."""
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Question:
    """What one needs.

    Attributes
    ----------
    tokens_per_day, task, gpu, gpu_hour, utilization, country, licence
        As in ``primacy adopt``; gpu_hour None is the median rent, country and licence None are any.
    """

    tokens_per_day: float
    task: Task = "chat"
    gpu: str = "H100"
    gpu_hour: float | None = None
    utilization: float = 0.7
    country: str | None = None
    licence: str | None = None

    @property
    def command(self) -> str:
        """The same question at a terminal."""
        words = [
            f"primacy adopt --tokens-per-day {self.tokens_per_day:g}",
            f"--task {self.task} --gpu {self.gpu}",
        ]
        if self.gpu_hour is not None:
            words.append(f"--gpu-hour {self.gpu_hour:g}")
        words.append(f"--utilization {self.utilization:g}")
        if self.country:
            words.append(f"--country {self.country}")
        if self.licence:
            words.append(f"--licence {self.licence}")
        return " ".join(words)


def question(query: Mapping[str, str]) -> Question:
    """Return the question of an address; what it leaves out has the values of ``primacy adopt``.

    Raises
    ------
    UsageError
        A part is no number, out of bounds, or not among its options; the text names it.

    Examples
    --------
    >>> question({"tokens": "2.04e9", "country": "de"})
    Question(tokens_per_day=2000000000.0, task='chat', gpu='H100', gpu_hour=None, utilization=0.7, country='DE', \
licence=None)
    """
    task = query.get("task") or "chat"
    if task not in TASKS:
        raise UsageError(f"task '{task[:20]}': takes {', '.join(TASKS)}")
    gpu = query.get("gpu") or "H100"
    licence = query.get("licence") or None
    for name, text in (("gpu", gpu), ("licence", licence or "open")):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._+-]{0,39}", text):
            raise UsageError(f"{name} '{text[:20]}': takes letters, digits, dots and hyphens")
    country = query.get("country") or None
    tokens = _number("tokens", query.get("tokens") or "2e9", LEAST, MOST)
    hour = query.get("gpu_hour")
    return Question(
        # Two digits are as many as the answer bears, and let it be kept.
        float(f"{tokens:.2g}"),
        task,  # type: ignore[arg-type]
        gpu,
        round(_number("gpu_hour", hour, 0.01, 1000.0), 2) if hour else None,
        round(_number("utilization", query.get("utilization") or "0.7", 0.01, 1.0), 2),
        country_code(country[:60], option="country") if country else None,
        licence,
    )


def _number(name: str, text: str, least: float, most: float) -> float:
    try:
        value = float(text.replace(",", "").replace(" ", ""))
    except ValueError:
        raise UsageError(f"{name} '{text[:20]}': takes a number") from None
    if not math.isfinite(value) or not least <= value <= most:
        raise UsageError(f"{name} {text[:20]}: takes {least:g} to {most:g}")
    return value


def answer(snapshot: Snapshot, asked: Question) -> pa.Table:
    """Return the ways to have so many tokens, the cheapest first: the rows of ``primacy adopt``.

    Raises
    ------
    PrimacyError
        Others are asking and the answer would take too long.
    """
    if not _ONE_AT_A_TIME.acquire(timeout=WAIT):
        raise PrimacyError("others are asking the same; try again in a moment")
    try:
        return snapshot.workspace.compute.adopt(
            tokens_per_day=asked.tokens_per_day,
            task=asked.task,
            gpu=asked.gpu,
            gpu_hour=asked.gpu_hour,
            utilization=asked.utilization,
            country=asked.country,
            licence=asked.licence,
        )
    finally:
        _ONE_AT_A_TIME.release()

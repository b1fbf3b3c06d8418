"""The truth of a world as files, for people and for tests to compare results with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from primacy.simulate.careers import training
from primacy.simulate.files import write_csv
from primacy.simulate.institutions import institutions
from primacy.simulate.trajectory import FIRST_YEAR
from primacy.simulate.truth import TOPS, WINDOWS, Truth

_DIGITS = 10


def write_truth(directory: Path, truth: Truth) -> None:
    """Write the files of the truth.

    ``shares.csv``: by technology, top share, window and country (HK and MO within CN).
    ``yearly.csv``: by technology, year and country, top 10 %, territories apart and together.
    ``leads.csv``, ``crossings.csv``, ``overall.csv``: who leads, since when, and all technologies together.
    ``institutions.csv``: the twenty first of each technology and window.
    ``overlap.csv``: part of the works written about one technology that belong to another.
    ``stocks.csv``: where authors were at each stage of their careers, weighted by credit, by technology and window.
    ``careers.csv``: where those employed in a country studied.
    ``works.csv``: expected part of all works, by technology and year.
    """
    names = truth.design.technologies
    write_csv(directory / "shares.csv", ("technology", "top", "window", "unit", "share"), _shares(truth))
    write_csv(
        directory / "yearly.csv", ("technology", "year", "unit", "share", "share_separate"), _yearly(truth)
    )
    write_csv(
        directory / "leads.csv",
        (
            "technology",
            "window",
            "leader",
            "leader_share",
            "runner_up",
            "runner_up_share",
            "margin",
            "top10_in_leader",
            "monopoly_risk",
            "coin_toss",
            "clear",
        ),
        _leads(truth),
    )
    write_csv(
        directory / "crossings.csv",
        ("technology", "overtaker", "overtaken", "year"),
        [(name, "CN", "US", year) for name, year in zip(names, truth.crossings(), strict=True)],
    )
    codes = truth.design.codes
    write_csv(
        directory / "overall.csv",
        ("year", "unit", "share"),
        [
            (FIRST_YEAR + y, code, round(float(row[c]), _DIGITS))
            for y, row in enumerate(truth.overall())
            for c, code in enumerate(codes)
            if row[c]
        ],
    )
    write_csv(
        directory / "institutions.csv",
        ("technology", "window", "unit", "name", "share"),
        _institutions(truth),
    )
    write_csv(
        directory / "overlap.csv",
        ("technology", "also", "part"),
        [
            (names[a], names[b], round(float(truth.overlap[a, b]), _DIGITS))
            for a, b in zip(*np.nonzero(truth.overlap), strict=True)
            if a != b
        ],
    )
    write_csv(directory / "stocks.csv", ("technology", "window", "stage", "unit", "share"), _stocks(truth))
    write_csv(
        directory / "careers.csv", ("employment", "postgraduate", "undergraduate", "part"), _careers(codes)
    )
    write_csv(
        directory / "works.csv",
        ("technology", "year", "part"),
        [
            (name, FIRST_YEAR + y, round(float(part), 12))
            for name, row in zip(names, truth.works, strict=True)
            for y, part in enumerate(row)
        ],
    )


def _shares(truth: Truth) -> Iterator[tuple[object, ...]]:
    for top in TOPS:
        yearly = truth.yearly(top)
        for window in WINDOWS:
            table = truth.mean(yearly, window)
            for name, row in zip(truth.design.technologies, table, strict=True):
                for code, share in zip(truth.design.codes, row.tolist(), strict=True):
                    if share:
                        yield name, top, window, code, round(share, _DIGITS)


def _stocks(truth: Truth) -> Iterator[tuple[object, ...]]:
    for window in WINDOWS:
        for stage in ("undergraduate", "postgraduate", "employment"):
            for name, row in zip(truth.design.technologies, truth.stage(window, stage), strict=True):
                for code, share in zip(truth.design.codes, row.tolist(), strict=True):
                    if share:
                        yield name, window, stage, code, round(share, _DIGITS)


def _careers(codes: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    post, under = training()
    for e, p, u in zip(*np.nonzero(post[:, :, None] * under), strict=True):
        yield codes[e], codes[p], codes[u], round(float(post[e, p] * under[e, p, u]), _DIGITS)


def _yearly(truth: Truth) -> Iterator[tuple[object, ...]]:
    together, apart = truth.yearly(), truth.yearly(merge=False)
    for t, name in enumerate(truth.design.technologies):
        for y in range(together.shape[1]):
            for c, code in enumerate(truth.design.codes):
                merged = float(together[t, y, c])
                yield (
                    name,
                    FIRST_YEAR + y,
                    code,
                    round(merged, _DIGITS) if merged else None,
                    round(float(apart[t, y, c]), _DIGITS),
                )


def _leads(truth: Truth) -> Iterator[tuple[object, ...]]:
    for window in WINDOWS:
        for name, lead in zip(truth.design.technologies, truth.leads(window), strict=True):
            yield (
                name,
                window,
                lead.leader,
                round(lead.leader_share, _DIGITS),
                lead.runner_up,
                round(lead.runner_up_share, _DIGITS),
                round(lead.margin, _DIGITS),
                lead.top10_in_leader,
                lead.risk,
                str(lead.coin_toss).lower(),
                str(lead.clear).lower(),
            )


def _institutions(truth: Truth) -> Iterator[tuple[object, ...]]:
    known = institutions()
    for window in WINDOWS:
        for name, row in zip(truth.design.technologies, truth.institutions(window), strict=True):
            for place in np.argsort(-row, kind="stable")[:20].tolist():
                yield (
                    name,
                    window,
                    f"I{known[place].id}",
                    known[place].name,
                    round(float(row[place]), _DIGITS),
                )

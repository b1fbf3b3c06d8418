"""Each kind of check: a claim held against the results."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from primacy.inference.claim import all_of, of_interval, of_probability
from primacy.inference.verdict import LEADS
from primacy.studies.claims.file import Always, Change, Crossing, Leader, Led, Seats, Value
from primacy.studies.claims.findings import CannotSayError, Finding, Row, Tables, interval_columns, one, rows

__all__ = ["find"]


@singledispatch
def find(check: object, tables: Tables) -> Finding:
    """Hold a check against the results.

    Parameters
    ----------
    check
        One of the checks of :mod:`primacy.studies.claims.file`.
    tables
        The results.

    Raises
    ------
    CannotSayError
        The results have nothing to hold it against.
    """
    raise TypeError(f"{type(check).__name__} is no check")


@find.register
def _(check: Value, tables: Tables) -> Finding:
    row = one(tables, check.table, check.where)
    value = row[check.column]
    if value is None:
        raise CannotSayError(f"{check.table} has no {check.column} in that row")
    columns = check.interval or interval_columns(row, check.column)
    ends = [row[c] for c in columns] if columns else [None, None]
    low, high = (value if end is None else end for end in ends)
    least, most = check.bounds
    without = "" if None not in ends else "; no interval is known, so the number itself decides"
    return Finding(
        of_interval(float(low), float(high), least=least, most=most),
        f"{check.column} is {_said(check.column, value)}{_between(check.column, *ends)}{without}",
        float(value),
        None if ends[0] is None else float(ends[0]),
        None if ends[1] is None else float(ends[1]),
    )


@find.register
def _(check: Change, tables: Tables) -> Finding:
    ends = [
        find(check.at(period, equals), tables)
        for period, equals in zip((check.start, check.end), check.equals, strict=True)
    ]
    said = "; ".join(
        f"{period}: {end.says}" for period, end in zip((check.start, check.end), ends, strict=True)
    )
    last = ends[-1]
    return Finding(all_of(e.verdict for e in ends), said, last.value, last.low, last.high)


@find.register
def _(check: Leader, tables: Tables) -> Finding:
    row = one(tables, check.table, check.where)
    leader, probability, verdict = row["leader"], row["probability"], row["verdict"]
    if leader is None or verdict in ("too few papers", "cannot be said"):
        raise CannotSayError(f"{check.table}: {verdict or 'no leader is known'}")
    says = f"{leader} is first, {verdict}" + (
        "" if probability is None else f" (probability {probability:.3g})"
    )
    if row.get("speaks_of"):
        says += f"; this speaks of {row['speaks_of']}"
    if leader == check.leader:
        return Finding(of_probability(probability), says, probability=probability)
    # Of who is not first it is known only that its chance is what the first leaves.
    sure = probability is not None and probability >= LEADS
    return Finding("contradicted" if sure else "cannot be said", says)


@find.register
def _(check: Led, tables: Tables) -> Finding:
    found = rows(tables, "leads", {"window": check.window})
    if len(found) != check.of:
        raise CannotSayError(
            f"the results hold {len(found)} technologies in {check.window}, the claim is about {check.of}"
        )
    sure = [r for r in found if _surely(r)]
    mine = sum(r["leader"] == check.leader for r in found)
    least = sum(r["leader"] == check.leader for r in sure)
    most = len(found) - sum(r["leader"] != check.leader for r in sure)
    return Finding(
        of_interval(least, most, least=check.count - check.tolerance, most=check.count + check.tolerance),
        f"{check.leader} is first in {mine} of {len(found)}; surely in {least}, possibly in {most}",
        mine,
        least,
        most,
    )


@find.register
def _(check: Seats, tables: Tables) -> Finding:
    found = rows(tables, check.table, {**check.where, "unit_kind": "institution"})
    if check.newest:
        last = max(r[check.newest] for r in found)
        found = [r for r in found if r[check.newest] == last]
    ranked = [r for r in found if r["rank"] is not None]
    if len(ranked) < check.top:
        raise CannotSayError(
            f"{check.table} ranks {len(ranked)} institutions, the claim is about the first {check.top}"
        )
    mine = sum(r["country"] == check.country for r in ranked if r["rank"] <= check.top)
    least, most = _seats(ranked, check)
    return Finding(
        of_interval(least, most, least=check.count - check.tolerance, most=check.count + check.tolerance),
        f"{mine} of the first {check.top}{f' of {last}' if check.newest else ''} are in {check.country}; "
        f"surely {least}, possibly {most}",
        mine,
        least,
        most,
    )


@find.register
def _(check: Crossing, tables: Tables) -> Finding:
    pair = {"overtaker": check.overtaker, "overtaken": check.overtaken}
    found = one(tables, check.table, {**check.where, **pair})
    if check.table == "crossings":
        if found["status"] in ("not yet", "always"):
            says = f"{check.overtaker} over {check.overtaken}: {found['status']}"
            return Finding("contradicted", says, probability=found["probability"])
        value, low, high = found["year"], found["low"], found["high"]
        says = f"{check.overtaker} over {check.overtaken}: {found['status']}, {value}{_between('year', low, high)}"
    else:
        low, high = (None if found[c] is None else int(found[c][:4]) for c in ("low", "high"))
        value = low if low == high else None
        said = f"{found['low']} to {found['high']}" if found["low"] else "in none"
        says = f"by {found['overtaken_in']} of {found['methods']} ways to measure: {said}"
        if found["overtaken_in"] < found["methods"]:
            return Finding("contradicted" if low is None else "cannot be said", says, value, low, high)
    if low is None or high is None:
        return Finding("cannot be said", f"{says}; it may lie outside the years", value, low, high)
    bounds = {"least": check.year - check.tolerance, "most": check.year + check.tolerance}
    return Finding(of_interval(low, high, **bounds), says, value, low, high)


@find.register
def _(check: Always, tables: Tables) -> Finding:
    found = [r for r in rows(tables, check.table, check.where) if r[check.column] is not None]
    if not found:
        raise CannotSayError(f"{check.table} has no {check.column} in those rows")
    part = sum(r[check.column] == check.equals for r in found) / len(found)
    return Finding(
        of_probability(part),
        f"{check.column} is {check.equals} by {part:.1%} of {len(found)} ways to measure".replace("%", " %"),
        value=part,
        probability=part,
    )


def _surely(row: Row) -> bool:
    """Return whether a technology's leader leads beyond doubt."""
    probability = row["probability"]
    return row["verdict"] != "too few papers" and probability is not None and probability >= LEADS


def _seats(ranked: Sequence[Row], check: Seats) -> tuple[int, int]:
    """Return how many of the first are surely, and possibly, in the country, by the intervals of their ranks."""

    def end(row: Row, column: str) -> int:
        return int(row["rank"] if row[column] is None else row[column])

    inside = [r for r in ranked if end(r, "rank_high") <= check.top]
    near = [r for r in ranked if end(r, "rank_low") <= check.top and r["country"] == check.country]
    least = sum(r["country"] == check.country for r in inside)
    others = len(inside) - least
    return least, max(least, min(check.top - others, len(near)))


def _between(column: str, low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" ({_said(column, low)} to {_said(column, high)})"


def _said(column: str, value: float) -> str:
    """Return a number as people read it: shares in per cent, with three digits."""
    return f"{100 * value:.3g} %" if "share" in column else f"{value:.6g}"

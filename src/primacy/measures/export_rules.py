"""The export-rule status of a chip on a date, for a destination, and the rule that decided it.

Every comparison has three answers: met, not met, or not known because the specification is missing. They combine
as SQL's do, so that a missing number matters only where it could change the answer, and then gives ``unknown``.
Without a TPP a chip is ``unknown``, named by letter or not, unless its destination is closed to every chip.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_literal
from primacy.sources.reference.export_rules import ExportRules, Limits, Override, Rule

__all__ = ["chip_status", "status_counts", "status_timeline", "with_status"]


def chip_status(chips: ir.Table, rules: ExportRules, *, on: str, destination: str) -> ir.Table:
    """Return each chip's status on a date.

    Parameters
    ----------
    chips
        The lake's ``chips``.
    rules
        The rules.
    on
        The date, ISO 8601.
    destination
        ISO 3166-1 alpha-2.

    Returns
    -------
    ibis.expr.types.Table
        chip, maker_country, tpp (tera-(bit-operations per second)), performance_density (TPP per mm² of die),
        memory_bandwidth (10⁹ bytes per second), on, destination, status (unrestricted | case_by_case | restricted |
        unknown), rule (which decided), reason, notice (the rule under which it may go once notified, else null).
    """
    asked = chips.mutate(on=ibis.literal(on), destination=ibis.literal(destination))
    return with_status(asked, rules).select(
        "chip",
        "maker_country",
        "tpp",
        "performance_density",
        memory_bandwidth="memory_bandwidth_gb_per_s",
        on="on",
        destination="destination",
        status="status",
        rule="rule",
        reason="reason",
        notice="notice",
    )


def with_status(chips: ir.Table, rules: ExportRules) -> ir.Table:
    """Add performance_density, status, rule, reason and notice to rows that each ask for a date and a destination.

    Parameters
    ----------
    chips
        Columns of the lake's ``chips``, and ``on`` (ISO 8601) and ``destination`` (alpha-2).
    rules
        The rules.
    """
    t = chips.mutate(performance_density=chips.tpp / chips.die_mm2)
    restricting = [r for r in rules.rules if r.status == "restricted"]
    easing = [r for r in rules.rules if r.status == "case_by_case"]
    noticing = [r for r in rules.rules if r.status == "notice"]
    t = t.mutate(
        **{f"_held_{i}": _held(t, r) for i, r in enumerate(restricting)},
        **{f"_eased_{i}": _held(t, r) for i, r in enumerate(easing)},
        **{f"_noticed_{i}": _held(t, r) for i, r in enumerate(noticing)},
        _named=_first([(_overrides(t, o), str(i)) for i, o in _newest_first(rules.overrides)]),
    )
    held = [t[f"_held_{i}"] for i in range(len(restricting))]
    eased = [t[f"_eased_{i}"] for i in range(len(easing))]
    t = t.mutate(_held=_any(held), _eased=_any(eased))
    named = [(t._named == str(i), o) for i, o in enumerate(rules.overrides)]
    in_force = [(_in_force(t, r), r.id) for r in restricting]
    known = t.tpp.notnull()
    status = ibis.cases(
        *[(known & is_named, ibis.literal(o.status)) for is_named, o in named],
        (t._held & t._eased, ibis.literal("case_by_case")),
        (t._held & ~t._eased, ibis.literal("restricted")),
        (t._held, ibis.literal("unknown")),
        (~t._held & known, ibis.literal("unrestricted")),
        else_=ibis.literal("unknown"),
    )
    t = t.mutate(status=status)
    decided = ibis.cases(
        *[(is_named, ibis.literal(f"override of {o.start}")) for is_named, o in named],
        *[
            (t._held & t[f"_eased_{i}"].fill_null(True) & _in_force(t, r), ibis.literal(r.id))
            for i, r in enumerate(easing)
        ],
        *[(column, ibis.literal(r.id)) for column, r in zip(held, restricting, strict=True)],
        *[(column.isnull(), ibis.literal(r.id)) for column, r in zip(held, restricting, strict=True)],
        *[(force, ibis.literal(rule)) for force, rule in in_force],
        else_=ibis.literal("none in force"),
    )
    reason = ibis.cases(
        *[(known & is_named, ibis.literal(o.reason)) for is_named, o in named],
        *[(is_named, ibis.literal(f"no TPP is stated; {o.reason}")) for is_named, o in named],
        (~known & ~t._held.fill_null(False), ibis.literal("no TPP is stated")),
        *_reasons(t, easing, "_eased_", t._held),
        *_reasons(t, restricting, "_held_", ibis.literal(True)),
        *[(force, ibis.literal("below the rule's numbers")) for force, _ in in_force],
        else_=ibis.literal("no rule for this destination on this date"),
    )
    free = t.status == "unrestricted"
    t = t.mutate(
        rule=decided,
        reason=reason,
        notice=_first([(free & t[f"_noticed_{i}"], r.id) for i, r in enumerate(noticing)]),
    )
    return t.drop([c for c in t.columns if c.startswith("_")])


def status_timeline(chips: ir.Table, rules: ExportRules, *, destination: str) -> ir.Table:
    """Return the periods of each chip's status for a destination.

    Parameters
    ----------
    chips
        The lake's ``chips``, or some of them.
    rules
        The rules; every day on which one begins or ends is asked about.
    destination
        ISO 3166-1 alpha-2.

    Returns
    -------
    ibis.expr.types.Table
        chip, maker_country, destination, since (null: from the beginning), until (null: still), status, rule,
        reason; ordered by chip and since.
    """
    days = ibis.memtable({"on": ["0000-01-01", *rules.changes()]})
    asked = chips.cross_join(days).mutate(destination=ibis.literal(destination))
    t = with_status(asked, rules)
    in_time = ibis.window(group_by=[t.chip, t.line], order_by=t.on)
    before = t.mutate(
        _status=t.status.lag().over(in_time),
        _rule=t.rule.lag().over(in_time),
    )
    starts = before.filter(
        before._status.isnull() | (before._status != before.status) | (before._rule != before.rule)
    )
    in_time = ibis.window(group_by=[starts.chip, starts.line], order_by=starts.on)
    return starts.select(
        "chip",
        "maker_country",
        "destination",
        since=starts.on.nullif("0000-01-01"),
        until=starts.on.lead().over(in_time),
        status="status",
        rule="rule",
        reason="reason",
    ).order_by("chip", ibis.asc("since", nulls_first=True))


def status_counts(chips: ir.Table, rules: ExportRules, *, days: Sequence[str], destination: str) -> ir.Table:
    """Return how many chips have each status on each of some days.

    Returns
    -------
    ibis.expr.types.Table
        on, destination, unrestricted, case_by_case, restricted, unknown (chips), ordered by day.
    """
    asked = chips.cross_join(ibis.memtable({"on": list(days)})).mutate(destination=ibis.literal(destination))
    t = with_status(asked, rules)
    names = ("unrestricted", "case_by_case", "restricted", "unknown")
    return (
        t.group_by("on", "destination")
        .agg(**{name: (t.status == name).sum().cast("int64") for name in names})
        .order_by("on")
    )


# ------------------------------------------------------------------ parts


def _in_force(t: ir.Table, rule: Rule | Override) -> ir.BooleanValue:
    """Whether a rule holds on the row's date for the row's destination; never unknown."""
    return (t.on >= rule.start) & (t.on < rule.end) & t.destination.isin(rule.destinations)


def _held(t: ir.Table, rule: Rule) -> ir.BooleanValue:
    """Whether a rule controls the row's chip; null where a missing specification decides."""
    held = _in_force(t, rule) & _any([_met(t, limits) for limits in rule.when])
    if rule.unless is not None:
        held = held & ~_met(t, rule.unless).fill_null(False)
    return held


def _met(t: ir.Table, limits: Limits) -> ir.BooleanValue:
    tests = [
        compare(t[column], exact_literal(limit))
        for column, limit, compare in (
            ("tpp", limits.tpp_at_least, lambda a, b: a >= b),
            ("tpp", limits.tpp_below, lambda a, b: a < b),
            ("performance_density", limits.density_at_least, lambda a, b: a >= b),
            ("performance_density", limits.density_below, lambda a, b: a < b),
            ("memory_bandwidth_gb_per_s", limits.bandwidth_below, lambda a, b: a < b),
            ("interconnect_gb_per_s", limits.interconnect_below, lambda a, b: a < b),
        )
        if limit is not None
    ]
    return reduce(and_, tests, ibis.literal(True))


def _any(values: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(or_, values, ibis.literal(False))


def _first(choices: Sequence[tuple[ir.BooleanValue, str]]) -> ir.StringValue:
    """Return the text of the first choice that holds, null where none does."""
    if not choices:
        return ibis.null("string")
    return ibis.cases(*[(c, ibis.literal(text)) for c, text in choices], else_=ibis.null("string"))


def _reasons(
    t: ir.Table, rules: Sequence[Rule], prefix: str, where: ir.BooleanValue
) -> list[tuple[ir.BooleanValue, ir.StringValue]]:
    """Return why a rule holds, or cannot be told to hold, for each set of its limits."""
    said = []
    for i, rule in enumerate(rules):
        for limits in rule.when:
            holds = t[f"{prefix}{i}"] & _met(t, limits)
            said.append((where & holds, ibis.literal(str(limits) or "every chip")))
    for i, rule in enumerate(rules):
        unknown = t[f"{prefix}{i}"].isnull()
        said.append((where & unknown, ibis.literal(f"a number of {rule.id} is not stated")))
    return said


def _overrides(t: ir.Table, override: Override) -> ir.BooleanValue:
    words = "|".join(re.escape(name.lower()) for name in override.names)
    return _in_force(t, override) & t.chip.lower().re_search(f"(^|[^a-z0-9])({words})([^a-z0-9]|$)")


def _newest_first(overrides: Sequence[Override]) -> list[tuple[int, Override]]:
    return sorted(enumerate(overrides), key=lambda pair: (pair[1].start, pair[0]), reverse=True)

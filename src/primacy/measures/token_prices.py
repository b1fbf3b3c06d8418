"""Levels of token prices, what each model costs where, and what changes of price were."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.tokens import blended

__all__ = ["cheapest", "price_disagreements", "price_events", "price_levels"]


def price_levels(rows: ir.Table) -> ir.Table:
    """Return the level of blended prices of open, closed and unflagged rows.

    Parameters
    ----------
    rows
        From :func:`tokens`. Rows without a price do not count; a price of 0 does.

    Returns
    -------
    ibis.expr.types.Table
        open_weights, prices (rows), free (rows at 0), median_input, median_output, median_blended, lowest, highest
        (US dollars per million tokens), median_blended_paid (without the free ones).
    """
    priced = rows.filter(rows.blended.notnull())
    return (
        priced.group_by("open_weights")
        .agg(
            prices=priced.count(),
            free=(priced.blended == 0).sum(),
            median_input=priced.input.median(),
            median_output=priced.output.median(),
            median_blended=priced.blended.median(),
            median_blended_paid=priced.blended.median(where=priced.blended > 0),
            lowest=priced.blended.min(),
            highest=priced.blended.max(),
        )
        .order_by(ibis.desc("open_weights", nulls_first=False))
    )


def cheapest(rows: ir.Table) -> ir.Table:
    """Return, per model, three answers to what it costs: the cheapest host, the median host, and its maker.

    Parameters
    ----------
    rows
        From :func:`tokens`. Rows that share provider and model have no identity, and free rows no price; both are
        left out.

    Returns
    -------
    ibis.expr.types.Table
        key, model (an id), hosts (providers), cheapest_usd, cheapest_provider, median_usd, first_party_usd (null
        where the maker does not sell it), self_host_usd, break_even_utilization (against the cheapest host). Prices
        are blended, US dollars per million tokens.
    """
    priced = rows.filter(rows.blended > 0, rows.shared_key_rows == 1)
    by_price = ["blended", "provider", "model", "line"]
    placed = priced.mutate(place=ibis.row_number().over(group_by="key", order_by=by_price))
    lowest = placed.filter(placed.place == 0).select(
        "key",
        "model",
        cheapest_usd="blended",
        cheapest_provider="provider",
        self_host_usd="self_host_usd",
        break_even_utilization="break_even_utilization",
    )
    levels = priced.group_by("key").agg(
        hosts=priced.provider.nunique(),
        median_usd=priced.blended.median(),
        first_party_usd=priced.blended.min(where=priced.first_party),
    )
    return (
        lowest.join(levels, "key")
        .select(
            "key",
            "model",
            "hosts",
            "cheapest_usd",
            "cheapest_provider",
            "median_usd",
            "first_party_usd",
            "self_host_usd",
            "break_even_utilization",
        )
        .order_by("key")
    )


CORRECTED_WITHIN_DAYS = 7
"""A first change so soon after a model was listed is taken for a correction, if no document dates it."""

_SAME = 1e-9
"""Prices that differ by less are one price, written twice."""


def price_events(history: ir.Table) -> ir.Table:
    """Return each change of a price, told apart by what it was.

    Parameters
    ----------
    history
        The lake's ``token_price_history``.

    Returns
    -------
    ibis.expr.types.Table
        provider, model, tier, date, event, basis, and the blended price before and after (US dollars per million
        tokens), ratio (after over before). Events: ``listed`` (the first price); ``correction`` (the price now known
        held already when the first one was listed, or the first change, undated by any document, came within seven
        days of the listing);
        ``market`` (any other change); ``withdrawn`` and ``returned`` (no price from then on, or one again). What
        changes neither input nor output, such as the price of a cache, is no event.

    Notes
    -----
    In another catalogue about 58 % of first changes (95 % interval 41-75) were corrections of wrong entries, 86 % of
    those in the first week; hence the rule.
    """
    h = history.mutate(price=blended(history.input_usd_per_million, history.output_usd_per_million))
    in_order = ibis.window(group_by=["provider", "model", "tier"], order_by="position")
    h = h.mutate(
        before=h.price.lag().over(in_order),
        input_before=h.input_usd_per_million.lag().over(in_order),
        output_before=h.output_usd_per_million.lag().over(in_order),
        listed=h.valid_from.first().over(in_order),
        date=ibis.coalesce(h.start, h.valid_from),
    )
    changed = (h.position > 0) & (
        ((h.input_usd_per_million - h.input_before).abs() > _SAME)
        | ((h.output_usd_per_million - h.output_before).abs() > _SAME)
    ).fill_null(True)
    changed = changed & ~(h.price.isnull() & h.before.isnull())
    h = h.mutate(change=changed)
    in_order = ibis.window(group_by=["provider", "model", "tier"], order_by="position", following=0)
    h = h.mutate(changes=h.change.cast("int64").sum().over(in_order))
    day = h.date.substr(0, 10).cast("date")
    soon = day.delta(h.listed.substr(0, 10).cast("date"), unit="day") <= CORRECTED_WITHIN_DAYS
    undated = h.basis.fill_null("") != "documented"
    event = ibis.cases(
        (h.position == 0, "listed"),
        (h.price.isnull(), "withdrawn"),
        (h.before.isnull(), "returned"),
        ((h.changes == 1) & ((h.date <= h.listed) | (soon & undated)), "correction"),
        else_="market",
    )
    h = h.mutate(event=event).filter(h.change | ((h.position == 0) & h.price.notnull()))
    return h.select(
        "provider",
        "model",
        "tier",
        date=h.date.substr(0, 10),
        event="event",
        basis="basis",
        before="before",
        after="price",
        ratio=h.price / h.before.nullif(0.0),
    ).order_by("provider", "model", "tier", "date", "event")


def price_disagreements(rows: ir.Table, reference: ir.Table) -> ir.Table:
    """Return the prices on which two catalogues disagree for the same provider and model.

    Parameters
    ----------
    rows
        From :func:`primacy.measures.tokens.tokens`.
    reference
        The lake's ``reference_prices``; the newest price of each model is taken.

    Returns
    -------
    ibis.expr.types.Table
        provider, model, input, output, reference_input, reference_output (US dollars per million tokens), agree (both
        within a tenth of a per cent).
    """
    newest = ibis.row_number().over(
        group_by=["provider", "model"], order_by=ibis.desc("start", nulls_first=False)
    )
    latest = reference.mutate(place=newest).filter(ibis._.place == 0)
    latest = latest.select(
        "provider",
        "model",
        reference_input="input_usd_per_million",
        reference_output="output_usd_per_million",
    )
    t = rows.filter(rows.blended.notnull(), rows.shared_key_rows == 1).join(latest, ["provider", "model"])
    t = t.filter(t.reference_input.notnull(), t.reference_output.notnull())
    near = [
        (t[mine] - t[other]).abs() <= 1e-3 * t[other].abs()
        for mine, other in (("input", "reference_input"), ("output", "reference_output"))
    ]
    return t.select(
        "provider",
        "model",
        "input",
        "output",
        "reference_input",
        "reference_output",
        agree=near[0] & near[1],
    ).order_by("provider", "model")

"""Usable compute: how many tokens a country's installed capacity can give, and what a million of them costs.

A stated, simple model. Its formulae work on numbers, on arrays of draws and on Ibis columns alike:

    tokens a day = installed · allowed · utilization · efficiency · tokens_per_second · 86,400
    electricity  = kilowatts · PUE · power price / (tokens_per_second · 3600 · efficiency) · 10⁶
    cost         = hardware / (tokens_per_second · 3600 · efficiency · utilization) · 10⁶ + electricity

Installed capacity counts in H100-equivalents, everything else per H100-equivalent. A machine is paid for around the
clock and draws power while it serves; what it draws idle is left out. Electricity bounds the model: where that of a
million tokens costs more than the market pays for them, the capacity stands still.
"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from primacy.measures.clusters import operational
from primacy.measures.exact import exact_sum
from primacy.measures.export_rules import with_status
from primacy.sources.reference.export_rules import ExportRules

__all__ = ["allowed_capacity", "electricity_usd", "hardware_usd", "tokens_per_day"]

SECONDS_A_DAY = 86_400


def tokens_per_day(
    *, installed: Any, allowed: Any, utilization: Any, efficiency: Any, tokens_per_second: Any
) -> Any:
    """Return output tokens per day.

    Parameters
    ----------
    installed
        Capacity, H100-equivalents.
    allowed
        The part of it that export rules leave usable, 0 to 1.
    utilization
        The part of the time in which it serves tokens, 0 to 1.
    efficiency
        The part of the measured throughput that real traffic reaches, 0 to 1.
    tokens_per_second
        Measured output tokens per second of one H100.

    Examples
    --------
    >>> tokens_per_day(installed=10, allowed=0.5, utilization=0.5, efficiency=1.0, tokens_per_second=100)
    21600000.0
    """
    return installed * allowed * utilization * efficiency * tokens_per_second * SECONDS_A_DAY


def electricity_usd(
    *, kilowatts: Any, pue: Any, power_price: Any, efficiency: Any, tokens_per_second: Any
) -> Any:
    """Return what the electricity of a million tokens costs, US dollars.

    Parameters
    ----------
    kilowatts
        Power of one H100 and its part of the server, kilowatts.
    pue
        Power usage effectiveness of the data centre.
    power_price
        US dollars per kilowatt-hour.
    efficiency, tokens_per_second
        As in :func:`tokens_per_day`.
    """
    return kilowatts * pue * power_price / (tokens_per_second * 3600 * efficiency) * 1e6


def hardware_usd(*, hardware: Any, utilization: Any, efficiency: Any, tokens_per_second: Any) -> Any:
    """Return what the hardware of a million tokens costs, US dollars.

    ``hardware``: US dollars per H100 and hour for the machine, its network and its building, without electricity.

    Examples
    --------
    >>> hardware_usd(hardware=1.8, utilization=0.5, efficiency=1.0, tokens_per_second=1000)
    1.0
    """
    return hardware / (tokens_per_second * 3600 * efficiency * utilization) * 1e6


def allowed_capacity(clusters: ir.Table, chips: ir.Table, rules: ExportRules, *, on: str) -> ir.Table:
    """Return each country's installed capacity by whether its chips were allowed there when it began.

    Parameters
    ----------
    clusters, chips
        The lake's tables of these names.
    rules
        The export rules.
    on
        The day, ISO 8601.

    Returns
    -------
    ibis.expr.types.Table
        country; h100e (capacity of the clusters that count, H100-equivalents); confirmed, likely, unlikely (its
        parts by certainty); free (of h100e: chips unrestricted there on the cluster's first day, or no rule for
        the country), barred (restricted), open_question (status unknown, case by case, or no chip named).
    """
    rows = operational(clusters, on=on)
    rows = rows.filter(rows.country.notnull(), rows.h100_equivalents.notnull())
    first = ibis.row_number().over(group_by="chip", order_by="line")
    one = chips.mutate(place=first).filter(ibis._.place == 0)
    numbers = one.select(
        "chip",
        "tpp",
        "die_mm2",
        "memory_bandwidth_gb_per_s",
        "interconnect_gb_per_s",
        known=ibis.literal(True),
    )
    asked = rows.left_join(numbers, "chip").select(
        "country",
        "certainty",
        "tpp",
        "die_mm2",
        "memory_bandwidth_gb_per_s",
        "interconnect_gb_per_s",
        chip=rows.chip.fill_null(""),
        value="h100_equivalents",
        on="first_operational",
        destination="country",
    )
    told = with_status(asked, rules)
    free = (told.status == "unrestricted") | (told.rule == "none in force")
    told = told.mutate(
        state=ibis.cases((free, "free"), (told.status == "restricted", "barred"), else_="open_question"),
        certainty=told.certainty.fill_null("likely"),
    )

    def part(column: ir.StringValue, value: str) -> ir.FloatingScalar:
        return exact_sum(ibis.ifelse(column == value, told.value, 0.0), large=True)

    return (
        told.group_by("country")
        .agg(
            h100e=exact_sum(told.value, large=True),
            confirmed=part(told.certainty, "confirmed"),
            likely=part(told.certainty, "likely"),
            unlikely=part(told.certainty, "unlikely"),
            free=part(told.state, "free"),
            barred=part(told.state, "barred"),
            open_question=part(told.state, "open_question"),
        )
        .order_by(ibis.desc("h100e"), "country")
    )

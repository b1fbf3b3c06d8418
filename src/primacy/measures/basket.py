"""Count and Share over a basket of journals, as the Nature Index defines them, on open data.

With N the authors of an article and M the distinct institutions of an author, every institution gets 1/(N*M) for each
author and mention: its Share is the sum over the articles, its Count the number of articles with any of it. Nothing is
scaled up for what is missing: credit that resolves to nobody is a row of its own, ``unassigned``, so that the Shares of
a partition of the world (countries, institutions, sectors, subjects) sum to the number of articles.

The measures hand each other these tables:

*articles*: work_id, year, date, source_id, venue (the place of its journal in the basket).
*placed*: subject (``all``, or one), period (a year, or the number of a month), venue, work_id.
*credit*: work_id, unit, credit; one row per article and unit, the credits of an article sum to 1.
*cells*: subject, period, venue, unit, count, share: sums of credit, from which everything else follows.
*volumes*: subject, period, venue, articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_sum
from primacy.measures.share import rank_of

__all__ = [
    "ALL",
    "GROUP",
    "PREFIXES",
    "UNASSIGNED",
    "BasketKind",
    "articles",
    "by_month",
    "by_year",
    "cells",
    "collaboration",
    "members",
    "research_articles",
    "shares",
    "subjects",
    "volumes",
    "with_subjects",
]

BasketKind: TypeAlias = Literal["institution", "country", "bloc", "sector", "subject"]

UNASSIGNED = "unassigned"
"""The unit of all credit that resolves to no unit."""

ALL = "all"
"""The subject of every article."""

GROUP = ("subject", "period")

DIGITS = 9
"""Shares that agree to so many decimals are equal in rank: thirds that were added in another way differ beyond."""

PREFIXES = (
    "correction",
    "erratum",
    "corrigendum",
    "reply",
    "editorial",
    "obituary",
    "retraction",
    "author correction",
    "publisher correction",
)
"""An article whose title begins with one of these, in whatever case, is none."""


def members(sources: ir.Table, issns: ir.Table) -> ir.Table:
    """Return the sources that carry any ISSN of a basket.

    Parameters
    ----------
    sources
        The lake's ``sources``: source_id, issns.
    issns
        venue, issn (with hyphen); an ISSN stands once.

    Returns
    -------
    ibis.expr.types.Table
        source_id, venue: one row per source and venue. A venue may have no source, or several; a source that
        carries ISSNs of two venues stands with both.
    """
    each = sources.select("source_id", issn=sources.issns.unnest())
    each = each.mutate(key=each.issn.upper().replace("-", ""))
    wanted = issns.select("venue", key=issns.issn.replace("-", ""))
    return each.join(wanted, "key").select("source_id", "venue").distinct()


def research_articles(works: ir.Table) -> ir.Table:
    """Return works of type article, with a year, that are not retracted, paratext or of the expansion set."""
    return works.filter(
        works.type == "article",
        ~works.is_retracted,
        ~works.is_paratext,
        ~works.is_xpac,
        works.year.notnull(),
    )


def articles(works: ir.Table, texts: ir.Table, members: ir.Table) -> ir.Table:
    """Return the articles of a basket.

    The :func:`research_articles` in its sources whose title begins with none of ``PREFIXES``.

    Parameters
    ----------
    works, texts
        The lake's ``works`` and ``texts``.
    members
        From :func:`members`; a source in two venues counts for the first.

    Returns
    -------
    ibis.expr.types.Table
        work_id, year, date, source_id, venue.
    """
    homes = members.group_by("source_id").agg(venue=members.venue.min())
    keep = research_articles(works).join(homes, "source_id")
    title = texts.title.lower().lstrip()
    begins = [title.startswith(prefix) for prefix in PREFIXES]
    excluded = texts.filter(ibis.or_(*begins)).select("work_id")
    return keep.anti_join(excluded, "work_id").select("work_id", "year", "date", "source_id", "venue")


def by_year(articles: ir.Table, years: Iterable[int] | None = None) -> ir.Table:
    """Place articles in their publication years; only in those named, where any are."""
    kept = articles if years is None else articles.filter(articles.year.isin(sorted(years)))
    return kept.select("venue", "work_id", "year", subject=ibis.literal(ALL), period=kept.year.cast("int64"))


def by_month(articles: ir.Table, months: Sequence[int]) -> ir.Table:
    """Place articles in the twelve months that end with each of some months.

    Parameters
    ----------
    articles
        Their ``date`` decides; an article without one is in no month.
    months
        Numbers of the last months: 12 x year + month - 1.

    Returns
    -------
    ibis.expr.types.Table
        *placed*, the period being the number of the last month.
    """
    ends = ibis.memtable({"period": sorted(months)}, schema={"period": "int64"})
    dated = articles.filter(articles.date.notnull())
    month = dated.date[0:4].cast("int64") * 12 + dated.date[5:7].cast("int64") - 1
    dated = dated.mutate(month=month)
    inside = dated.join(ends, [dated.month <= ends.period, dated.month > ends.period - 12])
    return inside.select("venue", "work_id", "year", "period", subject=ibis.literal(ALL))


def subjects(
    articles: ir.Table, venues: ir.Table, work_topics: ir.Table, topics: ir.Table, fields: ir.Table
) -> ir.Table:
    """Return the subjects of articles.

    An article of a journal with one or two subjects belongs to those. In a journal with more, or with none stated, it
    belongs to the subject of its primary topic's field, where the journal has that subject.

    Parameters
    ----------
    venues
        venue, subject; none for a venue whose subjects are not stated.
    work_topics, topics
        The lake's.
    fields
        field, subject, place: the subjects of OpenAlex's fields, the best first.

    Returns
    -------
    ibis.expr.types.Table
        work_id, subject. An article may have two, or no row.
    """
    sizes = venues.group_by("venue").agg(stated=venues.subject.nunique())
    special = venues.semi_join(sizes.filter(sizes.stated <= 2), "venue").distinct()
    whole = articles.join(special, "venue").select("work_id", "subject")

    general = articles.anti_join(special, "venue").select("work_id", "venue")
    primary = work_topics.filter(work_topics.is_primary).select("work_id", "topic_id")
    topical = general.join(primary, "work_id").join(topics.select("topic_id", "field"), "topic_id")
    offered = topical.join(fields, "field").select("work_id", "venue", "subject", "place")
    stated = offered.left_join(sizes, "venue").select(*offered.columns, "stated")
    allowed = stated.filter(stated.stated.isnull()).union(stated.semi_join(venues, ["venue", "subject"]))
    first = allowed.group_by("work_id").agg(subject=allowed.subject.argmin(allowed.place))
    return whole.union(first)


def with_subjects(placed: ir.Table, subjects: ir.Table) -> ir.Table:
    """Add, to articles placed under ``all``, their places under each subject."""
    each = placed.drop("subject").join(subjects, "work_id").select(*placed.columns)
    return placed.union(each)


def volumes(placed: ir.Table) -> ir.Table:
    """Return the number of articles: subject, period, venue, articles."""
    return placed.group_by(*GROUP, "venue").agg(articles=placed.count())


def cells(placed: ir.Table, credit: ir.Table) -> ir.Table:
    """Return what every unit has in every journal: subject, period, venue, unit, count, share."""
    rows = placed.join(credit, "work_id")
    return rows.group_by(*GROUP, "venue", "unit").agg(count=rows.count(), share=exact_sum(rows.credit))


def shares(cells: ir.Table, volumes: ir.Table, *, step: int = 1) -> ir.Table:
    """Return Count, Share and the change of Share.

    Parameters
    ----------
    cells, volumes
        Of the periods asked for and of those before them.
    step
        How far back the period before lies: 1 year, or 12 months.

    Returns
    -------
    ibis.expr.types.Table
        subject, period, unit; count (articles); share (sum of credit); rank (by Share; null for ``unassigned``);
        articles (of the period); previous_share; adjusted_share (Share on the number of articles of the period
        before); adjusted_change (per cent: 100 x (articles before / articles now x Share / Share before - 1); null
        where there is no Share before, and for ``unassigned``); equalised_share (as if every journal had the same
        number of articles). Every period with articles has a row ``unassigned``.
    """
    whole = volumes.group_by(*GROUP).agg(articles=volumes.articles.sum(), journals=volumes.count())
    rate = cells.join(volumes, [*GROUP, "venue"])
    rate = rate.mutate(part=rate.share / rate.articles.cast("float64"))
    sums = rate.group_by(*GROUP, "unit").agg(
        count=rate["count"].sum(), share=exact_sum(rate.share, large=True), parts=exact_sum(rate.part)
    )
    nobody = whole.select(
        *GROUP,
        unit=ibis.literal(UNASSIGNED),
        count=ibis.literal(0, "int64"),
        share=ibis.literal(0.0),
        parts=ibis.literal(0.0),
    ).anti_join(sums, [*GROUP, "unit"])
    sums = sums.union(nobody)
    now = sums.join(whole, list(GROUP)).select(
        *sums.columns, "articles", equalised_share=ibis._.articles / ibis._.journals * ibis._.parts
    )
    before = sums.select("subject", "unit", period=sums.period + step, previous_share=sums.share)
    before_whole = whole.select("subject", period=whole.period + step, previous_articles=whole.articles)
    table = now.left_join(before, ["subject", "unit", "period"]).select(*now.columns, "previous_share")
    table = table.left_join(before_whole, list(GROUP)).select(*table.columns, "previous_articles")
    assigned = table.unit != UNASSIGNED
    adjusted = table.share * table.previous_articles / table.articles
    known = assigned & (table.previous_share > 0)
    table = table.mutate(
        adjusted_share=adjusted,
        adjusted_change=ibis.cases((known, 100.0 * (adjusted / table.previous_share.nullif(0.0) - 1.0))),
        assigned=assigned,
    )
    place = rank_of(table.share.round(DIGITS), [*GROUP, "assigned"])
    return table.select(
        *GROUP,
        "unit",
        "count",
        "share",
        "articles",
        "previous_share",
        "adjusted_share",
        "adjusted_change",
        "equalised_share",
        rank=ibis.cases((table.assigned, place)),
    )


def collaboration(placed: ir.Table, credit: ir.Table, units: ir.Table) -> ir.Table:
    """Return the collaboration score of pairs: what the two get together from the articles that both sign.

    Parameters
    ----------
    placed, credit
        The articles and their credit.
    units
        unit: those whose partners are asked for.

    Returns
    -------
    ibis.expr.types.Table
        subject, period, unit, partner, count (articles that both sign), unit_share, partner_share, score (their sum).
    """
    known = credit.filter(credit.unit != UNASSIGNED)
    left = known.semi_join(units, "unit").select("work_id", "unit", mine=known.credit)
    right = known.select("work_id", partner=known.unit, theirs=known.credit)
    pairs = left.join(right, "work_id").filter(ibis._.unit != ibis._.partner)
    rows = placed.join(pairs, "work_id")
    sums = rows.group_by(*GROUP, "unit", "partner").agg(
        count=rows.count(), unit_share=exact_sum(rows.mine), partner_share=exact_sum(rows.theirs)
    )
    return sums.mutate(score=sums.unit_share + sums.partner_share)

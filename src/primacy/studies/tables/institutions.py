"""Result tables of the institutions study; Count and Share are those of ``docs/institutions.md``."""

from __future__ import annotations

from primacy.lake.schema import Column, Table

BASKET = Column("basket", "string", "id of the list of journals", nullable=False)
YEAR = Column("year", "int32", "publication year, or that of the last month of the period", nullable=False)
UNIT_KIND = Column("unit_kind", "string", "institution | country | bloc | sector | subject", nullable=False)
UNIT = Column(
    "unit",
    "string",
    "OpenAlex id of an institution, ISO 3166-1 alpha-2, id of a bloc, name of a sector or subject, or unassigned",
    nullable=False,
)
NAME = Column("name", "string", "its name; null for unassigned")
COUNTRY = Column("country", "string", "ISO 3166-1 alpha-2 of an institution or country")
SUBJECT = Column("subject", "string", "the subject whose articles count, or all")
PERIOD = Column("period", "string", "a year, or first and last month of twelve: 2023-07/2024-06")
COUNT = Column("count", "int64", "articles with any of the unit's authors", unit="articles")
SHARE = Column("share", "double", "sum of the unit's credit over the articles", unit="articles")
PREVIOUS_SHARE = Column("previous_share", "double", "Share of the period before", unit="articles")
RANK = Column("rank", "int64", "1 + number of units with a larger Share; null for unassigned")

_HEAD = (BASKET, YEAR, UNIT_KIND, UNIT, NAME, COUNTRY)
_TAIL = (
    Column("split", "string", "an author's part is divided over: institution | affiliation", nullable=False),
    Column("rollup", "string", "whose row credit is: none | parents | systems", nullable=False),
    Column("division", "string", "with a roll-up, divided before or after credit goes up", nullable=False),
    Column("basket_version", "string", "digest of the list", nullable=False),
)

_BASKET = (
    *_HEAD,
    COUNT,
    SHARE,
    RANK,
    Column(
        "adjusted_change",
        "double",
        "change of Share since the period before, as if the basket had as many articles",
        unit="per cent",
    ),
    Column("low", "double", "2.5 percentile of Share over bootstrap replicates of articles", unit="articles"),
    Column("high", "double", "97.5 percentile of Share over the replicates", unit="articles"),
    Column("rank_low", "int64", "2.5 percentile of rank over the replicates: the best it may be"),
    Column("rank_high", "int64", "97.5 percentile of rank over the replicates"),
    Column("change_low", "double", "2.5 percentile of adjusted_change over the replicates", unit="per cent"),
    Column(
        "change_high", "double", "97.5 percentile of adjusted_change over the replicates", unit="per cent"
    ),
    SUBJECT,
    PERIOD,
    Column("articles", "int64", "articles of the basket in the period", unit="articles"),
    PREVIOUS_SHARE,
    Column(
        "adjusted_share",
        "double",
        "Share on the number of articles of the period before",
        unit="articles",
    ),
    Column(
        "equalised_share",
        "double",
        "Share as if every journal had the same number of articles",
        unit="articles",
    ),
    *_TAIL,
)
_BASKET_KEY = ("basket", "unit_kind", "unit", "subject", "period")

EVERY_YEAR = Table("basket", "a unit in a year", _BASKET, key=_BASKET_KEY)
SUBJECTS = Table(
    "basket_subjects", "an institution or country in a year and subject", _BASKET, key=_BASKET_KEY
)
ROLLING = Table(
    "basket_rolling", "a unit in the twelve months that end with a month", _BASKET, key=_BASKET_KEY
)

GROWTH = Table(
    "basket_growth",
    "a unit's growth up to a year, by three indices",
    (
        *_HEAD,
        Column("base_year", "int32", "the year in which the indices are 100", unit="year"),
        SHARE,
        Column("adjusted_index", "double", "Share over the number of articles", unit="base year = 100"),
        Column(
            "fixed_index",
            "double",
            "journals as large as in the base year (Laspeyres)",
            unit="base year = 100",
        ),
        Column(
            "chain_index", "double", "the product of the changes from year to year", unit="base year = 100"
        ),
        *_TAIL,
    ),
    key=("basket", "unit_kind", "unit", "year"),
)

DECOMPOSITION = Table(
    "basket_decomposition",
    "the change of a unit's Share in a year, taken apart exactly (Bennet)",
    (
        *_HEAD,
        SHARE,
        PREVIOUS_SHARE,
        Column("change", "double", "share less previous_share", unit="articles"),
        Column("volume", "double", "the part that the size of the basket explains", unit="articles"),
        Column("within", "double", "the part of having more or less of each journal", unit="articles"),
        Column("mix", "double", "the part of journals weighing more or less", unit="articles"),
        Column(
            "turnover", "double", "of mix, that of journals that publish in one year only", unit="articles"
        ),
        *_TAIL,
    ),
    key=("basket", "unit_kind", "unit", "year"),
)

JOURNALS = Table(
    "basket_journals",
    "what a leading unit has from a journal, and where it would stand without it",
    (
        *_HEAD,
        Column("venue", "string", "the journal or conference", nullable=False),
        COUNT,
        Column("share", "double", "Share from this journal", unit="articles"),
        Column("part", "double", "of the unit's whole Share", unit="share"),
        Column("unit_share", "double", "the unit's whole Share", unit="articles"),
        RANK,
        Column("share_without", "double", "Share without the journal", unit="articles"),
        Column("rank_without", "int64", "rank without the journal"),
        Column("rank_change", "int64", "places lost without it"),
        *_TAIL,
    ),
    key=("basket", "unit_kind", "unit", "year", "venue"),
)

PARTNERS = Table(
    "basket_partners",
    "a leading unit and one that it writes with",
    (
        *_HEAD,
        SUBJECT,
        PERIOD,
        Column("partner", "string", "the other unit", nullable=False),
        Column("partner_name", "string", "its name"),
        Column("partner_country", "string", "ISO 3166-1 alpha-2"),
        Column("count", "int64", "articles that both sign", unit="articles"),
        Column("score", "double", "what both get together from these articles", unit="articles"),
        Column("unit_share", "double", "the unit's part of that", unit="articles"),
        Column("partner_share", "double", "the partner's part of that", unit="articles"),
        Column("rank", "int64", "place among the unit's partners, by score"),
        *_TAIL,
    ),
    key=("basket", "unit_kind", "unit", "year", "partner"),
)

RELATIVE = Table(
    "basket_relative",
    "a unit's Share in relation to its size",
    (
        *_HEAD,
        Column("relative_to", "string", "what the Share is related to: articles, or a column of your file"),
        Column("denominator", "double", "how much of that the unit has"),
        SHARE,
        Column("per_thousand", "double", "1000 x share / denominator"),
        Column("rank", "int64", "by per_thousand, among units that have the denominator"),
        Column("size_rank", "int64", "by Share"),
        *_TAIL,
    ),
    key=("basket", "unit_kind", "unit", "year", "relative_to"),
)

LISTS = Table(
    "basket_lists",
    "a unit in a year under two lists of journals",
    (
        BASKET,
        Column("other_basket", "string", "id of the other list", nullable=False),
        *_HEAD[1:],
        COUNT,
        SHARE,
        RANK,
        Column("part", "double", "Share over the articles of the list", unit="per cent"),
        Column("other_count", "int64", "count under the other list", unit="articles"),
        Column("other_share", "double", "Share under the other list", unit="articles"),
        Column("other_rank", "int64", "rank under the other list"),
        Column("other_part", "double", "part under the other list", unit="per cent"),
        Column("of_list", "double", "share less other_share: what the list changes", unit="articles"),
        Column(
            "other_previous_share",
            "double",
            "Share of the year before, under the other list",
            unit="articles",
        ),
        Column("of_units", "double", "other_share less other_previous_share", unit="articles"),
        Column("rank_difference", "int64", "rank less other_rank"),
        *_TAIL,
    ),
    key=("basket", "other_basket", "unit_kind", "unit", "year"),
)

VENUES = Table(
    "basket_venues",
    "a venue of the list, and which source of the lake it is",
    (
        BASKET,
        _TAIL[-1],
        Column("venue", "string", "name in the list", nullable=False),
        Column("issns", "list<string>", "its ISSNs in the list"),
        Column(
            "status",
            "string",
            "found | not found | ambiguous (several sources carry its ISSNs, or one that another venue has too)",
        ),
        Column("sources", "list<string>", "OpenAlex ids of its sources"),
        Column("source_names", "list<string>", "their names"),
        Column("detail", "string", "why it is ambiguous or not found"),
        Column("subset", "string", "which of its articles the original index counts, where not all"),
        Column("articles_2019", "int64", "how many the list's maker counted in 2019", unit="articles"),
        Column("articles", "int64", "articles in the lake", unit="articles"),
        Column("first_year", "int64", "first year with an article in the lake", unit="year"),
        Column("last_year", "int64", "last year with an article in the lake", unit="year"),
    ),
    key=("basket", "venue"),
)

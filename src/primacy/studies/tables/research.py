"""Result tables of the research study."""

from __future__ import annotations

from primacy.lake.schema import Column, Table

TECHNOLOGY = Column("technology", "string", "id of the technology", nullable=False)
WINDOW = Column("window", "string", "publication years, first-last", nullable=False)
YEAR = Column("year", "int32", "publication year", nullable=False)
UNIT_KIND = Column("unit_kind", "string", "country | bloc | institution", nullable=False)
UNIT = Column(
    "unit", "string", "ISO 3166-1 alpha-2 of a country, id of a bloc, OpenAlex id of an institution"
)
PAPERS = Column("papers", "double", "sum of the unit's credit over all works of the set", unit="papers")
HIGH_IMPACT = Column(
    "high_impact", "double", "sum of credit x score over the most cited works", unit="papers"
)
SHARE = Column("share", "double", "high_impact over the sum of scores of the works counted", unit="share")
LOW = Column("low", "double", "2.5 percentile of share over bootstrap replicates of works", unit="share")
HIGH = Column("high", "double", "97.5 percentile of share over bootstrap replicates of works", unit="share")
RANK = Column("rank", "int64", "1 + number of units of its kind with a larger share")

_MEASURED = (
    PAPERS,
    HIGH_IMPACT,
    SHARE,
    LOW,
    HIGH,
    RANK,
    Column("h_index", "int64", "H-index over the works of the set on which the unit is present"),
    Column("name", "string", "name of an institution; null for countries and blocs"),
    Column("rank_low", "int64", "2.5 percentile of rank over the replicates: the best it may be"),
    Column("rank_high", "int64", "97.5 percentile of rank over the replicates"),
    Column("h_low", "int64", "2.5 percentile of h_index over the replicates"),
    Column("h_high", "int64", "97.5 percentile of h_index over the replicates"),
    Column(
        "probability", "double", "part of the replicates in which the unit is first of its kind", unit="share"
    ),
    Column(
        "top_papers",
        "int64",
        "highly cited works on which the unit is present, those in part included",
        unit="papers",
    ),
    Column("few", "bool", "top_papers is below ten: low and high are too narrow; quote beta_low, beta_high"),
    Column(
        "beta_low",
        "double",
        "lower end of the 95 % beta interval, which holds for few papers too",
        unit="share",
    ),
    Column(
        "beta_high",
        "double",
        "upper end of the 95 % beta interval, which holds for few papers too",
        unit="share",
    ),
    Column(
        "country", "string", "country of an institution as its record has it; null for countries and blocs"
    ),
)

SHARES = Table(
    "shares",
    "a unit in a technology and window",
    (TECHNOLOGY, UNIT_KIND, UNIT, WINDOW, *_MEASURED),
    key=("technology", "unit_kind", "unit", "window"),
)

YEARLY = Table(
    "yearly",
    "a unit in a technology and a single year",
    (TECHNOLOGY, UNIT_KIND, UNIT, YEAR, *_MEASURED),
    key=("technology", "unit_kind", "unit", "year"),
)

OVERALL = Table(
    "overall",
    "a unit in a window, or a single year, over all technologies together; a work counts in each of its technologies",
    (
        WINDOW,
        UNIT,
        PAPERS,
        HIGH_IMPACT,
        SHARE,
        Column(
            "technologies_led",
            "int64",
            "in how many technologies its share is the largest",
            unit="technologies",
        ),
        RANK,
        UNIT_KIND,
        LOW,
        HIGH,
    ),
    key=("window", "unit_kind", "unit"),
)

LEADS = Table(
    "leads",
    "the leading country of a technology in a window, and how surely it leads",
    (
        TECHNOLOGY,
        WINDOW,
        Column("leader", "string", "the country with the largest share"),
        Column("leader_share", "double", "its share", unit="share"),
        Column("runner_up", "string", "the country with the second largest share"),
        Column("runner_up_share", "double", "its share", unit="share"),
        Column("margin", "double", "first share less second", unit="share"),
        Column("margin_low", "double", "2.5 percentile of margin over the replicates", unit="share"),
        Column("margin_high", "double", "97.5 percentile of margin over the replicates", unit="share"),
        Column(
            "lead_ratio", "double", "first share over second; null where there is no second", unit="times"
        ),
        Column("lead_ratio_low", "double", "2.5 percentile of lead_ratio over the replicates", unit="times"),
        Column(
            "lead_ratio_high", "double", "97.5 percentile of lead_ratio over the replicates", unit="times"
        ),
        Column(
            "top10_in_leader",
            "int64",
            "how many of the ten leading institutions are in the leading country",
            unit="institutions",
        ),
        Column("monopoly_risk", "string", "high | medium | low, by top10_in_leader and lead_ratio"),
        Column("monopoly_risk_low", "string", "2.5 percentile of monopoly_risk over the replicates"),
        Column("monopoly_risk_high", "string", "97.5 percentile of monopoly_risk over the replicates"),
        Column(
            "monopoly_risk_stability",
            "double",
            "part of the replicates with the same monopoly_risk",
            unit="share",
        ),
        Column(
            "top10_in_leader_rolled_up",
            "int64",
            "top10_in_leader with institutions as their topmost ancestors",
            unit="institutions",
        ),
        Column("monopoly_risk_rolled_up", "string", "monopoly_risk by top10_in_leader_rolled_up"),
        Column(
            "probability",
            "double",
            "part of all replicates under all universes in which the leader leads; the verdict rests on it",
            unit="share",
        ),
        Column(
            "bootstrap_probability",
            "double",
            "part of the replicates of the main method in which the leader leads",
            unit="share",
        ),
        Column(
            "ahead_of_runner_up",
            "double",
            "part of the replicates in which the leader is ahead of the runner-up",
            unit="share",
        ),
        Column("robustness", "double", "part of the universes in which the leader leads", unit="share"),
        Column("universes", "int64", "how many methods were tried", unit="methods"),
        Column("challenger", "string", "the other country that leads in most universes"),
        Column("challenger_robustness", "double", "part of the universes in which it leads", unit="share"),
        Column("verdict", "string", "leads | ahead, contestable | contested | too few papers"),
        Column("papers", "int64", "works of the technology in the window", unit="papers"),
        Column("high_impact", "double", "sum of their scores", unit="papers"),
        Column("coverage", "double", "part of the works that have a country", unit="share"),
        Column("trend", "double", "slope of the leader's yearly share over the window", unit="share a year"),
        Column("trend_low", "double", "2.5 percentile of trend over the replicates", unit="share a year"),
        Column("trend_high", "double", "97.5 percentile of trend over the replicates", unit="share a year"),
    ),
    key=("technology", "window"),
)

PAIRWISE = Table(
    "pairwise",
    "two of the ten leading countries, or institutions, of a technology in a window; every pair both ways",
    (
        TECHNOLOGY,
        WINDOW,
        UNIT_KIND,
        UNIT,
        Column("other", "string", "the unit that it is compared with", nullable=False),
        Column(
            "probability",
            "double",
            "part of the replicates in which the share of unit exceeds that of other; a level pair counts half",
            unit="share",
        ),
        Column("difference", "double", "share of unit less share of other", unit="share"),
        Column("low", "double", "2.5 percentile of difference over the replicates", unit="share"),
        Column("high", "double", "97.5 percentile of difference over the replicates", unit="share"),
        RANK,
        Column("other_rank", "int64", "rank of other"),
    ),
    key=("technology", "window", "unit_kind", "unit", "other"),
)

CHOICES = Table(
    "choices",
    "an option of a choice of the method: what it does to a lead",
    (
        TECHNOLOGY,
        WINDOW,
        Column("choice", "string", "the choice: top, ties, counting, …", nullable=False),
        Column("option", "string", "one of its options", nullable=False),
        Column(
            "robustness",
            "double",
            "part of the universes with this option in which the leader leads",
            unit="share",
        ),
        Column(
            "margin", "double", "mean over them of the leader's share less the best other share", unit="share"
        ),
        Column("universes", "int64", "how many universes have this option", unit="methods"),
        Column(
            "first_order",
            "double",
            "part of the variance of the lead that the choice explains alone",
            unit="share",
        ),
        Column("total", "double", "that part with its interactions with other choices", unit="share"),
    ),
    key=("technology", "window", "choice", "option"),
)

CURVE = Table(
    "curve",
    "the specification curve of a lead: a place among all defensible methods, sorted by how far the leader is ahead",
    (
        TECHNOLOGY,
        WINDOW,
        Column(
            "place",
            "double",
            "part of the methods with no larger margin, 0 to 1",
            nullable=False,
            unit="share",
        ),
        Column(
            "margin", "double", "the leader's share less the best other share", nullable=False, unit="share"
        ),
    ),
    key=("technology", "window", "place"),
)

SHARE_DRAWS = Table(
    "share_draws",
    "a country's share in every joint draw of a method and of works, newest window; one per cent and more on average",
    (
        TECHNOLOGY,
        WINDOW,
        UNIT,
        Column("shares", "list<double>", "one per draw; at one place in all lists of a technology: one draw"),
    ),
    key=("technology", "window", "unit"),
)

CROSSINGS = Table(
    "crossings",
    "one country that overtook another, or may have, in a technology",
    (
        TECHNOLOGY,
        Column("overtaker", "string", "the country that is ahead at the end"),
        Column("overtaken", "string", "the country that was ahead before"),
        Column(
            "status",
            "string",
            "crossed | always (ahead in every year) | not yet | contested (in the last year neither is surely ahead)",
        ),
        Column("year", "int64", "first year from which the overtaker stays ahead", unit="year"),
        Column(
            "low",
            "int64",
            "2.5 percentile of year over the replicates; null where it lies outside the series",
            unit="year",
        ),
        Column(
            "high",
            "int64",
            "97.5 percentile of year over the replicates; null where it lies outside the series",
            unit="year",
        ),
        Column(
            "since",
            "int64",
            "where contested: the first year from which neither is surely ahead",
            unit="year",
        ),
        Column(
            "probability",
            "double",
            "part of the replicates in which the overtaker is ahead in the last year",
            unit="share",
        ),
    ),
    key=("technology", "overtaker", "overtaken"),
)

CROSSING_YEARS = Table(
    "crossing_years",
    "how probable a year is as the one from which an overtaker stays ahead",
    (
        TECHNOLOGY,
        Column("overtaker", "string", "the country that is ahead at the end", nullable=False),
        Column("overtaken", "string", "the country that was ahead before", nullable=False),
        Column("year", "int64", "the year; null for a crossing that does not come", unit="year"),
        Column("probability", "double", "part of the replicates with this answer", unit="share"),
    ),
    key=("technology", "overtaker", "overtaken", "year"),
)

TRENDS = Table(
    "trends",
    "the slope of a country's share within a window",
    (
        TECHNOLOGY,
        WINDOW,
        UNIT,
        Column("slope", "double", "least-squares slope of the yearly shares", unit="share a year"),
        Column("low", "double", "2.5 percentile of slope over the replicates", unit="share a year"),
        Column("high", "double", "97.5 percentile of slope over the replicates", unit="share a year"),
    ),
    key=("technology", "window", "unit"),
)

HOME_BIAS = Table(
    "home_bias",
    "a country's share with and without citations from a work's own countries",
    (
        TECHNOLOGY,
        WINDOW,
        UNIT,
        Column("share", "double", "by the citations that records state", unit="share"),
        Column("share_lake", "double", "by the citations that the lake holds", unit="share"),
        Column("share_foreign", "double", "of those, by the ones from abroad only", unit="share"),
        Column(
            "home_bias", "double", "share_lake less share_foreign: what domestic citations add", unit="share"
        ),
        Column("rank", "int64", "1 + number of countries with a larger share"),
        Column("rank_foreign", "int64", "1 + number of countries with a larger share_foreign"),
    ),
    key=("technology", "window", "unit"),
)

COVERAGE = Table(
    "coverage",
    "how much of a technology and year can be attributed to a country",
    (
        TECHNOLOGY,
        YEAR,
        Column("works", "int64", "works that count, before any drops out", unit="papers"),
        Column("works_without_country", "int64", "those whose authors have no country", unit="papers"),
        Column("coverage", "double", "part of the works with a country", unit="share"),
        Column("lost", "double", "part of the works' credit that resolves to no country", unit="share"),
        Column(
            "works_without_first_author",
            "int64",
            "works that mark no first author: counting by first authors credits nobody for them",
            unit="papers",
        ),
        Column(
            "works_without_corresponding_author",
            "int64",
            "works that mark no corresponding author: counting by these credits nobody for them",
            unit="papers",
        ),
    ),
    key=("technology", "year"),
)

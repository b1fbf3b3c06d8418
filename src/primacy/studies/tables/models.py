"""Result tables of the models study."""

from __future__ import annotations

from primacy.lake.schema import Column, Table

SNAPSHOT = Column("snapshot", "string", "day of the snapshot, ISO 8601", nullable=False)
POPULATION = Column(
    "population", "string", "which models count: all, mainline, text-generation, …", nullable=False
)
MEASURE = Column(
    "measure",
    "string",
    "downloads_30d | downloads_all | downloads_12m | downloads_first_year",
    nullable=False,
)
BY = Column(
    "by", "string", "publisher (the model's own account) | origin (the roots of its lineage)", nullable=False
)
UNIT = Column("unit", "string", "region, country, owner or account; unattributed where it is not listed")
DOWNLOADS = Column("downloads", "double", "downloads; parts of them by origin", unit="downloads")
SHARE = Column("share", "double", "of all downloads that count, mapped or not", unit="share")
RANK = Column("rank", "int64", "1 + number of units with a larger share")
MODELS = Column("models", "int64", "models with a part in it", unit="models")
TOTAL = Column("total", "double", "the denominator: all downloads that count", unit="downloads")
COVERAGE = Column("coverage", "double", "part of the downloads whose account is listed", unit="share")
MODEL = Column("model_id", "string", "repository id, namespace/name", nullable=False)

_ADOPTION = (
    BY,
    MEASURE,
    POPULATION,
    Column("unit_kind", "string", "region | country | organization | owner", nullable=False),
    UNIT,
    DOWNLOADS,
    SHARE,
    RANK,
    MODELS,
    TOTAL,
    COVERAGE,
    SNAPSHOT,
)
_ADOPTION_KEY = ("population", "measure", "by", "unit_kind", "unit")

ADOPTION = Table("adoption", "a unit's downloads in the newest snapshot", _ADOPTION, key=_ADOPTION_KEY)
HISTORY = Table(
    "adoption_history", "a region's downloads in a snapshot", _ADOPTION, key=(*_ADOPTION_KEY, "snapshot")
)

CONCENTRATION = Table(
    "concentration",
    "how concentrated the downloads are at a level",
    (
        Column("level", "string", "model | organization | owner | country | region", nullable=False),
        BY,
        MEASURE,
        POPULATION,
        Column(
            "hhi",
            "double",
            "Herfindahl-Hirschman index, the unattributed as one unit",
            unit="0 to 10,000",
        ),
        Column(
            "hhi_low",
            "double",
            "the same with the unattributed spread over countless units",
            unit="0 to 10,000",
        ),
        Column("gini", "double", "Gini coefficient without small-sample correction", unit="0 to 1"),
        Column("top1_share", "double", "share of the largest 1 % of the units", unit="share"),
        Column("units", "int64", "how many units"),
        TOTAL,
        COVERAGE,
        SNAPSHOT,
    ),
    key=("population", "measure", "by", "level"),
)

ATTRIBUTION = Table(
    "attribution",
    "two regions' shares under one population, measure, rule and denominator",
    (
        POPULATION,
        MEASURE,
        BY,
        Column("denominator", "string", "all downloads, or attributed: those of listed accounts"),
        Column("first", "string", "a region"),
        Column("second", "string", "the other region"),
        Column("first_share", "double", "share of the first", unit="share"),
        Column("second_share", "double", "share of the second", unit="share"),
        Column("unattributed", "double", "part of all downloads whose account is not listed", unit="share"),
        Column("leader", "string", "which of the two is ahead; null where they are level"),
        Column("lead", "double", "difference of the shares", unit="share"),
        Column(
            "flip_point",
            "double",
            "part of the unattributed downloads that the side behind would need to be level; null: all would not do",
            unit="share",
        ),
        Column("flips", "bool", "whether the leader is another than without options"),
        TOTAL,
        COVERAGE,
        SNAPSHOT,
    ),
    key=("population", "measure", "by", "denominator"),
)

_SIDES = (
    Column("overtaken", "string", "the region that was ahead"),
    Column("overtaker", "string", "the region that overtakes"),
)
BASIS = Column(
    "basis", "string", "creation (models by their month) | snapshot (counters by their day)", nullable=False
)

OVERTAKINGS = Table(
    "overtakings",
    "when one region overtook another by one reckoning",
    (
        BASIS,
        POPULATION,
        MEASURE,
        BY,
        Column(
            "period",
            "string",
            "month or day from which it stays ahead; null where it is not ahead at the end",
        ),
        Column("since_the_beginning", "bool", "whether it was ahead in the first period already"),
        Column("first_period", "string", "first month or day of the series"),
        Column("last_period", "string", "last month or day of the series"),
        *_SIDES,
        COVERAGE,
        SNAPSHOT,
    ),
    key=("basis", "population", "measure", "by"),
)

OVERTAKING_BANDS = Table(
    "overtaking_bands",
    "from when to when one region overtook another, over the reckonings",
    (
        BASIS,
        MEASURE,
        Column("low", "string", "earliest month or day"),
        Column("high", "string", "latest month or day"),
        Column("overtaken_in", "int64", "in how many reckonings there was an overtaking"),
        Column("methods", "int64", "of how many"),
        *_SIDES,
        SNAPSHOT,
    ),
    key=("basis", "measure"),
)

PUBLISHERS_ORIGINS = Table(
    "publishers_origins",
    "what a region publishes that descends from models of a region",
    (
        MEASURE,
        Column("publisher", "string", "region of the publishers"),
        Column("origin", "string", "region of the roots"),
        DOWNLOADS,
        MODELS,
        SHARE,
        BY,
        COVERAGE,
        SNAPSHOT,
    ),
    key=("measure", "publisher", "origin"),
)

MODEL_MIX = Table(
    "model_mix",
    "the part of a category in a region's downloads",
    (
        BY,
        MEASURE,
        UNIT,
        Column("category", "string", "a category of the dimension; unknown where it is not stated"),
        DOWNLOADS,
        Column("share", "double", "of the unit's downloads", unit="share"),
        MODELS,
        Column(
            "dimension", "string", "size | license | task | relation | precision | library", nullable=False
        ),
        COVERAGE,
        SNAPSHOT,
    ),
    key=("dimension", "measure", "by", "unit", "category"),
)

MODEL_SIZES = Table(
    "model_sizes",
    "the sizes of the models of a region, weighted by downloads",
    (
        BY,
        MEASURE,
        UNIT,
        Column("created", "string", "year in which the models were made, or all", nullable=False),
        DOWNLOADS,
        Column("known", "double", "part of the downloads whose model's size is known", unit="share"),
        Column("mean", "double", "mean size", unit="parameters"),
        Column("median", "int64", "median size", unit="parameters"),
        Column(
            "small", "double", "part of the known that is of models under 10 billion parameters", unit="share"
        ),
        COVERAGE,
        SNAPSHOT,
    ),
    key=("measure", "by", "unit", "created"),
)

LICENSE_DRIFT = Table(
    "license_drift",
    "how licences change from parent to child",
    (
        Column("parent_class", "string", "class of the parent's licence"),
        Column("child_class", "string", "class of the child's licence"),
        Column("edges", "int64", "pairs of parent and child"),
        Column("child_downloads_30d", "int64", "downloads of the children in 30 days", unit="downloads"),
        Column("drift", "string", "more open | as its parent | less open"),
        Column("share", "double", "of all pairs", unit="share"),
        SNAPSHOT,
    ),
    key=("parent_class", "child_class"),
)

NEW_MODELS = Table(
    "new_models",
    "the models that a region made in a month",
    (
        Column("month", "string", "YYYY-MM", nullable=False),
        UNIT,
        BY,
        Column("models", "double", "models made; parts of them by origin", unit="models"),
        Column("derivatives", "double", "those that declare a parent", unit="models"),
        Column("coverage", "double", "part of the models whose account is listed", unit="share"),
        SNAPSHOT,
    ),
    key=("month", "by", "unit"),
)

LINEAGE = Table(
    "lineage",
    "a fact about the forest of models",
    (
        Column(
            "fact",
            "string",
            "models, edges, kept, self_loops, cycle_edges, roots, derived, …",
            nullable=False,
        ),
        Column("count", "int64", "how many"),
        SNAPSHOT,
    ),
    key=("fact",),
)

LINEAGE_ROOTS = Table(
    "lineage_roots",
    "a root with most descendants",
    (
        Column("root_id", "string", "the root's repository id", nullable=False),
        Column("namespace", "string", "its account"),
        Column("descendants", "int64", "models that descend from it", unit="models"),
        Column("parts", "double", "their parts in it, which add up to the models of the dump", unit="models"),
        Column("region", "string", "region of its account"),
        Column("children", "int64", "models that name it as a parent", unit="models"),
        Column(
            "family_downloads_30d", "double", "downloads of root and descendants, in parts", unit="downloads"
        ),
        Column("in_dump", "bool", "whether the snapshot lists it"),
        SNAPSHOT,
    ),
    key=("root_id",),
)

ANOMALIES = Table(
    "anomalies",
    "a counter out of line",
    (
        MODEL,
        Column("flag", "string", "burst | unliked | impossible | jump | fell", nullable=False),
        Column("value", "double", "how far out, in the flag's own measure: mostly a log10 of a ratio"),
        Column("z", "double", "robust z-score of the value"),
        Column("namespace", "string", "its account"),
        Column("created", "string", "day on which it was made, ISO 8601"),
        Column("downloads_30d", "int64", "downloads of 30 days", unit="downloads"),
        Column("downloads_all", "int64", "downloads since the beginning", unit="downloads"),
        Column("likes", "int64", "likes"),
        SNAPSHOT,
    ),
    key=("flag", "model_id"),
)

RESTATEMENTS = Table(
    "restatements",
    "an all-time counter that fell",
    (
        MODEL,
        Column("start", "string", "day of the earlier snapshot"),
        Column("end", "string", "day of the later one"),
        Column("fall", "int64", "by how much", unit="downloads"),
        SNAPSHOT,
    ),
    key=("model_id", "start"),
)

RELATIVE_ADOPTION = Table(
    "relative_adoption",
    "a model's pace after release against the leaders of its size",
    (
        MODEL,
        Column("size_class", "string", "class by number of parameters"),
        Column("age", "int64", "days since release", unit="days"),
        Column("downloads", "double", "downloads up to that age", unit="downloads"),
        Column("cohort_median", "double", "median of the ten first of its class", unit="downloads"),
        Column("ram", "double", "downloads over that median", unit="times"),
        SNAPSHOT,
    ),
    key=("model_id", "age"),
)

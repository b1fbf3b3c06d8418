"""What the downloads are made of: sizes, licences, tasks, relations; licence drift, new models, roots."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.measures.adoption import unit_of
from primacy.measures.composition import mix, size_class, weighted_sizes
from primacy.measures.exact import exact_sum
from primacy.sources.reference.licenses import OPENNESS, license_classes
from primacy.studies.models.market import Market
from primacy.studies.models.whole import RULES, Downloads

__all__ = ["tables"]

FIRST_ROOTS = 1_000
"""How many roots results hold."""

EVERYBODY = "all"
"""The unit of rows that are about all downloads together."""


def tables(downloads: Downloads) -> dict[str, ir.Table]:
    """Return the result tables on what the downloads of all models are made of."""
    parts = downloads.keep(
        ibis.union(
            *(
                downloads.parts(by).select("by", "measure", "model_id", "root_id", "unit", "part")
                for by in RULES
            )
        )
    )
    together = ibis.union(parts, parts.mutate(unit=ibis.literal(EVERYBODY)).select(parts.columns))
    market = downloads.market
    return {
        "publishers_origins": downloads.matrix().mutate(by=ibis.literal("origin")),
        "model_mix": _mix(market, downloads.keep(together)),
        "model_sizes": _sizes(market, together),
        "license_drift": _drift(market),
        "new_models": _new_models(market),
        "lineage_roots": _roots(market, parts),
    }


def _license_table() -> pa.Table:
    classes = license_classes()
    return pa.table({"_license": list(classes), "_class": list(classes.values())})


def licensed(market: Market) -> ir.Table:
    """Return model_id, license_class: what is not listed is ``other``, what is not declared ``undeclared``."""
    listed = market.hold("licenses", _license_table)
    models = market.models
    joined = models.left_join(listed, models.license == listed["_license"])
    named = ibis.cases(
        (joined.license.isnull(), "undeclared"), (joined["_class"].notnull(), joined["_class"]), else_="other"
    )
    return joined.select("model_id", license_class=named)


def _mix(market: Market, parts: ir.Table) -> ir.Table:
    models = market.models
    dimensions = {
        "size": models.select("model_id", category=size_class(models.parameters)),
        "license": licensed(market).rename(category="license_class"),
        "task": models.select("model_id", category=models.task),
        "relation": models.select(
            "model_id",
            category=(models.parents == 0).ifelse("root", models.relation.coalesce("unspecified")),
        ),
        "precision": models.select("model_id", category=models.precision),
        "library": models.select("model_id", category=models.library),
    }
    return ibis.union(
        *(
            mix(parts, categories, group=["by", "measure", "unit"]).mutate(dimension=ibis.literal(name))
            for name, categories in dimensions.items()
        )
    )


def _sizes(market: Market, parts: ir.Table) -> ir.Table:
    """Return the weighted sizes by unit, of all models together and of those made in each year."""
    years = market.models.select(_model=market.models.model_id, created=market.models.created.substr(0, 4))
    dated = parts.inner_join(years, parts.model_id == years["_model"]).drop("_model")
    dated = dated.filter(dated.created.notnull())
    whole = parts.mutate(created=ibis.literal("all"))
    columns = ["by", "measure", "unit", "created", "model_id", "part"]
    return weighted_sizes(
        ibis.union(dated.select(columns), whole.select(columns)),
        market.models.select("model_id", "parameters"),
        group=["by", "measure", "unit", "created"],
    )


def _drift(market: Market) -> ir.Table:
    """Return how licences change from parent to child, over the edges of the forest inside the dump."""
    edges = market.hold("edges", lambda: market.lineage.edges)
    kept = edges.filter(edges.fate == "kept")
    classes = licensed(market)
    child = classes.select(model_id=classes.model_id, child_class=classes.license_class)
    parent = classes.select(parent_id=classes.model_id, parent_class=classes.license_class)
    joined = kept.inner_join(child, "model_id").inner_join(parent, "parent_id")
    joined = joined.inner_join(market.counters.select("model_id", "downloads_30d"), "model_id")
    sums = joined.group_by("parent_class", "child_class").agg(
        edges=joined.count(), child_downloads_30d=joined.downloads_30d.sum()
    )

    def place(column: ir.StringValue) -> ir.IntegerValue:
        return ibis.cases(*((column == name, n) for n, name in enumerate(OPENNESS)), else_=len(OPENNESS))

    step = place(sums.child_class) - place(sums.parent_class)
    return sums.mutate(
        drift=ibis.cases((step < 0, "more open"), (step > 0, "less open"), else_="as its parent"),
        share=sums.edges / sums.edges.sum().over(ibis.window()),
    )


def _new_models(market: Market) -> ir.Table:
    """Return how many models, and how many of them derived, were made in each month; parts of models by origin."""
    models = market.models
    made = models.filter(models.created.notnull())
    months = made.select(_model=made.model_id, month=made.created.substr(0, 7), derived=made.parents > 0)
    found = []
    for by in RULES:
        units = unit_of(market.credits(by), market.organizations, unit="region")
        joined = units.inner_join(months, units.model_id == months["_model"])
        found.append(
            joined.group_by("month", "unit", by=ibis.literal(by)).agg(
                models=exact_sum(joined.weight, large=True),
                derivatives=exact_sum(joined.derived.ifelse(joined.weight, 0.0), large=True),
                coverage=exact_sum(joined.mapped.ifelse(joined.weight, 0.0), large=True)
                / exact_sum(joined.weight, large=True),
            )
        )
    return ibis.union(*found)


def _roots(market: Market, parts: ir.Table) -> ir.Table:
    """Return the roots with most descendants: derivatives, and downloads of the whole family."""
    traced = market.credits("origin")
    others = traced.filter(traced.model_id != traced.root_id)
    counts = others.group_by("root_id", "namespace").agg(
        descendants=others.model_id.nunique(), parts=exact_sum(others.weight, large=True)
    )
    place = ibis.row_number().over(order_by=[ibis.desc(counts.descendants), counts.root_id])
    counts = counts.mutate(_place=place).filter(ibis._["_place"] < FIRST_ROOTS).drop("_place")
    edges = market.hold("edges", lambda: market.lineage.edges)
    declared = edges.filter(edges.fate.isin(["kept", "missing"]))
    direct = declared.group_by(root_id=declared.parent_id).agg(children=declared.count())
    family = parts.filter((parts.by == "origin") & (parts.measure == "downloads_30d"))
    sums = family.group_by("root_id").agg(family_downloads_30d=exact_sum(family.part, large=True))
    units = unit_of(counts, market.organizations, unit="region").drop("mapped").rename(region="unit")
    there = market.counters.select(root_id=market.counters.model_id, in_dump=ibis.literal(True))
    table = units.left_join(direct, "root_id").left_join(sums, "root_id").left_join(there, "root_id")
    return table.select(
        *units.columns,
        children=table.children.coalesce(0),
        family_downloads_30d=table.family_downloads_30d.coalesce(0.0),
        in_dump=table.in_dump.coalesce(False),
    )

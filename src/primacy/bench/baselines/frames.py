"""Shares of countries by group-by over the lake's tables, in pandas and in Polars.

High impact is the top tenth by rank of each technology and year, one work at least: works that tie at its border
fall on either side.
Shares by country of every technology and year come out, and nothing else: no institutions, no blocs, no windows, no
H-index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from primacy.bench.ground import Ground
from primacy.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["pandas_shares", "polars_shares"]

TOP = 0.10
TYPES = ["article", "review", "conference-paper"]

_READ = {
    "works": ["work_id", "year", "type", "cited_by_count", "is_retracted", "is_paratext", "is_xpac"],
    "memberships": ["technology", "work_id", "query"],
    "authorships": ["work_id", "country", "weight"],
}


def pandas_shares(ground: Ground) -> pd.DataFrame:
    """Compute them with pandas: technology, year, country, weight, share."""
    import pandas as pd

    lake = Workspace.open(ground.workspace).lake
    works, members, authors = (
        pd.concat([pd.read_parquet(file, columns=columns) for file in lake.files(name)], ignore_index=True)
        for name, columns in _READ.items()
    )
    works = works[works["type"].isin(TYPES) & ~(works.is_retracted | works.is_paratext | works.is_xpac)]
    members = members[members["query"] == "strict"].merge(
        works[["work_id", "year", "cited_by_count"]], on="work_id"
    )
    credit = authors[authors.country.notna()].groupby(["work_id", "country"], as_index=False)["weight"].sum()
    credit["weight"] /= credit.groupby("work_id")["weight"].transform("sum")
    members = members[members.work_id.isin(credit.work_id)]
    cell = members.groupby(["technology", "year"])["cited_by_count"]
    high = members[cell.rank(method="first", ascending=False) <= (TOP * cell.transform("size")).clip(lower=1)]
    summed = (
        high.merge(credit, on="work_id")
        .groupby(["technology", "year", "country"], as_index=False)["weight"]
        .sum()
    )
    summed["share"] = summed["weight"] / summed.groupby(["technology", "year"])["weight"].transform("sum")
    return pd.DataFrame(summed)


def polars_shares(ground: Ground) -> pl.DataFrame:
    """Compute them with Polars, lazily: technology, year, country, weight, share."""
    import polars as pl

    lake = Workspace.open(ground.workspace).lake
    works, members, authors = (
        pl.scan_parquet(lake.files(name)).select(columns) for name, columns in _READ.items()
    )
    outside = pl.col("is_retracted") | pl.col("is_paratext") | pl.col("is_xpac")
    works = works.filter(pl.col("type").is_in(TYPES) & ~outside)
    credit = (
        authors.filter(pl.col("country").is_not_null())
        .group_by("work_id", "country")
        .agg(pl.col("weight").sum())
        .with_columns(pl.col("weight") / pl.col("weight").sum().over("work_id"))
    )
    cell = ["technology", "year"]
    high = (
        members.filter(pl.col("query") == "strict")
        .join(works.select("work_id", "year", "cited_by_count"), on="work_id")
        .join(credit, on="work_id", how="semi")
        .filter(
            pl.col("cited_by_count").rank("ordinal", descending=True).over(cell)
            <= (TOP * pl.len().over(cell)).clip(lower_bound=1)
        )
    )
    return (
        high.join(credit, on="work_id")
        .group_by(*cell, "country")
        .agg(pl.col("weight").sum())
        .with_columns(share=pl.col("weight") / pl.col("weight").sum().over(cell))
        .collect()
    )

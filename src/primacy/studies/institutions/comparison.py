"""A basket's figures beside published ones, and one list beside another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from primacy.inference.agreement import Agreement, agreement, implied_factor
from primacy.measures.basket import UNASSIGNED
from primacy.sources.reference.published import Published, name_keys

__all__ = ["Comparison", "compare_published"]

ROWS = pa.schema(
    [
        ("basket", pa.string()),
        ("year", pa.int64()),
        ("unit_kind", pa.string()),
        ("name", pa.string()),
        ("unit", pa.string()),
        ("published_share", pa.float64()),
        ("share", pa.float64()),
        ("error", pa.float64()),
        ("published_count", pa.float64()),
        ("count", pa.int64()),
        ("published_change", pa.float64()),
        ("adjusted_change", pa.float64()),
    ]
)


SUMMARY = pa.schema(
    [
        ("basket", pa.string()),
        ("year", pa.int64()),
        ("unit_kind", pa.string()),
        ("published", pa.int64()),
        ("matched", pa.int64()),
        ("spearman_share", pa.float64()),
        ("kendall_share", pa.float64()),
        ("median_error_share", pa.float64()),
        ("p90_error_share", pa.float64()),
        ("ratio_share", pa.float64()),
        ("spearman_count", pa.float64()),
        ("median_error_count", pa.float64()),
        ("factor", pa.float64()),
        ("factor_error", pa.float64()),
        ("basket_version", pa.string()),
    ]
)
"""``factor``: the one number with which the published Shares reproduce the published adjusted changes, to within
``factor_error`` points."""


@dataclass(frozen=True)
class Comparison:
    """How a basket's figures agree with published ones.

    Parameters
    ----------
    rows
        Every published row with its counterpart, null where there is none; ``error`` is (share - published) /
        published.
    summary
        One row, columns of ``SUMMARY``: how many rows were found, rank correlations, errors, and whether one factor
        explains the published adjusted changes.
    """

    rows: pa.Table
    summary: pa.Table

    @property
    def unmatched(self) -> list[str]:
        """Names of published units that have no counterpart."""
        return [r["name"] for r in self.rows.to_pylist() if r["unit"] is None]


def compare_published(ours: pa.Table, published: Sequence[Published]) -> Comparison:
    """Set published rows beside one's own: by id where the file has one, countries by code, institutions by name.

    An institution's name is compared without case, accents, punctuation and what stands in parentheses, then by
    what stands in them; its country must not be another, and a name that several institutions carry finds none.

    Parameters
    ----------
    ours
        Rows of one year and kind of unit, as ``basket`` has them.
    published
        Published rows.
    """
    mine = [r for r in ours.to_pylist() if r["unit"] != UNASSIGNED]
    find = _Finder(mine)
    head = {k: ours[k][0].as_py() for k in ("basket", "year", "unit_kind")}
    rows = []
    for theirs in published:
        own = find(theirs) or dict.fromkeys(("unit", "share", "count", "adjusted_change"))
        rows.append(
            {
                **head,
                "name": theirs.name,
                "unit": own["unit"],
                "published_share": theirs.share,
                "share": own["share"],
                "error": (own["share"] - theirs.share) / theirs.share
                if own["share"] is not None and theirs.share
                else None,
                "published_count": theirs.count,
                "count": own["count"],
                "published_change": theirs.adjusted_change,
                "adjusted_change": own["adjusted_change"],
            }
        )
    both = [r for r in rows if r["unit"] is not None]
    share = _agreement(both, "share", "published_share")
    count = _agreement(both, "count", "published_count")
    change = [p for p in published if p.share_before and p.adjusted_change is not None]
    factor, worst = implied_factor(
        _floats(p.share for p in change),
        _floats(p.share_before for p in change),
        _floats(p.adjusted_change for p in change),
    )
    summary = {
        **head,
        "published": len(rows),
        "matched": len(both),
        "spearman_share": share.spearman,
        "kendall_share": share.kendall,
        "median_error_share": share.median_error,
        "p90_error_share": share.p90_error,
        "ratio_share": share.ratio,
        "spearman_count": count.spearman,
        "median_error_count": count.median_error,
        "factor": factor,
        "factor_error": worst,
        "basket_version": ours["basket_version"][0].as_py(),
    }
    return Comparison(
        pa.Table.from_pylist(rows, schema=ROWS), pa.Table.from_pylist([summary], schema=SUMMARY)
    )


def _agreement(rows: list[dict[str, Any]], own: str, theirs: str) -> Agreement:
    known = [r for r in rows if r[theirs] is not None]
    return agreement(_floats(r[own] for r in known), _floats(r[theirs] for r in known))


def _floats(values: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array(list(values), dtype=np.float64)


class _Finder:
    """Finds the row of a published unit; each row serves once."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._by_unit = {r["unit"]: r for r in rows}
        self._by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            for key in name_keys(row["name"] or ""):
                self._by_name[key].append(row)
        self._used: set[str] = set()

    def __call__(self, theirs: Published) -> dict[str, Any] | None:
        """Return the row, None where there is none."""
        for found in self._candidates(theirs):
            own = [r for r in found if not theirs.country or r["country"] in (theirs.country, None)]
            if len(own) == 1 and own[0]["unit"] not in self._used:
                self._used.add(own[0]["unit"])
                return own[0]
        return None

    def _candidates(self, theirs: Published) -> list[list[dict[str, Any]]]:
        ids = [theirs.unit] if theirs.unit else [theirs.country] if theirs.country in self._by_unit else []
        by_id = [[self._by_unit[i]] for i in ids if i in self._by_unit]
        return by_id or [self._by_name[key] for key in name_keys(theirs.name) if key in self._by_name]

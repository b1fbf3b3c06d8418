from __future__ import annotations

from collections import defaultdict
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles import models as oracle

from primacy.measures.adoption import adoption, publishers
from primacy.measures.lineage import trace

MODELS = {"us1/base": 100, "cn1/tune": 50, "x/merge": 30, "cn2/dead": 0, "us2/unknown": None}
PARENTS = {"cn1/tune": ["us1/base"], "x/merge": ["cn1/tune", "cn2/dead", "gone/away"]}
ORGANIZATIONS = {
    "us1": ("us", "US", "One"),
    "us2": ("us", "US", "One"),
    "cn1": ("china", "CN", None),
    "cn2": ("china", None, None),
    "gone": (None, "FR", "Away"),
}


def computed(
    downloads: dict[str, int | None],
    parents: dict[str, list[str]],
    organizations: dict[str, tuple[str | None, str | None, str | None]],
    *,
    by: str,
    unit: Any,
    only: set[str] | None = None,
) -> dict[str, dict[str, Any]]:
    names = pa.table(
        {"model_id": list(downloads), "namespace": [m.split("/")[0] for m in downloads]},
        schema=pa.schema([("model_id", pa.string()), ("namespace", pa.string())]),
    )
    if by == "publisher":
        credits = publishers(ibis.memtable(names))
    else:
        edges = [(m, p) for m, ps in parents.items() for p in ps]
        schema = pa.schema([("model_id", pa.string()), ("parent_id", pa.string())])
        traced = trace(names, pa.table([[m for m, _ in edges], [p for _, p in edges]], schema=schema))
        credits = ibis.memtable(traced.origins)
    kept = {m: v for m, v in downloads.items() if only is None or m in only}
    values = ibis.memtable(
        pa.table(
            [list(kept), list(kept.values())],
            schema=pa.schema([("model_id", pa.string()), ("value", pa.int64())]),
        )
    )
    columns = ["namespace", "region", "country", "owner"]
    listed = ibis.memtable(
        pa.Table.from_pylist(
            [dict(zip(columns, (n, *v), strict=True)) for n, v in organizations.items()],
            schema=pa.schema([(c, pa.string()) for c in columns]),
        )
    )
    rows = adoption(values, credits, listed, unit=unit).to_pyarrow().to_pylist()
    return {r["unit"]: r for r in rows}


def test_by_publisher_downloads_are_the_namespaces_own():
    rows = computed(MODELS, PARENTS, ORGANIZATIONS, by="publisher", unit="region")
    assert {u: (r["downloads"], r["rank"], r["models"]) for u, r in rows.items()} == {
        "us": (100, 1, 1),
        "china": (50, 2, 2),
        "unattributed": (30, 3, 1),
    }
    assert rows["us"]["share"] == pytest.approx(100 / 180, abs=1e-15)
    assert {(r["total"], round(r["coverage"], 12)) for r in rows.values()} == {(180.0, round(150 / 180, 12))}


def test_by_origin_they_go_to_the_roots():
    # merge's 30: 10 over tune to us1, 10 to cn2, 10 to gone (listed without a region)
    rows = computed(MODELS, PARENTS, ORGANIZATIONS, by="origin", unit="region")
    assert {u: (r["downloads"], r["models"]) for u, r in rows.items()} == {
        "us": (pytest.approx(160), 3),
        "china": (pytest.approx(10), 2),
        "unattributed": (pytest.approx(10), 1),
    }
    assert {r["rank"] for r in rows.values()} == {1, 2}


def test_units():
    by_country = computed(MODELS, PARENTS, ORGANIZATIONS, by="origin", unit="country")
    assert {u: round(r["downloads"], 9) for u, r in by_country.items()} == {
        "US": 160,
        "FR": 10,
        "unattributed": 10,
    }
    by_name = computed(MODELS, PARENTS, ORGANIZATIONS, by="publisher", unit="organization")
    assert {u: r["downloads"] for u, r in by_name.items()} == {"us1": 100, "cn1": 50, "x": 30, "cn2": 0}
    by_owner = computed({**MODELS, "us2/unknown": 7}, PARENTS, ORGANIZATIONS, by="publisher", unit="owner")
    assert {u: r["downloads"] for u, r in by_owner.items()} == {"One": 107, "cn1": 50, "x": 30, "cn2": 0}


def test_only_some_models_count_but_all_carry_lineage():
    rows = computed(MODELS, PARENTS, ORGANIZATIONS, by="origin", unit="region", only={"x/merge"})
    assert {u: round(r["downloads"], 9) for u, r in rows.items()} == {
        "us": 10,
        "china": 10,
        "unattributed": 10,
    }
    assert {r["total"] for r in rows.values()} == {30}


def test_no_downloads_no_shares():
    rows = computed({"a/b": 0}, {}, {}, by="publisher", unit="region")
    assert rows["unattributed"]["share"] is None
    assert rows["unattributed"]["downloads"] == 0
    assert computed({"a/b": None}, {}, {}, by="publisher", unit="region") == {}


NAMES = [f"{n}/{m}" for n in "abcd" for m in "xy"]


@st.composite
def worlds(draw):
    downloads = draw(
        st.dictionaries(st.sampled_from(NAMES), st.none() | st.integers(0, 10**9), min_size=1, max_size=8)
    )
    edges = draw(
        st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([*NAMES, "out/x", "gpt2"])), max_size=8)
    )
    parents: defaultdict[str, list[str]] = defaultdict(list)
    for child, parent in edges:
        parents[child].append(parent)
    regions = draw(
        st.dictionaries(st.sampled_from(["a", "b", "c", "out", "gpt2"]), st.sampled_from(["us", "china"]))
    )
    only = draw(st.none() | st.sets(st.sampled_from(NAMES)))
    return downloads, dict(parents), regions, only


@settings(max_examples=40, deadline=None)
@given(worlds(), st.sampled_from(["publisher", "origin"]), st.sampled_from(["region", "organization"]))
def test_every_world_equals_the_oracle(world, by, unit):
    downloads, parents, regions, only = world
    organizations = {n: (r, None, None) for n, r in regions.items()}
    rows = computed(downloads, parents, organizations, by=by, unit=unit, only=only)
    units = regions if unit == "region" else None
    expected = {r["unit"]: r for r in oracle.adoption(downloads, parents, units, by=by, only=only)}
    assert rows.keys() == expected.keys()
    for name, row in expected.items():
        assert rows[name]["downloads"] == pytest.approx(row["downloads"], rel=1e-12, abs=1e-6)
        assert rows[name]["share"] == (
            None if row["share"] is None else pytest.approx(row["share"], abs=1e-12)
        )
    shares = [r["share"] for r in rows.values() if r["share"] is not None]
    assert not shares or sum(shares) == pytest.approx(1, abs=1e-12)
    assert sum(r["downloads"] for r in rows.values()) == pytest.approx(
        sum(v for m, v in downloads.items() if v and (only is None or m in only)), abs=1e-5
    )

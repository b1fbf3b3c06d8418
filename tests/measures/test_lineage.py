from __future__ import annotations

import itertools
from collections import defaultdict

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles import models as oracle

from primacy.measures import lineage
from primacy.measures.lineage import Lineage, trace


def traced(models: list[str], parents: dict[str, list[str]]) -> Lineage:
    edges = [(m, p) for m, ps in parents.items() for p in ps]
    schema = pa.schema([("model_id", pa.string()), ("parent_id", pa.string())])
    table = pa.table([[m for m, _ in edges], [p for _, p in edges]], schema=schema)
    return trace(pa.table({"model_id": pa.array(models, pa.string())}), table)


def parts(found: Lineage) -> dict[str, dict[str, float]]:
    sums: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for row in found.origins.to_pylist():
        sums[row["model_id"]][row["root_id"]] = row["weight"]
    return dict(sums)


def test_downloads_go_in_equal_parts_step_by_step_to_the_roots():
    # merge -> {tune -> base, other}: base 1/2, other 1/2; deep -> {merge, base}: base 1/4 + 1/2, other 1/4
    found = traced(
        ["o/base", "o/other", "t/tune", "m/merge", "d/deep"],
        {"t/tune": ["o/base"], "m/merge": ["t/tune", "o/other"], "d/deep": ["m/merge", "o/base"]},
    )
    assert parts(found) == {
        "o/base": {"o/base": 1},
        "o/other": {"o/other": 1},
        "t/tune": {"o/base": 1},
        "m/merge": {"o/base": 0.5, "o/other": 0.5},
        "d/deep": {"o/base": 0.75, "o/other": 0.25},
    }
    assert {
        r["model_id"]: (r["depth"], r["children"], r["descendants"]) for r in found.models.to_pylist()
    } == {
        "o/base": (0, 2, 3),
        "o/other": (0, 1, 2),
        "t/tune": (1, 1, 0),
        "m/merge": (2, 1, 0),
        "d/deep": (3, 0, 0),
    }


def test_a_parent_outside_the_dump_stands_for_its_namespace():
    found = traced(["a/x", "b/y"], {"a/x": ["c/gone"], "b/y": ["gpt2", "a/x"], "z/unknown": ["a/x"]})
    assert [(r["model_id"], r["namespace"], r["weight"]) for r in found.origins.to_pylist()] == [
        ("a/x", "c", 1.0),
        ("b/y", "c", 0.5),
        ("b/y", "gpt2", 0.5),
    ]
    report = found.report
    assert (report.edges, report.kept, report.missing_edges, report.missing_parents) == (3, 1, 2, 2)


def test_a_walk_stops_at_the_first_repeat_and_the_repeated_model_keeps_the_part():
    # alone names itself: it keeps all. mixed names itself and base: it keeps half.
    # two and owt name each other: each keeps its own. from -> two -> owt -> two: two has it.
    found = traced(
        ["a/alone", "a/mixed", "b/base", "c/two", "d/owt", "e/from"],
        {
            "a/alone": ["a/alone"],
            "a/mixed": ["a/mixed", "b/base"],
            "c/two": ["d/owt"],
            "d/owt": ["c/two"],
            "e/from": ["c/two"],
        },
    )
    assert parts(found) == {
        "a/alone": {"a/alone": 1},
        "a/mixed": {"a/mixed": 0.5, "b/base": 0.5},
        "b/base": {"b/base": 1},
        "c/two": {"c/two": 1},
        "d/owt": {"d/owt": 1},
        "e/from": {"c/two": 1},
    }
    report = found.report
    assert (report.self_loops, report.cycle_edges, report.tangles, report.kept, report.roots) == (
        2,
        2,
        1,
        2,
        4,
    )


def test_a_cycle_with_a_way_out():
    # a -> {b, x}; b -> a. From a: 1/2 to x, 1/2 over b back to a. From b: all to a, then 1/2 x, 1/2 back to b.
    found = traced(["g/a", "g/b", "g/x"], {"g/a": ["g/b", "g/x"], "g/b": ["g/a"]})
    assert parts(found)["g/a"] == {"g/a": 0.5, "g/x": 0.5}
    assert parts(found)["g/b"] == {"g/b": 0.5, "g/x": 0.5}
    assert [(r["model_id"], r["parent_id"], r["fate"]) for r in found.edges.to_pylist()] == [
        ("g/a", "g/b", "cycle"),
        ("g/a", "g/x", "kept"),
        ("g/b", "g/a", "cycle"),
    ]


def test_a_parent_that_is_declared_twice_is_one_parent():
    assert parts(traced(["a/m", "b/x", "c/y"], {"a/m": ["b/x", "b/x", "c/y"]}))["a/m"] == {
        "b/x": 0.5,
        "c/y": 0.5,
    }


def test_nothing_at_all():
    assert traced([], {}).report.models == 0
    assert parts(traced(["a/b"], {})) == {"a/b": {"a/b": 1}}


def test_a_tangle_too_dense_to_be_walked_is_counted_and_its_members_stand_for_themselves(monkeypatch):
    monkeypatch.setattr(lineage, "WALK_LIMIT", 50)
    clique = [f"c/{n}" for n in range(6)]
    found = traced(
        [*clique, "d/child", "e/root"], {m: [*clique, "e/root"] for m in clique} | {"d/child": ["c/0"]}
    )
    assert found.report.untraced == 1
    assert all(parts(found)[m] == {m: 1} for m in clique)
    assert parts(found)["d/child"] == {"c/0": 1}


def test_a_long_chain_is_no_trouble():
    chain = [f"c/{n:04}" for n in range(3000)]
    found = traced(chain, {child: [parent] for parent, child in itertools.pairwise(chain)})
    assert parts(found)[chain[-1]] == {chain[0]: 1}
    assert found.report.max_depth == 2999


NAMES = [f"{n}/{m}" for n in "abc" for m in "xyz"]


@st.composite
def worlds(draw) -> tuple[list[str], dict[str, list[str]]]:
    inside = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    edges = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([*NAMES, "gpt2"])), max_size=12))
    parents: defaultdict[str, list[str]] = defaultdict(list)
    for child, parent in edges:
        parents[child].append(parent)
    return inside, dict(parents)


@given(worlds())
def test_every_world_equals_the_oracle(world):
    models, parents = world
    found = traced(models, parents)
    declared = {m: p for m, p in parents.items() if m in models}
    for model, ends in parts(found).items():
        assert ends == pytest.approx(
            {r: float(w) for r, w in oracle.roots(model, declared).items()}, abs=1e-12
        )
    assert sorted(parts(found)) == sorted(models)
    edges = [(r["model_id"], r["parent_id"], r["fate"]) for r in found.edges.to_pylist()]
    expected = oracle.forest(models, parents)
    assert sorted(edges) == sorted(expected)
    depths = oracle.depths(models, expected)
    assert {r["model_id"]: r["depth"] for r in found.models.to_pylist()} == depths
    report = found.report
    assert report.edges == report.kept + report.missing_edges + report.self_loops + report.cycle_edges
    assert (report.roots + report.derived, report.max_depth) == (len(models), max(depths.values()))


@given(worlds())
def test_the_order_of_the_rows_does_not_matter(world):
    models, parents = world
    back = {m: ps[::-1] for m, ps in reversed(parents.items())}
    assert traced(models, parents).origins.equals(traced(models[::-1], back).origins)


def test_the_real_dump(shared):
    file = shared / "data/models/hub_stats_frozen_2026-05.parquet"
    rows = pq.read_table(file, columns=["id", "baseModels"]).to_pylist()
    models = [r["id"] for r in rows]
    parents = {r["id"]: [m["id"] for m in r["baseModels"]["models"]] for r in rows if r["baseModels"]}
    found = traced(models, parents)
    report = found.report
    assert (report.models, report.edges) == (4167, 5201)
    assert (report.kept, report.missing_edges, report.self_loops, report.cycle_edges) == (3739, 1456, 6, 0)
    assert (report.missing_parents, report.roots, report.merged) == (921, 1586, 1115)
    expected = oracle.forest(models, parents)
    edges = [(r["model_id"], r["parent_id"], r["fate"]) for r in found.edges.to_pylist()]
    assert sorted(edges) == sorted(expected)
    assert {r["model_id"]: r["depth"] for r in found.models.to_pylist()} == oracle.depths(models, expected)
    got = parts(found)
    exact = memoised_roots(models, parents)
    assert got.keys() == exact.keys()
    for model, ends in exact.items():
        assert got[model] == pytest.approx(ends, rel=1e-12, abs=1e-15)


def memoised_roots(models: list[str], parents: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """The oracle's walk is exponential in merges of merges; here the same with memory, for self-loops only."""
    known: dict[str, dict[str, float]] = {}

    def ends(model: str) -> dict[str, float]:
        if model not in known:
            declared = parents.get(model, [])
            sums: defaultdict[str, float] = defaultdict(float)
            for parent in declared:
                for root, part in ({parent: 1.0} if parent == model else ends(parent)).items():
                    sums[root] += part / len(declared)
            known[model] = dict(sums) or {model: 1.0}
        return known[model]

    return {m: ends(m) for m in models}

"""Lineage: which models descend from which, and to whose origins a model's downloads belong.

A model hands its downloads in equal parts to its declared parents, these to theirs, and so on to the roots. A parent
outside the dump is a root: it stands for its namespace. A walk that meets a model for the second time stops there, and
that model keeps the part: so a model that names itself among n parents keeps 1/n, and two models that name each other
keep what is theirs.

Unlike the other measures this one takes and gives Arrow tables. A walk to the roots with memory of its own path is
not relational algebra, and no engine's recursive query stops at a repeat the same way; as sparse matrices it is a
few products. It stays pure: nothing is opened or written, and Ibis reads its result like any table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse
from scipy.sparse import csgraph

__all__ = ["WALK_LIMIT", "Lineage", "LineageReport", "trace"]

WALK_LIMIT = 200_000
"""Steps spent on the walks inside one tangle of cycles; beyond that every member of it stands for itself."""

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LineageReport:
    """What a lineage is made of.

    Parameters
    ----------
    models, edges
        Models of the dump, and distinct declared parents of theirs.
    kept, missing_edges, self_loops, cycle_edges
        The fates of the edges, which add up to them: parents in the dump; parents outside it; a model that names
        itself; an edge between two models that descend from each other, cut so that the rest is free of cycles.
    missing_parents
        Distinct parents outside the dump.
    tangles, untraced
        Groups of two or more models that descend from each other, and those too dense to be walked.
    roots, derived, merged
        Models whose edges, if any, were all cut; the other models; those with two or more parents.
    max_depth
        Generations of the longest line; a root has depth 0, also one outside the dump.
    """

    models: int
    edges: int
    kept: int
    missing_edges: int
    missing_parents: int
    self_loops: int
    cycle_edges: int
    tangles: int
    untraced: int
    roots: int
    derived: int
    merged: int
    max_depth: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """A traced lineage.

    Parameters
    ----------
    origins
        model_id, root_id, namespace (the root's), weight: the parts of each model sum to 1.
    edges
        model_id, parent_id, fate: ``kept``, ``missing``, ``self`` or ``cycle``.
    models
        model_id, depth, children (models that name it directly), descendants (models with a part in it; of roots only).
    report
        The counts.
    """

    origins: pa.Table
    edges: pa.Table
    models: pa.Table
    report: LineageReport


def trace(models: pa.Table, parents: pa.Table) -> Lineage:
    """Trace every model of a dump to its roots.

    Parameters
    ----------
    models
        model_id: the models of the dump, each once.
    parents
        model_id, parent_id: declared parents; rows of models that are not in the dump are ignored.

    Examples
    --------
    >>> models = pa.table({"model_id": ["a/base", "b/tune", "c/merge"]})
    >>> parents = pa.table({"model_id": ["b/tune", "c/merge", "c/merge"], "parent_id": ["a/base", "b/tune", "x/gone"]})
    >>> trace(models, parents).origins.filter(pc.field("model_id") == "c/merge").select([2, 3]).to_pylist()
    [{'namespace': 'a', 'weight': 0.5}, {'namespace': 'x', 'weight': 0.5}]
    """
    graph = _graph(models["model_id"], parents)
    tangled = _tangles(graph)
    fates = _fates(graph, tangled)
    rows, untraced = _first_steps(graph, tangled)
    credits = _absorb(rows, graph)
    depth = _depths(graph, fates == _KEPT, fates == _MISSING)
    return _lineage(graph, tangled, fates, credits, depth, untraced)


# ---------------------------------------------------------------------- the graph


@dataclass(frozen=True, slots=True)
class _Graph:
    """Models as numbers: those of the dump first, then the parents outside it; edges sorted and distinct."""

    names: pa.Array
    inside: int
    child: Codes
    parent: Codes

    @property
    def nodes(self) -> int:
        return len(self.names)

    @property
    def degree(self) -> Codes:
        return np.bincount(self.child, minlength=self.nodes)


def _graph(ids: pa.ChunkedArray, parents: pa.Table) -> _Graph:
    inside = pc.unique(ids).sort()
    declared = parents.filter(pc.is_in(parents["model_id"], value_set=inside))
    outside = pc.unique(declared["parent_id"])
    outside = outside.filter(pc.invert(pc.is_in(outside, value_set=inside))).sort()
    names = pa.concat_arrays([inside, outside])
    child = pc.index_in(declared["model_id"], value_set=names).to_numpy().astype(np.int64)
    parent = pc.index_in(declared["parent_id"], value_set=names).to_numpy().astype(np.int64)
    pairs = np.unique(np.stack([child, parent], axis=1), axis=0)
    return _Graph(names, len(inside), pairs[:, 0], pairs[:, 1])


@dataclass(frozen=True, slots=True)
class _Tangles:
    """Which models descend from each other: the label of each one's group, and whether it lies on a cycle."""

    label: Codes
    cyclic: npt.NDArray[np.bool_]
    groups: Sequence[Codes]


def _tangles(graph: _Graph) -> _Tangles:
    ones = np.ones(len(graph.child), dtype=np.int8)
    matrix = sparse.csr_matrix((ones, (graph.child, graph.parent)), shape=(graph.nodes, graph.nodes))
    _, label = csgraph.connected_components(matrix, directed=True, connection="strong")
    cyclic = np.bincount(label)[label] > 1
    cyclic[graph.child[graph.child == graph.parent]] = True
    members = np.flatnonzero(cyclic)
    order = members[np.argsort(label[members], kind="stable")]
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    groups = [np.sort(g) for g in np.split(order, cuts)] if len(order) else []
    return _Tangles(label.astype(np.int64), cyclic, groups)


_KEPT, _MISSING, _SELF, _CYCLE = range(4)
_FATES = ("kept", "missing", "self", "cycle")


def _fates(graph: _Graph, tangles: _Tangles) -> Codes:
    fates = np.where(graph.parent >= graph.inside, _MISSING, _KEPT)
    fates[tangles.label[graph.child] == tangles.label[graph.parent]] = _CYCLE
    fates[graph.child == graph.parent] = _SELF
    return fates.astype(np.int64)


# ---------------------------------------------------------------------- credits


def _first_steps(graph: _Graph, tangles: _Tangles) -> tuple[sparse.csr_matrix, int]:
    """Return one step of every walk as a matrix, and how many tangles could not be walked.

    Row m holds the parts that m hands on. Roots keep all. A model in a tangle hands on what its walks carry out of
    the tangle; what a repeat stops goes to the keeper of the repeated model, column ``nodes + model``, so that the
    matrix as a whole has no cycle.
    """
    size = 2 * graph.nodes
    plain = ~tangles.cyclic[graph.child]
    rows: list[Codes] = [graph.child[plain]]
    columns: list[Codes] = [graph.parent[plain]]
    parts: list[npt.NDArray[np.float64]] = [1.0 / graph.degree[graph.child[plain]]]
    keepers = np.concatenate([np.flatnonzero(graph.degree == 0), np.arange(graph.nodes, size)])
    rows.append(keepers)
    columns.append(keepers)
    parts.append(np.ones(len(keepers)))
    untraced = 0
    starts = np.searchsorted(graph.child, np.arange(graph.nodes + 1))
    for group in tangles.groups:
        walked = _walk_group(group, graph, starts)
        if walked is None:
            untraced += 1
            walked = [(m, graph.nodes + m, 1.0) for m in group.tolist()]
        rows.append(np.array([m for m, _, _ in walked], dtype=np.int64))
        columns.append(np.array([c for _, c, _ in walked], dtype=np.int64))
        parts.append(np.array([w for _, _, w in walked]))
    step = sparse.csr_matrix(
        (np.concatenate(parts), (np.concatenate(rows), np.concatenate(columns))), shape=(size, size)
    )
    return step, untraced


def _walk_group(group: Codes, graph: _Graph, starts: Codes) -> list[tuple[int, int, float]] | None:
    """Return what the walks from each member of a tangle carry where; None if they are too many."""
    members = {int(m): graph.parent[starts[m] : starts[m + 1]].tolist() for m in group}
    found: list[tuple[int, int, float]] = []
    left = WALK_LIMIT
    for entry in members:
        arrived: defaultdict[int, float] = defaultdict(float)
        for place, part in _walks(entry, members, graph.nodes):
            left -= 1
            if left < 0:
                return None
            arrived[place] += part
        found += [(entry, place, part) for place, part in sorted(arrived.items())]
    return found


def _walks(entry: int, members: dict[int, list[int]], keeper: int) -> Iterator[tuple[int, float]]:
    """Yield where each walk from a member ends: outside its tangle, or with the keeper of a repeated model."""
    stack = [(entry, 1.0, frozenset([entry]))]
    while stack:
        model, part, seen = stack.pop()
        following = members[model]
        each = part / len(following)
        for parent in following:
            if parent in seen:
                yield keeper + parent, each
            elif parent in members:
                stack.append((parent, each, seen | {parent}))
            else:
                yield parent, each


def _absorb(step: sparse.csr_matrix, graph: _Graph) -> sparse.csr_matrix:
    """Walk on until everything is with a root: squaring doubles the number of steps each time."""
    keeps = np.zeros(step.shape[0], dtype=bool)
    keeps[graph.nodes :] = True
    keeps[: graph.nodes] = graph.degree == 0
    walks = step
    while not keeps[walks.indices].all():
        walks = walks @ walks
    return walks[: graph.inside]


# ---------------------------------------------------------------------- depth and the tables


def _depths(graph: _Graph, kept: npt.NDArray[np.bool_], missing: npt.NDArray[np.bool_]) -> Codes:
    """Return the generations between each model and its farthest root, over the edges that were not cut."""
    used = kept | missing
    child, parent = graph.child[used], graph.parent[used]
    order = np.argsort(parent, kind="stable")
    children, starts = child[order], np.searchsorted(parent[order], np.arange(graph.nodes + 1))
    waiting = np.bincount(child, minlength=graph.nodes)
    depth = np.zeros(graph.nodes, dtype=np.int64)
    front = np.flatnonzero(waiting == 0)
    level = 0
    while len(front):
        depth[front] = level
        level += 1
        below = np.concatenate([children[starts[m] : starts[m + 1]] for m in front.tolist()])
        np.subtract.at(waiting, below, 1)
        reached = np.unique(below)
        front = reached[waiting[reached] == 0]
    return depth


def _lineage(
    graph: _Graph,
    tangles: _Tangles,
    fates: Codes,
    credits: sparse.csr_matrix,
    depth: Codes,
    untraced: int,
) -> Lineage:
    parts = credits.tocoo()
    root = parts.col % graph.nodes
    order = np.lexsort((root, parts.row))
    model, root, weight = parts.row[order], root[order], parts.data[order]
    root_ids = graph.names.take(pa.array(root))
    namespaces = pc.list_element(pc.split_pattern(root_ids, "/", max_splits=1), 0)
    inside = graph.inside
    own = (fates == _KEPT) | (fates == _MISSING)
    parents_left = np.bincount(graph.child[own], minlength=graph.nodes)[:inside]
    counts = np.bincount(fates, minlength=4)
    return Lineage(
        origins=pa.table(
            {
                "model_id": graph.names.take(pa.array(model)),
                "root_id": root_ids,
                "namespace": namespaces,
                "weight": pa.array(weight, type=pa.float64()),
            }
        ),
        edges=pa.table(
            {
                "model_id": graph.names.take(pa.array(graph.child)),
                "parent_id": graph.names.take(pa.array(graph.parent)),
                "fate": pa.array(np.array(_FATES, dtype=object)[fates], type=pa.string()),
            }
        ),
        models=pa.table(
            {
                "model_id": graph.names.slice(0, inside),
                "depth": pa.array(depth[:inside]),
                "children": pa.array(
                    np.bincount(graph.parent[fates == _KEPT], minlength=graph.nodes)[:inside].astype(np.int64)
                ),
                "descendants": pa.array(
                    np.bincount(root[root != model], minlength=graph.nodes)[:inside].astype(np.int64)
                ),
            }
        ),
        report=LineageReport(
            models=inside,
            edges=len(graph.child),
            kept=int(counts[_KEPT]),
            missing_edges=int(counts[_MISSING]),
            missing_parents=graph.nodes - inside,
            self_loops=int(counts[_SELF]),
            cycle_edges=int(counts[_CYCLE]),
            tangles=sum(len(g) > 1 for g in tangles.groups),
            untraced=untraced,
            roots=int((parents_left == 0).sum()),
            derived=int((parents_left > 0).sum()),
            merged=int((parents_left > 1).sum()),
            max_depth=int(depth[:inside].max(initial=0)),
        ),
    )

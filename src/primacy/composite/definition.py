"""What an index is made of: indicators, the groups they stand in, and the levels above them.

A node is named by its path, outermost level first: ``("AI", "Human Capital")`` is the indicator *Human
Capital* in the group *AI*. Two indicators with the same label in two groups are two indicators. ``levels``
keeps the order in which an index is computed, innermost first: ``("pillar", "sector")``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from primacy.composite._text import listing, path_text, quote
from primacy.errors import InputError, UsageError

Path = tuple[str, ...]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One indicator and how it is read.

    Parameters
    ----------
    path : tuple of str
        The labels of its levels, outermost first; the last is its own.
    weight : float
        Its weight within its group; only the ratio to the group's other weights counts.
    direction : 1 or -1
        1: more is better; -1: less is better.
    goalposts : (float, float), optional
        The values that score 0 and 1 under ``normalise="goalposts"``, low before high.
    target : float, optional
        The value that scores 1 under ``normalise="distance-to-target"``.

    Examples
    --------
    >>> Indicator(path=("AI", "Human Capital"), weight=0.2).name
    'AI / Human Capital'
    """

    path: Path
    weight: float = 1.0
    direction: Literal[1, -1] = 1
    goalposts: tuple[float, float] | None = None
    target: float | None = None

    def __post_init__(self) -> None:
        if self.direction not in (1, -1):
            raise UsageError(f"direction of {quote(self.name)} is {quote(self.direction)}; it takes 1 or -1")
        if self.goalposts is not None:
            low, high = self.goalposts
            if not (math.isfinite(low) and math.isfinite(high) and low < high):
                raise InputError(
                    f"goalposts of {quote(self.name)} are [{low}, {high}]: give two finite numbers, low first"
                )
        if self.target is not None and not math.isfinite(self.target):
            raise InputError(f"target of {quote(self.name)} is {self.target}: a finite number is needed")

    @property
    def name(self) -> str:
        """The whole path, as people read it."""
        return path_text(self.path)


@dataclass(frozen=True, kw_only=True)
class Group:
    """A node above the indicators, with its weight among its siblings."""

    path: Path
    weight: float = 1.0

    @property
    def name(self) -> str:
        """The whole path, as people read it."""
        return path_text(self.path)


@dataclass(frozen=True)
class Level:
    """One step of aggregation: the nodes of a level, by the parent that they are aggregated into.

    ``members[g]`` are the positions in ``nodes`` of the children of ``parents[g]``; ``weights`` sums to 1
    within each group.
    """

    name: str
    nodes: tuple[Path, ...]
    parents: tuple[Path, ...]
    members: tuple[NDArray[np.intp], ...]
    weights: Floats


@dataclass(frozen=True, kw_only=True)
class Definition:
    """The indicators and groups of an index.

    Parameters
    ----------
    levels : tuple of str
        Names of the levels, innermost first; the last is aggregated into the score.
    indicators : tuple of Indicator
        Each with a path as long as there are levels.
    groups : tuple of Group
        Weights of the nodes above the indicators; a group not listed has weight 1.

    Raises
    ------
    InputError
        A path of the wrong length, an indicator or group stated twice, a group without indicators, a
        negative or non-finite weight, or a group whose weights sum to 0.

    Examples
    --------
    >>> d = Definition(
    ...     levels=("pillar", "sector"),
    ...     indicators=(
    ...         Indicator(path=("AI", "People"), weight=3),
    ...         Indicator(path=("AI", "Money"), weight=1),
    ...         Indicator(path=("Space", "People")),
    ...     ),
    ...     groups=(Group(path=("AI",), weight=0.6), Group(path=("Space",), weight=0.4)),
    ... )
    >>> [step.name for step in d.steps], d.steps[0].weights.tolist()
    (['pillar', 'sector'], [0.75, 0.25, 1.0])
    >>> d.effective_weights().round(4).tolist()
    [0.45, 0.15, 0.4]
    """

    levels: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    groups: tuple[Group, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.levels:
            raise InputError("an index needs at least one level")
        if not self.indicators:
            raise InputError("an index needs at least one indicator")
        depth = len(self.levels)
        for indicator in self.indicators:
            if len(indicator.path) != depth:
                raise InputError(
                    f"indicator {quote(indicator.name)} has {len(indicator.path)} labels; "
                    f"the index has {depth} levels"
                )
        _refuse_twice((i.path for i in self.indicators), "indicator")
        _refuse_twice((g.path for g in self.groups), "group")
        known = {i.path[:n] for i in self.indicators for n in range(1, depth)}
        for group in self.groups:
            if group.path not in known:
                raise InputError(f"group {quote(group.name)} has no indicator in it")
        for indicator in self.indicators:
            _check_weight(indicator.weight, indicator.name)
        for group in self.groups:
            _check_weight(group.weight, group.name)
        _ = self.steps

    @cached_property
    def steps(self) -> tuple[Level, ...]:
        """The levels in the order of computation, innermost first."""
        stated: dict[Path, float] = {g.path: g.weight for g in self.groups}
        stated.update({i.path: i.weight for i in self.indicators})
        nodes = tuple(i.path for i in self.indicators)
        steps = []
        for name in self.levels:
            parents = tuple(dict.fromkeys(node[:-1] for node in nodes))
            members = tuple(
                np.array([k for k, node in enumerate(nodes) if node[:-1] == parent], dtype=np.intp)
                for parent in parents
            )
            weights = np.array([stated.get(node, 1.0) for node in nodes])
            scaled = np.zeros(len(nodes))
            for parent, index in zip(parents, members, strict=True):
                total = float(weights[index].sum())
                if total <= 0.0:
                    where = quote(path_text(parent)) if parent else "the index"
                    raise InputError(
                        f"the weights of {name} in {where} sum to 0: give at least one a positive weight"
                    )
                scaled[index] = weights[index] / total
            scaled.setflags(write=False)
            steps.append(Level(name, nodes, parents, members, scaled))
            nodes = parents
        return tuple(steps)

    @property
    def names(self) -> tuple[str, ...]:
        """The indicators' names, in order."""
        return tuple(i.name for i in self.indicators)

    @property
    def directions(self) -> Floats:
        """1 or -1 per indicator."""
        return np.array([i.direction for i in self.indicators], dtype=np.float64)

    def effective_weights(self, weights: tuple[Floats, ...] | None = None) -> Floats:
        """Weight of each indicator in the whole index: the product of the weights along its path.

        Parameters
        ----------
        weights : tuple of arrays, optional
            Weights per level, innermost first, as a result holds them; the stated ones by default.

        Returns
        -------
        array
            One weight per indicator; they sum to 1 (COINr ``get_eff_weights``).
        """
        chosen = weights if weights is not None else tuple(step.weights for step in self.steps)
        above = np.ones(1)
        for step, own in zip(reversed(self.steps), reversed(chosen), strict=True):
            below = np.zeros(len(step.nodes))
            for g, index in enumerate(step.members):
                below[index] = own[index] * above[g]
            above = below
        return above

    def find(self, node: str | Path) -> Path:
        """Return the path of the indicator or group that *node* names: a path, a whole name, or a label.

        Raises
        ------
        InputError
            No node, or more than one, has that label.
        """
        depth = len(self.levels)
        paths = dict.fromkeys(i.path[:n] for i in self.indicators for n in range(1, depth + 1))
        if isinstance(node, tuple):
            found = [node] if node in paths else []
        else:
            found = [p for p in paths if path_text(p) == node] or [p for p in paths if p[-1] == node]
        if not found:
            shown = path_text(node) if isinstance(node, tuple) else node
            raise InputError(f"the index has no indicator or group {quote(shown)}")
        if len(found) > 1:
            raise InputError(
                f"{quote(node)} names {len(found)} nodes ({listing(map(path_text, found))}): give the path"
            )
        return found[0]

    def keep(self, positions: Iterable[int]) -> Definition:
        """Return the definition with only the indicators at *positions* and the groups that have any."""
        indicators = tuple(self.indicators[k] for k in positions)
        left = {i.path[:n] for i in indicators for n in range(1, len(self.levels))}
        return replace(self, indicators=indicators, groups=tuple(g for g in self.groups if g.path in left))

    def reweighted(self, weights: Mapping[Path, float]) -> Definition:
        """Return the definition with the weights of the nodes named in *weights* replaced.

        Examples
        --------
        >>> d = Definition(levels=("x",), indicators=(Indicator(path=("a",)), Indicator(path=("b",))))
        >>> d.reweighted({("a",): 3.0}).steps[0].weights.tolist()
        [0.75, 0.25]
        """
        for path in weights:
            self.find(path)
        indicators = tuple(
            replace(i, weight=weights[i.path]) if i.path in weights else i for i in self.indicators
        )
        inner = dict.fromkeys(i.path[:n] for i in self.indicators for n in range(1, len(self.levels)))
        stated = {g.path: g.weight for g in self.groups}
        groups = tuple(Group(path=p, weight=weights.get(p, stated.get(p, 1.0))) for p in inner)
        return replace(self, indicators=indicators, groups=groups)


def _refuse_twice(paths: Iterable[Path], kind: str) -> None:
    seen: set[Path] = set()
    for path in paths:
        if path in seen:
            raise InputError(f"{kind} {quote(path_text(path))} is stated twice")
        seen.add(path)


def _check_weight(weight: float, name: str) -> None:
    if not math.isfinite(weight):
        raise InputError(f"the weight of {quote(name)} is {weight}: a finite number is needed")
    if weight < 0:
        raise InputError(f"the weight of {quote(name)} is {weight:g}: weights cannot be negative")

"""The chain from research to use: who leads at each stage, and where the leader in research loses its lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from primacy.composite import ranks
from primacy.inference.draws import first_probability
from primacy.inference.verdict import MINIMUM_PAPERS, verdict
from primacy.studies.assessment.definition import Definition, Stage
from primacy.studies.assessment.evidence import MEASURED, NO_DATA, NOT_ABOUT, Absent, Reading
from primacy.studies.assessment.judgement import Judgement, StageScores

__all__ = ["Chain", "Link", "chain_of", "chain_rows"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Link:
    """One stage of a subject's chain; ``leader`` and what follows are None where it is not measured."""

    stage: Stage
    state: str
    reason: str
    indicators: tuple[str, ...]
    without_data: tuple[str, ...]
    leader: str | None = None
    probability: float | None = None
    verdict: str | None = None
    runner_up: str | None = None
    research_leader_rank: int | None = None
    research_leader_probability: float | None = None


@dataclass(frozen=True)
class Chain:
    """The chain of one subject.

    Parameters
    ----------
    links
        The stages in order.
    outcome
        In words: ``holds throughout``, ``lost at …``, or ``cannot be said: no data for …``.
    lost_at, lost_to
        The first measured stage at which the leader in research does not lead, and who leads there.
    probability
        The part of the draws with the same leader in research and the same outcome.
    """

    links: tuple[Link, ...]
    outcome: str
    lost_at: str | None
    lost_to: str | None
    probability: float | None

    @property
    def research(self) -> Link:
        """The first stage."""
        return self.links[0]


def chain_of(
    rules: Definition, readings: Sequence[Reading | Absent], judgement: Judgement | None, papers: int
) -> Chain:
    """Return the chain of a subject.

    Parameters
    ----------
    rules
        The assessment's definition; its first stage is the one whose leader is followed.
    readings
        The reading of each indicator, or why there is none.
    judgement
        The scores by stage; None where countries could not be compared.
    papers
        How many papers the subject has, on which the verdict on the first stage rests too.
    """
    scores = {s.stage: s for s in judgement.stages} if judgement else {}
    units = judgement.units if judgement else []
    first = scores.get(rules.stages[0].id)
    leader = _first(first.score) if first else None
    links = tuple(
        _link(
            stage,
            [r for r in readings if r.spec.stage == stage.id],
            scores.get(stage.id),
            units,
            leader,
            papers if stage is rules.stages[0] else MINIMUM_PAPERS,
        )
        for stage in rules.stages
    )
    return Chain(links, *_outcome(links, [scores[s.id] for s in rules.stages if s.id in scores], units))


def _link(
    stage: Stage,
    readings: Sequence[Reading | Absent],
    scores: StageScores | None,
    units: list[str],
    leader: int | None,
    papers: int,
) -> Link:
    read = tuple(r.spec.id for r in readings if isinstance(r, Reading))
    absent = [r for r in readings if isinstance(r, Absent)]
    missing = [r for r in absent if r.state == NO_DATA]
    reasons: dict[str, list[str]] = {}
    for each in missing:
        reasons.setdefault(each.reason, []).append(each.spec.id)
    reason = "; ".join(f"{', '.join(ids)}: {why}" for why, ids in reasons.items())
    names = tuple(r.spec.id for r in missing)
    if scores is None or np.isnan(scores.score).all():
        state = NO_DATA if missing or not absent else NOT_ABOUT
        if state == NOT_ABOUT:
            reason = "; ".join(dict.fromkeys(r.reason for r in absent))
        return Link(stage, state, reason, read, names)
    found: dict[str, Any] = {}
    probability = first_probability(scores.draws)
    order = sorted(
        np.flatnonzero(~np.isnan(scores.score)).tolist(),
        key=lambda i: (-round(float(scores.score[i]), 9), units[i]),
    )
    found["leader"] = units[order[0]]
    found["probability"] = float(probability[order[0]])
    found["verdict"] = verdict(found["probability"], papers)
    found["runner_up"] = units[order[1]] if len(order) > 1 else None
    if leader is not None and not np.isnan(scores.score[leader]):
        found["research_leader_rank"] = int(ranks(scores.score)[leader])
        found["research_leader_probability"] = float(probability[leader])
    return Link(stage, MEASURED, reason, read, names, **found)


def _outcome(
    links: Sequence[Link], scores: Sequence[StageScores], units: list[str]
) -> tuple[str, str | None, str | None, float | None]:
    """Return outcome, lost_at, lost_to and probability."""
    research, *later = links
    unseen = [k.stage.title for k in links if k.state == NO_DATA]
    if research.leader is None:
        return f"cannot be said: no data for {research.stage.title}", None, None, None
    lost = next((k for k in later if k.state == MEASURED and k.leader != research.leader), None)
    measured = [k for k in links if k.state == MEASURED]
    fates = _fates(scores)
    mine = units.index(research.leader)
    if lost is not None:
        at = measured.index(lost)
        before = [k.stage.title for k in links[1 : links.index(lost)] if k.state == NO_DATA]
        words = f"lost at {lost.stage.title} to {lost.leader}"
        if before:
            words += f", if not before: no data for {', '.join(before)}"
        return words, lost.stage.id, lost.leader, float(((fates[0] == mine) & (fates[1] == at)).mean())
    held = float(((fates[0] == mine) & (fates[1] < 0)).mean())
    if unseen:
        return f"cannot be said: no data for {', '.join(unseen)}", None, None, held
    if not any(k.state == MEASURED for k in later):
        return f"nothing beyond {research.stage.title} is measured for it", None, None, held
    return "holds throughout", None, None, held


def _fates(scores: Sequence[StageScores]) -> tuple[Ints, Ints]:
    """Return, in every draw, who leads the first stage and at which stage it does not lead; -1 where it always does."""
    leaders = np.stack([_firsts(s) for s in scores])
    if len(scores) == 1:
        return leaders[0], np.full(leaders.shape[1], -1)
    elsewhere = leaders[1:] != leaders[0]
    return leaders[0], np.where(elsewhere.any(axis=0), elsewhere.argmax(axis=0) + 1, -1)


def _firsts(scores: StageScores) -> Ints:
    """Return the unit that leads a stage in every draw, -1 where none has a score."""
    filled = np.where(np.isnan(scores.draws), -np.inf, np.round(scores.draws, 9))
    return np.where(np.isneginf(filled).all(axis=1), -1, filled.argmax(axis=1)).astype(np.int64)


def _first(score: npt.NDArray[np.float64]) -> int | None:
    known = np.where(np.isnan(score), -np.inf, np.round(score, 9))
    return None if np.isneginf(known).all() else int(known.argmax())


def chain_rows(technology: str, chain: Chain) -> list[Mapping[str, Any]]:
    """Return the chain as rows of ``assessment_chain``."""
    return [
        {
            "technology": technology,
            "stage": link.stage.id,
            "place": place,
            "state": link.state,
            "leader": link.leader,
            "probability": link.probability,
            "verdict": link.verdict,
            "runner_up": link.runner_up,
            "research_leader": chain.research.leader,
            "research_leader_rank": link.research_leader_rank,
            "research_leader_probability": link.research_leader_probability,
            "indicators": ", ".join(link.indicators),
            "without_data": ", ".join(link.without_data),
            "reason": link.reason,
        }
        for place, link in enumerate(chain.links, start=1)
    ]

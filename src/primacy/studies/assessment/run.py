"""The assessment: results of the other studies, joined into one verdict per domain and technology."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from primacy.lake.results import Results
from primacy.sources.reference.assessments import published_assessments
from primacy.studies.assessment.chain import chain_of, chain_rows
from primacy.studies.assessment.definition import Definition
from primacy.studies.assessment.evidence import NO_DATA, Absent, Evidence, Reading
from primacy.studies.assessment.judgement import judge
from primacy.studies.assessment.published import beside
from primacy.studies.assessment.rows import Assessed, effect_rows, indicator_rows, score_rows, summary
from primacy.studies.assessment.subjects import Subject, subjects
from primacy.studies.outcome import Outcome, Step
from primacy.studies.tables import STUDY_TABLES

__all__ = ["NEEDED", "run", "sources"]

NEEDED = "research"
"""The study without whose results no technology can be assessed."""


def run(
    results: Results, definition: Definition, domains: Mapping[str, str], *, step: Step = lambda _: None
) -> Outcome:
    """Run the assessment.

    Parameters
    ----------
    results
        What the other studies wrote; those of research must be there, a stage whose study is not is named.
    definition
        What is read, how it is joined, and about what.
    domains
        The domain of each technology of the portfolio.
    step
        Told what is being computed.

    Returns
    -------
    Outcome
        ``assessment`` (a verdict per domain and technology), ``assessment_scores`` (its countries),
        ``assessment_chain`` (the leader at each stage), ``assessment_indicators`` (every value that went in),
        ``assessment_sensitivity`` (what the lead hangs on), ``assessment_published`` (what others say).

    Raises
    ------
    NotThereError
        Research was not run.
    """
    results.study(NEEDED)
    evidence = Evidence(results, draws=definition.uncertainty.draws, seed=definition.uncertainty.seed)
    papers = _papers(evidence)
    found = []
    for subject in subjects(definition.technologies, domains, set(papers)):
        step(f"assessment of {subject.name}")
        found.append(_assess(definition, evidence, subject, sum(papers[t] for t in subject.measured_by)))
    verdicts = {a.subject.id: summary(a) for a in found}
    published = beside(published_assessments(), verdicts)
    rows: dict[str, Sequence[Mapping[str, Any]]] = {
        "assessment": list(verdicts.values()),
        "assessment_scores": [r for a in found for r in score_rows(a)],
        "assessment_chain": [r for a in found for r in chain_rows(a.subject.id, a.chain)],
        "assessment_indicators": [r for a in found for r in indicator_rows(a, results)],
        "assessment_sensitivity": [r for a in found for r in effect_rows(a)],
        "assessment_published": published,
    }
    declared = STUDY_TABLES["assessment"]
    tables = {name: pa.Table.from_pylist(list(r), schema=declared[name].arrow) for name, r in rows.items()}
    return Outcome(tables, _notes(definition, results, found))


def sources(results: Results, definition: Definition) -> dict[str, Any]:
    """Return which results are read: by study the version of the lake and the digests of its tables."""
    studies = sorted({i.study for i in definition.indicators} & set(results.studies))
    return {
        name: {
            "lake_version": (manifest := results.study(name).manifest)["lake_version"],
            "tables": {
                table: manifest["tables"][table]["sha256"]
                for table in sorted(_read(definition, name) & set(manifest["tables"]))
            },
        }
        for name in studies
    }


def _read(definition: Definition, study: str) -> set[str]:
    """Return the tables of a study that the assessment reads."""
    mine = [i for i in definition.indicators if i.study == study]
    also = {c.split(".")[0] for i in mine for c in (i.coverage, i.draws) if c and "." in c}
    return {i.table for i in mine} | also | ({"leads"} if study == NEEDED else set())


def _papers(evidence: Evidence) -> dict[str, int]:
    """Return how many papers each technology has in the newest window."""
    rows = evidence.table("leads").to_pylist()
    newest = max((r["window"] for r in rows), default="")
    return {r["technology"]: r["papers"] for r in rows if r["window"] == newest}


def _assess(definition: Definition, evidence: Evidence, subject: Subject, papers: int) -> Assessed:
    readings: list[Reading | Absent] = []
    blocs: list[Reading] = []
    reason = None
    if not subject.measured_by:
        wanted = " or ".join(" with ".join(names) for names in subject.wanted)
        reason = f"no results on {wanted}: match a portfolio that has them, then `primacy run {NEEDED}`"
    for spec in definition.indicators:
        found = evidence.read(spec, subject)
        if isinstance(found, Absent):
            readings.append(found)
        else:
            readings.append(found[0])
            blocs += found[1:]
    used = [r for r in readings if isinstance(r, Reading)]
    judgement = judge(definition, used, subject.id) if used else None
    chain = chain_of(definition, readings, judgement, papers)
    if reason is None and (judgement is None or judgement.leader is None):
        reason = "fewer than two countries can be compared"
    return Assessed(subject, readings, blocs, judgement, chain, papers, reason)


def _notes(definition: Definition, results: Results, found: Sequence[Assessed]) -> dict[str, Any]:
    absent = {
        r.spec.id: r.reason
        for a in found
        for r in a.readings
        if isinstance(r, Absent) and r.state == NO_DATA and a.subject.measured_by
    }
    return {
        "results": sources(results, definition),
        "funnel": {
            "subjects": len(found),
            "assessed": sum(a.judgement is not None for a in found),
            "indicators": len(definition.indicators),
            "indicators_without_data": len(absent),
        },
        "indicators_without_data": absent,
        "subjects_without_data": {a.subject.id: a.reason for a in found if a.reason},
    }

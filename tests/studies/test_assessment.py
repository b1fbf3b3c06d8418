"""The assessment on results written by hand: verdicts, chain, indicators, what is missing, what others say."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import handmade
from tests.oracles import assessment as oracle

from primacy.errors import InputError, NotThereError
from primacy.inference.draws import first_probability, interval_draws
from primacy.sources.reference.assessments import PublishedAssessment, published_assessments
from primacy.studies.assessment import load_definition, run
from primacy.studies.assessment.definition import Definition, IndicatorSpec
from primacy.studies.assessment.evidence import Absent, Evidence, Reading
from primacy.studies.assessment.judgement import judge
from primacy.studies.assessment.published import beside
from primacy.studies.assessment.subjects import slug, subjects

ML = {"CN": 0.4, "US": 0.2, "DE": 0.1}
BATTERIES = {"CN": 0.6, "US": 0.1}


def fewer(definition=None, **changes):
    """The definition with few draws, which is enough where nothing is uncertain."""
    definition = definition or load_definition()
    changes = {"draws": 200, "sensitivity": 8, **changes}
    return definition.model_copy(update={"uncertainty": definition.uncertainty.model_copy(update=changes)})


def everything(path: Path, **more):
    studies = {
        "research": handmade.research({"machine-learning": ML, "electric-batteries": BATTERIES}),
        "institutions": handmade.basket({"CN": 50.0, "US": 30.0, "DE": 10.0, "unassigned": 10.0}),
        "compute": handmade.clusters({"US": 0.7, "CN": 0.2}, {"US": 20.0, "CN": 10.0}),
        "models": handmade.adoption({"all": {"CN": 0.5, "US": 0.3, "unattributed": 0.2}}),
        **more,
    }
    return handmade.write(path, **{k: v for k, v in studies.items() if v is not None})


def assessed(results, definition=None, domains=handmade.DOMAINS):
    outcome = run(results, definition or fewer(), domains)
    tables = {name: table.to_pylist() for name, table in outcome.tables.items()}
    return outcome, tables, {r["technology"]: r for r in tables["assessment"]}


# ---------------------------------------------------------------------------- by hand


def test_every_verdict_and_every_stage_of_a_world_worked_out_by_hand(tmp_path):
    _, tables, verdicts = assessed(everything(tmp_path))
    ml = verdicts["ai-technologies"]
    # Min-max. Research: CN 1. Compute: US 1 by both. Models: CN 1, US 0 (two countries). Each stage a third.
    # US in research: share (0.2 - 0.1) / 0.3 = 1/3, H the same, Share (27 - 9) / 36 = 1/2: (2/3 + 1/3 + 1/2) / 4.
    us = (2 / 4 * 1 / 3 + 1 / 4 * 1 / 3 + 1 / 4 * 1 / 2) / 3 + 1 / 3
    assert ml["leader"] == "CN"
    assert ml["leader_score"] == pytest.approx(100 * 2 / 3)
    assert ml["runner_up"] == "US"
    assert ml["runner_up_score"] == pytest.approx(100 * us)
    assert ml["speaks_of"] == "research, compute, models adopted"
    assert ml["stages_without_data"] == "people"
    # CN is above US in research (three of three) and models, and below it in compute: two thirds of the weight.
    assert ml["agreement"] == pytest.approx(2 / 3)
    chain = {r["stage"]: r for r in tables["assessment_chain"] if r["technology"] == "ai-technologies"}
    assert [(s, r["state"], r["leader"]) for s, r in chain.items()] == [
        ("research", "measured", "CN"),
        ("people", "no data", None),
        ("compute", "measured", "US"),
        ("models", "measured", "CN"),
    ]
    assert chain["compute"]["research_leader_rank"] == 2
    assert chain["compute"]["research_leader_probability"] == 0.0
    assert (ml["lost_at"], ml["lost_to"]) == ("compute", "US")
    assert ml["chain"] == "lost at compute to US, if not before: no data for people"
    assert ml["chain_probability"] == 1.0


def test_what_only_research_is_about_speaks_of_research_alone(tmp_path):
    _, tables, verdicts = assessed(everything(tmp_path))
    batteries = verdicts["energy-and-environment"]
    assert (batteries["leader"], batteries["verdict"]) == ("CN", "leads")
    assert batteries["speaks_of"] == "research"
    assert batteries["chain"] == "cannot be said: no data for people"
    states = {
        r["stage"]: r["state"]
        for r in tables["assessment_chain"]
        if r["technology"] == batteries["technology"]
    }
    assert states == {
        "research": "measured",
        "people": "no data",
        "compute": "not about it",
        "models": "not about it",
    }


def test_the_verdict_counts_the_draws_in_which_the_leader_leads(tmp_path):
    # One country leads in three of four draws of methods and works, and nothing else is known.
    draws = {"electric-batteries": {"CN": [0.6, 0.6, 0.6, 0.1], "US": [0.2, 0.2, 0.2, 0.5]}}
    only = load_definition()
    only = only.model_copy(
        update={"indicators": tuple(i for i in only.indicators if i.id == "research_share")}
    )
    results = handmade.write(tmp_path, research=handmade.research({"electric-batteries": BATTERIES}, draws))
    _, tables, verdicts = assessed(results, fewer(only, draws=400))
    row = verdicts["energy-and-environment"]
    assert row["probability"] == pytest.approx(0.75, abs=0.07)  # which of the four, each time anew
    assert row["verdict"] == "contested"
    (share,) = [
        r
        for r in tables["assessment_indicators"]
        if r["technology"] == "energy-and-environment" and r["unit"] == "CN"
    ]
    assert share["probability"] == 0.75
    assert share["uncertainty"] == "joint draws of works and methods"


@pytest.mark.parametrize(
    ("part", "verdict"), [(0.5, "contested"), (0.85, "ahead, contestable"), (0.97, "leads")]
)
def test_the_words_of_a_verdict_follow_its_thresholds(tmp_path, part, verdict):
    lead = [0.6] * round(1000 * part) + [0.0] * round(1000 * (1 - part))
    draws = {"electric-batteries": {"CN": lead, "US": [0.3] * 1000}}
    only = load_definition()
    only = only.model_copy(
        update={"indicators": tuple(i for i in only.indicators if i.id == "research_share")}
    )
    results = handmade.write(tmp_path, research=handmade.research({"electric-batteries": BATTERIES}, draws))
    _, _, verdicts = assessed(results, fewer(only, draws=1000))
    assert verdicts["energy-and-environment"]["verdict"] == verdict


def test_too_few_papers_allow_no_verdict(tmp_path):
    few = handmade.research({"electric-batteries": BATTERIES}, papers=99)
    _, _, verdicts = assessed(handmade.write(tmp_path, research=few))
    assert verdicts["energy-and-environment"]["verdict"] == "too few papers"


# ---------------------------------------------------------------------------- the oracle


def test_the_probability_is_that_of_a_slow_restatement(tmp_path):
    rng = np.random.default_rng(5)
    drawn = {
        u: rng.normal(m, 0.05, 300).clip(0.01).tolist() for u, m in {"CN": 0.3, "US": 0.27, "DE": 0.1}.items()
    }
    results = handmade.write(
        tmp_path,
        research=handmade.research({"machine-learning": ML}, {"machine-learning": drawn}),
        compute=handmade.clusters({"US": 0.6, "CN": 0.3}),
        models=handmade.adoption({"all": {"CN": 0.4, "US": 0.35, "DE": 0.05}}),
    )
    chosen = ("research_share", "compute_share", "adoption_share")
    base = load_definition()
    some = fewer(
        base.model_copy(update={"indicators": tuple(i for i in base.indicators if i.id in chosen)}),
        draws=4000,
    )
    _, tables, _ = assessed(results, some)
    ours = {r["unit"]: r for r in tables["assessment_scores"] if r["technology"] == "ai-technologies"}
    rule = some.uncertainty.model_dump()
    expected = oracle.probabilities(
        {"research": (1.0, {"r": 2.0}), "compute": (1.0, {"c": 2.0}), "models": (1.0, {"m": 1.0})},
        [
            {
                "r": {u: drawn[u][i] for u in drawn},
                "c": {"US": 0.6, "CN": 0.3},
                "m": {"CN": 0.4, "US": 0.35, "DE": 0.05},
            }
            for i in range(300)
        ],
        rule=rule,
        replicates=4000,
    )
    error = 4 * math.sqrt(0.25 / 4000 * 2)
    for unit in ("CN", "US", "DE"):
        assert ours[unit]["probability"] == pytest.approx(expected[unit], abs=error)
    assert 0.05 < expected["CN"] < 0.95


def test_two_stages_against_each_other_are_a_beta_distribution(tmp_path):
    # After min-max CN has (1, 0) and US (0, 1), so CN leads where its stage weighs more than a half: by symmetry, half.
    results = handmade.write(
        tmp_path,
        research=handmade.research({"machine-learning": {"CN": 0.4, "US": 0.2}}),
        models=handmade.adoption({"all": {"US": 0.6, "CN": 0.3}}),
    )
    base = load_definition()
    chosen = tuple(i for i in base.indicators if i.id in ("research_share", "adoption_share"))
    uncertain = {"normalise": ("minmax",), "aggregate": ("arithmetic",), "missing": ("drop",)}
    some = fewer(base.model_copy(update={"indicators": chosen}), draws=4000, **uncertain)
    _, _, verdicts = assessed(results, some)
    assert verdicts["ai-technologies"]["probability"] == pytest.approx(0.5, abs=0.035)


# ---------------------------------------------------------------------------- what is missing


def test_a_gap_is_left_out_and_said_not_scored_as_zero(tmp_path):
    _, tables, _ = assessed(everything(tmp_path))
    scores = {r["unit"]: r for r in tables["assessment_scores"] if r["technology"] == "ai-technologies"}
    germany = scores["DE"]
    # DE has the research stage alone, in which it is last by everything: three of six indicators.
    assert (germany["score"], germany["indicators"]) == (0.0, 3)
    assert germany["coverage"] == pytest.approx(1 / 3)
    assert germany["note"] == "3 of 6 indicators missing: left out, not zero"
    one_better = everything(
        tmp_path / "more",
        research=handmade.research({"machine-learning": {"CN": 0.4, "US": 0.2, "DE": 0.3}}),
    )
    _, tables, _ = assessed(one_better)
    germany = next(
        r for r in tables["assessment_scores"] if (r["technology"], r["unit"]) == ("ai-technologies", "DE")
    )
    # Half of the way by share and H, last by Share; were its gaps zero it would have a third of this.
    assert germany["score"] == pytest.approx(100 * (3 / 4 * 1 / 2 + 1 / 4 * 0))


def test_who_has_fewer_than_half_of_the_indicators_has_no_score(tmp_path):
    results = everything(tmp_path, models=handmade.adoption({"all": {"CN": 0.5, "US": 0.3, "FR": 0.1}}))
    _, tables, _ = assessed(results)
    france = next(
        r for r in tables["assessment_scores"] if (r["technology"], r["unit"]) == ("ai-technologies", "FR")
    )
    assert (france["score"], france["rank"], france["rank_low"], france["probability"]) == (None,) * 4
    assert france["note"].endswith("too few for a score")


@pytest.mark.parametrize("study", ["institutions", "compute", "models"])
def test_a_study_that_was_not_run_is_named_with_its_command(tmp_path, study):
    outcome, tables, verdicts = assessed(everything(tmp_path, **{study: None}))
    reasons = {
        r["indicator"]: r["reason"]
        for r in tables["assessment_indicators"]
        if r["technology"] == "ai-technologies" and r["state"] == "no data" and r["study"] == study
    }
    assert reasons
    assert set(reasons.values()) == {f"no results of the study {study}: run `primacy run {study}`"}
    assert set(reasons) <= set(outcome.notes["indicators_without_data"])
    if study == "compute":
        assert verdicts["ai-technologies"]["stages_without_data"] == "people, compute"


def test_research_must_have_been_run(tmp_path):
    results = everything(tmp_path, research=None)
    with pytest.raises(NotThereError, match="research: not run in this workspace; `primacy run research`"):
        assessed(results)


def test_a_table_that_the_data_did_not_allow_is_named(tmp_path):
    results = everything(tmp_path, compute=handmade.clusters({"US": 0.7, "CN": 0.2}))
    _, tables, _ = assessed(results)
    reason = {
        r["indicator"]: r["reason"]
        for r in tables["assessment_indicators"]
        if (r["technology"], r["state"]) == ("ai-technologies", "no data")
    }
    assert reason["best_accelerator"] == "the study compute made no table chips: its data are not in the lake"


def test_a_technology_that_was_not_matched_is_not_judged_by_what_is_general(tmp_path):
    _, tables, verdicts = assessed(everything(tmp_path))
    chips = verdicts["semiconductors"]
    assert (chips["verdict"], chips["leader"], chips["measured_by"]) == ("cannot be said", None, "")
    assert chips["reason"] == (
        "no results on semiconductors or advanced-integrated-circuit-design-and-fabrication with "
        "wide-and-ultrawide-bandgap-semiconductors: match a portfolio that has them, then `primacy run research`"
    )
    assert not [r for r in tables["assessment_scores"] if r["technology"] == "semiconductors"]
    chain = {r["stage"]: r for r in tables["assessment_chain"] if r["technology"] == "semiconductors"}
    assert chain["research"]["reason"] == (
        "research_share, research_h_index, basket_share: Semiconductors was not run"
    )
    assert (chain["models"]["state"], chain["compute"]["without_data"]) == (
        "not about it",
        "best_accelerator",
    )


def test_one_country_alone_is_compared_with_nobody(tmp_path):
    results = handmade.write(tmp_path, research=handmade.research({"electric-batteries": {"CN": 1.0}}))
    _, _, verdicts = assessed(results)
    row = verdicts["energy-and-environment"]
    assert (row["verdict"], row["reason"]) == ("cannot be said", "fewer than two countries can be compared")


def test_intervals_that_touch_zero_leave_something_to_divide_by(tmp_path):
    # Where less is better the least is divided by; where more is, the largest: both may be drawn as nothing.
    costs = [
        {"scenario": "open-small", "country": c, "on": "2026", "usd_per_million": v}
        | {"usd_per_million_low": 0.0, "usd_per_million_high": 2 * v}
        for c, v in {"CN": 1.0, "US": 2.0}.items()
    ]
    results = everything(
        tmp_path,
        institutions=handmade.basket({"CN": 0.5, "US": 0.5}),
        compute=handmade.clusters({"US": 0.7, "CN": 0.2}) | {"usable_compute": costs},
    )
    _, tables, _ = assessed(results)
    rows = {
        (r["indicator"], r["unit"]): r
        for r in tables["assessment_indicators"]
        if r["technology"] == "ai-technologies"
    }
    assert rows["token_cost", "CN"]["rank"] == 1
    assert rows["token_cost", "CN"]["direction"] == -1
    assert 0.5 < rows["token_cost", "CN"]["probability"] < 1


# ---------------------------------------------------------------------------- blocs, sources, indicators


def test_blocs_stand_beside_their_members_and_are_never_ranked(tmp_path):
    research = handmade.research({"machine-learning": ML}, blocs={"EU27": 0.9})
    _, tables, verdicts = assessed(everything(tmp_path, research=research))
    rows = [r for r in tables["assessment_indicators"] if r["unit"] == "EU27"]
    assert {(r["unit_kind"], r["rank"], r["probability"]) for r in rows} == {("bloc", None, None)}
    assert 0.9 in {r["value"] for r in rows}
    assert "EU27" not in {r["unit"] for r in tables["assessment_scores"]}
    assert verdicts["ai-technologies"]["leader"] == "CN"


def test_every_value_says_where_it_is_from(tmp_path):
    results = everything(tmp_path)
    _, tables, _ = assessed(results)
    rows = [r for r in tables["assessment_indicators"] if r["state"] == "measured"]
    assert {r["study"] for r in rows} == {"research", "institutions", "compute", "models"}
    for r in rows:
        made = results.study(r["study"]).manifest
        assert made["tables"][r["table"]]["sha256"].startswith(r["table_version"])
        assert r["lake_version"] == 7
        assert r["window"]
        assert r["value"] is not None
    by = {(r["technology"], r["indicator"], r["unit"]): r for r in rows}
    basket = by["ai-technologies", "basket_share", "CN"]
    # Adjusted Share, its interval scaled with it; ten of a hundred articles belong to nobody.
    assert (basket["value"], basket["low"], basket["high"]) == pytest.approx((45.0, 44.1, 45.9))
    assert basket["coverage"] == pytest.approx(0.9)
    assert by["ai-technologies", "compute_share", "US"]["coverage"] == 0.8
    assert by["ai-technologies", "research_share", "US"]["coverage"] == 0.9
    assert by["ai-technologies", "best_accelerator", "US"]["value"] == 20.0
    weights = {r["indicator"]: r["weight"] for r in rows if r["technology"] == "ai-technologies"}
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["compute_share"] == pytest.approx(2 / 9)


def test_ways_to_measure_are_drawn_and_the_reference_is_stated(tmp_path):
    ways = {
        "all": {"CN": 0.5, "US": 0.3},
        "mainline": {"CN": 0.2, "US": 0.6},
        "no-repacks": {"CN": 0.1, "US": 0.2},
    }
    _, tables, _ = assessed(everything(tmp_path, models=handmade.adoption(ways)), fewer(draws=3000))
    china = next(
        r
        for r in tables["assessment_indicators"]
        if (r["technology"], r["indicator"], r["unit"]) == ("ai-technologies", "adoption_share", "CN")
    )
    assert china["value"] == 0.5
    assert (china["low"], china["high"]) == (0.1, 0.5)
    assert china["probability"] == pytest.approx(1 / 3, abs=0.03)
    assert china["uncertainty"] == "defensible ways to measure it"


def test_a_domain_is_the_mean_of_its_technologies(tmp_path):
    research = handmade.research(
        {"machine-learning": {"CN": 0.4, "US": 0.2}, "computer-vision": {"CN": 0.2, "DE": 0.3}}
    )
    domains = {"machine-learning": "AI technologies", "computer-vision": "AI technologies"}
    _, tables, verdicts = assessed(handmade.write(tmp_path, research=research), domains=domains)
    assert verdicts["ai-technologies"]["measured_by"] == "computer-vision, machine-learning"
    assert verdicts["ai-technologies"]["papers"] == 1000
    shares = {
        r["unit"]: r["value"]
        for r in tables["assessment_indicators"]
        if (r["technology"], r["indicator"]) == ("ai-technologies", "research_share")
    }
    covered = {
        r["coverage"]
        for r in tables["assessment_indicators"]
        if (r["technology"], r["indicator"]) == ("ai-technologies", "research_share")
    }
    assert covered == {0.9}
    # Nobody counted papers of US in computer vision: its part of that whole is none, which is a measured zero.
    assert shares == pytest.approx({"CN": 0.3, "DE": 0.15, "US": 0.1})
    assert verdicts["computer-vision"]["measured_by"] == "computer-vision"
    assert not verdicts["computer-vision"]["stand_in"]


def test_a_stand_in_is_said_to_be_one(tmp_path):
    _, _, verdicts = assessed(everything(tmp_path))
    assert (verdicts["advanced-batteries"]["measured_by"], verdicts["advanced-batteries"]["stand_in"]) == (
        "electric-batteries",
        True,
    )


def test_the_same_results_give_the_same_bytes(tmp_path):
    results = everything(tmp_path)
    one, other = (run(results, fewer(), handmade.DOMAINS) for _ in range(2))
    for name, table in one.tables.items():
        assert table.equals(other.tables[name]), name
    assert one.notes == other.notes


def test_the_people_stage_is_taken_up_when_its_results_are_there(tmp_path):
    import pyarrow as pa

    from primacy.studies.people.tables import STOCKS

    rows = [
        {
            "technology": "machine-learning",
            "window": handmade.WINDOW,
            "top": top,
            "weighting": "once",
            "evidence": evidence,
            "stage": stage,
            "unit": unit,
            "share": share,
            "low": share,
            "high": share,
            "coverage": 0.6,
        }
        for top in (0.1,)
        for evidence in ("affiliations", "orcid")
        for stage, shares in (("employment", {"US": 0.5, "CN": 0.4}), ("first", {"CN": 0.9, "US": 0.1}))
        for unit, share in shares.items()
    ]
    results = everything(tmp_path)
    whole = {t: results.read(t) for t in results.study("research").tables}
    whole["stocks"] = pa.Table.from_pylist(rows, schema=STOCKS)
    results.write("research", whole, {"lake_version": 7, "inputs": {}, "settings": {}})
    _, tables, verdicts = assessed(results)
    row = verdicts["ai-technologies"]
    assert row["stages_without_data"] == ""
    assert row["speaks_of"] == "research, people, compute, models adopted"
    assert (row["lost_at"], row["lost_to"], row["chain"]) == ("people", "US", "lost at people to US")
    people = [
        r
        for r in tables["assessment_indicators"]
        if (r["technology"], r["stage"]) == ("ai-technologies", "people")
    ]
    assert {(r["unit"], r["value"], r["coverage"]) for r in people} == {("US", 0.5, 0.6), ("CN", 0.4, 0.6)}


def test_a_lead_that_holds_at_every_stage_holds_throughout(tmp_path):
    base = load_definition()
    without = base.model_copy(
        update={
            "stages": tuple(s for s in base.stages if s.id != "people"),
            "indicators": tuple(i for i in base.indicators if i.stage != "people"),
        }
    )
    results = everything(tmp_path, compute=handmade.clusters({"CN": 0.7, "US": 0.2}, {"CN": 9.0, "US": 3.0}))
    _, _, verdicts = assessed(results, fewer(without))
    assert verdicts["ai-technologies"]["chain"] == "holds throughout"
    assert verdicts["ai-technologies"]["chain_probability"] == 1.0
    assert verdicts["energy-and-environment"]["chain"] == "nothing beyond research is measured for it"


# ---------------------------------------------------------------------------- what others say


def published(**changes):
    whole = {
        "source": "S",
        "year": 2025,
        "topic": "t",
        "measures": "mixed indicators",
        "kind": "verdict",
        "unit": "US",
        "published_unit": "United States",
        "value": None,
        "rank": None,
        "statement": "US leads",
        "about": ("ai",),
        "url": "",
        "note": "",
    }
    return PublishedAssessment(**{**whole, **changes})


OURS = {
    "technology": "ai",
    "leader": "CN",
    "verdict": "leads",
    "probability": 0.97,
    "speaks_of": "research, compute",
    "research_leader": "US",
    "research_verdict": "leads",
    "research_probability": 0.99,
}


@pytest.mark.parametrize(
    ("claim", "ours", "agreement"),
    [
        ({}, {}, "differ"),
        ({"unit": "CN"}, {}, "agree"),
        ({"unit": "CN"}, {"verdict": "contested"}, "differ"),
        ({"unit": "CN"}, {"verdict": "too few papers"}, "not comparable"),
        ({"unit": "CN"}, {"leader": None, "verdict": "cannot be said"}, "not comparable"),
        # What speaks of research alone is not set against what speaks of more.
        ({}, {"speaks_of": "research"}, "not comparable"),
        # A count of papers is set beside our stage of research.
        ({"measures": "research"}, {}, "agree"),
        ({"measures": "research", "unit": "CN"}, {}, "differ"),
        ({"kind": "mixed", "unit": None}, {}, "not comparable"),
        ({"kind": "unknown", "unit": None}, {}, "not comparable"),
    ],
)
def test_published_verdicts_agree_differ_or_cannot_be_compared(claim, ours, agreement):
    (row,) = beside([published(**claim)], {"ai": {**OURS, **ours}})
    assert row["agreement"] == agreement
    assert row["reason"]


def test_of_a_list_of_scores_the_first_country_is_who_leads():
    scores = [
        published(kind="score", unit="US", rank=1, value=90.0, statement=""),
        published(kind="score", unit="CN", rank=2, value=80.0, statement=""),
    ]
    (row,) = beside(scores, {"ai": OURS})
    assert (row["published_leader"], row["published_score"], row["statement"]) == ("US", 90.0, "rank 1")
    # Where the source also says so in words, these count, once.
    assert len(beside([*scores, published()], {"ai": OURS})) == 1


def test_the_facts_that_ship_are_those_published(shared):
    import csv

    with (shared / "facts" / "assessments_published.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ours = [p for p in published_assessments() if not (p.measures == "research" and p.kind == "verdict")]
    assert len(ours) == len(rows)
    for theirs, mine in zip(rows, ours, strict=True):
        assert theirs["technology"] == mine.topic
        assert int(theirs["year"]) == mine.year
        if mine.kind == "score" and mine.value is not None:
            assert float(theirs["verdict_or_score"]) == mine.value
        if mine.kind in ("verdict", "mixed", "unknown") and theirs["country"] not in ("contested", "verdict"):
            assert theirs["verdict_or_score"] == mine.statement
        assert theirs["url"].startswith(mine.url)


def test_what_is_about_something_is_about_something_that_is_assessed():
    from primacy.technologies.portfolio import load_portfolio

    known = {t.id for t in load_definition().technologies} | {
        slug(t.domain) for t in load_portfolio().values()
    }
    assert {about for p in published_assessments() for about in p.about} <= known


# ---------------------------------------------------------------------------- definition


def test_the_definition_names_technologies_that_exist():
    from primacy.technologies.portfolio import load_portfolio

    ten, all_ = load_portfolio("article-10"), load_portfolio()
    technologies = load_definition().technologies
    assert sorted(t.id for t in technologies) == sorted(ten)
    for technology in technologies:
        assert technology.measured_by[0] == (technology.id,) or technology.id in all_
        assert technology.domain == ten[technology.id].domain
        for names in technology.measured_by[1:]:
            assert set(names) <= set(all_), technology.id


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            'missing = "drop" ',
            'missing = "zero" ',
            "method: Value error, missing = 'zero': what is not known",
        ),
        (
            'missing = ["drop", "median"]',
            'missing = ["zero"]',
            "uncertainty: Value error, missing lists 'zero'",
        ),
        (
            'stage = "people"',
            'stage = "money"',
            "indicator 'authors_employed' has stage 'money', which is none",
        ),
        ('id = "token_cost"', 'id = "compute_share"', "indicator 'compute_share' is stated twice"),
        ("draws = 1000", "draws = 0", "uncertainty.draws: Input should be greater than or equal to 1"),
        ("version = 1", "version = 1\ncolour = 2", "colour: Extra inputs are not permitted"),
        (', by = "publisher" }', " }", "reference states one value for each of universes"),
        ("version = 1", "version = ", "cannot be read"),
    ],
)
def test_a_wrong_definition_is_refused_by_file_and_field(tmp_path, before, after, message):
    from importlib.resources import files

    text = (files("primacy.studies.assessment") / "definition.toml").read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_definition(path)
    assert "mine.toml: " in str(caught.value)
    assert message in str(caught.value)


def test_an_indicator_of_ones_own_as_the_page_shows_it(tmp_path):
    page = (Path(__file__).resolve().parents[2] / "docs" / "assessment.md").read_text(encoding="utf-8")
    block = next(b for b in page.split("```toml") if "planned_compute" in b).split("```")[0]
    (given,) = tomllib.loads(block)["indicators"]
    base = load_definition()
    own = base.model_copy(update={"indicators": (*base.indicators, IndicatorSpec(**given))})
    planned = [{"country": "US", "share": 0.9}, {"country": "CN", "share": 0.1}]
    compute = handmade.clusters({"US": 0.7, "CN": 0.2}) | {"clusters_planned": planned}
    _, tables, _ = assessed(everything(tmp_path, compute=compute), fewer(own))
    rows = [
        r
        for r in tables["assessment_indicators"]
        if (r["technology"], r["indicator"]) == ("ai-technologies", "planned_compute")
    ]
    assert [(r["unit"], r["value"], r["rank"]) for r in rows] == [("US", 0.9, 1), ("CN", 0.1, 2)]


def test_domains_come_before_technologies_and_a_domain_without_results_is_not_there():
    found = subjects(load_definition().technologies, {"a": "Two words", "b": "Gone"}, {"a"})
    assert [(s.id, s.kind) for s in found[:2]] == [("two-words", "domain"), ("5g", "technology")]


# ---------------------------------------------------------------------------- properties


SHARES = st.dictionaries(
    st.sampled_from(["CN", "US", "DE", "FR", "IN", "JP"]), st.floats(0.01, 1), min_size=2, max_size=6
)


@given(SHARES, st.floats(0.5, 20))
@settings(max_examples=20)
def test_probabilities_sum_to_one_and_the_unit_of_measurement_changes_nothing(shares, factor):
    spec = next(i for i in load_definition().indicators if i.id == "research_share")

    def judged(scale):
        units = sorted(shares)
        value = np.array([shares[u] * scale for u in units])
        rng = np.random.default_rng(0)
        draws = value * rng.lognormal(0, 0.3, (50, len(units)))
        nothing = np.full(len(units), np.nan)
        reading = Reading(spec, "country", units, value, nothing, nothing, nothing, draws, "2024", "")
        return judge(fewer(draws=50), [reading], "x")

    one, other = judged(1.0), judged(factor)
    assert np.nansum(one.probability) == pytest.approx(1.0)
    assert one.units[one.leader] == max(sorted(shares), key=lambda u: round(shares[u], 12))
    assert one.probability == pytest.approx(other.probability)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10)
def test_draws_of_an_interval_have_its_ends_and_its_middle(seed):
    rng = np.random.default_rng(seed)
    drawn = interval_draws(np.array([0.5]), np.array([0.4]), np.array([0.9]), 4000, rng)[:, 0]
    assert np.quantile(drawn, [0.025, 0.5, 0.975]) == pytest.approx([0.4, 0.5, 0.9], abs=0.05)


def test_draws_of_what_is_not_negative_never_are():
    rng = np.random.default_rng(0)
    assert interval_draws(np.array([0.01]), np.array([0.0]), np.array([1.0]), 1000, rng).min() >= 0
    assert interval_draws(np.array([0.0]), np.array([-1.0]), np.array([1.0]), 1000, rng).min() < 0


def test_who_is_first_in_no_draw_has_no_chance_and_no_unit_has_none():
    assert first_probability(np.array([[3.0, 1.0], [2.0, 1.0]])).tolist() == [1.0, 0.0]
    assert first_probability(np.empty((3, 0))).tolist() == []
    assert np.isnan(first_probability(np.full((2, 2), np.nan))).all()


def test_an_indicator_reads_only_what_it_is_about(tmp_path):
    results = everything(tmp_path)
    evidence = Evidence(results, draws=10, seed=0)
    (energy,) = [s for s in subjects((), handmade.DOMAINS, {"electric-batteries"}) if s.kind == "domain"]
    spec = next(i for i in load_definition().indicators if i.id == "compute_share")
    found = evidence.read(spec, energy)
    assert isinstance(found, Absent)
    assert found.state == "not about it"


def test_a_specification_is_frozen():
    spec = load_definition().indicators[0]
    assert isinstance(spec, IndicatorSpec)
    assert isinstance(load_definition(), Definition)
    with pytest.raises(ValueError, match="frozen"):
        spec.weight = 3.0


def test_where_nobody_has_any_there_is_nothing_to_compare_and_the_rest_decides(tmp_path):
    nobody = handmade.research({"machine-learning": {"CN": 0.0, "US": 0.0}})
    _, tables, verdicts = assessed(everything(tmp_path, research=nobody))
    row = next(
        r
        for r in tables["assessment_indicators"]
        if r["technology"] == "ai-technologies" and r["indicator"] == "research_share"
    )
    assert row["state"] == "no data"
    assert row["reason"] == "share is 0 for every country: nothing to compare"
    assert verdicts["ai-technologies"]["leader"] is not None

"""The study finds the truth of simulated worlds: clear leaders, and no lead where it was made a coin toss."""

from __future__ import annotations

from dataclasses import replace

import ibis
import numpy as np
import pyarrow as pa
import pytest

from primacy.lake.engine import Engine
from primacy.lake.tables import TABLES
from primacy.measures.method import Method, Window
from primacy.simulate.design import design
from primacy.simulate.institutions import institutions
from primacy.simulate.population import COUNTRY_ONLY, RESOLVED, populate
from primacy.simulate.trajectory import YEARS
from primacy.simulate.truth import Truth
from primacy.studies.research import run

WINDOW = Window(2019, 2023)
WORKS = 1_500
CLEAR = ("electric-batteries", "quantum-computing", "vaccines-and-medical-countermeasures")
TOSS = ("advanced-integrated-circuit-design-and-fabrication", "small-satellites", "space-launch-systems")


def plan_of(technology):
    plan = design((technology,))
    volume = plan.volume * np.isin(YEARS, range(WINDOW.first, WINDOW.last + 1))
    return replace(plan, volume=volume / volume.sum())


def rows_of(number, technology):
    """The lake's rows of one technology's works: as a pull would write them, without the detour over files."""
    plan = plan_of(technology)
    drawn = populate(plan, 0, WORKS, 1 + number * WORKS, np.random.default_rng([0, number]))
    people, ids = drawn.authors, drawn.first_id + np.arange(len(drawn))
    seq = np.arange(len(people.work)) - drawn.start[people.work]
    crew = np.diff(drawn.start)
    works = {
        "work_id": ids, "updated_date": "2024-01-01", "year": YEARS[drawn.year], "type": "article",
        "cited_by_count": drawn.citations, "is_retracted": False, "is_paratext": False, "is_xpac": False,
        "authors": crew, "authors_truncated": False, "references": 0,
    }  # fmt: skip
    place = np.array([each.place for each in institutions()])
    known, two = people.state == RESOLVED, (people.second_institution >= 0) & (people.state == RESOLVED)
    slots = []
    for chosen, institution, country in (
        (known, people.institution, people.country),
        (two, people.second_institution, place[people.second_institution]),
        (people.state == COUNTRY_ONLY, None, people.country),
        ((people.state != RESOLVED) & (people.state != COUNTRY_ONLY), None, None),
    ):
        weight = (np.where(two, 0.5, 1.0) / crew[people.work])[chosen]
        slots.append(
            {
                "work_id": ids[people.work[chosen]], "author_seq": seq[chosen], "author_id": people.person[chosen],
                "author_position": np.where(seq[chosen] == 0, "first", "middle"),
                "is_corresponding": seq[chosen] == 0,
                "institution_id": None if institution is None else institution[chosen] + 1,
                "country": None if country is None else np.array(plan.codes)[country[chosen]],
                "weight": weight, "weight_affiliation": weight,
            }
        )  # fmt: skip
    members = {"technology": technology, "work_id": ids, "query": "strict"}
    return works, slots, members


def table(name, *columns):
    """A lake table of columns, each an array or one value for all rows."""
    schema, parts = TABLES[name].arrow, []
    for given in columns:
        size = max(len(v) for v in given.values() if isinstance(v, np.ndarray))
        full = {f.name: v if isinstance(v := given.get(f.name), np.ndarray) else [v] * size for f in schema}
        parts.append(pa.table({n: pa.array(v, schema.field(n).type) for n, v in full.items()}, schema=schema))
    return ibis.memtable(pa.concat_tables(parts))


@pytest.fixture(scope="module")
def leads():
    made = [rows_of(i, t) for i, t in enumerate((*CLEAR, *TOSS))]
    codes = plan_of(CLEAR[0]).codes
    seats = pa.Table.from_pylist(
        [
            {"institution_id": i + 1, "name": f"{i}", "country": codes[each.place], "lineage": [i + 1]}
            for i, each in enumerate(institutions())
        ],
        schema=TABLES["institutions"].arrow,
    )
    tables = {
        "works": table("works", *(w for w, _, _ in made)),
        "authorships": table("authorships", *(s for _, slots, _ in made for s in slots)),
        "memberships": table("memberships", *(m for _, _, m in made)),
        "institutions": ibis.memtable(seats),
        "references": ibis.memtable(TABLES["references"].arrow.empty_table()),
    }
    found = run(tables.__getitem__, Engine.duckdb(threads=2), method=Method(replicates=300), windows=[WINDOW])
    return {r["technology"]: r for r in found.tables["leads"].to_pylist()}


def truth(technology):
    (lead,) = Truth(plan_of(technology), np.eye(1)).leads(str(WINDOW))
    return lead


@pytest.mark.parametrize("technology", CLEAR)
def test_a_clear_leader_is_found_and_the_truth_is_near_the_intervals(leads, technology):
    true, found = truth(technology), leads[technology]
    assert true.clear
    assert found["leader"] == true.leader
    # By a margin above 30 points even the universes of a single year agree; by ten points some do not.
    assert found["verdict"] in (("leads",) if true.margin > 0.3 else ("leads", "ahead, contestable"))
    # One 95 % interval in twenty may miss, but none by half its width.
    slack = (found["margin_high"] - found["margin_low"]) / 2
    assert found["margin_low"] - slack <= true.margin <= found["margin_high"] + slack
    levels = ("low", "medium", "high")
    low, high = (levels.index(found[f"monopoly_risk_{end}"]) for end in ("low", "high"))
    assert low <= levels.index(true.risk) <= high


@pytest.mark.parametrize("technology", TOSS)
def test_a_coin_toss_is_no_lead(leads, technology):
    true, found = truth(technology), leads[technology]
    assert true.coin_toss
    assert found["verdict"] in ("contested", "ahead, contestable")
    assert found["margin_low"] <= 0.03
    assert {found["leader"], found["runner_up"]} == {true.leader, true.runner_up}


def test_most_coin_tosses_are_contested(leads):
    assert sum(leads[t]["verdict"] == "contested" for t in TOSS) >= 2

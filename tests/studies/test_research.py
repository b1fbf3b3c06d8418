"""The whole research study on a small world that shows what it should find."""

from __future__ import annotations

import random

import ibis
import numpy as np
import pyarrow as pa
import pytest
from tests.oracles import bootstrap as naive
from tests.oracles import research as oracle
from tests.worlds import tables

from primacy.inference.bootstrap import draw_counts, generator
from primacy.inference.lead import LEVELS, lead_replicates
from primacy.lake.engine import Engine
from primacy.lake.tables import TABLES
from primacy.measures.method import Method, Window
from primacy.studies.research import run
from primacy.studies.research.intervals import interval_rows, resample
from primacy.studies.research.pairwise import pairwise

ENGINE = Engine.duckdb(threads=2)
WINDOW = Window(2017, 2021)
NUMBER = {"CN": 10, "US": 11, "TW": 14, "DE": 15, "FR": 16, "IN": 17}


def author(country, **more):
    entry = {"id": f"I{NUMBER[country]}", "display_name": country, "country_code": country}
    return {"author_position": "first", "is_corresponding": True, "institutions": [entry], **more}


def record(number, year, citations, *countries, **more):
    return {
        "id": f"W{number}",
        "publication_year": year,
        "type": "article",
        "cited_by_count": citations,
        "authorships": [author(c) for c in countries],
        "referenced_works": [],
        **more,
    }


def draw(rng, chances):
    return rng.choices(list(chances), weights=list(chances.values()))[0]


@pytest.fixture(scope="module")
def world():
    """Four technologies: one led by far, one a coin toss, one that changes hands in 2019, and one of five papers."""
    rng = random.Random(7)
    chances = {
        "clear": lambda _: {"CN": 0.86, "US": 0.08, "DE": 0.06},
        "turn": lambda year: {"CN": 0.9, "US": 0.1} if year >= 2019 else {"CN": 0.1, "US": 0.9},
    }
    records, members = [], {name: set() for name in (*chances, "toss", "tiny")}

    def add(name, *rest):
        number = len(records) + 1
        records.append(record(number, *rest))
        members[name].add(number)

    for name, given in chances.items():
        for i in range(400):
            year = 2017 + i % 5
            first, second = draw(rng, given(year)), draw(rng, given(year))
            add(name, year, int(rng.paretovariate(1)), *((first, second) if i % 3 == 0 else (first,)))
    for i in range(200):  # twins: whatever one country writes, the other writes too
        citations = int(rng.paretovariate(1))
        for country in ("CN", "US"):
            add("toss", 2017 + i % 5, citations, country)
    for i in range(5):
        add("tiny", 2017 + i, i, "IN")
    return tables(records, members)


@pytest.fixture(scope="module")
def outcome(world):
    return run(world, ENGINE, method=Method(replicates=200), windows=[WINDOW])


def rows(outcome, table, **wanted):
    return [r for r in outcome.tables[table].to_pylist() if all(r[k] == v for k, v in wanted.items())]


def one(outcome, table, **wanted):
    (row,) = rows(outcome, table, **wanted)
    return row


# ---------------------------------------------------------------------------- verdicts


def test_verdicts_say_what_was_put_in(outcome):
    assert one(outcome, "leads", technology="clear")["leader"] == "CN"
    assert [one(outcome, "leads", technology=t)["verdict"] for t in ("clear", "toss", "tiny")] == [
        "leads",
        "contested",
        "too few papers",
    ]


# ---------------------------------------------------------------------------- pairs


def test_pairs_stand_both_ways_and_agree_with_the_shares(outcome):
    mine = rows(outcome, "shares", technology="clear", unit_kind="country")
    share, rank = ({r["unit"]: r[name] for r in mine} for name in ("share", "rank"))
    pairs = {
        (r["unit"], r["other"]): r for r in rows(outcome, "pairwise", technology="clear", unit_kind="country")
    }
    assert set(pairs) == {(a, b) for a in share for b in share if a != b}
    for (a, b), row in pairs.items():
        assert row["probability"] + pairs[b, a]["probability"] == pytest.approx(1)
        assert row["difference"] == pytest.approx(share[a] - share[b])
        assert row["low"] <= row["difference"] <= row["high"]
        assert row["low"] == pytest.approx(-pairs[b, a]["high"])
        assert (row["rank"], row["other_rank"]) == (rank[a], rank[b])
    assert pairs["CN", "US"]["probability"] == 1.0
    assert {r["unit"] for r in rows(outcome, "pairwise", unit_kind="institution")} <= {
        f"I{n}" for n in NUMBER.values()
    }
    assert rows(outcome, "pairwise", unit_kind="bloc") == []
    # Of "tiny", which one country writes alone, there is no pair.
    assert rows(outcome, "pairwise", technology="tiny") == []
    assert outcome.notes["pairwise_units"] == 10


def papers_of_one_set(size=60, seed=3):
    """Papers with divided credit, ties and zeros, as the study gets them and as the oracle does."""
    rng = random.Random(seed)
    names, papers = list(NUMBER), []
    for i in range(size):
        crew = [rng.choice(names) for _ in range(rng.randint(1, 3))]
        credit = {c: crew.count(c) / len(crew) for c in crew}
        papers.append(
            {
                "citations": rng.randrange(12),
                "score": rng.choice([0.0, 0.0, 0.4, 1.0]),
                "country": credit,
                "institution": {10 * NUMBER[c] + i % 3: v for c, v in credit.items()},
            }
        )
    return papers


def as_tables(papers):
    works = pa.table(
        {
            "work_id": np.arange(len(papers)),
            "year": np.full(len(papers), 2020),
            "citations": [p["citations"] for p in papers],
            "score": [p["score"] for p in papers],
        }
    )
    credit = [
        {"work_id": i, "unit": u, "citations": p["citations"], "score": p["score"], "credit": v}
        for i, p in enumerate(papers)
        for u, v in sorted(p["country"].items())
    ]
    return works, pa.Table.from_pylist(credit)


def test_every_interval_equals_a_loop_over_the_papers_drawn():
    papers, method, place = papers_of_one_set(), Method(replicates=120, seed=5), ("t", "2017-2021")
    works, credit = as_tables(papers)
    got = resample(place, len(papers), works, credit, method)
    counts = draw_counts(len(papers), len(papers), method.replicates, generator(method.seed, *place))
    worlds = [naive.drawn(papers, times) for times in counts.tolist()]
    shares = [naive.shares(w) for w in worlds]
    table = {r["unit"]: r for r in interval_rows([got]).to_pylist()}
    for unit in got.units:
        mine = [s.get(unit, 0.0) for s in shares]
        assert got.replicates.shares[:, got.units.index(unit)] == pytest.approx(mine, abs=1e-9)
        row = table[unit]
        assert (row["low"], row["high"]) == pytest.approx(
            (naive.percentile(mine, 0.025), naive.percentile(mine, 0.975)), abs=1e-9
        )
        ranks = sorted(naive.rank(s, unit) for s in shares)
        h = sorted(naive.h_index(w, unit) for w in worlds)
        # Whole numbers are not interpolated: of 120, the third and the 117th.
        assert (row["rank_low"], row["rank_high"]) == (ranks[2], ranks[116])
        assert (row["h_low"], row["h_high"]) == (h[2], h[116])
        best = [[u for u in NUMBER if naive.rank(s, u) == 1] for s in shares]
        chance = sum((unit in b) / len(b) for b in best) / len(best)
        assert row["probability"] == pytest.approx(chance, abs=1e-9)


def test_intervals_by_thresholds_found_anew_equal_a_loop_over_the_papers_drawn():
    papers, method, place = (
        papers_of_one_set(size=40),
        Method(replicates=60, thresholds="recomputed"),
        ("t", "2019-2020"),
    )
    works, credit = as_tables(papers)
    years = np.array([2019 + i % 2 for i in range(len(papers))])
    got = resample(place, len(papers), works.set_column(1, "year", pa.array(years)), credit, method)
    counts = draw_counts(len(papers), len(papers), method.replicates, generator(method.seed, *place))
    for i, times in enumerate(counts.tolist()):
        drawn = []
        for year in (2019, 2020):  # every year is a cell of its own
            cell = [p for p, n, y in zip(papers, times, years, strict=True) if y == year for _ in range(n)]
            scores = oracle.scores([p["citations"] for p in cell], 0.10, "fractional")
            drawn += [{**p, "score": s} for p, s in zip(cell, scores, strict=True)]
        wanted = naive.shares(drawn)
        for unit in got.units:
            share = got.replicates.shares[i, got.units.index(unit)]
            assert share == pytest.approx(wanted.get(unit, 0.0), abs=1e-9)


def test_every_pair_equals_a_loop_over_the_papers_drawn():
    papers, method, place = papers_of_one_set(seed=4), Method(replicates=90, seed=1), ("t", "2017-2021")
    works, credit = as_tables(papers)
    got = pairwise([resample(place, len(papers), works, credit, method)], "country", leading=4).to_pylist()
    counts = draw_counts(len(papers), len(papers), method.replicates, generator(method.seed, *place))
    shares = [naive.shares(naive.drawn(papers, times)) for times in counts.tolist()]
    point = naive.shares(papers)
    first = sorted(point, key=lambda u: (-point[u], u))[:4]
    assert len(got) == 12
    assert {(r["unit"], r["other"]) for r in got} == {(a, b) for a in first for b in first if a != b}
    for row in got:
        gaps = [s.get(row["unit"], 0.0) - s.get(row["other"], 0.0) for s in shares]
        wins = [0.5 if abs(g) < 1e-12 else float(g > 0) for g in gaps]
        assert row["probability"] == pytest.approx(sum(wins) / len(wins), abs=1e-9)
        assert row["low"] == pytest.approx(naive.percentile(gaps, 0.025), abs=1e-9)
        assert row["high"] == pytest.approx(naive.percentile(gaps, 0.975), abs=1e-9)
        assert row["difference"] == pytest.approx(point[row["unit"]] - point[row["other"]], abs=1e-9)


def test_lead_ratio_and_monopoly_risk_equal_a_loop_over_the_papers_drawn():
    papers = papers_of_one_set(seed=6)
    counts = draw_counts(len(papers), len(papers), 80, generator(2, "lead"))
    units = {k: sorted({u for p in papers for u in p[k]}) for k in ("country", "institution")}
    drawn = {
        k: np.array(
            [
                [
                    sum(n * p["score"] * p[k].get(u, 0.0) for n, p in zip(times, papers, strict=True))
                    for u in v
                ]
                for times in counts.tolist()
            ]
        )
        for k, v in units.items()
    }
    seat = {10 * n + i: c for c, n in NUMBER.items() for i in range(3)}
    places = np.array([units["country"].index(seat[u]) for u in units["institution"]])
    got = lead_replicates(drawn["country"], drawn["institution"], places)
    for i, times in enumerate(counts.tolist()):
        leader, ratio, inside, risk = naive.lead(naive.drawn(papers, times), seat)
        assert units["country"][got.leader[i]] == leader
        assert got.ratio[i] == pytest.approx(ratio, abs=1e-9)
        assert (got.top10_in_leader[i], LEVELS[got.level[i]]) == (inside, risk)


# ---------------------------------------------------------------------------- leads


def test_a_lead_has_its_margin_and_its_risk_with_intervals(outcome):
    lead = one(outcome, "leads", technology="clear")
    assert lead["margin"] == pytest.approx(lead["leader_share"] - lead["runner_up_share"])
    pair = one(
        outcome, "pairwise", technology="clear", unit_kind="country", unit="CN", other=lead["runner_up"]
    )
    assert (lead["margin_low"], lead["margin_high"]) == (pair["low"], pair["high"])
    assert lead["ahead_of_runner_up"] == pair["probability"]
    first = one(outcome, "shares", technology="clear", unit_kind="country", unit="CN")
    assert lead["bootstrap_probability"] == first["probability"]
    assert lead["margin_low"] < lead["margin"] < lead["margin_high"]
    assert LEVELS.index(lead["monopoly_risk_low"]) <= LEVELS.index(lead["monopoly_risk"])
    assert LEVELS.index(lead["monopoly_risk"]) <= LEVELS.index(lead["monopoly_risk_high"])
    # Every country has one institution here, and the ancestors of China's and India's are elsewhere.
    alone = one(outcome, "leads", technology="tiny")
    assert (alone["leader"], alone["runner_up"], alone["margin"], alone["margin_low"]) == (
        "IN",
        None,
        1.0,
        None,
    )
    assert (alone["lead_ratio"], alone["lead_ratio_low"], alone["monopoly_risk"]) == (None, None, "low")


def test_rolling_up_moves_the_risk_and_no_share():
    # Six Chinese institutions; five of them belong to one: six of the ten leading are Chinese, rolled up two are.
    lineage = {i: [i, 100] if i < 105 else [i] for i in range(100, 106)}
    records = []
    for i in range(120):
        entry = {"id": f"I{100 + i % 6}", "display_name": "x", "country_code": "CN"}
        if i % 12 == 0:
            entry = {"id": "I11", "display_name": "y", "country_code": "US"}
        records.append(
            {**record(i + 1, 2021, i % 5), "authorships": [{**author("CN"), "institutions": [entry]}]}
        )
    plain = tables(records, {"t": set(range(1, 121))}, lineage=lineage)
    seats = {**dict.fromkeys(lineage, "CN"), 11: "US"}
    institutions = [
        {"institution_id": i, "name": "x", "country": c, "lineage": lineage.get(i, [i])}
        for i, c in seats.items()
    ]
    table = ibis.memtable(pa.Table.from_pylist(institutions, schema=TABLES["institutions"].arrow))

    def given(name):
        return table if name == "institutions" else plain(name)

    leads = {
        rollup: one(
            run(given, ENGINE, method=Method(replicates=20, rollup=rollup), windows=[WINDOW]), "leads"
        )
        for rollup in (False, True)
    }
    assert leads[False]["leader_share"] == leads[True]["leader_share"]
    assert (leads[False]["top10_in_leader"], leads[False]["top10_in_leader_rolled_up"]) == (6, 2)
    assert (leads[False]["monopoly_risk"], leads[False]["monopoly_risk_rolled_up"]) == ("medium", "low")
    assert (leads[True]["top10_in_leader"], leads[True]["top10_in_leader_rolled_up"]) == (2, 2)


# ---------------------------------------------------------------------------- overtaking and trend


def test_the_year_of_overtaking_and_its_distribution(outcome):
    crossed = one(outcome, "crossings", technology="turn", overtaker="CN", overtaken="US")
    assert (crossed["status"], crossed["year"], crossed["low"], crossed["high"]) == (
        "crossed",
        2019,
        2019,
        2019,
    )
    years = rows(outcome, "crossing_years", technology="turn", overtaker="CN", overtaken="US")
    assert [(r["year"], r["probability"]) for r in years] == [(2019, 1.0)]
    back = one(outcome, "crossings", technology="turn", overtaker="US", overtaken="CN")
    assert (back["status"], back["year"]) == ("not yet", None)
    assert one(outcome, "crossing_years", technology="turn", overtaker="US")["year"] is None
    always = rows(outcome, "crossings", technology="clear", overtaker="CN")
    assert {r["status"] for r in always} == {"always"}
    toss = rows(outcome, "crossings", technology="toss")
    assert {r["status"] for r in toss} == {"contested"}
    assert all(r["since"] is not None for r in toss)
    for row in outcome.tables["crossings"].to_pylist():
        mine = rows(
            outcome, "crossing_years", **{k: row[k] for k in ("technology", "overtaker", "overtaken")}
        )
        assert sum(r["probability"] for r in mine) == pytest.approx(1)
        assert [r["year"] for r in mine if r["year"] is not None] == sorted(
            r["year"] for r in mine if r["year"] is not None
        )


def test_the_trend_over_five_years_has_its_interval(outcome):
    rising = one(outcome, "trends", technology="turn", unit="CN")
    assert rising["low"] < rising["slope"] < rising["high"]
    assert rising["low"] > 0.1
    falling = one(outcome, "trends", technology="turn", unit="US")
    assert falling["slope"] == pytest.approx(-rising["slope"])
    yearly = {
        r["year"]: r["share"]
        for r in rows(outcome, "yearly", technology="turn", unit="CN", unit_kind="country")
    }
    assert rising["slope"] == pytest.approx(
        np.polyfit(sorted(yearly), [yearly[y] for y in sorted(yearly)], 1)[0]
    )
    lead = one(outcome, "leads", technology="turn")
    assert (lead["trend"], lead["trend_low"]) == (rising["slope"], rising["low"])


# ---------------------------------------------------------------------------- what is missing


def test_authors_that_nobody_marked_are_counted_and_no_method_rests_on_them():
    rng = random.Random(1)
    unmarked = {"author_position": None, "is_corresponding": False}
    records = [
        {
            **record(i, 2017 + i % 5, rng.randrange(40)),
            "authorships": [author(rng.choice(["CN", "US"]), **(unmarked if i % 4 else {}))],
        }
        for i in range(1, 201)
    ]
    records[0]["authorships"] = []
    found = run(
        tables(records, {"t": set(range(1, 201))}), ENGINE, method=Method(replicates=20), windows=[WINDOW]
    )
    covered = rows(found, "coverage", technology="t")
    assert sum(r["works"] for r in covered) == 200
    assert sum(r["works_without_first_author"] for r in covered) == 150
    assert sum(r["works_without_corresponding_author"] for r in covered) == 150
    assert sum(r["works_without_country"] for r in covered) == 1
    choices = {r["option"]: r["universes"] for r in rows(found, "choices", choice="counting")}
    assert choices["first"] == choices["corresponding"] == 0
    assert choices["fractional"] > 0


# ---------------------------------------------------------------------------- seeds


def test_another_seed_moves_an_interval_by_its_monte_carlo_error_and_no_more():
    papers = papers_of_one_set(size=400, seed=9)
    works, credit = as_tables(papers)
    replicates, ends = 500, {"low": [], "high": []}
    for seed in range(40):
        method = Method(replicates=replicates, seed=seed)
        got = resample(("t", "2017-2021"), len(papers), works, credit, method)
        row = next(r for r in interval_rows([got]).to_pylist() if r["unit"] == "CN")
        ends["low"].append(row["low"])
        ends["high"].append(row["high"])
    spread = got.replicates.shares[:, got.units.index("CN")].std()
    # Of a sample quantile: sqrt(q (1 - q) / R) over the density there, which of a normal share is phi(1.96) / spread.
    error = np.sqrt(0.025 * 0.975 / replicates) / 0.05844 * spread
    for values in ends.values():
        assert 0.6 * error < np.std(values, ddof=1) < 1.5 * error
        assert np.ptp(values) < 7 * error
        assert len(set(values)) == 40


def test_the_same_seed_gives_the_same_rows_and_another_seed_the_same_point_estimates(world, outcome):
    again = run(world, ENGINE, method=Method(replicates=200), windows=[WINDOW])
    assert again.notes == outcome.notes
    for name, table in outcome.tables.items():
        assert again.tables[name].equals(table), name
    other = run(world, ENGINE, method=Method(replicates=200, seed=1), windows=[WINDOW])
    columns = [
        "technology",
        "unit_kind",
        "unit",
        "window",
        "papers",
        "high_impact",
        "share",
        "rank",
        "h_index",
    ]
    assert other.tables["shares"].select(columns).equals(outcome.tables["shares"].select(columns))
    assert not other.tables["shares"].equals(outcome.tables["shares"])
    assert other.tables["choices"].equals(outcome.tables["choices"])


# ---------------------------------------------------------------------------- home bias


def test_home_bias_is_what_domestic_citations_add():
    # China's works cite each other four times each; America's are cited twice each, by India.
    records = [record(i, 2020, 9, "CN" if i <= 10 else "US") for i in range(1, 21)]
    cited = {i: [] for i in range(1, 21)}
    citing = 100
    for work, (country, times) in {i: ("CN", 4) if i <= 10 else ("IN", 2) for i in range(1, 21)}.items():
        for _ in range(times):
            citing += 1
            cited[work].append((citing, country))
    sources = [
        record(n, 2021, 0, country, referenced_works=[f"W{work}"])
        for work, found in cited.items()
        for n, country in found
    ]
    given = tables(records + sources, {"t": set(range(1, 21))})
    found = run(given, ENGINE, method=Method(replicates=20, top=0.25), windows=[Window(2020, 2020)])
    china, america = (one(found, "home_bias", unit=u) for u in ("CN", "US"))
    # Stated citations are level; by those of the lake China's five best of twenty are the top; from abroad, America's.
    assert (china["share"], china["share_lake"], china["share_foreign"]) == pytest.approx((0.5, 1.0, 0.0))
    assert (america["share"], america["share_lake"], america["share_foreign"]) == pytest.approx(
        (0.5, 0.0, 1.0)
    )
    assert (china["home_bias"], america["home_bias"]) == pytest.approx((1.0, -1.0))
    assert (china["rank"], china["rank_foreign"], america["rank_foreign"]) == (1, 2, 1)

"""The Critical and Emerging Technologies Index 2025: 26 entities, 5 sectors, 44 pillars."""

from __future__ import annotations

import csv

import pytest

from primacy.composite import (
    Uncertainty,
    audit,
    compare,
    load_index,
    rank_spread,
    scores_table,
    sensitivity_table,
)
from tests.oracles import composite as oracle

INDEX = """
[data]
file = "{file}"
unit = "country"
levels = ["pillar", "sector"]
value = "value_0_1"
weights = {{ pillar = "pillar_weight", sector = "sector_weight" }}
{more}
[method]
normalise = "none"
missing = "{missing}"
aggregate = "arithmetic"
scale = 100
[uncertainty]
replicates = 2000
weights = "dirichlet"
concentration = 50
seed = 0
"""


@pytest.fixture(scope="module")
def belfer(shared, tmp_path_factory):
    def build(missing="drop", more=""):
        path = tmp_path_factory.mktemp("belfer") / "belfer.toml"
        path.write_text(INDEX.format(file=shared / "data" / "belfer_pillars.csv", missing=missing, more=more))
        return load_index(path)

    return build


@pytest.fixture(scope="module")
def pillars(shared):
    return oracle.read_rows(shared / "data" / "belfer_pillars.csv")


def test_all_26_scores_agree_with_an_independent_computation(belfer, pillars):
    expected = oracle.index(
        pillars,
        unit="country",
        levels=["pillar", "sector"],
        value="value_0_1",
        weights={"pillar": "pillar_weight", "sector": "sector_weight"},
    )
    table = scores_table(belfer()).to_pylist()
    assert len(table) == 26
    for row in table:
        assert row["score"] == pytest.approx(expected[row["unit"]][0], abs=1e-9)
        assert row["coverage"] == pytest.approx(1.0, abs=1e-12)
        assert row["note"] == ""


def published(shared, technology):
    with (shared / "facts" / "assessments_published.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["source"] == "Belfer CETI 2025"]
    found = [row for row in rows if row["technology"] == technology and row["country"] != "verdict"]
    assert len(found) == 26, technology
    return found


def test_scores_and_ranks_are_the_published_ones(belfer, shared):
    ours = {row["unit"]: row for row in scores_table(belfer()).to_pylist()}
    for row in published(shared, "Overall (weighted)"):
        # Scores are published to one decimal, ranks in words: "rank 3 of 26".
        assert ours[row["country"]]["score"] == pytest.approx(float(row["verdict_or_score"]), abs=0.05001)
        assert ours[row["country"]]["rank"] == int(row["note"].split()[1])


@pytest.mark.parametrize(
    ("sector", "technology"),
    [
        ("AI", "AI"),
        ("Biotech", "Biotechnology"),
        ("Quantum", "Quantum"),
        ("Semicon", "Semiconductors"),
        ("Space", "Space"),
    ],
)
def test_sector_scores_are_the_published_ones(belfer, shared, sector, technology):
    result = belfer().run()
    ours = dict(zip(result.units, result.scores_of((sector,)), strict=True))
    for row in published(shared, technology):
        assert ours[row["country"]] == pytest.approx(float(row["verdict_or_score"]), abs=0.05001)


def test_other_methods_agree_with_the_oracle_on_real_data(belfer, pillars):
    index = belfer().index
    for method, floor in (("geometric", 0.01), ("copeland", None), ("harmonic", 0.05)):
        for normalisation in ("minmax", "zscore", "rank", "fraction-of-max"):
            if normalisation == "zscore" and floor is not None:
                continue
            expected = oracle.index(
                pillars,
                unit="country",
                levels=["pillar", "sector"],
                value="value_0_1",
                weights={"pillar": "pillar_weight", "sector": "sector_weight"},
                normalisation=normalisation,
                aggregation=method,
                floor=floor,
            )
            if method == "copeland":
                # Copeland of sectors is of whole numbers of victories in each.
                result = index.change(normalise=normalisation, aggregate=method).run()
            else:
                result = index.change(normalise=normalisation, aggregate=method, floor=floor).run()
            for unit, score in zip(result.units, result.score, strict=True):
                assert score == pytest.approx(expected[unit][0], rel=1e-9, abs=1e-9)


def test_what_the_published_criticism_found_is_found_again(belfer):
    index = belfer().index
    place = {unit: k for k, unit in enumerate(index.values.units)}
    equal = index.change(weighting="equal").run().rank
    assert [equal[place[u]] for u in ("Taiwan", "South Korea", "Canada")] == [16, 8, 9]
    geometric = index.change(aggregate=("geometric", "arithmetic"), floor=0.01).run().score
    assert geometric[place["United States"]] == pytest.approx(80.7, abs=0.05)
    assert geometric[place["China"]] == pytest.approx(49.6, abs=0.05)
    flat = rank_spread(index, Uncertainty(replicates=2000, weights="flat", interval=0.9))
    assert flat.first[place["United States"]] == pytest.approx(0.955, abs=0.015)
    ranges = {
        u: (flat.low[place[u]], flat.high[place[u]]) for u in ("Japan", "South Korea", "United Kingdom")
    }
    assert ranges == {"Japan": (4, 9), "South Korea": (5, 13), "United Kingdom": (4, 8)}
    assert (flat.low[place["Taiwan"]], flat.high[place["Taiwan"]]) == (5, 22)


def test_intervals_hold_the_stated_rank_and_the_first_three_are_certain(belfer):
    table = scores_table(belfer()).to_pylist()
    for row in table:
        assert row["rank_low"] <= row["rank"] <= row["rank_high"]
    assert [(r["unit"], r["rank_low"], r["rank_high"]) for r in table[:3]] == [
        ("United States", 1, 1),
        ("China", 2, 2),
        ("Europe", 3, 3),
    ]


def test_effects_are_shares_and_every_choice_matters(belfer):
    effects = {r["input"]: r for r in sensitivity_table(belfer()).to_pylist()}
    assert set(effects) == {"weights", "normalise", "aggregate"}
    for effect in effects.values():
        assert 0 < effect["first_order"] < effect["total"] < 1


def test_without_zeros_for_blanks_the_index_is_another(belfer):
    stated, honest = belfer().run(), belfer(more='missing_values = [0]\napart = ["Europe"]').run()
    place = {unit: k for k, unit in enumerate(honest.units)}
    # 238 of the 1,144 values are exactly 0, 39 of them North Korea's 44.
    assert int(honest.missing.sum()) == 238
    assert int(honest.missing[place["North Korea"]]) == 39
    assert honest.coverage[place["North Korea"]] < 0.15
    assert honest.coverage[place["United States"]] == 1.0
    assert honest.score[place["United States"]] == pytest.approx(stated.score[place["United States"]])
    assert honest.score[place["North Korea"]] > 5 * stated.score[place["North Korea"]]
    moved = compare(stated, honest)
    assert moved.only_one == ("Europe",)
    assert moved.largest_shift >= 4


def test_what_the_page_says_of_the_audit(belfer):
    findings = audit(belfer().run())

    def value(check, item, other=""):
        (found,) = (f for f in findings if (f.check, f.item, f.other) == (check, item, other))
        return found.value

    assert round(value("correlation", "AI", "Biotech"), 2) == 0.96
    assert round(value("first_component", "index"), 2) == 0.90
    assert round(value("with_score", "Space / Regulatory", "index"), 2) == 0.01
    assert round(value("dominance", "index"), 2) == 0.05
    assert sum(f.check == "skewness" and f.flag == "outliers" for f in findings) == 23
    assert sum(f.check == "zeros" and f.flag == "many" for f in findings) == 7


def test_what_the_page_says_of_a_score_on_little_data(belfer):
    table = scores_table(belfer(more='missing_values = [0]\napart = ["Europe"]')).to_pylist()
    row = next(r for r in table if r["unit"] == "North Korea")
    assert (round(row["score"], 1), round(row["coverage"], 2)) == (5.3, 0.08)
    assert (row["rank_low"], row["rank_high"]) == (17, 25)
    assert row["note"] == "39 of 44 missing: weights re-scaled over the others"

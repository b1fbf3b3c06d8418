"""The compute study on the reference data: what it makes, that it repeats, and its scenarios."""

from __future__ import annotations

import pytest

from primacy.errors import InputError, NotThereError, UsageError
from primacy.lake.engine import Engine
from primacy.lake.store import Lake
from primacy.sources.compute import pull
from primacy.sources.reference.scenarios import INPUTS, load_scenario, scenario_names
from primacy.studies.compute import Compute, run


@pytest.fixture(scope="module")
def lake(shared, tmp_path_factory):
    lake = Lake.create(tmp_path_factory.mktemp("study") / "lake")
    pull(lake, shared / "data" / "compute")
    return lake.latest()


@pytest.fixture(scope="module")
def compute(lake):
    return Compute(lake, Engine.duckdb(threads=1))


def test_an_empty_lake_is_refused(tmp_path):
    with pytest.raises(NotThereError, match="primacy pull compute DIR"):
        run(Lake.create(tmp_path / "lake"), Engine.duckdb(threads=1))


def test_the_study_makes_every_table(lake):
    found = run(lake, Engine.duckdb(threads=2))
    assert {"chips", "clusters", "tokens", "usable_compute", "usable_tornado"} <= found.tables.keys()
    assert all(table.num_rows for table in found.tables.values())
    assert found.notes["compute"]["tokens"]["shared_keys"] == 17
    assert found.tables["token_shared_keys"].num_rows == 17
    assert {r["gpu_hour_usd"] for r in found.tables["self_host"].to_pylist()} == {3.27}


def test_the_number_of_threads_changes_no_bit(compute, lake):
    other = Compute(lake, Engine.duckdb(threads=2))
    for question in ("chips", "clusters", "tokens"):
        assert getattr(compute, question)().equals(getattr(other, question)()), question
    assert compute.usable().estimate.equals(other.usable().estimate)


def test_a_lake_with_clusters_alone_gets_what_it_can(lake, tmp_path, shared):
    source = tmp_path / "source"
    source.mkdir()
    name = "gpu_clusters_2025-11.csv"
    (source / name).write_bytes((shared / "data" / "compute" / name).read_bytes())
    small = Lake.create(tmp_path / "lake")
    pull(small, source)
    assert set(run(small.latest(), Engine.duckdb(threads=1)).tables) == {
        "clusters",
        "cluster_variants",
        "clusters_by_year",
        "clusters_planned",
        "cluster_owners",
    }


# ------------------------------------------------------------------ usable compute


def bars_of(bars, country, output):
    return [b for b in bars if b["country"] == country and b["output"] == output]


@pytest.mark.parametrize("scenario", ["open-small", "closed-frontier"])
def test_the_tornados_ranking_is_stable_across_seeds(compute, scenario):
    runs = [compute.usable(scenario, draws=4000, seed=seed).tornado.to_pylist() for seed in range(4)]
    for output in ("tokens_per_day", "usd_per_million"):
        for country in ("CN", "US"):
            mine = [bars_of(bars, country, output) for bars in runs]
            assert len({tuple(b["input"] for b in bars if b["swing"]) for bars in mine}) == 1
            # The draws agree: no two inputs trade places whose importance differs by more than the draws' noise.
            by_input = [{b["input"]: b["importance"] for b in bars} for bars in mine]
            for one in by_input[0]:
                for other in by_input[0]:
                    gaps = [r.get(one, 0.0) - r.get(other, 0.0) for r in by_input]
                    assert not (max(gaps) > 0.02 and min(gaps) < -0.02), (one, other, gaps)


def test_by_swing_and_by_importance_the_first_three_are_the_same(compute):
    bars = compute.usable("closed-frontier").tornado.to_pylist()
    for output in ("tokens_per_day", "usd_per_million"):
        mine = bars_of(bars, "CN", output)
        assert [b["rank"] for b in mine] == list(range(1, len(mine) + 1))
        by_importance = sorted(mine, key=lambda b: -b["importance"])
        assert {b["input"] for b in mine[:3]} == {b["input"] for b in by_importance[:3]}


def test_without_rules_more_is_usable_only_where_rules_bind(compute):
    bound = {r["country"]: r for r in compute.usable("open-small").estimate.to_pylist()}
    free = {r["country"]: r for r in compute.usable("open-small-no-rules").estimate.to_pylist()}
    assert bound["US"]["tokens_per_day"] == free["US"]["tokens_per_day"]
    for country in ("CN", "AE"):
        assert bound[country]["tokens_per_day"] < free[country]["tokens_per_day"]
    assert free["CN"]["allowed_low"] == 1
    assert 0 <= bound["CN"]["allowed_low"] < bound["CN"]["allowed_high"] == 1


def test_every_input_says_where_it_comes_from(compute):
    for row in compute.usable("open-small").inputs.to_pylist():
        assert row["least"] <= row["likeliest"] <= row["greatest"], row
        assert row["unit"], row
        assert row["source"], row


def test_power_that_costs_more_than_the_market_pays_leaves_capacity_standing(compute, tmp_path):
    file = tmp_path / "poor.toml"
    file.write_text(
        'extends = "open-small"\nid = "poor"\ntitle = "t"\nmarket_usd_per_million = 0.0001\ncountries = ["DE"]\n'
    )
    (row,) = compute.usable(file).estimate.to_pylist()
    assert (row["viable"], row["tokens_per_day_high"]) == (0, 0)


# ------------------------------------------------------------------ scenarios


def test_scenarios_state_every_input():
    for name in scenario_names():
        scenario = load_scenario(name)
        assert scenario.id == name
        assert set(scenario.inputs) == set(INPUTS)
    assert not load_scenario("closed-frontier-no-rules").export_rules
    assert load_scenario("closed-frontier-no-rules").model == load_scenario("closed-frontier").model


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id = 'x'", "inputs is missing"),
        ("extends = 'open-small'\n[inputs.utilization]\nlow = 0.9", "not in order"),
        ("extends = 'open-small'\n[inputs.luck]\nlow = 1", "inputs.luck is no input"),
        ("id = ", "not a readable TOML file"),
    ],
)
def test_a_wrong_scenario_is_refused_by_name(tmp_path, text, says):
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=r"mine\.toml") as refused:
        load_scenario(file)
    assert says in str(refused.value)


def test_an_unknown_scenario_is_named_with_those_that_there_are():
    with pytest.raises(UsageError, match="open-small"):
        load_scenario("no-such")


def test_a_model_that_was_not_measured_is_refused(compute, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('extends = "open-small"\nid = "mine"\nmodel = "no/such"\n')
    with pytest.raises(NotThereError, match="no/such was not measured"):
        compute.usable(file)


# ------------------------------------------------------------------ adopt


def test_what_to_adopt(compute):
    rows = compute.adopt(tokens_per_day=2e9, country="DE", licence="open").to_pylist()
    assert all(r["open_weights"] for r in rows)
    assert {r["option"] for r in rows} == {"hosted", "self-hosted"}
    assert {r["gpu_status"] for r in rows} == {"unrestricted"}
    served = [r for r in rows if r["option"] == "self-hosted"]
    assert all(r["kg_co2e_per_day"] > 0 and r["gpus"] >= 1 for r in served)
    costs = [r["usd_per_day"] for r in rows]
    assert costs == sorted(costs)


def test_adopting_says_what_is_wrong(compute):
    with pytest.raises(UsageError, match="--tokens-per-day"):
        compute.adopt(tokens_per_day=0)
    with pytest.raises(UsageError, match="--country"):
        compute.adopt(tokens_per_day=1e6, country="Atlantis")
    with pytest.raises(NotThereError, match="primacy pull hub"):
        compute.adopt(tokens_per_day=1e6, licence="apache-2.0")


def test_the_rent_is_the_median_of_the_newest_year(compute):
    assert compute.gpu_hour("H100") == pytest.approx(3.27)
    assert compute.gpu_hour("no such GPU") is None

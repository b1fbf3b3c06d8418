"""What a million tokens cost: prices, energy, and the cost of serving a model oneself."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from ecologits.impacts.llm import compute_llm_impacts_dag
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles import compute as oracle

from primacy.lake.tables import table as declared
from primacy.measures.tokens import (
    PUE,
    best_configurations,
    model_key,
    modelled_energy,
    tokens,
)


def made(name, *rows):
    schema = declared(name).arrow
    blank = dict.fromkeys(schema.names)
    return ibis.memtable(pa.Table.from_pylist([blank | r for r in rows], schema=schema))


def price(model="maker/Model-8B", provider="host", first=1.0, second=2.0, **other):
    return {
        "provider": provider,
        "model": model,
        "open_weights": True,
        "input_usd_per_million": first,
        "output_usd_per_million": second,
        "shared_key_rows": 1,
        "line": 2,
    } | other


def measured(model="maker/Model-8B", speed=1000.0, **other):
    return {
        "model_id": model,
        "task": "lm-arena-chat",
        "gpu": "H100",
        "gpus": 1,
        "tokens_per_second": speed,
        "joules_per_token": 0.072,
        "line": 2,
    } | other


def ask(prices, energy=(), catalogue=(), sizes=(), gpu="H100", gpu_hour=1.8, utilization=0.5, **options):
    found = tokens(
        made("token_prices", *prices),
        made("token_energy", *energy),
        catalogue=made("priced_models", *catalogue),
        sizes=made("model_sizes", *sizes),
        gpu=gpu,
        gpu_hour=gpu_hour,
        utilization=utilization,
        **options,
    )
    return found.to_pyarrow().to_pylist()


# ------------------------------------------------------------------ by hand


def test_the_blended_price_by_hand():
    (row,) = ask([price(first=1.0, second=5.0)])
    assert (row["input"], row["output"], row["blended"]) == (1.0, 5.0, 2.0)


def test_the_cost_of_serving_oneself_by_hand():
    # 2 GPUs at $1.80 an hour are $3.60; at half of 1,000 tokens a second they give 1.8 million tokens an hour.
    (row,) = ask([price()], [measured(gpus=2)], gpu_hour=1.8, utilization=0.5)
    assert row["self_host_usd"] == pytest.approx(2.0)
    assert row["wh_per_million"] == pytest.approx(20.0)


def test_the_break_even_by_hand():
    # At full use $3.60 buy 3.6 million tokens: $1 a million. A host at $2 is matched at half use, one at $0.50 never.
    cheap, dear = ask([price(first=2.0, second=2.0), price(first=0.5, second=0.5)], [measured(gpus=2)])
    assert (cheap["blended"], cheap["break_even_utilization"]) == (0.5, pytest.approx(2.0))
    assert (dear["blended"], dear["break_even_utilization"]) == (2.0, pytest.approx(0.5))
    (even,) = ask(
        [price(first=2.0, second=2.0)], [measured(gpus=2)], utilization=dear["break_even_utilization"]
    )
    assert even["self_host_usd"] == pytest.approx(even["blended"])


def test_a_free_price_has_no_break_even_and_a_missing_one_no_blend():
    free, missing = ask([price(first=0.0, second=0.0), price(first=None, second=2.0)], [measured()])
    assert (free["blended"], free["break_even_utilization"]) == (0, None)
    assert (missing["blended"], missing["break_even_utilization"]) == (None, None)
    assert missing["self_host_usd"] is not None


def test_without_a_rent_there_is_no_cost():
    (row,) = ask([price()], [measured()], gpu_hour=None)
    assert (row["self_host_usd"], row["break_even_utilization"]) == (None, None)
    assert row["wh_per_million"] is not None


@given(st.floats(0.01, 1.0), st.floats(0.1, 20.0))
def test_half_the_use_doubles_the_cost(utilization, gpu_hour):
    full, half = (
        oracle.self_host_usd(
            {"num_gpus": "4", "output_throughput_tokens_per_sec": "777.7"}, gpu_hour, utilization / part
        )
        for part in (1, 2)
    )
    assert half == pytest.approx(2 * full)


# ------------------------------------------------------------------ which configuration


def test_the_configuration_of_highest_throughput_is_taken():
    rows = [
        measured(speed=900.0, gpus=1),
        measured(speed=1000.0, gpus=4),
        measured(speed=1000.0, gpus=2),
        measured(speed=5000.0, gpu="B200"),
        measured(speed=5000.0, task="gpqa"),
        measured(speed=5000.0, task="image-chat"),
    ]
    (best,) = best_configurations(made("token_energy", *rows), gpu="h100").to_pyarrow().to_pylist()
    assert (best["tokens_per_second"], best["gpus"]) == (1000, 2)


def test_a_quantised_build_stands_for_a_model_only_where_the_model_was_not_measured():
    rows = [measured("maker/Model-8B-FP8", 3000.0), measured("maker/Model-8B", 1000.0)]
    (row,) = ask([price()], rows)
    assert row["measured_model"] == "maker/Model-8B"
    (row,) = ask([price()], rows[:1])
    assert row["measured_model"] == "maker/Model-8B-FP8"
    (row,) = ask([price("maker/model-8b-fp8")], rows)
    assert row["measured_model"] == "maker/Model-8B-FP8"


@pytest.mark.parametrize(
    "name",
    [
        "meta-llama/Llama-3.1-8B-Instruct",
        "meta-llama/Meta-Llama-3.1-8B-Instruct",
        "meta-llama/llama-3.1-8b-instruct:free",
        "us.meta.llama3-1-8b-instruct-v1:0",
        "workers-ai/@cf/meta/llama-3.1-8b-instruct",
        "Llama 3.1 8B Instruct",
        "Llama 3.1 8B Instruct (free)",
    ],
)
def test_ids_of_one_model_agree(name):
    one = ibis.memtable({"name": [name]})
    assert model_key(one.name).to_pyarrow()[0].as_py() == "llama318binstruct" == oracle.key(name)


@pytest.mark.parametrize(
    "name", ["Llama-3.1-8B", "Llama-3.1-70B-Instruct", "Llama-3.1-8B-Instruct-Turbo", "gpt-4.1"]
)
def test_ids_of_other_models_do_not(name):
    one = ibis.memtable({"name": [name]})
    assert model_key(one.name).to_pyarrow()[0].as_py() != "llama318binstruct"


# ------------------------------------------------------------------ rows


def test_rows_with_one_provider_and_model_stay_apart():
    rows = [price(first=1.0, shared_key_rows=2, line=2), price(first=3.0, shared_key_rows=2, line=3)]
    found = ask(rows, [measured()])
    assert [(r["input"], r["shared_key_rows"]) for r in found] == [(1.0, 2), (3.0, 2)]


@pytest.mark.parametrize("flag", [True, False, None])
def test_the_flag_is_the_rows_own(flag):
    (row,) = ask(
        [price(open_weights=flag)], catalogue=[{"model": "host/maker/Model-8B", "open_weights": True}]
    )
    assert row["open_weights"] is flag


def test_the_maker_is_the_first_party():
    catalogue = [{"model": "maker/Model-8B", "open_weights": True}]
    rows = [price("Model-8B", "maker"), price("Model-8B", "host")]
    assert {r["provider"]: r["first_party"] for r in ask(rows, catalogue=catalogue)} == {
        "maker": True,
        "host": False,
    }


# ------------------------------------------------------------------ modelled energy


@pytest.mark.parametrize(
    ("active", "total"), [(8.0, 8.0), (37.0, 671.0), (70.0, 70.0), (405.0, 405.0), (0.5, 0.5)]
)
@pytest.mark.parametrize("pue", PUE)
def test_modelled_energy_equals_ecologits(active, total, pue):
    theirs = compute_llm_impacts_dag(
        model_active_parameter_count=active,
        model_total_parameter_count=total,
        output_token_count=1,
        request_latency=float("inf"),
        if_electricity_mix_adpe=0.0,
        if_electricity_mix_pe=0.0,
        if_electricity_mix_gwp=0.0,
        if_electricity_mix_wue=0.0,
        datacenter_pue=pue,
        datacenter_wue=0.0,
    )["request_energy"]
    one = ibis.memtable({"active": [active], "total": [total]})
    ours = modelled_energy(one.active, one.total, pue=pue).to_pyarrow()[0].as_py()
    assert ours == pytest.approx(theirs * 1000 * 1e6, rel=1e-9)


def test_modelled_energy_is_beside_the_measured_never_in_its_place():
    size = {
        "provider": "openai",
        "model": "closed-1",
        "active_low_billion": 20.0,
        "active_high_billion": 70.0,
        "total_low_billion": 20.0,
        "total_high_billion": 70.0,
        "guessed": True,
    }
    (row,) = ask([price("closed-1", "openai", open_weights=False)], sizes=[size])
    assert row["wh_per_million"] is None
    assert 0 < row["wh_per_million_modelled_low"] < row["wh_per_million_modelled_high"]
    assert row["sizes_guessed"]


# ------------------------------------------------------------------ the real files


@pytest.fixture(scope="module")
def real(compute_table):
    def real(gpu, gpu_hour, utilization):
        found = tokens(
            compute_table("token_prices"),
            compute_table("token_energy"),
            catalogue=compute_table("priced_models"),
            sizes=compute_table("model_sizes"),
            gpu=gpu,
            gpu_hour=gpu_hour,
            utilization=utilization,
        )
        return found.to_pyarrow().to_pylist()

    return real


@pytest.mark.parametrize(("gpu", "utilization"), [("H100", 1.0), ("H100", 0.3), ("B200", 0.5)])
def test_the_real_tokens_equal_the_oracle(shared, real, gpu, utilization):
    directory = shared / "data" / "compute"
    source = oracle.rows(directory / "modelsdev_provider_prices_2026-07-02.csv")
    best = oracle.best_configurations(oracle.rows(directory / "mlenergy_llm_configs.flat.csv"), gpu)
    found = sorted(real(gpu, 2.5, utilization), key=lambda r: r["line"])
    assert len(found) == len(source)
    measured_rows = 0
    for row, given_row in zip(found, source, strict=True):
        assert (row["provider"], row["model"]) == (given_row["provider"], given_row["model"].strip())
        expected = oracle.blended(given_row)
        assert row["blended"] == (None if expected is None else pytest.approx(expected, rel=1e-9))
        if row["measured_model"] is None:
            assert (row["self_host_usd"], row["wh_per_million"]) == (None, None)
            continue
        measured_rows += 1
        configuration = best[row["measured_model"]]
        assert row["self_host_usd"] == pytest.approx(
            oracle.self_host_usd(configuration, 2.5, utilization), rel=1e-9
        )
        assert row["wh_per_million"] == pytest.approx(oracle.wh_per_million(configuration), rel=1e-9)
    exact = {oracle.key(m): m for m in best}
    for row in found:
        if oracle.key(row["model"]) in exact:
            assert row["measured_model"] == exact[oracle.key(row["model"])]
    assert measured_rows > 100


def test_published_minima_of_measured_energy(compute_table):
    """Watt-hours per million tokens of text chat that were read off the same measurements before."""
    energy = compute_table("token_energy")
    found = {
        (r["measured_model"], gpu): r["wh_per_million"]
        for gpu in ("H100", "B200")
        for r in best_configurations(energy, gpu=gpu).to_pyarrow().to_pylist()
    }
    published = {
        ("meta-llama/Llama-3.1-8B-Instruct", "H100"): 19.5,
        ("meta-llama/Llama-3.1-8B-Instruct", "B200"): 13.0,
        ("Qwen/Qwen3-32B", "H100"): 63,
        ("meta-llama/Llama-3.1-70B-Instruct", "H100"): 104,
        ("Qwen/Qwen3-235B-A22B-Instruct-2507", "H100"): 304,
        ("meta-llama/Llama-3.1-405B-Instruct-FP8", "H100"): 573,
    }
    for key, wh in published.items():
        assert found[key] == pytest.approx(wh, rel=0.01)

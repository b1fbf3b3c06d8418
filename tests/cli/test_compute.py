"""The commands on compute, on the reference data."""

from __future__ import annotations

import csv
import json
from collections import Counter

import pytest

from primacy.cli import main
from tests.oracles import compute as oracle


@pytest.fixture(scope="module")
def workspace(shared, tmp_path_factory):
    directory = tmp_path_factory.mktemp("cli") / "w"
    assert main(["init", str(directory)]) == 0
    assert (
        main(["--workspace", str(directory), "--quiet", "pull", "compute", str(shared / "data" / "compute")])
        == 0
    )
    return directory


@pytest.fixture
def run(workspace, capsys):
    def run(*arguments):
        capsys.readouterr()
        code = main(["--workspace", str(workspace), *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def rows(run):
    def rows(*arguments):
        code, out, err = run(*arguments, "--format", "json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return rows


def test_chips_have_the_agreed_keys(rows):
    found = rows("chips", "--on", "2026-01-15", "--to", "CN")
    assert list(found[0])[:9] == [
        "chip",
        "maker_country",
        "tpp",
        "performance_density",
        "memory_bandwidth",
        "on",
        "destination",
        "status",
        "rule",
    ]
    assert len(found) == 175
    by_name = {r["chip"]: r for r in found}
    assert by_name["NVIDIA H200 SXM"]["status"] == "case_by_case"
    assert by_name["NVIDIA B200"]["status"] == "restricted"
    assert by_name["NVIDIA B300 (Blackwell Ultra)"]["status"] == "unknown"
    assert by_name["NVIDIA B300 (Blackwell Ultra)"]["tpp"] is None
    assert by_name["NVIDIA H100 SXM5 80GB"]["memory_bandwidth"] == pytest.approx(3350)


def test_chips_by_default_are_asked_for_china_on_the_day_of_the_newest_rule(rows):
    assert rows("chips") == rows("chips", "--on", "2026-01-15", "--to", "cn")


def test_the_timeline_of_a_chip(rows):
    found = rows("chips", "--timeline", "A100 SXM4 40 GB")
    assert [r["since"] for r in found] == [None, "2022-10-07", "2023-11-17", "2026-01-15"]
    assert {r["chip"] for r in rows("chips", "--timeline", "h20")} == {"NVIDIA HGX H20"}


@pytest.mark.parametrize("options", [(), ("--standard",)])
@pytest.mark.parametrize("measure", ["h100e", "flops16"])
def test_clusters_have_the_agreed_keys_and_sum_to_one(rows, options, measure):
    found = rows("clusters", "--on", "2025-03-31", "--measure", measure, *options)
    assert {"country", "capacity", "share", "rank", "systems"} <= found[0].keys()
    assert sum(r["share"] for r in found) == pytest.approx(1)
    assert (found[0]["country"], found[0]["rank"]) == ("US", 1)
    assert all(r["low"] <= r["high"] for r in found)


def test_tokens_have_one_row_per_price_and_the_agreed_keys(rows, shared):
    found = rows("tokens", "--utilization", "0.5", "--gpu-hour", "2")
    source = oracle.rows(shared / "data" / "compute" / "modelsdev_provider_prices_2026-07-02.csv")
    keys = [
        "model",
        "provider",
        "open_weights",
        "input",
        "output",
        "blended",
        "wh_per_million",
        "self_host_usd",
    ]
    assert set(keys) <= found[0].keys()
    assert len(found) == len(source)
    counted = Counter((r["provider"], r["model"], r["open_weights"]) for r in found)
    flags = {"True": True, "False": False, "": None}
    assert counted == Counter((r["provider"], r["model"], flags[r["open_weights"]]) for r in source)
    shared_rows = [r for r in found if r["shared_key_rows"] > 1]
    assert len(shared_rows) == 17
    assert {r["provider"] for r in shared_rows} == {"clarifai", "fireworks-ai"}


def test_a_model_is_found_by_any_of_its_ids(rows):
    by_hub_id = rows("tokens", "--model", "meta-llama/Llama-3.1-8B-Instruct", "--gpu-hour", "2")
    by_short_id = rows("tokens", "--model", "llama-3.1-8b-instruct", "--gpu-hour", "2")
    assert by_hub_id == by_short_id
    assert {r["measured_model"] for r in by_hub_id} == {"meta-llama/Llama-3.1-8B-Instruct"}


def test_a_model_that_nobody_sells_is_served_oneself(rows):
    (found,) = rows("tokens", "--model", "nvidia/NVIDIA-Nemotron-Nano-12B-v2", "--gpu-hour", "2")
    assert (found["provider"], found["blended"]) == (None, None)
    assert found["self_host_usd"] > 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("chips", "--on", "yesterday"), 2, "--on yesterday"),
        (("chips", "--to", "Atlantis"), 2, "--to Atlantis"),
        (("chips", "--timeline", "no such chip"), 1, "no chip 'no such chip'"),
        (("clusters", "--measure", "watts"), 2, "--measure"),
        (("tokens", "--utilization", "0"), 2, "--utilization 0"),
        (("tokens", "--utilization", "1.5"), 2, "--utilization 1.5"),
        (("tokens", "--gpu-hour", "-1"), 2, "--gpu-hour -1"),
        (("tokens", "--gpu", "A100"), 2, "B200, H100"),
        (("tokens", "--model", "lama-3.1-8b-instruct"), 1, "llama-3.1-8b-instruct"),
        (("pull", "compute", "nowhere"), 1, "nowhere: no such directory"),
    ],
)
def test_what_is_wrong_is_said_in_words(run, arguments, code, says):
    got, out, err = run(*arguments)
    assert (got, out) == (code, "")
    assert says in " ".join(err.split())
    assert "Traceback" not in err


def test_an_impossible_value_leaves_the_lake_alone(run, rows, shared, tmp_path):
    source = oracle.rows(shared / "data" / "compute" / "ml_hardware_2026-05.csv")
    source[4]["Total processing performance (bit-OP/s)"] = "1e30"
    with (tmp_path / "hardware.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(source[0]))
        writer.writeheader()
        writer.writerows(source)
    code, out, err = run("pull", "compute", str(tmp_path))
    assert (code, out) == (1, "")
    assert "hardware.csv" in err
    assert "Total processing performance (bit-OP/s)" in err
    assert len(rows("chips")) == 175


def test_before_a_pull_the_commands_say_what_to_do(tmp_path, capsys):
    assert main(["init", str(tmp_path / "w")]) == 0
    for command in ("chips", "clusters", "tokens"):
        capsys.readouterr()
        assert main(["--workspace", str(tmp_path / "w"), command]) == 1
        assert "primacy pull compute DIR" in capsys.readouterr().err

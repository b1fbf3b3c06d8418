"""Files of chips, clusters, prices and power on their way into the lake."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from primacy.errors import InputError
from primacy.lake.store import Lake
from primacy.sources.compute import pull

CHIP = {
    "Hardware name": "NVIDIA H100 SXM5 80GB",
    "Manufacturer": "NVIDIA",
    "Release date": "2022-09-20",
    "Memory bandwidth (byte/s)": "3350000000000.0",
    "Intranode bandwidth (byte/s)": "900000000000.0",
    "Die Size (mm^2)": "814.0",
    "Total processing performance (bit-OP/s)": "1.5832e+16",
    "Country": "US",
}
CLUSTER = {
    "Name": "El Capitan",
    "Status": "Existing",
    "Certainty": "Confirmed",
    "Country": "United States of America",
    "First Operational Date": "2024-11-15",
    "H100 equivalents": "44000",
    "16-bit OP/s": "4.3e19",
    "Include in Standard Analysis": "True",
    "Possible Duplicate": "",
}
PRICE = {
    "provider": "groq",
    "model": "llama-3.1-8b-instant",
    "name": "Llama 3.1 8B",
    "open_weights": "True",
    "release_date": "2024-07-23",
    "input": "0.05",
    "output": "0.08",
}
ENERGY = {
    "model_id": "meta-llama/Llama-3.1-8B-Instruct",
    "task": "lm-arena-chat",
    "gpu_model": "H100",
    "num_gpus": "1",
    "max_num_seqs": "512",
    "output_throughput_tokens_per_sec": "9805.0",
    "energy_per_token_joules": "0.07",
    "avg_power_watts": "686.35",
}


def write(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows(lake: Lake, table: str) -> list[dict[str, object]]:
    return [r for f in lake.latest().files(table) for r in pq.read_table(f).to_pylist()]


@pytest.fixture
def lake(tmp_path):
    return Lake.create(tmp_path / "lake")


@pytest.fixture
def source(tmp_path):
    directory = tmp_path / "source"
    directory.mkdir()
    return directory


def test_a_chip_arrives_in_the_units_of_the_lake(lake, source):
    write(source / "whatever.csv", CHIP)
    pull(lake, source)
    (chip,) = rows(lake, "chips")
    assert chip["tpp"] == pytest.approx(15_832)
    assert chip["memory_bandwidth_gb_per_s"] == pytest.approx(3_350)
    assert chip["interconnect_gb_per_s"] == pytest.approx(900)
    assert (chip["maker_country"], chip["die_mm2"]) == ("US", 814)
    assert (chip["source"], chip["line"]) == ("whatever.csv", 2)


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("Total processing performance (bit-OP/s)", "1e30", "Total processing performance (bit-OP/s)"),
        ("Total processing performance (bit-OP/s)", "15832", "bit-OP/s"),
        ("Total processing performance (bit-OP/s)", "inf", "inf"),
        ("Memory bandwidth (byte/s)", "3350", "byte/s"),
        ("Die Size (mm^2)", "-1", "mm²"),
    ],
)
def test_an_impossible_value_refuses_the_file_by_name(lake, source, column, value, says):
    write(source / "chips.csv", CHIP, {**CHIP, "Hardware name": "X", column: value})
    with pytest.raises(InputError, match=r"chips\.csv: line 3: ") as refused:
        pull(lake, source)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert lake.latest().version == lake.version


def test_a_column_in_another_unit_refuses_the_file_by_name(lake, source):
    chip = {("Memory bandwidth (GB/s)" if k.startswith("Memory b") else k): v for k, v in CHIP.items()}
    write(source / "chips.csv", chip)
    with pytest.raises(InputError, match=r"chips\.csv.*'Memory bandwidth \(GB/s\)' is not in the unit of"):
        pull(lake, source)


def test_a_file_without_its_main_column_is_refused(lake, source):
    write(source / "chips.csv", {k: v for k, v in CHIP.items() if not k.startswith("Total")})
    with pytest.raises(InputError, match=r"chips\.csv: no column 'Total processing performance"):
        pull(lake, source)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Status": "Rumoured"}, "'Status' is 'rumoured'"),
        ({"Country": "Atlantis"}, "names no country"),
        ({"H100 equivalents": "many"}, "not a number"),
        ({"First Operational Date": "2024-13-01"}, "not a date"),
        ({"Name": " "}, "'Name' is blank"),
    ],
)
def test_a_row_that_cannot_be_read_goes_to_the_quarantine_once(lake, source, change, reason):
    write(source / "clusters.csv", CLUSTER, {**CLUSTER, **change})
    done = pull(lake, source)
    assert (done.read, done.quarantined) == (1, 1)
    (bad,) = rows(lake, "quarantine")
    assert (bad["file"], bad["line"]) == ("clusters.csv", 3)
    assert reason in str(bad["reason"])
    again = pull(lake.latest(), source)
    assert (again.quarantined, again.unchanged, again.added) == (0, 1, 0)
    assert len(rows(lake, "quarantine")) == 1


def test_a_wrong_date_that_no_result_needs_costs_the_date_only(lake, source):
    write(source / "prices.csv", {**PRICE, "release_date": "2025-25-11"})
    done = pull(lake, source)
    assert (done.read, done.quarantined) == (1, 1)
    (price,) = rows(lake, "token_prices")
    assert price["release_date"] is None
    assert "loaded without it" in str(rows(lake, "quarantine")[0]["reason"])


@pytest.mark.parametrize(
    ("change", "kept", "reported"),
    [
        ({"Certainty": "Hearsay"}, ("existing", None, 44_000), 1),
        ({"Status": ""}, ("unknown", "confirmed", 44_000), 0),
        ({"H100 equivalents": "0"}, ("existing", "confirmed", 0), 0),
    ],
)
def test_what_no_capacity_hangs_on_costs_no_cluster(lake, source, change, kept, reported):
    write(source / "clusters.csv", {**CLUSTER, **change})
    assert pull(lake, source).quarantined == reported
    (found,) = rows(lake, "clusters")
    assert (found["status"], found["certainty"], found["h100_equivalents"]) == kept


def test_rows_with_one_key_are_kept_and_counted(lake, source):
    other = {**PRICE, "model": "other"}
    write(source / "prices.csv", PRICE, {**PRICE, "input": "0.07"}, other)
    done = pull(lake, source)
    assert (done.read, done.shared_keys) == (3, 2)
    assert [r["shared_key_rows"] for r in rows(lake, "token_prices")] == [2, 2, 1]


@pytest.mark.parametrize(("flag", "kept"), [("True", True), ("False", False), ("", None)])
def test_a_blank_flag_stays_unknown(lake, source, flag, kept):
    write(source / "prices.csv", {**PRICE, "open_weights": flag})
    pull(lake, source)
    assert rows(lake, "token_prices")[0]["open_weights"] is kept


def test_prices_per_token_are_refused(lake, source):
    write(source / "prices.csv", {**PRICE, "input": "5e-8", "output": "8e-8"})
    with pytest.raises(InputError, match=r"prices\.csv.*per token"):
        pull(lake, source)


def test_energy_that_is_not_power_over_throughput_is_refused(lake, source):
    write(source / "energy.csv", {**ENERGY, "energy_per_token_joules": "0.0000194"})
    with pytest.raises(InputError, match=r"energy\.csv: 'energy_per_token_joules'"):
        pull(lake, source)


def test_megawatt_hours_and_kilowatt_hours_are_told_apart(lake, source):
    write(source / "w.csv", {"region": "DE-LU", "mean_usd_per_mwh": "84.58"})
    write(
        source / "r.csv",
        {"country": "United States (Texas)", "customer_type": "industrial", "usd_per_kwh": "0.066"},
    )
    pull(lake, source)
    found = {(r["country"], r["zone"], r["kind"]): r["usd_per_kwh"] for r in rows(lake, "power_prices")}
    assert found == {
        ("DE", "DE-LU", "wholesale"): pytest.approx(0.08458),
        ("US", "Texas", "retail"): pytest.approx(0.066),
    }
    write(source / "w.csv", {"region": "DE-LU", "mean_usd_per_mwh": "0.0846"})
    with pytest.raises(InputError, match=r"w\.csv.*per kilowatt-hour"):
        pull(lake, source)


def test_a_negative_carbon_intensity_is_no_figure(lake, source):
    area = {
        "area_type": "country",
        "iso2": "CR",
        "name": "Costa Rica",
        "years": {"2024": 40.0, "2025": -36.4},
    }
    (source / "grid.json").write_text(json.dumps({"unit": "gCO2e per kWh", "areas": [area]}))
    done = pull(lake, source)
    assert (done.read, done.quarantined) == (1, 1)
    (source / "grid.json").write_text(json.dumps({"unit": "kgCO2e per kWh", "areas": [area]}))
    with pytest.raises(InputError, match=r"grid\.json: 'unit' is"):
        pull(lake, source)


def test_two_files_of_one_kind_are_refused(lake, source):
    write(source / "a.csv", CHIP)
    write(source / "b.csv", CHIP)
    with pytest.raises(InputError, match=r"b\.csv: a table of chips, as a\.csv is already"):
        pull(lake, source)


def test_a_directory_without_a_known_file_is_refused(lake, source):
    write(source / "notes.csv", {"a": "1"})
    with pytest.raises(InputError, match="no file of a known kind"):
        pull(lake, source)
    with pytest.raises(InputError, match="no such directory"):
        pull(lake, source / "nowhere")


@pytest.mark.parametrize(
    ("damage", "says"), [(b'a,b\n"open', "damaged"), (b"\xff\xfe\x00", "not UTF-8")], ids=["quote", "bytes"]
)
def test_a_damaged_file_is_refused_by_name(lake, source, damage, says):
    path = write(source / "chips.csv", CHIP)
    path.write_bytes(path.read_bytes() + damage)
    with pytest.raises(InputError, match=r"chips\.csv") as refused:
        pull(lake, source)
    assert says in str(refused.value)


def test_a_pull_replaces_only_the_tables_whose_files_it_has(lake, source, tmp_path):
    write(source / "chips.csv", CHIP, {**CHIP, "Hardware name": "Old"})
    write(source / "clusters.csv", CLUSTER)
    pull(lake, source)
    newer = tmp_path / "newer"
    newer.mkdir()
    write(newer / "chips.csv", {**CHIP, "Die Size (mm^2)": "815"}, {**CHIP, "Hardware name": "New"})
    done = pull(lake.latest(), newer)
    assert (done.added, done.updated, done.deleted, done.unchanged) == (1, 1, 1, 0)
    assert {r["chip"] for r in rows(lake, "chips")} == {"NVIDIA H100 SXM5 80GB", "New"}
    assert len(rows(lake, "clusters")) == 1


def test_a_simulated_directory_marks_the_lake(lake, source):
    write(source / "chips.csv", CHIP)
    pull(lake, source)
    assert not lake.latest().simulated
    (source / "SIMULATED.json").write_text("{}")
    assert pull(lake.latest(), source).simulated
    assert lake.latest().simulated


def test_the_packages_data_lie_in_the_lake_with_their_version(lake, source):
    write(source / "chips.csv", CHIP)
    pull(lake, source)
    sizes = {(r["provider"], r["model"]): r for r in rows(lake, "model_sizes")}
    guessed = sizes["openai", "gpt-3.5-turbo-instruct"]
    assert guessed["guessed"]
    assert guessed["total_low_billion"] < guessed["total_high_billion"]
    assert str(guessed["source"]).startswith("ecologits ")
    assert all(str(r["source"]).startswith("genai-prices ") for r in rows(lake, "reference_prices"))


def test_the_real_files_load_whole(shared, lake):
    source = shared / "data" / "compute"
    done = pull(lake, source)
    counted = {}
    for name in ("ml_hardware_2026-05", "gpu_clusters_2025-11", "modelsdev_provider_prices_2026-07-02"):
        with (source / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            counted[name] = sum(1 for _ in csv.DictReader(file))
    assert done.tables["chips"] == counted["ml_hardware_2026-05"] == 175
    assert done.tables["clusters"] == counted["gpu_clusters_2025-11"] == 786
    assert done.tables["token_prices"] == counted["modelsdev_provider_prices_2026-07-02"] == 5276
    assert (done.files, done.shared_keys, done.ignored) == (12, 17, [])
    assert sorted((r["file"], r["line"]) for r in rows(lake, "quarantine")) == [
        ("leadgreen_grid_ember2024.json", 43),
        ("modelsdev_provider_prices_2026-07-02.csv", 1216),
    ]
    again = pull(lake.latest(), source)
    assert (again.unchanged, again.added, again.updated, again.deleted) == (done.read, 0, 0, 0)

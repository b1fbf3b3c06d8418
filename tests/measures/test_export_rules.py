"""The export-rule status of a chip: every number and every date at its border."""

from __future__ import annotations

from collections import Counter

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles import compute as oracle

from primacy.errors import InputError
from primacy.lake.tables import table as declared
from primacy.measures.export_rules import chip_status, status_timeline, with_status
from primacy.sources.reference.export_rules import Limits, load_export_rules, read_export_rules

RULES = load_export_rules()
DIE = 800.0


def chip(name="Example", *, tpp=None, die=None, bandwidth=None, interconnect=None, line=2):
    row = dict.fromkeys(declared("chips").arrow.names)
    return row | {
        "chip": name,
        "tpp": tpp,
        "die_mm2": die,
        "memory_bandwidth_gb_per_s": bandwidth,
        "interconnect_gb_per_s": interconnect,
        "source": "test",
        "line": line,
    }


def chips(*rows):
    return ibis.memtable(pa.Table.from_pylist(list(rows), schema=declared("chips").arrow))


def answers(*questions):
    """Answer questions (chip, date, destination) in one query."""
    rows = [{**row, "on": on, "destination": to, "line": i} for i, (row, on, to) in enumerate(questions)]
    schema = (
        declared("chips")
        .arrow.append(pa.field("on", pa.string()))
        .append(pa.field("destination", pa.string()))
    )
    asked = ibis.memtable(pa.Table.from_pylist(rows, schema=schema))
    return with_status(asked, RULES).order_by("line").to_pyarrow().to_pylist()


def statuses(*questions):
    return [a["status"] for a in answers(*questions)]


# ------------------------------------------------------------------ numbers at their borders

SPARSE = 100_000.0
"""A die so large that no density matters."""


def die_of(tpp, density):
    """A die whose density, in floating point, is not below the one wanted."""
    die = tpp / density
    while tpp / die < density:
        die *= 1 - 1e-16
    return die


def test_tpp():
    cases = [
        (4799, "2022-10-07", "unrestricted"),
        (4800, "2022-10-07", "restricted"),
        (4799, "2023-11-17", "unrestricted"),
        (4800, "2023-11-17", "restricted"),
        (1599, "2023-11-17", "unrestricted"),
    ]
    assert statuses(*[(chip(tpp=tpp, die=SPARSE), on, "CN") for tpp, on, _ in cases]) == [c[2] for c in cases]


def test_performance_density():
    cases = [
        (1600, 5.91, "unrestricted"),
        (1600, 5.92, "restricted"),
        (4799, 5.91, "unrestricted"),
        (4799, 5.92, "restricted"),
        (1599, 5.92, "unrestricted"),
        (4800, 0.01, "restricted"),
    ]
    found = answers(*[(chip(tpp=t, die=die_of(t, d)), "2024-01-01", "CN") for t, d, _ in cases])
    assert [a["status"] for a in found] == [c[2] for c in cases]
    assert [a["performance_density"] for a in found] == pytest.approx([c[1] for c in cases])


def test_density_counts_only_from_the_october_2023_rule():
    l4 = chip("NVIDIA L4", tpp=1936, die=294)
    days = ("2022-10-07", "2023-11-16", "2023-11-17")
    assert statuses(*[(l4, on, "CN") for on in days]) == ["unrestricted", "unrestricted", "restricted"]


def test_interconnect_takes_a_chip_out_of_the_october_2022_rule_only_where_it_is_stated():
    made = [chip(tpp=5000, die=DIE, interconnect=i) for i in (599, 600, None)]
    assert statuses(*[(m, "2023-11-16", "CN") for m in made]) == ["unrestricted", "restricted", "restricted"]
    assert statuses(*[(m, "2023-11-17", "CN") for m in made]) == ["restricted"] * 3


def test_the_window_of_january_2026():
    cases = [
        (20_999, 6499, "case_by_case"),
        (20_999, 6500, "restricted"),
        (21_000, 6499, "restricted"),
        (21_000, None, "restricted"),
        (20_999, None, "unknown"),
        (4800, 6499, "case_by_case"),
        (4799, 6499, "unrestricted"),
    ]
    made = [chip(tpp=tpp, die=SPARSE, bandwidth=bandwidth) for tpp, bandwidth, _ in cases]
    assert statuses(*[(m, "2026-01-15", "CN") for m in made]) == [c[2] for c in cases]
    assert statuses(*[(m, "2026-01-14", "CN") for m in made]) == ["restricted"] * 6 + ["unrestricted"]


# ------------------------------------------------------------------ days and destinations

H100 = chip("NVIDIA H100 SXM5 80GB", tpp=15_832, die=814, bandwidth=3350, interconnect=900)


def test_the_day_before_and_the_day_of_each_rule():
    cases = [
        ("2022-10-06", "unrestricted", "none in force"),
        ("2022-10-07", "restricted", "3A090-2022"),
        ("2023-11-16", "restricted", "3A090-2022"),
        ("2023-11-17", "restricted", "3A090.a-2023"),
        ("2026-01-14", "restricted", "3A090.a-2023"),
        ("2026-01-15", "case_by_case", "742.6-2026"),
    ]
    found = answers(*[(H100, on, "CN") for on, _, _ in cases])
    assert [(a["on"], a["status"], a["rule"]) for a in found] == cases


def test_destinations():
    cases = [
        ("2023-01-16", "MO", "unrestricted"),
        ("2023-01-17", "MO", "restricted"),
        ("2022-10-07", "HK", "restricted"),
        ("2022-10-07", "AE", "unrestricted"),
        ("2023-11-17", "AE", "restricted"),
        ("2026-01-15", "AE", "restricted"),
        ("2026-01-15", "MO", "case_by_case"),
        ("2026-01-15", "DE", "unrestricted"),
        ("2026-01-15", "TW", "unrestricted"),
        ("2026-01-15", "IL", "unrestricted"),
        ("2021-01-01", "IR", "restricted"),
        ("2022-02-23", "RU", "unrestricted"),
        ("2022-02-24", "RU", "restricted"),
        ("2022-03-01", "BY", "unrestricted"),
        ("2022-03-02", "BY", "restricted"),
    ]
    found = answers(*[(H100, on, to) for on, to, _ in cases])
    assert [(a["on"], a["destination"], a["status"]) for a in found] == cases


def test_the_columns_of_an_answer():
    (answer,) = chip_status(chips(H100), RULES, on="2024-01-01", destination="CN").to_pyarrow().to_pylist()
    assert answer == {
        "chip": "NVIDIA H100 SXM5 80GB",
        "maker_country": None,
        "tpp": 15_832,
        "performance_density": pytest.approx(15_832 / 814),
        "memory_bandwidth": 3350,
        "on": "2024-01-01",
        "destination": "CN",
        "status": "restricted",
        "rule": "3A090.a-2023",
        "reason": "TPP ≥ 4,800",
        "notice": None,
    }


# ------------------------------------------------------------------ what is missing


def test_without_a_tpp_a_chip_is_unknown():
    days = ("2020-01-01", "2022-10-07", "2024-01-01", "2026-06-01")
    for answer in answers(*[(chip(die=DIE, bandwidth=1000), on, to) for on in days for to in ("CN", "DE")]):
        assert (answer["status"], answer["performance_density"]) == ("unknown", None)
        assert "no TPP" in answer["reason"]


def test_without_a_die_a_chip_is_unknown_where_the_density_decides():
    cases = {1599: "unrestricted", 1600: "unknown", 4799: "unknown", 4800: "restricted"}
    found = statuses(*[(chip(tpp=tpp), "2024-01-01", "CN") for tpp in cases])
    assert found == list(cases.values())


NUMBERS = ("tpp", "die_mm2", "memory_bandwidth_gb_per_s", "interconnect_gb_per_s")


@settings(max_examples=5, deadline=None)
@given(
    numbers=st.lists(
        st.tuples(
            st.floats(100, 70_000),
            st.floats(50, 2000),
            st.floats(30, 20_000),
            st.floats(10, 2000),
        ),
        min_size=20,
        max_size=40,
    ),
    on=st.sampled_from(["2022-10-06", "2022-10-07", "2023-11-16", "2023-11-17", "2026-01-15"]),
)
def test_a_missing_number_never_frees_a_chip(numbers, on):
    """Blanking a number gives the same answer or none; only an interconnect not stated is presumed high."""
    whole = [chip(**dict(zip(("tpp", "die", "bandwidth", "interconnect"), n, strict=True))) for n in numbers]
    blanked = [(row | {column: None}, column, i) for i, row in enumerate(whole) for column in NUMBERS]
    known = statuses(*[(row, on, "CN") for row in whole])
    for found, (_, column, i) in zip(statuses(*[(b[0], on, "CN") for b in blanked]), blanked, strict=True):
        presumed = {"restricted"} if column == "interconnect_gb_per_s" else set()
        assert found in {known[i], "unknown"} | presumed


# ------------------------------------------------------------------ chips named one by one


def test_a_letter_wins_over_the_numbers():
    h20 = chip("NVIDIA HGX H20", tpp=2368, die=814, bandwidth=4000)
    days = ("2025-04-08", "2025-04-09", "2026-01-14", "2026-01-15")
    expected = ["unrestricted", "restricted", "restricted", "case_by_case"]
    assert statuses(*[(h20, on, "CN") for on in days]) == expected
    assert statuses(*[(h20, on, "DE") for on in days]) == ["unrestricted"] * 4


def test_a_letter_names_whole_words():
    names = ("NVIDIA H200 SXM", "NVIDIA H20X", "H2O", "AH20")
    made = [(chip(name, tpp=1500, die=800), "2025-06-01", "CN") for name in names]
    assert statuses(*made) == ["unrestricted"] * 4


def test_a_letter_does_not_stand_for_a_missing_tpp():
    (answer,) = answers((chip("AMD Instinct MI308X", die=1017, bandwidth=5300), "2025-06-01", "CN"))
    assert answer["status"] == "unknown"
    assert "letter" in answer["reason"]


def test_the_chip_made_for_the_first_rule():
    a800 = chip("NVIDIA A800 SXM", tpp=4988.8, die=826, bandwidth=2040)
    cases = [
        ("2022-10-07", "unrestricted", "override of 2022-10-07"),
        ("2023-10-22", "unrestricted", "override of 2022-10-07"),
        ("2023-10-23", "restricted", "override of 2023-10-23"),
        ("2023-11-17", "restricted", "3A090.a-2023"),
    ]
    found = answers(*[(a800, on, "CN") for on, _, _ in cases])
    assert [(a["on"], a["status"], a["rule"]) for a in found] == cases


def test_what_may_go_once_notified_is_said_beside_the_status():
    l40, l20 = answers(
        (chip("NVIDIA L40", tpp=2896.64, die=608), "2024-01-01", "CN"),
        (chip("NVIDIA L20", tpp=1912, die=609), "2024-01-01", "CN"),
    )
    assert (l40["status"], l40["notice"]) == ("unrestricted", "3A090.b-2023")
    assert (l20["status"], l20["notice"]) == ("unrestricted", None)


# ------------------------------------------------------------------ the timeline


def test_the_timeline_of_one_chip():
    a100 = chip("NVIDIA A100", tpp=4992, die=826, bandwidth=1560, interconnect=600)
    periods = status_timeline(chips(a100), RULES, destination="CN").to_pyarrow().to_pylist()
    assert [(p["since"], p["until"], p["status"]) for p in periods] == [
        (None, "2022-10-07", "unrestricted"),
        ("2022-10-07", "2023-11-17", "restricted"),
        ("2023-11-17", "2026-01-15", "restricted"),
        ("2026-01-15", None, "case_by_case"),
    ]


# ------------------------------------------------------------------ the file


def test_every_rule_cites_its_source_and_the_days_it_holds():
    assert RULES.newest == "2026-01-15"
    for rule in RULES.rules:
        assert rule.source, rule.id
        assert rule.start < rule.end, rule.id
        assert rule.destinations == tuple(sorted(set(rule.destinations))), rule.id
    for override in RULES.overrides:
        assert override.source
        assert override.reason
    assert not {d for r in RULES.rules if r.start >= "2022-10-07" for d in r.destinations} & {
        "US",
        "TW",
        "DE",
        "IL",
    }


def test_a_rules_file_of_ones_own(tmp_path):
    file = tmp_path / "rules.toml"
    text = """
version = "mine"
[groups.all]
members = ["CN"]
[[rule]]
id = "r"
title = "t"
status = "restricted"
destinations = ["all"]
from = 2020-01-01
when = [{ tpp_at_least = 10 }]
source = "here"
"""
    file.write_text(text)
    mine = read_export_rules(file)
    (answer,) = (
        chip_status(chips(chip(tpp=10)), mine, on="2020-01-01", destination="CN").to_pyarrow().to_pylist()
    )
    assert (answer["status"], answer["rule"], answer["reason"]) == ("restricted", "r", "TPP ≥ 10")
    file.write_text(text.replace("tpp_at_least", "tops"))
    with pytest.raises(InputError, match=r"rules\.toml.*tops"):
        read_export_rules(file)
    file.write_text(text.replace('["all"]', '["nowhere"]'))
    with pytest.raises(InputError, match=r"rules\.toml.*nowhere"):
        read_export_rules(file)


def test_limits_read_as_text():
    assert str(Limits(tpp_below=21_000, bandwidth_below=6500)) == "TPP < 21,000 and memory bandwidth < 6,500"


# ------------------------------------------------------------------ the real file

NAMED = ("A800", "H800", "H20", "MI308X", "RTX 4090", "RTX 6000 Ada")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2022-10-06", {"unrestricted": 161, "unknown": 14}),
        ("2022-10-07", {"unrestricted": 124, "restricted": 37, "unknown": 14}),
        ("2023-11-17", {"unrestricted": 88, "restricted": 52, "unknown": 35}),
        ("2026-01-15", {"unrestricted": 88, "case_by_case": 38, "restricted": 11, "unknown": 38}),
    ],
)
def test_the_real_chips_equal_the_oracle(shared, compute_table, on, expected):
    found = chip_status(compute_table("chips"), RULES, on=on, destination="CN").to_pyarrow().to_pylist()
    by_name = {a["chip"]: a for a in found}
    source = oracle.rows(shared / "data" / "compute" / "ml_hardware_2026-05.csv")
    assert len(found) == len(source)
    for row in source:
        name = row["Hardware name"]
        if not any(f" {n} " in f" {name} " for n in NAMED):
            assert by_name[name]["status"] == oracle.chip_status(row, on), name
    assert Counter(a["status"] for a in found) == expected

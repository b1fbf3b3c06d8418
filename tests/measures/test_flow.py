from __future__ import annotations

import ibis
import pytest

from primacy.measures.anomalies import anomalies, jumps, robust_z
from primacy.measures.flow import counter_at_age, flow_between, flows, restatements


def counters(**lines: dict[str, int | None]):
    rows = [
        {"model_id": model, "snapshot": day, "downloads_all": count}
        for model, line in lines.items()
        for day, count in line.items()
    ]
    return ibis.memtable(rows, schema={"model_id": "string", "snapshot": "string", "downloads_all": "int64"})


def births(**days: str | None):
    return ibis.memtable(
        [{"model_id": m, "born": d} for m, d in days.items()], schema={"model_id": "string", "born": "string"}
    )


def rows(table, *columns: str):
    return sorted(tuple(r[c] for c in columns) for r in table.to_pyarrow().to_pylist())


JAN, FEB, MAR = "2026-01-01", "2026-02-01", "2026-03-01"


def test_flows_are_differences_and_may_be_negative():
    table = counters(a={JAN: 10, FEB: 25, MAR: 20}, b={JAN: 5, FEB: None, MAR: 9}, c={MAR: 7})
    assert rows(flows(table), "model_id", "start", "end", "downloads") == [
        ("a", JAN, FEB, 15),
        ("a", FEB, MAR, -5),
        ("b", JAN, MAR, 4),
    ]
    assert rows(restatements(table), "model_id", "start", "downloads") == [("a", FEB, -5)]


def test_a_flow_between_two_days_needs_to_know_where_it_began():
    table = counters(
        old={JAN: 10, MAR: 30}, young={MAR: 8}, unknown={MAR: 9}, ancient={MAR: 7}, gone={JAN: 5}
    )
    born = births(old="2020-01-01", young="2026-01-01", ancient="2025-12-31", unknown=None)
    assert rows(flow_between(table, born, start=JAN, end=MAR), "model_id", "value") == [
        ("old", 20),
        ("young", 8),
    ]


def test_the_counter_at_an_age_is_interpolated_where_history_allows():
    table = counters(
        even={JAN: 31, FEB: 62},  # born a month before January: 1 a day
        sparse={MAR: 100},
        late={FEB: 10, MAR: 38},
    )
    born = births(even="2025-12-01", sparse="2025-03-01", late=JAN)
    assert rows(counter_at_age(table, born, age=31, gap=31), "model_id", "value") == [
        ("even", 31.0),
        ("late", 10.0),
    ]
    assert rows(counter_at_age(table, born, age=45, gap=31), "model_id", "value") == [
        ("even", pytest.approx(45.0)),
        ("late", pytest.approx(24.0)),
    ]
    assert rows(counter_at_age(table, born, age=45, gap=400), "model_id", "value")[2] == (
        "sparse",
        pytest.approx(100 * 45 / 365),
    )


def test_robust_z():
    table = ibis.memtable({"x": [1.0, 2.0, 3.0, 4.0, 100.0, None]})
    z = {r["x"]: r["z"] for r in robust_z(table, "x").to_pyarrow().to_pylist()}
    assert z[3.0] == 0
    assert z[100.0] == pytest.approx(97 / 1.4826)
    assert None not in z
    same = robust_z(ibis.memtable({"x": [1.0, 1.0, 1.0, 9.0]}), "x").to_pyarrow().to_pylist()
    assert {r["z"] for r in same} == {None}


def test_flags():
    base = [
        {"model_id": f"m{n}", "downloads_30d": 90 + n, "downloads_all": 1200, "likes": 40 + n, "age": 365}
        for n in range(20)
    ]
    odd = [
        {
            "model_id": "burst",
            "downloads_30d": 9_000_000,
            "downloads_all": 10_000_000,
            "likes": 400_000,
            "age": 3650,
        },
        {"model_id": "unliked", "downloads_30d": 9000, "downloads_all": 100_000, "likes": 0, "age": 365},
        {"model_id": "impossible", "downloads_30d": 1500, "downloads_all": 1400, "likes": 50, "age": 30},
        {"model_id": "small", "downloads_30d": 900, "downloads_all": 900, "likes": 0, "age": 3000},
        {"model_id": "likes-unknown", "downloads_30d": 100, "downloads_all": 1200, "likes": None, "age": 365},
    ]
    models = ibis.memtable(
        base + odd,
        schema={
            "model_id": "string",
            "downloads_30d": "int64",
            "downloads_all": "int64",
            "likes": "int64",
            "age": "int64",
        },
    )
    fallen = ibis.memtable([{"model_id": "m3", "fall": -50}], schema={"model_id": "string", "fall": "int64"})
    leaps = jumps(flows(counters(quiet={JAN: 1, FEB: 2})))
    assert rows(anomalies(models, fallen, leaps), "flag", "model_id") == [
        ("burst", "burst"),
        ("fell", "m3"),
        ("impossible", "impossible"),
        ("unliked", "unliked"),
    ]


def test_a_flow_jumps_against_the_models_own_history():
    days = [f"2026-{month:02}-01" for month in range(1, 10)]

    def line(*steps: int) -> dict[str, int | None]:
        return dict(zip(days, [sum(steps[: n + 1]) for n in range(len(steps))], strict=False))

    table = counters(
        leaps=line(0, 100, 110, 90, 100, 105, 95, 9000, 100),
        grows=line(0, 100, 110, 121, 133, 146, 161, 177, 195),
        even=line(0, 100, 100, 101, 100, 100, 99, 140, 100),  # out of line, but no leap
        short=line(0, 100, 100, 9000),
    )
    ((model, z, value),) = rows(jumps(flows(table)), "model_id", "z", "value")
    assert model == "leaps"
    assert z > 3
    assert value == pytest.approx(2, abs=0.1)

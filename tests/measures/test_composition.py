from __future__ import annotations

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primacy.measures.composition import SIZE_CLASSES, mix, size_class, weighted_sizes
from primacy.measures.overtaking import bands, overtakings
from primacy.measures.relative_adoption import relative_adoption

B = 10**9


def parts(*rows: tuple[str, str, float]):
    return ibis.memtable(
        [{"unit": u, "model_id": m, "part": float(p)} for u, m, p in rows],
        schema={"unit": "string", "model_id": "string", "part": "float64"},
    )


def rows(table, *columns: str):
    return sorted(tuple(r[c] for c in columns) for r in table.to_pyarrow().to_pylist())


def test_the_borders_of_the_size_classes():
    table = ibis.memtable({"p": [0, B - 1, B, 5 * B, 10 * B, 50 * B, 100 * B, 250 * B - 1, 250 * B, None]})
    classes = table.select(c=size_class(table.p.cast("int64"))).to_pyarrow()["c"].to_pylist()
    assert classes == [
        "<1B",
        "<1B",
        "1-5B",
        "5-10B",
        "10-50B",
        "50-100B",
        "100-250B",
        "100-250B",
        "250B+",
        None,
    ]
    assert set(classes) - {None} == set(SIZE_CLASSES)


def test_a_mix_sums_to_one_within_each_unit_and_keeps_the_unknown():
    table = mix(
        parts(("us", "a", 60), ("us", "b", 20), ("us", "c", 20), ("china", "a", 5), ("none", "a", 0)),
        ibis.memtable({"model_id": ["a", "b", "c"], "category": ["mit", None, "mit"]}),
        group=["unit"],
    )
    assert rows(table, "unit", "category", "downloads", "share", "models") == [
        ("china", "mit", 5, 1, 1),
        ("none", "mit", 0, None, 1),
        ("us", "mit", 80, pytest.approx(0.8), 2),
        ("us", "unknown", 20, pytest.approx(0.2), 1),
    ]


def test_weighted_sizes():
    # 60 downloads of 1B, 30 of 9B, 10 of 100B, 100 of a model of unknown size
    sizes = ibis.memtable({"model_id": ["a", "b", "c", "d"], "parameters": [B, 9 * B, 100 * B, None]})
    table = weighted_sizes(
        parts(("u", "a", 60), ("u", "b", 30), ("u", "c", 10), ("u", "d", 100), ("v", "d", 3)),
        sizes,
        group=["unit"],
    )
    u, v = sorted(table.to_pyarrow().to_pylist(), key=lambda r: r["unit"])
    assert (u["downloads"], u["known"], u["median"], u["small"]) == (200, 0.5, B, pytest.approx(0.9))
    assert u["mean"] == pytest.approx(0.6 * B + 0.3 * 9 * B + 0.1 * 100 * B)
    assert (v["downloads"], v["known"], v["mean"], v["median"], v["small"]) == (3, 0, None, None, None)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**12), st.integers(1, 10**6)), min_size=1, max_size=12))
def test_the_weighted_median_splits_the_downloads_in_half(models):
    sizes = ibis.memtable(
        {"model_id": [f"m{n}" for n in range(len(models))], "parameters": [p for p, _ in models]}
    )
    table = weighted_sizes(
        parts(*(("u", f"m{n}", w) for n, (_, w) in enumerate(models))), sizes, group=["unit"]
    )
    (row,) = table.to_pyarrow().to_pylist()
    total = sum(w for _, w in models)
    assert 2 * sum(w for p, w in models if p <= row["median"]) >= total
    assert 2 * sum(w for p, w in models if p < row["median"]) < total
    assert row["mean"] == pytest.approx(sum(p * w for p, w in models) / total, rel=1e-9)


def series(**lines: list[tuple[int, int]]):
    return ibis.memtable(
        [
            {"by": by, "period": f"2025-{month:02}", "unit": unit, "value": value}
            for by, pairs in lines.items()
            for month, pair in enumerate(pairs, start=1)
            for unit, value in zip(("us", "china"), pair, strict=True)
        ]
    )


def test_overtaking_is_for_good():
    table = series(
        clean=[(5, 1), (5, 5), (5, 6), (5, 7)],
        twice=[(5, 6), (5, 4), (5, 6), (5, 6)],
        never=[(5, 6), (5, 4), (5, 6), (5, 5)],
        always=[(1, 2), (1, 2)],
    )
    dates = overtakings(table, overtaken="us", overtaker="china", group=["by"])
    assert rows(dates.fill_null({"period": ""}), "by", "period", "since_the_beginning", "last_period") == [
        ("always", "2025-01", True, "2025-02"),
        ("clean", "2025-03", False, "2025-04"),
        ("never", "", False, "2025-04"),
        ("twice", "2025-03", False, "2025-04"),
    ]
    band = bands(dates.mutate(basis=ibis.literal("x")), group=["basis"])
    assert rows(band, "basis", "low", "high", "overtaken_in", "methods") == [
        ("x", "2025-01", "2025-03", 3, 4)
    ]


def test_a_unit_without_a_row_has_nothing():
    table = ibis.memtable(
        [{"period": "2025-01", "unit": "us", "value": 1}, {"period": "2025-02", "unit": "china", "value": 1}]
    )
    (row,) = overtakings(table, overtaken="us", overtaker="china", group=[]).to_pyarrow().to_pylist()
    assert row["period"] == "2025-02"


def test_relative_adoption_is_over_the_median_of_the_ten_largest_of_the_class():
    small = [{"model_id": f"s{n:02}", "age": 30, "value": float(n)} for n in range(1, 13)]
    large = [{"model_id": f"l{n}", "age": 30, "value": 100.0} for n in range(9)]
    classes = ibis.memtable(
        [
            {"model_id": r["model_id"], "size_class": "<1B" if r["model_id"][0] == "s" else "250B+"}
            for r in small + large
        ]
    )
    table = relative_adoption(ibis.memtable(small + large), classes)
    found = {r["model_id"]: (r["cohort_median"], r["ram"]) for r in table.to_pyarrow().to_pylist()}
    assert len(found) == 12  # nine large ones make no cohort
    assert found["s12"] == (7.5, 12 / 7.5)  # of 3 to 12
    assert found["s01"] == (7.5, 1 / 7.5)

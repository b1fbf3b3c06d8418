"""Growth of a Share, taken apart: by hand, and against an oracle on cells drawn at random."""

from __future__ import annotations

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles import basket as oracle

from primacy.measures import basket_growth as growth

CELLS = {
    "subject": "string",
    "period": "int64",
    "venue": "int32",
    "unit": "string",
    "count": "int64",
    "share": "float64",
}
VOLUMES = {"subject": "string", "period": "int64", "venue": "int32", "articles": "int64"}


def tables(shares, sizes):
    """Cells and volumes from {(period, journal, unit): share} and {(period, journal): articles}."""
    cells = [("all", p, j, u, 1, float(s)) for (p, j, u), s in shares.items()]
    volumes = [("all", p, j, n) for (p, j), n in sizes.items()]
    return tuple(
        ibis.memtable([dict(zip(schema, row, strict=True)) for row in rows], schema=schema)
        for rows, schema in ((cells, CELLS), (volumes, VOLUMES))
    )


def rows(table, *keys):
    return {tuple(r[k] for k in keys): r for r in table.to_pyarrow().to_pylist()}


# Journal 1 doubles, journal 2 stays. A holds half of journal 1 and none of journal 2, in both years.
SIZES = {(2019, 1): 10, (2019, 2): 10, (2020, 1): 20, (2020, 2): 10}
SHARES = {(2019, 1, "A"): 5, (2020, 1, "A"): 10, (2019, 2, "B"): 10, (2020, 2, "B"): 10}


def test_a_unit_in_a_growing_journal_gains_by_the_mix_alone():
    found = rows(growth.decomposition(*tables(SHARES, SIZES)), "unit", "period")
    row = found["A", 2020]
    # Of the 5 gained: 10 more articles at the mean part (1/4 + 1/3)/2, and 25 x (2/3 - 1/2) x 1/2 by the mix.
    assert row["change"] == 5
    assert row["volume"] == pytest.approx(10 * (1 / 4 + 1 / 3) / 2)
    assert row["mix"] == pytest.approx(25 * (2 / 3 - 1 / 2) / 2)
    assert (row["within"], row["turnover"]) == (0.0, 0.0)
    other = found["B", 2020]
    assert other["change"] == 0
    assert other["volume"] + other["mix"] == pytest.approx(0, abs=1e-12)
    assert ("A", 2019) not in found


def test_a_fixed_basket_sees_no_growth_where_only_journals_grew():
    found = rows(growth.growth(*tables(SHARES, SIZES), base=2019), "unit", "period")
    row = found["A", 2020]
    assert row["adjusted_index"] == pytest.approx(100 * (10 / 30) / (5 / 20))
    assert (row["fixed_index"], row["chain_index"]) == (pytest.approx(100), pytest.approx(100))
    base = found["A", 2019]
    assert (base["adjusted_index"], base["fixed_index"], base["chain_index"]) == (100, 100, 100)


def test_a_journal_that_comes_is_turnover_and_outside_the_fixed_basket():
    sizes = {**SIZES, (2020, 3): 10}
    shares = {**SHARES, (2020, 3, "A"): 10}
    row = rows(growth.decomposition(*tables(shares, sizes)), "unit")["A",]
    assert row["turnover"] == pytest.approx((20 + 40) / 2 * 10 / 40)
    assert row["volume"] + row["within"] + row["mix"] == pytest.approx(row["change"])
    assert rows(growth.growth(*tables(shares, sizes), base=2019), "unit", "period")["A", 2020][
        "fixed_index"
    ] == pytest.approx(100)


def test_a_chain_goes_on_where_the_base_years_journals_are_gone():
    sizes = {(2018, 1): 4, (2019, 1): 4, (2019, 2): 4, (2020, 2): 4}
    shares = {(2018, 1, "A"): 1, (2019, 1, "A"): 2, (2019, 2, "A"): 1, (2020, 2, "A"): 3}
    found = rows(growth.growth(*tables(shares, sizes), base=2018), "unit", "period")
    assert found["A", 2019]["chain_index"] == pytest.approx(200)
    assert found["A", 2020]["chain_index"] == pytest.approx(600)
    assert found["A", 2020]["fixed_index"] is None


def test_how_much_of_a_change_is_the_list():
    columns = {"subject": "string", "period": "int64", "unit": "string", "count": "int64", "share": "float64"}
    columns |= {"rank": "int64", "previous_share": "float64", "articles": "int64"}

    def shares(*given):
        return ibis.memtable(
            [dict(zip(columns, ("all", 2024, *r), strict=True)) for r in given], schema=columns
        )

    new = shares(("A", 9, 6.0, 1, None, 10), ("B", 5, 4.0, 2, None, 10))
    old = shares(("A", 3, 2.0, 2, 3.0, 5), ("C", 3, 3.0, 1, 2.0, 5))
    found = rows(growth.list_difference(new, old), "unit")
    assert (found["A",]["of_list"], found["A",]["of_units"], found["A",]["rank_difference"]) == (
        4.0,
        -1.0,
        -1,
    )
    assert (found["A",]["part"], found["A",]["other_part"]) == (60.0, 40.0)
    assert (found["B",]["of_list"], found["B",]["other_share"], found["B",]["other_rank"]) == (4.0, 0.0, None)
    assert (found["C",]["share"], found["C",]["of_list"]) == (0.0, -3.0)


_sizes = st.dictionaries(
    st.tuples(st.integers(2018, 2021), st.integers(1, 3)), st.integers(1, 30), min_size=1, max_size=10
)


@settings(max_examples=12)
@given(_sizes, st.data())
def test_everything_equals_the_oracle_and_the_parts_add_up(sizes, data):
    shares = {}
    for (period, journal), size in sizes.items():
        for unit, part in zip("AB", data.draw(st.tuples(st.integers(0, 4), st.integers(0, 4))), strict=True):
            if part:
                shares[period, journal, unit] = size * part / 8
    cells, volumes = tables(shares, sizes)
    periods = {p for p, _ in sizes}
    found = rows(growth.decomposition(cells, volumes), "unit", "period")
    for (unit, period), row in found.items():
        wanted = oracle.decomposition(shares, sizes, unit, period)
        for key, value in wanted.items():
            assert row[key] == pytest.approx(value, abs=1e-9), key
        assert row["volume"] + row["within"] + row["mix"] == pytest.approx(row["change"], abs=1e-9)
    assert set(found) == {(u, p) for (q, _, u) in shares for p in (q, q + 1) if {p, p - 1} <= periods}
    base = min(periods)
    indices = rows(growth.growth(cells, volumes, base=base), "unit", "period")
    for (unit, period), row in indices.items():
        if period > base:
            fixed = oracle.fixed(shares, sizes, unit, period, base)
            chain = oracle.chain(shares, sizes, unit, period, base)
            assert row["fixed_index"] == (None if fixed is None else pytest.approx(100 * fixed, abs=1e-9))
            assert row["chain_index"] == (None if chain is None else pytest.approx(100 * chain, abs=1e-6))

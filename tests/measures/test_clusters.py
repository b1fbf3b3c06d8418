"""Capacity of clusters by country, owner and date."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from tests.oracles import compute as oracle

from primacy.lake.tables import table as declared
from primacy.measures.clusters import capacity, owners, planned
from primacy.sources.reference.countries import alpha2


def cluster(country="US", h100=100.0, **other):
    row = dict.fromkeys(declared("clusters").arrow.names)
    return (
        row
        | {
            "name": "System",
            "status": "existing",
            "certainty": "confirmed",
            "country": country,
            "first_operational": "2024-01-01",
            "h100_equivalents": h100,
            "standard": True,
            "possible_duplicate": False,
            "source": "test",
            "line": 2,
        }
        | other
    )


def clusters(*rows):
    return ibis.memtable(pa.Table.from_pylist(list(rows), schema=declared("clusters").arrow))


def ask(*rows, on="2025-01-01", **options):
    return capacity(clusters(*rows), on=on, **options).to_pyarrow().to_pylist()


def test_shares_by_hand():
    us, cn = ask(cluster("US", 60.0), cluster("US", 15.0), cluster("CN", 25.0))
    assert (us["country"], us["capacity"], us["share"], us["rank"], us["systems"]) == ("US", 75, 0.75, 1, 2)
    assert (cn["country"], cn["capacity"], cn["share"], cn["rank"], cn["systems"]) == ("CN", 25, 0.25, 2, 1)


def test_clusters_with_one_name_are_clusters_each():
    (us,) = ask(*[cluster("US", 1.0, name="Anonymized System")] * 3)
    assert (us["capacity"], us["systems"]) == (3, 3)


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        ("2018-12-31", False),
        ("2019-01-01", True),
        ("2025-01-01", True),
        ("2025-01-02", False),
        (None, False),
    ],
)
def test_the_days_between_which_a_cluster_begins(day, counts):
    assert len(ask(cluster(first_operational=day))) == counts


@pytest.mark.parametrize(("state", "counts"), [("existing", 1), ("decommissioned", 1), ("planned", 0)])
def test_only_what_is_planned_is_left_out(state, counts):
    assert len(ask(cluster(status=state))) == counts


def test_the_standard_analysis_is_an_option():
    rows = [cluster("US", 60.0), cluster("CN", 40.0, standard=False)]
    assert [r["country"] for r in ask(*rows)] == ["US", "CN"]
    assert [r["share"] for r in ask(*rows, standard=True)] == [1.0]


def test_unknown_countries_and_measures_stay_out_of_the_shares_and_in_the_coverage():
    rows = [cluster("US", 60.0), cluster(None, 900.0), cluster("US", None), cluster("CN", None)]
    (us,) = ask(*rows)
    assert (us["share"], us["systems"], us["unmeasured"], us["coverage"]) == (1.0, 1, 1, 0.25)


def test_equal_countries_share_a_rank():
    assert [
        (r["country"], r["rank"]) for r in ask(cluster("FR", 5.0), cluster("DE", 5.0), cluster("US", 1.0))
    ] == [
        ("DE", 1),
        ("FR", 1),
        ("US", 3),
    ]


def test_the_confirmed_part_is_apart():
    (us,) = ask(cluster("US", 60.0), cluster("US", 40.0, certainty="unlikely"))
    assert (us["capacity"], us["confirmed"]) == (100, 60)


def test_measures():
    row = cluster("US", None, flops16=3e22, power_mw=12.5)
    assert ask(row) == []
    assert ask(row, measure="flops16")[0]["capacity"] == pytest.approx(3e22)
    assert ask(row, measure="megawatts")[0]["capacity"] == pytest.approx(12.5)


def test_what_is_planned_is_counted_apart():
    rows = [cluster("US", 60.0), cluster("AE", 40.0, status="planned", first_operational=None)]
    (ae,) = planned(clusters(*rows)).to_pyarrow().to_pylist()
    assert (ae["country"], ae["capacity"], ae["share"]) == ("AE", 40, 1.0)


def test_a_cluster_of_two_owners_counts_in_halves():
    rows = [
        cluster("US", 60.0, owner="OpenAI, Microsoft"),
        cluster("US", 40.0, owner="Microsoft"),
        cluster("US", 9.0),
    ]
    first, second = owners(clusters(*rows), on="2025-01-01").to_pyarrow().to_pylist()
    assert (first["owner"], first["capacity"], first["share"], first["rank"]) == ("Microsoft", 70, 0.7, 1)
    assert (second["owner"], second["share"]) == ("OpenAI", pytest.approx(0.3))
    assert first["hhi"] == pytest.approx(4900 + 900)
    assert first["coverage"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("standard", [False, True])
@pytest.mark.parametrize("measure", ["h100e", "flops16", "megawatts"])
@pytest.mark.parametrize("on", ["2019-01-01", "2023-12-31", "2025-03-31", "2025-10-15"])
def test_the_real_clusters_equal_the_oracle(shared, compute_table, on, measure, standard):
    answers = capacity(compute_table("clusters"), on=on, measure=measure, standard=standard)
    found = {
        r["country"]: (r["capacity"], r["share"], r["systems"]) for r in answers.to_pyarrow().to_pylist()
    }
    source = oracle.rows(shared / "data" / "compute" / "gpu_clusters_2025-11.csv")
    expected = {alpha2(c): v for c, v in oracle.capacity(source, on, measure, standard).items()}
    assert found.keys() == expected.keys()
    for country, (total, share, systems) in expected.items():
        assert found[country] == (
            pytest.approx(total, rel=1e-9),
            pytest.approx(share, rel=1e-9),
            systems,
        )


def test_a_filter_moves_chinas_share_from_15_to_9_per_cent(compute_table):
    """The published observation on the source's own filter, as of March 2025."""
    for standard, china, america in ((False, 0.154, 0.747), (True, 0.087, 0.793)):
        answers = (
            capacity(compute_table("clusters"), on="2025-03-31", standard=standard).to_pyarrow().to_pylist()
        )
        shares = {r["country"]: r["share"] for r in answers}
        assert shares["CN"] == pytest.approx(china, abs=5e-4)
        assert shares["US"] == pytest.approx(america, abs=5e-4)


def test_the_real_owners_equal_the_oracle(shared, compute_table):
    answers = owners(compute_table("clusters"), on="2025-10-15").to_pyarrow().to_pylist()
    source = oracle.rows(shared / "data" / "compute" / "gpu_clusters_2025-11.csv")
    expected = oracle.owner_capacity(source, "2025-10-15", "h100e", standard=False)
    assert {r["owner"]: r["capacity"] for r in answers} == {
        o: pytest.approx(c, rel=1e-9) for o, c in expected.items()
    }
    whole = sum(expected.values())
    assert answers[0]["hhi"] == pytest.approx(
        sum((c / whole * 100) ** 2 for c in expected.values()), rel=1e-6
    )

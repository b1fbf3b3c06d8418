"""Which model to adopt: hosted or served oneself."""

from __future__ import annotations

import pytest
from tests.measures.test_tokens import made, measured, price

from primacy.measures.choice import frontier, hub_facts, options
from primacy.measures.tokens import tokens


def ask(prices, energy=(), *, need=86.4e6, gpu_hour=2.0, models=(), organizations=(), notable=(), **other):
    catalogue = made("priced_models", *other.pop("catalogue", ()))
    rows = tokens(
        made("token_prices", *prices),
        made("token_energy", *energy),
        catalogue=catalogue,
        sizes=made("model_sizes", *other.pop("sizes", ())),
        gpu="H100",
        gpu_hour=gpu_hour,
        utilization=1.0,
    )
    facts = hub_facts(
        rows,
        catalogue=catalogue,
        models=made("models", *models),
        organizations=made("organizations", *organizations),
        notable=made("notable_models", *notable),
    )
    ways = options(rows, facts, tokens_per_day=need, gpu_hour=gpu_hour, **other)
    return frontier(ways).order_by("usd_per_day", "option").to_pyarrow().to_pylist()


def test_hosted_and_served_by_hand():
    # 86.4 million tokens a day are what 1,000 a second give: one GPU, $48 a day. The host takes $1 a million: $86.40.
    served, hosted = ask([price(first=1.0, second=1.0)], [measured(speed=1000.0)])
    assert (served["option"], served["usd_per_day"], served["gpus"], served["utilization"]) == (
        "self-hosted",
        48,
        1,
        1,
    )
    assert served["usd_per_million"] == pytest.approx(48 / 86.4)
    assert (hosted["option"], hosted["usd_per_day"], hosted["usd_per_million"]) == (
        "hosted",
        pytest.approx(86.4),
        1,
    )
    # $48 buy 48 million tokens from the host: from there on serving is no dearer.
    assert served["break_even_tokens_per_day"] == pytest.approx(48e6)
    assert served["kwh_per_day"] == pytest.approx(20 * 86.4 / 1000)


@pytest.mark.parametrize(
    ("need", "utilization", "gpus"), [(86.4e6, 1.0, 1), (86.5e6, 1.0, 2), (43.2e6, 0.5, 1), (86.4e6, 0.5, 2)]
)
def test_gpus_are_rented_whole(need, utilization, gpus):
    rows = ask([price(first=9.0, second=9.0)], [measured(speed=1000.0)], need=need, utilization=utilization)
    served = next(r for r in rows if r["option"] == "self-hosted")
    assert (served["gpus"], served["usd_per_day"]) == (gpus, 48 * gpus)
    assert served["utilization"] == pytest.approx(need / (gpus * 86.4e6))


def test_carbon_of_the_grid_where_one_serves():
    rows = ask([price()], [measured()], kg_co2e_per_kwh=0.5)
    served = next(r for r in rows if r["option"] == "self-hosted")
    hosted = next(r for r in rows if r["option"] == "hosted")
    assert served["kg_co2e_per_day"] == pytest.approx(served["kwh_per_day"] / 2)
    assert hosted["kg_co2e_per_day"] is None


@pytest.mark.parametrize(
    "left_out",
    [
        price(first=0.0, second=0.0),
        price("text-embedding-3", first=0.1, second=0.1),
        price(first=0.1, second=0.0),
        price(first=None, second=None),
        price(shared_key_rows=2),
    ],
)
def test_what_is_no_way_to_have_many_tokens_of_text(left_out):
    assert ask([left_out]) == []


def test_licence_and_origin_come_from_the_hub():
    rows = ask(
        [price()],
        [measured()],
        models=[{"model_id": "maker/Model-8B", "license": "apache-2.0"}],
        organizations=[{"namespace": "maker", "country": "FR"}],
    )
    assert {(r["licence"], r["origin"], r["hub_id"]) for r in rows} == {
        ("apache-2.0", "FR", "maker/Model-8B")
    }


def test_origin_of_a_closed_model_is_that_of_its_first_organisation():
    notable = [{"model": "Closed One", "countries": ["US", "GB"]}]
    (row,) = ask([price("closed-1", name="Closed One", open_weights=False)], notable=notable)
    assert (row["origin"], row["licence"]) == ("US", None)


def test_the_frontier_by_hand():
    def size(name, billion):
        parts = dict.fromkeys(
            ("active_low_billion", "active_high_billion", "total_low_billion", "total_high_billion"), billion
        )
        return {"provider": "x", "model": name, "guessed": False, **parts}

    rows = ask(
        [
            price("small", first=1.0, second=1.0),
            price("large", first=2.0, second=2.0),
            price("dear", first=3.0, second=3.0),
            price("unsized", first=0.5, second=0.5),
        ],
        sizes=[size("small", 8.0), size("large", 70.0), size("dear", 60.0)],
    )
    # Nothing is cheaper than small or larger than large; large beats dear in price and size, not in energy.
    assert {r["model"]: r["frontier"] for r in rows} == {
        "small": True,
        "large": True,
        "dear": True,
        "unsized": None,
    }
    rows = ask(
        [price("small", first=1.0, second=1.0), price("dear", first=3.0, second=3.0)],
        sizes=[size("small", 8.0), size("dear", 8.0)],
    )
    assert {r["model"]: r["frontier"] for r in rows} == {"small": True, "dear": False}

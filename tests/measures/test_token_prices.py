"""Levels of token prices, cheapest hosts, and what changes of price were."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from tests.measures.test_tokens import made, measured, price
from tests.oracles import compute as oracle

from primacy.lake.tables import table as declared
from primacy.measures.token_prices import cheapest, price_disagreements, price_events, price_levels
from primacy.measures.tokens import tokens


def listed(*prices, catalogue=()):
    return tokens(
        made("token_prices", *prices),
        made("token_energy", measured()),
        catalogue=made("priced_models", *catalogue),
        sizes=made("model_sizes"),
        gpu="H100",
        gpu_hour=3.6,
        utilization=1.0,
    )


def test_levels_tell_open_closed_and_unflagged_apart():
    rows = [
        price("a", first=0.0, second=0.0),
        price("b", first=1.0, second=1.0),
        price("c", first=3.0, second=3.0),
        price("d", first=9.0, second=9.0, open_weights=False),
        price("e", first=5.0, second=5.0, open_weights=None),
        price("f", first=None, second=None, open_weights=None),
    ]
    found = price_levels(listed(*rows)).to_pyarrow().to_pylist()
    assert [(r["open_weights"], r["prices"], r["free"], r["median_blended"]) for r in found] == [
        (True, 3, 1, 1.0),
        (False, 1, 0, 9.0),
        (None, 1, 0, 5.0),
    ]
    assert found[0]["median_blended_paid"] == 2.0


def test_the_cheapest_host_the_median_host_and_the_maker():
    rows = [
        price("Model-8B", "maker", 4.0, 4.0),
        price("maker/Model-8B", "cheap", 1.0, 1.0),
        price("maker/model-8b", "middle", 2.0, 2.0),
        price("maker/model-8b", "free", 0.0, 0.0),
        price("maker/model-8b", "cut", 0.1, 0.1, shared_key_rows=3),
    ]
    (row,) = cheapest(listed(*rows, catalogue=[{"model": "maker/Model-8B"}])).to_pyarrow().to_pylist()
    assert (row["hosts"], row["cheapest_usd"], row["cheapest_provider"]) == (3, 1.0, "cheap")
    assert (row["median_usd"], row["first_party_usd"]) == (2.0, 4.0)
    # $3.60 an hour for 3.6 million tokens: serving costs what the cheapest host takes at full use.
    assert (row["self_host_usd"], row["break_even_utilization"]) == (pytest.approx(1.0), pytest.approx(1.0))


def history(*periods, tier="standard"):
    schema = declared("token_price_history").arrow
    blank = dict.fromkeys(schema.names)
    rows = [
        blank
        | {
            "provider": "p",
            "model": "m",
            "tier": tier,
            "position": i,
            "start": start,
            "input_usd_per_million": usd,
            "output_usd_per_million": usd,
            "valid_from": attested,
            "basis": basis,
            "source": "test",
        }
        for i, (start, usd, attested, basis) in enumerate(periods)
    ]
    return ibis.memtable(pa.Table.from_pylist(rows, schema=schema))


def events(*periods):
    return [(e["date"], e["event"]) for e in price_events(history(*periods)).to_pyarrow().to_pylist()]


FIRST = (None, 3.0, "2025-10-15T17:00:00Z", "models.dev commit")


def test_a_price_that_held_when_another_was_listed_corrects_it():
    same = ("2025-10-15T17:00:00Z", 1.0, "2025-10-15T17:00:00Z", "documented")
    earlier = ("2025-10-01T00:00:00Z", 1.0, "2025-10-01T00:00:00Z", "documented")
    for change in (same, earlier):
        assert (change[0][:10], "correction") in events(FIRST, change)


@pytest.mark.parametrize(
    ("day", "basis", "event"),
    [
        ("2025-10-22", "models.dev commit", "correction"),
        ("2025-10-23", "models.dev commit", "market"),
        ("2025-10-22", "documented", "market"),
    ],
)
def test_a_first_change_within_a_week_is_a_correction_unless_a_document_dates_it(day, basis, event):
    change = (f"{day}T00:00:00Z", 1.0, f"{day}T00:00:00Z", basis)
    assert events(FIRST, change) == [("2025-10-15", "listed"), (day, event)]


def test_only_the_first_change_can_be_a_correction():
    one = ("2025-10-16T00:00:00Z", 1.0, "2025-10-16T00:00:00Z", "models.dev commit")
    two = ("2025-10-17T00:00:00Z", 2.0, "2025-10-17T00:00:00Z", "models.dev commit")
    assert [e for _, e in events(FIRST, one, two)] == ["listed", "correction", "market"]


def test_withdrawn_and_returned():
    gone = ("2026-01-01T00:00:00Z", None, None, None)
    back = ("2026-02-01T00:00:00Z", 2.0, "2026-02-01T00:00:00Z", "documented")
    assert [e for _, e in events(FIRST, gone, back)] == ["listed", "withdrawn", "returned"]


def test_what_changes_no_price_is_no_event():
    same = ("2026-01-01T00:00:00Z", 3.0 + 1e-12, "2026-01-01T00:00:00Z", "documented")
    assert [e for _, e in events(FIRST, same)] == ["listed"]


def test_catalogues_that_disagree():
    rows = listed(price("a", "p", 1.0, 2.0), price("b", "p", 1.0, 2.0))
    reference = made(
        "reference_prices",
        {
            "provider": "p",
            "model": "a",
            "start": None,
            "input_usd_per_million": 9.0,
            "output_usd_per_million": 9.0,
        },
        {
            "provider": "p",
            "model": "a",
            "start": "2026-01-01",
            "input_usd_per_million": 1.0,
            "output_usd_per_million": 2.0,
        },
        {
            "provider": "p",
            "model": "b",
            "start": None,
            "input_usd_per_million": 1.0,
            "output_usd_per_million": 20.0,
        },
    )
    found = price_disagreements(rows, reference).to_pyarrow().to_pylist()
    assert [(r["model"], r["agree"]) for r in found] == [("a", True), ("b", False)]


def test_real_medians_equal_the_oracle(shared, compute_table):
    rows = tokens(
        compute_table("token_prices"),
        compute_table("token_energy"),
        catalogue=compute_table("priced_models"),
        sizes=compute_table("model_sizes"),
        gpu="H100",
        gpu_hour=None,
        utilization=1.0,
    )
    source = oracle.rows(shared / "data" / "compute" / "modelsdev_provider_prices_2026-07-02.csv")
    found = {r["open_weights"]: r["median_blended"] for r in price_levels(rows).to_pyarrow().to_pylist()}
    for flag, text in ((True, "True"), (False, "False"), (None, "")):
        assert found[flag] == pytest.approx(oracle.median_blended(source, text), rel=1e-9)
    assert found[True] == pytest.approx(0.344375)
    assert found[False] == pytest.approx(0.92)


def test_real_events(compute_table):
    found = price_events(compute_table("token_price_history")).to_pyarrow().to_pylist()
    standard = [e for e in found if e["tier"] == "standard"]
    counts = {name: sum(e["event"] == name for e in standard) for name in ("listed", "correction", "market")}
    assert counts == {"listed": 575, "correction": 22, "market": 75}
    haiku = {(e["event"], e["before"], e["after"]) for e in standard if e["model"] == "claude-haiku-4-5"}
    assert haiku == {("listed", None, 6.0), ("correction", 6.0, 2.0)}

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.oracles import research as oracle
from tests.worlds import tables, worlds

from primacy.errors import NotThereError
from primacy.inference.multiverse import multiverse
from primacy.inference.workshop import AXES, SHAPE, Workshop
from primacy.lake.engine import Engine
from primacy.measures.method import Method, Window
from primacy.studies.research import shares_of
from primacy.studies.research.robustness import chosen_method, materials, robustness, share_draws

ENGINE = Engine.duckdb(threads=2)
BASE = Method(replicates=0)


def world(records, broad=()):
    """Tables of a world in which every work is a strict hit and some more are broad hits."""
    handed = tables(records, {"t": {oracle.number(r["id"]) for r in records} - set(broad)})
    members = handed("memberships")
    everything = tables(records, {"t": {oracle.number(r["id"]) for r in records}})("memberships")
    both = members.union(everything.mutate(query=everything.query.replace("strict", "broad")))
    return lambda name: both if name == "memberships" else handed(name)


def universe(handed, place, last):
    """Shares in one universe, by calling the study's own function once."""
    method, query, length = chosen_method(place, BASE)
    try:
        rows = shares_of(
            handed,
            ENGINE,
            "t",
            by="country",
            window=Window(last - length + 1, last),
            method=method,
            variant=query,
        ).to_pylist()
    except NotThereError:
        return {}
    return {r["unit"]: r["share"] for r in rows}


def small_world():
    """Twelve works of four countries over three years, some found by the broad query alone."""
    cycle = itertools.cycle(["CN", "US", "HK", "DE", "CN", "US", None])
    number = {"CN": 10, "US": 11, "HK": 12, "DE": 15}
    records = []
    for i in range(1, 13):
        authors = []
        for position in ("first", "middle", "last")[: 1 + i % 3]:
            country = next(cycle)
            entries = (
                [{"id": f"I{number[country]}", "display_name": country, "country_code": country}]
                if country
                else []
            )
            authors.append(
                {
                    "author_position": position,
                    "is_corresponding": (i + len(authors)) % 2 == 0,
                    "institutions": entries,
                    "affiliations": [
                        {"institution_ids": [e["id"] for e in entries]},
                        {"institution_ids": []},
                    ],
                }
            )
        records.append(
            {
                "id": f"W{i}",
                "publication_year": 2019 + i % 3,
                "type": ["article", "review", "preprint"][i % 3 if i % 4 else 0],
                "cited_by_count": (i * 7) % 5,
                "authorships": authors,
                "referenced_works": [f"W{j}" for j in range(1, i, 2)],
            }
        )
    return records


def solved(handed):
    """The multiverse of every unit that could be asked about."""
    with ENGINE.scratch() as keep:
        ((_, material, units),) = materials(handed, ENGINE, keep, BASE, ["t"])
    return {u: multiverse(Workshop(material, 2021), i) for i, u in enumerate(units)}, units


def assert_universe(found, units, place, shares):
    defined = {u: s for u, s in shares.items() if s is not None}
    if not defined or max(defined.values()) == 0:
        assert all(m.leader[place] == -1 for m in found.values()), place
        return
    best = max(round(s, 12) for s in defined.values())
    leader = min(u for u, s in defined.items() if round(s, 12) == best)
    for unit, result in found.items():
        assert result.leader[place] == units.index(leader), place
        others = max((s for u, s in defined.items() if u != unit), default=0.0)
        assert abs(result.margin[place] - (defined.get(unit, 0.0) - others)) < 1e-9, (place, unit)


def test_every_universe_of_a_small_world_equals_the_oracle():
    records, broad = small_world(), {3, 8}
    found, units = solved(world(records, broad))
    everything = {oracle.number(r["id"]) for r in records}
    for place in itertools.product(*map(range, SHAPE)):
        method, query, length = chosen_method(place, BASE)
        options = {k: v for k, v in method.as_dict().items() if k not in ("replicates", "seed")}
        members = everything - broad if query == "strict" else everything
        rows = oracle.shares(records, members, "country", (2022 - length, 2021), **options)
        assert_universe(found, units, place, {u: r["share"] for u, r in rows.items()})


def test_universes_equal_calling_shares_once_for_each():
    handed = world(small_world(), broad={3, 8})
    found, units = solved(handed)
    default = (0,) * 7 + (2, 0, 2, 0)
    for axis, size in enumerate(SHAPE):
        place = (*default[:axis], size - 1, *default[axis + 1 :])
        assert_universe(found, units, place, universe(handed, place, 2021))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.lists(st.tuples(*(st.integers(0, n - 1) for n in SHAPE)), min_size=2, max_size=2))
def test_universes_of_any_world_equal_calling_shares(records, places):
    handed = world(records)
    found, units = solved(handed)
    for place in places:
        assert_universe(found, units, place, universe(handed, place, 2021))


def test_a_clear_leader_is_robust_and_its_choices_are_reported():
    cn = [{"id": "I10", "display_name": "a", "country_code": "CN"}]
    us = [{"id": "I11", "display_name": "b", "country_code": "US"}]
    records = [
        {
            "id": f"W{i}",
            "publication_year": 2019 + i % 3,
            "type": "article",
            "cited_by_count": 50 + i if i % 2 else i % 3,
            "authorships": [
                {"author_position": "first", "is_corresponding": True, "institutions": cn if i % 2 else us}
            ],
            "referenced_works": [],
        }
        for i in range(1, 61)
    ]
    with ENGINE.scratch() as keep:
        (result,) = robustness(
            world(records), ENGINE, keep, Method(replicates=200), {("t", "2019-2021"): "CN"}
        )
    row = result.row()
    assert row["robustness"] == 1.0
    assert row["probability"] > 0.95
    # Sixty works: only a quarter of three or five years holds ten highly cited ones; the lake knows no citing work.
    assert row["universes"] == 2 * 2 * 4 * 2 * 2 * 2 * 1 * 2 * 2 * 1 * 3
    choices = {(c["choice"], c["option"]): c for c in result.choices()}
    assert {choice for choice, _ in choices} == set(AXES)
    assert choices["domestic", "exclude"]["universes"] == 0
    assert choices["domestic", "exclude"]["robustness"] is None
    assert choices["top", "25 %"]["robustness"] == 1.0


def test_where_no_universe_says_anything_all_that_have_a_leader_stand_in():
    found, _ = solved(world(small_world()))
    for result in found.values():
        assert (result.defensible == (result.leader >= 0)).all()


def test_share_draws_have_the_units_that_matter_in_lists_of_one_length():
    handed = world(small_world(), {3, 8})
    method = Method(replicates=40)
    with ENGINE.scratch() as keep:
        universes = list(robustness(handed, ENGINE, keep, method, {("t", "2019-2021"): "CN"}))
    rows = share_draws(universes).to_pylist()
    defined = int((universes[0].joint >= 0).sum())
    assert [(r["technology"], r["window"]) for r in rows] == [("t", "2019-2021")] * len(rows)
    assert [r["unit"] for r in rows] == sorted(r["unit"] for r in rows)
    assert {len(r["shares"]) for r in rows} == {defined}
    assert all(sum(r["shares"]) / defined >= 0.01 for r in rows)
    # The leader of a draw is the unit whose share is the largest there, so the probability can be counted again.
    led = [max(rows, key=lambda r: r["shares"][i])["unit"] for i in range(defined)]
    assert led.count("CN") / defined == universes[0].joint_probability


def test_the_curve_has_every_hundredth_method_in_order():
    with ENGINE.scratch() as keep:
        one = next(
            robustness(world(small_world()), ENGINE, keep, Method(replicates=2), {("t", "2019-2021"): "CN"})
        )
    rows = one.curve()
    margins = sorted(m for m in one.margins.ravel() if m == m)
    assert [r["place"] for r in rows] == [round(i / 100, 2) for i in range(101)]
    assert [rows[0]["margin"], rows[50]["margin"], rows[100]["margin"]] == [
        margins[0], margins[round((len(margins) - 1) / 2)], margins[-1]
    ]  # fmt: skip
    assert [r["margin"] for r in rows] == sorted(r["margin"] for r in rows)

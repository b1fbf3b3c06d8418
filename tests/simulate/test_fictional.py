"""Nothing that is invented looks real, and what must be valid is."""

from __future__ import annotations

import csv
import gzip
import json
import re

import pycountry
import pytest

from primacy.simulate.institutions import institutions
from primacy.simulate.sources import sources
from primacy.simulate.trajectory import countries

ROR = re.compile(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}")


def entity(world, name):
    (path,) = (world / "openalex" / "data" / "jsonl" / name).glob("updated_date=*/part_*.gz")
    return [json.loads(line) for line in gzip.open(path, "rb")]


def test_names_say_simulated(world, live):
    for name in ("institutions", "sources"):
        assert all(r["display_name"].startswith("Simulated ") for r in entity(world, name))
    assert all("simulated" in r["display_name"] for r in entity(world, "topics"))
    for record in live.values():
        for authorship in record["authorships"]:
            assert authorship["author"]["display_name"].startswith("Simulated Author ")
            assert all(i["display_name"].startswith("Simulated ") for i in authorship["institutions"])


def test_no_ror_is_one_that_could_exist():
    codes = [each.ror for each in institutions()]
    assert not any(ROR.fullmatch(code) for code in codes)
    assert {len(code) for code in codes} == {9}
    assert len(set(codes)) == len(codes)


def test_ids_lie_where_openalex_has_none(live):
    for record in live.values():
        assert int(record["id"].rpartition("W")[2]) > 9_000_000_000
        assert record["doi"].startswith("https://doi.org/10.5555/simulated.")


def test_countries_are_real():
    codes = [country.code for country in countries()]
    known = {country.alpha_2 for country in pycountry.countries}
    assert set(codes) <= known
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("number", [0, 7, 40])
def test_issns_have_valid_check_digits(number):
    for text in sources()[number].issns:
        digits = text.replace("-", "")
        values = [10 if d == "X" else int(d) for d in digits]
        assert sum((8 - place) * value for place, value in enumerate(values)) % 11 == 0
        assert text.startswith("99")


def test_the_basket_names_journals_of_the_world(world):
    known = {tuple(source.issns): source.name for source in sources() if source.issns}
    with (world / "basket.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40
    assert all(known[row["issn_print"], row["issn_online"]] == row["name"] for row in rows)


def test_umbrella_bodies_have_institutes_below_them(world):
    found = {r["id"]: r for r in entity(world, "institutions")}
    umbrellas = [r for r in found.values() if r["is_super_system"]]
    assert {r["country_code"] for r in umbrellas} == {"CN", "DE", "FR"}
    for umbrella in umbrellas:
        children = [r for r in found.values() if umbrella["id"] in r["lineage"] and r is not umbrella]
        assert {a["id"] for a in umbrella["associated_institutions"]} == {r["id"] for r in children}
        assert len(children) >= 5

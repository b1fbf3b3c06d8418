"""ORCID's files of the simulated world: the iDs of its authors, the oddities, and careers that follow the truth."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict

import numpy as np
import pytest

from primacy.lake.store import Lake
from primacy.simulate.careers import IDENTIFIED, draw_training, identified, orcids, training
from primacy.simulate.truth import WINDOWS
from primacy.sources import openalex
from primacy.sources.orcid import pull
from primacy.sources.orcid.records import is_orcid


@pytest.fixture(scope="module")
def pulled(world, tmp_path_factory):
    lake = Lake.create(tmp_path_factory.mktemp("orcid") / "lake")
    openalex.pull(lake, world / "openalex")
    return pull(lake, world / "orcid", organizations=world / "orcid" / "organization_ids.csv"), lake.latest()


def test_ids_are_valid_and_lie_where_orcid_has_none():
    found = orcids(np.arange(0, 9_000_000, 7919))
    assert all(map(is_orcid, found))
    assert all(text.startswith("0099-") for text in found)
    assert len(set(found)) == len(found)


def test_authors_have_ids_and_some_profiles_are_doubtful(live):
    of_profile, of_orcid, stated = defaultdict(set), defaultdict(set), 0
    authors = [a for record in live.values() for a in record["authorships"]]
    for a in authors:
        own, its = a["author"]["orcid"], a["raw_orcid"]
        stated += its is not None
        if own is not None:
            of_orcid[own].add(a["author"]["id"])
            of_profile[a["author"]["id"]] |= {own, its} - {None}
    assert sum(a["author"]["orcid"] is not None for a in authors) / len(authors) == pytest.approx(
        IDENTIFIED, abs=0.03
    )
    assert 0 < stated < len(authors) * IDENTIFIED
    assert any(len(ids) > 1 for ids in of_orcid.values())
    assert any(len(ids) > 1 for ids in of_profile.values())


def test_every_oddity_of_the_real_file_occurs(pulled):
    row = pulled[0].row()
    assert row["files"] == 2
    assert row["quarantined"] > 0
    for name in ("deprecated", "locked", "deactivated", "several_employments", "unclassed", "non_latin"):
        assert row[name] > 0, name
    for name in ("without_dates", "reversed_dates", "without_country", "without_identifier"):
        assert 0 < row[name] < 0.8 * (row["educations"] + row["employments"]), name
    assert min(row["by_name"], row["by_identifier"]) > 0
    assert pulled[1].simulated


def test_everybody_with_an_id_has_a_record(live, world, tmp_path):
    """Every iD of the works is in the archive: as a record, as one in another's place, or broken."""
    from primacy.sources.orcid.archive import members

    with (world / "orcid" / "ORCID_2026_10_summaries.tar.gz").open("rb") as file:
        there = {m.name[-23:-4] for m in members(file)}
    cited = {a["author"]["orcid"] for r in live.values() for a in r["authorships"]} - {None}
    stated = {a["raw_orcid"] for r in live.values() for a in r["authorships"]} - {None}
    assert {text[-19:] for text in stated} <= there
    assert len({text[-19:] for text in cited} & there) > 0.98 * len(cited)


def test_careers_follow_their_frequencies():
    post, under = training()
    assert post.sum(axis=1) == pytest.approx(1)
    assert under.sum(axis=2) == pytest.approx(1)
    number = np.arange(400_000)
    for employment in (0, 1, 5):
        second, first = draw_training(number, np.full(len(number), employment))
        assert np.bincount(second, minlength=len(post)) / len(number) == pytest.approx(
            post[employment], abs=0.003
        )
        joint = np.einsum("p,pu->u", post[employment], under[employment])
        assert np.bincount(first, minlength=len(post)) / len(number) == pytest.approx(joint, abs=0.003)
    assert identified(number).mean() == pytest.approx(IDENTIFIED, abs=0.003)


def test_the_published_figures_hold_for_china(world):
    with (world / "truth" / "careers.csv").open() as file:
        rows = [r for r in csv.DictReader(file) if r["employment"] == "CN"]
    abroad = Counter()
    for r in rows:
        abroad[r["postgraduate"]] += float(r["part"])
    assert {c: round(abroad[c], 3) for c in ("US", "GB", "AU", "CA", "SG", "JP")} == {
        "US": 0.085,
        "GB": 0.038,
        "AU": 0.019,
        "CA": 0.019,
        "SG": 0.016,
        "JP": 0.011,
    }
    assert sum(abroad[c] for c in ("DE", "FR", "NL", "SE")) == pytest.approx(0.043)


def test_the_truth_of_stocks_sums_to_one(world):
    sums = Counter()
    with (world / "truth" / "stocks.csv").open() as file:
        for r in csv.DictReader(file):
            sums[r["technology"], r["window"], r["stage"]] += float(r["share"])
    assert len(sums) == 74 * 3 * len(WINDOWS)
    assert all(total == pytest.approx(1, abs=1e-6) for total in sums.values())

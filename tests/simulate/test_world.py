"""The world in a directory: layout, marks, determinism, and what is refused."""

from __future__ import annotations

import hashlib
import json

import pytest

from primacy.errors import InputError, PrimacyError, UsageError
from primacy.simulate import plan, simulate
from primacy.simulate import world as world_module
from primacy.simulate.files import MARKER
from primacy.simulate.workers import write_slices
from tests.simulate.conftest import parts, works

KEYS = """
id doi title display_name publication_year publication_date ids language primary_location type indexed_in
open_access authorships institutions countries_distinct_count institutions_distinct_count
corresponding_author_ids corresponding_institution_ids apc_list apc_paid fwci has_fulltext cited_by_count
citation_normalized_percentile cited_by_percentile_year biblio is_retracted is_paratext is_xpac
primary_topic topics keywords concepts mesh locations_count locations best_oa_location
sustainable_development_goals awards funders has_content content_urls referenced_works_count
referenced_works related_works abstract_inverted_index counts_by_year updated_date created_date
"""


def digest(directory):
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_every_root_is_marked_as_simulated(world):
    for place in (world, *(world / name for name in ("openalex", "orcid", "hub", "compute", "truth"))):
        mark = json.loads((place / MARKER).read_text())
        assert mark["simulated"] is True
        assert (mark["seed"], mark["works"]) == (3, 4000)


def test_records_have_the_keys_of_today_in_their_order(records):
    assert {tuple(record) for record in records} == {tuple(KEYS.split())}


def test_manifest_agrees_with_the_files(world):
    manifest = json.loads((works(world) / "manifest.json").read_text())
    by_name = {str(path.relative_to(world / "openalex")): path.stat().st_size for path in parts(world)}
    listed = {f["url"].removeprefix("s3://openalex/"): f["meta"]["content_length"] for f in manifest["files"]}
    assert listed == by_name
    assert manifest["content_length"] == sum(by_name.values())


def test_counts_add_up(world, records, live):
    mark = json.loads((world / MARKER).read_text())
    assert len(live) == mark["works"]
    assert len(records) == mark["records"] == mark["works"] + mark["superseded"] + mark["withdrawn"]
    assert mark["superseded"] > 0
    assert mark["withdrawn"] > 0
    manifest = json.loads((works(world) / "manifest.json").read_text())
    assert manifest["record_count"] == len(records)


def test_an_older_state_never_has_more_citations(records):
    by_id = {}
    for record in sorted(records, key=lambda r: r["updated_date"]):
        assert record["cited_by_count"] >= by_id.get(record["id"], 0)
        by_id[record["id"]] = record["cited_by_count"]


@pytest.fixture(scope="module")
def sampled(small, tmp_path_factory):
    """The digests of three small worlds: two of one seed, one of another."""
    directory = tmp_path_factory.mktemp("worlds")
    for name, seed in (("one", 1), ("same", 1), ("another", 2)):
        simulate(directory / name, works=2_000, seed=seed, portfolio=small, processes=1)
    return {path.name: digest(path) for path in directory.iterdir()}


def test_same_seed_same_bytes(sampled):
    assert sampled["one"] == sampled["same"]


def test_another_seed_is_another_sample_of_the_same_truth(sampled):
    one, another = sampled["one"], sampled["another"]
    changed = {name for name in one if one[name] != another[name]}
    assert {name.split("/")[0] for name in changed} == {
        "openalex",
        "orcid",
        "hub",
        "compute",
        "truth",
        MARKER,
    }
    truth = {name for name in changed if name.startswith("truth/")}
    assert truth == {f"truth/{MARKER}", "truth/adoption.csv", "truth/clusters.csv"}


def test_bytes_do_not_depend_on_the_number_of_processes(small, tmp_path):
    design, library, _ = plan(small)
    bounds = [(0, 700), (700, 1_400), (1_400, 2_100)]
    for name, processes in (("one", 1), ("two", 2)):
        seen = []
        written = write_slices(
            tmp_path / name, design, library, bounds=bounds, seed=4, processes=processes, step=seen.append
        )
        assert [each.works for each in written] == [700, 700, 700]
        assert len(seen) == 3
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_a_process_that_fails_is_named(small, tmp_path):
    design, library, _ = plan(small)
    (tmp_path / "file").touch()
    with pytest.raises(PrimacyError, match=r"a process that writes the simulated world failed: .*Error"):
        write_slices(
            tmp_path / "file",
            design,
            library,
            bounds=[(0, 700), (700, 1_400)],
            seed=4,
            processes=2,
            step=lambda _: None,
        )


def test_what_cannot_be_is_refused_in_one_line(small, tmp_path):
    with pytest.raises(UsageError, match="--works 10: a world has at least"):
        simulate(tmp_path / "x", works=10, portfolio=small)
    with pytest.raises(UsageError, match="--seed -1"):
        simulate(tmp_path / "x", seed=-1, portfolio=small)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thing").touch()
    with pytest.raises(InputError, match="is not empty"):
        simulate(tmp_path / "full", portfolio=small)
    with pytest.raises(InputError, match="is a file"):
        simulate(tmp_path / "full" / "thing", portfolio=small)


def test_nothing_is_left_when_it_fails(small, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device", "truth/shares.csv")

    monkeypatch.setattr(world_module, "write_truth", fail)
    with pytest.raises(InputError, match=r"truth/shares.csv: cannot be written: No space left"):
        simulate(tmp_path / "x", works=2_000, portfolio=small, processes=1)
    assert not list(tmp_path.iterdir())

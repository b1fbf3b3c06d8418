"""People in a workspace: the command, the research study's tables, the real sample."""

from __future__ import annotations

import json

import pytest

from primacy.cli import main
from primacy.errors import UsageError
from primacy.workspace import Workspace
from tests.sources.openalex.builders import author, institution, work, write
from tests.sources.orcid import builders as orcids

PORTFOLIO = """
id = "lasers"
name = "Lasers"
domain = "Sensing"
definition = "Lasers."
topics = []
[queries]
strict = "laser*"
broad = "laser* OR light"
"""


def by(number, country, orcid=None):
    who = {"id": f"https://openalex.org/A{number}", "orcid": orcid and f"https://orcid.org/{orcid}"}
    return author(institution(number, country), author=who)


@pytest.fixture
def lasers(tmp_path, capsys):
    """A workspace of four works on lasers, by authors of whom one moved."""
    (tmp_path / "portfolio").mkdir()
    (tmp_path / "portfolio" / "lasers.toml").write_text(PORTFOLIO)
    records = [
        work(1, title="Lasers", cited_by_count=9, authorships=[by(1, "US"), by(2, "CN")]),
        work(2, title="Laser", publication_year=2018, cited_by_count=9, authorships=[by(1, "GB")]),
        *(work(i, title="A laser", authorships=[by(9, "DE")]) for i in (3, 4, 5)),
    ]
    write(tmp_path / "works.jsonl", *records)
    home = ["--quiet", "--workspace", str(tmp_path / "ws")]
    for words in (
        ["init", str(tmp_path / "ws")],
        [*home, "pull", "openalex", str(tmp_path / "works.jsonl")],
        [*home, "match", "--portfolio", str(tmp_path / "portfolio")],
    ):
        assert main(words) == 0
    capsys.readouterr()
    return home


def rows(words, capsys):
    assert main([*words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_gives_stocks_and_flows(lasers, capsys):
    ask = [*lasers, "people", "lasers", "--window", "2020-2020", "--top", "0.25"]
    found = {(r["evidence"], r["stage"], r["unit"]): r["share"] for r in rows(ask, capsys)}
    assert found == {
        ("affiliations", "employment", "CN"): 0.5,
        ("affiliations", "employment", "US"): 0.5,
        ("affiliations", "first", "CN"): 0.5,
        ("affiliations", "first", "GB"): 0.5,
    }
    moved = [r for r in rows([*ask, "--table", "flows"], capsys) if r["origin"] != r["destination"]]
    assert [(r["origin"], r["destination"], r["share"]) for r in moved] == [("GB", "US", 1.0)]


def test_people_are_told_what_is_known(lasers, capsys):
    assert main([*[w for w in lasers if w != "--quiet"], "people", "lasers", "--window", "2020-2020"]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "2 authors; with an ORCID iD 0.0 %" in said
    assert "affiliations are weaker evidence" in said


def test_run_research_has_the_tables_of_people(lasers, capsys):
    assert main([*lasers, "run", "research"]) == 0
    capsys.readouterr()
    for name in ("stocks", "flows", "balances", "careers", "disambiguation"):
        assert {r["technology"] for r in rows([*lasers, "show", name], capsys)} == {"lasers"}
    found = rows([*lasers, "show", "stocks", "--unit", "CN", "--technology", "lasers"], capsys)
    assert {r["unit"] for r in found} == {"CN"}
    assert any(r["key"] == "inputs.author_orcids.rows" for r in rows([*lasers, "explain", "flows"], capsys))


def test_what_cannot_be_is_refused(lasers):
    desk = Workspace.open(lasers[2]).people
    with pytest.raises(UsageError, match="weighting 'twice': takes once, credit"):
        desk.of("lasers", weighting="twice")
    assert main([*lasers, "people", "masers"]) == 1
    assert main([*lasers, "people", "lasers", "--top", "0.3"]) == 2


def test_the_real_sample_tells_affiliation_histories(shared, tmp_path, capsys):
    home = ["--quiet", "--workspace", str(tmp_path)]
    assert main(["--quiet", "init", str(tmp_path)]) == 0
    assert main([*home, "pull", "openalex", str(shared / "data" / "openalex")]) == 0
    assert main([*home, "match"]) == 0
    capsys.readouterr()
    ask = [*home, "people", "advanced-data-analytics", "--window", "2020-2024", "--top", "0.25"]
    (known,) = rows([*ask, "--table", "careers"], capsys)
    assert known["persons"] > 40
    assert 0.5 < known["with_orcid"] < 1
    assert known["orcid_employment"] == 0
    assert known["affiliations_employment"] + known["unknown"] == pytest.approx(1)
    stages = rows(ask, capsys)
    assert {r["evidence"] for r in stages} == {"affiliations"}
    assert sum(r["share"] for r in stages if r["stage"] == "employment") == pytest.approx(1)


def test_careers_by_orcid_come_first(lasers, tmp_path, capsys):
    one = orcids.iD(77)
    moved = work(
        1, "2027-01-01", title="Lasers", cited_by_count=9, authorships=[by(1, "US", one), by(2, "CN")]
    )
    write(tmp_path / "more.jsonl", moved)
    documents = {
        orcids.where(one): orcids.record(
            one,
            orcids.summary("education", 1, role="学士", country="CN", end="2001"),
            orcids.summary("education", 2, role="Doctorat", country="FR", end="2006"),
            orcids.summary("employment", 3, country="US", start="2007"),
        )
    }
    orcids.archive(tmp_path / "ORCID_2024_10_summaries.tar.gz", documents)
    assert main([*lasers, "pull", "openalex", str(tmp_path / "more.jsonl")]) == 0
    capsys.readouterr()
    (pulled,) = rows([*lasers, "pull", "orcid", str(tmp_path / "ORCID_2024_10_summaries.tar.gz")], capsys)
    assert (pulled["read"], pulled["educations"], pulled["employments"]) == (1, 2, 1)
    ask = [*lasers, "people", "lasers", "--window", "2020-2020", "--top", "0.25", "--replicates", "50"]
    flows = {
        (r["evidence"], r["from_stage"], r["to_stage"], r["origin"], r["destination"]): r["share"]
        for r in rows([*ask, "--table", "flows"], capsys)
    }
    assert flows == {
        ("orcid", "undergraduate", "postgraduate", "CN", "FR"): 1.0,
        ("orcid", "postgraduate", "employment", "FR", "US"): 1.0,
        ("orcid", "undergraduate", "employment", "CN", "US"): 1.0,
        ("affiliations", "first", "employment", "CN", "CN"): 1.0,
    }
    assert main([*lasers, "match", "--portfolio", str(tmp_path / "portfolio")]) == 0
    assert main([*lasers, "check"]) == 0
    capsys.readouterr()
    assert main([*lasers, "pull", "orcid", str(tmp_path / "nothing.tar")]) == 1

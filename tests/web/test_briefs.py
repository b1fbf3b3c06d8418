"""The briefs of a technology, a country and a bloc: their numbers are those of the tables."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from primacy.errors import NotThereError
from primacy.present import brief as parts
from primacy.present.terminal import SIMULATED
from primacy.web import briefs
from primacy.web.app import create_app
from primacy.web.snapshot import Snapshot
from primacy.workspace import Workspace
from tests.present.pdf import pages
from tests.web import worlds


@pytest.fixture(scope="module")
def snapshot(workspace):
    return Snapshot(workspace)


def facts_of(brief):
    return {f.label: f.value for block in brief.first if isinstance(block, parts.Facts) for f in block.facts}


def test_the_numbers_of_a_technology(snapshot):
    brief = briefs.technology(snapshot, "supercapacitors", "2015-2019")
    assert facts_of(brief) == {
        "Leader": "China", "Verdict": "Leads", "Leads in": "90 %", "Lead ratio": "2.0×", "Monopoly risk": "Medium",
        "Papers": "200",
    }  # fmt: skip
    sheet = next(b for b in brief.second if isinstance(b, parts.Sheet))
    assert sheet.rows[0] == ["1", "China", "50.0 %", "40.0 % – 60.0 %", "100.0", "10.0", "9"]
    evidence = next(b for b in brief.second if isinstance(b, parts.Words)).paragraphs[0]
    assert evidence == (
        "China leads in 100 % of resamplings of the papers by the main method, and in 88 % of 100 defensible methods. "
        "Where it does not, the United States most often does: in 12 % of the methods. "
        "China overtook the United States in 2017 (95 % interval 2016 to 2018)."
    )


def test_the_numbers_of_a_country(snapshot):
    brief = briefs.country(snapshot, "CN", "2020-2024")
    assert facts_of(brief) == {
        "Share of all": "50.0 %", "Rank overall": "1", "Technologies led": "2", "Surely led": "1",
        "Highly cited papers": "30", "Among the first three in": "3",
    }  # fmt: skip
    ahead = next(b for b in brief.second if isinstance(b, parts.Sheet)).rows
    assert ahead[0] == ["1", "China", "50.0 %", "45.0 % – 55.0 %", "–"]
    assert ahead[1] == ["2", "United States", "25.0 %", "22.5 % – 27.5 %", "in 2 technologies"]


@pytest.mark.parametrize(
    ("path", "name", "said"),
    [
        ("/technology/hostile.pdf", "hostile", worlds.HOSTILE[:20]),
        ("/technology/supercapacitors/2015-2019.pdf", "supercapacitors-2015-2019", "Supercapacitors"),
        ("/country/CN.pdf", "CN", "China"),
        ("/country/EU27.pdf", "EU27", "European Union"),
    ],
)
def test_a_brief_has_two_pages_that_say_that_data_are_simulated(client, path, name, said):
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="SIMULATED-primacy-{name}.pdf"'
    found = pages(answer.content)
    assert len(found) == 2
    assert all(SIMULATED in page for page in found)
    assert said in found[0]
    assert "How to cite" in found[1]
    assert client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_real_data_are_not_called_simulated(tmp_path):
    real = TestClient(create_app(worlds.workspace(tmp_path / "real", simulated=False)))
    answer = real.get("/country/US.pdf")
    assert 'filename="primacy-US.pdf"' in answer.headers["content-disposition"]
    found = pages(answer.content)
    assert len(found) == 2
    assert not any("SIMULATED" in page for page in found)
    assert "OpenAlex" in found[1]


def test_pages_link_to_their_brief(client):
    for page, brief in (("technology/hostile", "hostile"), ("country/US", "US")):
        text = client.get(f"/{page}").text
        assert f"{brief}/2020-2024.pdf" in text
        assert client.get(f"/{page}/2020-2024.pdf").status_code == 200


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/technology/alchemy.pdf", "alchemy"),
        ("/country/I1.pdf", "no country or bloc"),
        ("/country/XX.pdf", "XX"),
        ("/technology/hostile/1990-1994.pdf", "window '1990-1994'"),
        ("/institution/I1.pdf", "no brief on a 'institution'"),
    ],
)
def test_refusals(client, path, said):
    answer = client.get(path)
    assert answer.status_code == 404
    assert said in answer.json()["detail"]


def test_a_study_that_was_not_run_is_named(tmp_path):
    empty = Snapshot(Workspace.init(tmp_path / "empty"))
    with pytest.raises(NotThereError, match="primacy run research"):
        briefs.kind_of(empty, "CN")

"""The page on compute and the calculator: measures in the address, bounded questions, the rows of the command."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from primacy.errors import PrimacyError, UsageError
from primacy.web import calculator
from primacy.web.app import create_app
from primacy.web.snapshot import Snapshot
from tests.web import worlds
from tests.web.test_models_pages import words


def test_the_measure_and_the_filter_are_in_the_address(client):
    assert words(client, "/compute") == words(client, "/compute/h100e/all")
    assert "megawatts of compute clusters" in words(client, "/compute/megawatts/standard")
    assert words(client, "/compute?measure=megawatts&filter=standard") == words(
        client, "/compute/megawatts/standard"
    )


def test_the_numbers_are_those_of_the_results(client, workspace):
    (first, *_) = workspace.show("cluster_variants").to_pylist()
    rows = client.get("/figures/clusters/h100e/all.json").json()
    assert rows[0]["share"] == first["share"]
    assert f"{100 * first['share']:.1f} %" in words(client, "/compute")


def test_periods_of_one_status_are_one_bar():
    from primacy.web.figures.compute import _merged

    rows = [
        {"chip": "A", "since": None, "until": "2021-06-01", "status": "unrestricted"},
        {"chip": "A", "since": "2021-06-01", "until": "2023-01-01", "status": "unrestricted"},
        {"chip": "A", "since": "2023-01-01", "until": "2024-01-01", "status": "unrestricted"},
        {"chip": "A", "since": "2024-01-01", "until": None, "status": "restricted"},
        {"chip": "B", "since": "2024-01-01", "until": None, "status": "restricted"},
    ]
    assert [(d["label"], d["since"], d["until"], d["kind"]) for d in _merged(rows, "2026-12-31")] == [
        ("A", "2022-01-01", "2024-01-01", "free to ship"),
        ("A", "2024-01-01", "2026-12-31", "restricted"),
        ("B", "2024-01-01", "2026-12-31", "restricted"),
    ]


def test_the_calculator_answers_as_the_command(client, workspace):
    text = words(client, "/adopt?tokens=1e9&licence=open&utilization=0.5")
    rows = workspace.compute.adopt(tokens_per_day=1e9, licence="open", utilization=0.5).to_pylist()
    assert rows
    assert f"cheapest open model on offer, {rows[0]['model']} from {rows[0]['provider']}" in text
    assert (
        "primacy adopt --tokens-per-day 1e+09 --task chat --gpu H100 --utilization 0.5 --licence open" in text
    )
    assert "3,000,000 tokens" not in text


def test_the_offered_volumes_have_pages_of_their_own(client):
    for volume in calculator.VOLUMES:
        assert client.get(f"/adopt/{volume}").status_code == 200
    assert client.get("/adopt/5").status_code == 404


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("tokens=x", "tokens"), ("tokens=1e99", "tokens"), ("tokens=nan", "tokens"), ("tokens=1", "tokens"),
        ("tokens=-5", "tokens"), ("task=poetry", "task"), ("gpu=Abacus", "gpu"), ("gpu=%3Cb%3E", "gpu"),
        ("gpu_hour=inf", "gpu_hour"), ("gpu_hour=0", "gpu_hour"), ("utilization=2", "utilization"),
        ("country=Atlantis", "country"), ("licence=%00", "licence"), ("licence=" + "a" * 300, "licence"),
    ],
)  # fmt: skip
def test_a_question_out_of_bounds_is_refused_by_name(client, query, name):
    answer = client.get(f"/adopt?{query}")
    assert answer.status_code == 400, answer.text
    assert name in answer.text
    assert "<b>" not in answer.text.replace("&lt;b&gt;", "")


def test_a_number_may_be_written_as_people_write_it():
    asked = calculator.question({"tokens": "2,000,000,000", "country": "Germany"})
    assert (asked.tokens_per_day, asked.country) == (2e9, "DE")
    with pytest.raises(UsageError, match="takes 1000 to 1e"):
        calculator.question({"tokens": "12"})


def test_who_waits_too_long_is_told_so(workspace, monkeypatch):
    monkeypatch.setattr(calculator, "WAIT", 0.01)
    with calculator._ONE_AT_A_TIME, pytest.raises(PrimacyError, match="try again"):
        calculator.answer(Snapshot(workspace), calculator.question({}))


def test_without_the_study_it_says_which_command_to_run(tmp_path):
    bare = TestClient(create_app(worlds.workspace(tmp_path / "w")))
    assert "primacy run compute" in words(bare, "/compute")
    assert "primacy pull compute" in words(bare, "/adopt")

"""What Spark computes is what DuckDB computes: every study, every public measure, row for row to 1e-9."""

from __future__ import annotations

import math
import shutil
from typing import Any

import pyarrow as pa
import pytest

from primacy.lake.results import Results
from primacy.lake.store import Lake
from primacy.sources.compute import pull
from primacy.studies.compute import Compute
from primacy.workspace import Workspace
from tests.engines.asked import COMPUTE, MADE, QUESTIONS, STUDIES, Tables
from tests.engines.measured import public_measures, recorded

pytestmark = pytest.mark.filterwarnings("ignore")  # of PySpark and pandas among themselves

EMPTY = {"basket_lists", "restatements", "token_price_check"}
"""Result tables that the simulated world leaves empty."""


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return type(one) is type(other) and one == other


def assert_same(wanted: Tables | pa.Table, got: Tables | pa.Table) -> None:
    if isinstance(wanted, pa.Table) and isinstance(got, pa.Table):
        wanted, got = {"answer": wanted}, {"answer": got}
    assert wanted.keys() == got.keys()
    for name, table in wanted.items():
        assert got[name].schema == table.schema, name
        assert table.num_rows or name in EMPTY, f"{name}: no rows to compare"
        assert got[name].num_rows == table.num_rows, name
        for column in table.column_names:
            pairs = zip(table[column].to_pylist(), got[name][column].to_pylist(), strict=True)
            for row, (one, other) in enumerate(pairs):
                assert alike(one, other), f"{name}, row {row}, {column}: {one} and {other}"


def assert_proven(measures: str, called: set[str]) -> None:
    missing = set(measures.split()) - called
    assert not missing, f"said to be proven here, but not called: {', '.join(sorted(missing))}"


def test_every_public_measure_is_proven_by_some_question():
    asked = [*STUDIES.values(), *(q.measures for part in (QUESTIONS, COMPUTE, MADE) for q in part.values())]
    proven = [name for names in asked for name in names.split()]
    assert sorted(proven) == sorted(public_measures())


@pytest.fixture
def workspace(demonstration, spark, tmp_path) -> Workspace:
    """The workspace of the demonstration, computed by Spark, with results of its own to write over."""
    shutil.copytree(demonstration.results.path, tmp_path / "results")
    opened = Workspace.open(demonstration.path)
    opened.__dict__ |= {"engine": spark, "results": Results(tmp_path / "results")}
    return opened


@pytest.mark.parametrize("study", STUDIES)
def test_studies(study, demonstration, workspace):
    wanted = demonstration.results.study(study)
    with recorded() as called:
        (got,) = workspace.run([study])
    assert got.manifest["tables"].keys() == wanted.manifest["tables"].keys()
    assert_same(*({name: of.read(name) for name in of.tables} for of in (wanted, got)))
    assert_proven(STUDIES[study], called)


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions(name, demonstration, workspace):
    question = QUESTIONS[name]
    wanted = question.ask(demonstration)
    with recorded() as called:
        got = question.ask(workspace)
    assert_same(wanted, got)
    assert_proven(question.measures, called)


@pytest.mark.parametrize("name", ["shares by country", "basket by institution"])
def test_several_workers(name, demonstration, workspace, workers):
    workspace.__dict__["engine"] = workers
    assert_same(QUESTIONS[name].ask(demonstration), QUESTIONS[name].ask(workspace))


@pytest.fixture(scope="module")
def lake(shared, tmp_path_factory) -> Lake:
    made = Lake.create(tmp_path_factory.mktemp("compute") / "lake")
    pull(made, shared / "data" / "compute")
    return made.latest()


@pytest.mark.parametrize("name", COMPUTE)
def test_questions_on_compute(name, lake, duckdb, spark):
    question = COMPUTE[name]
    wanted = question.ask(Compute(lake, duckdb))
    with recorded() as called:
        got = question.ask(Compute(lake, spark))
    assert_same(wanted, got)
    assert_proven(question.measures, called)


@pytest.mark.parametrize("name", MADE)
def test_worlds_made_for_a_question(name, duckdb, spark):
    question = MADE[name]
    wanted = question.ask(duckdb)
    with recorded() as called:
        got = question.ask(spark)
    assert_same(wanted, got)
    assert_proven(question.measures, called)

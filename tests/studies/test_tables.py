from __future__ import annotations

import pytest

from primacy.errors import NotThereError
from primacy.lake.engine import Engine
from primacy.lake.store import Lake
from primacy.sources.compute import pull
from primacy.studies import compute
from primacy.studies.tables import RESULT_TABLES, STUDY_TABLES, result_table

UNSIMULATED = {"self_host", "usable_compute", "usable_inputs", "usable_tornado"}
"""Tables that need data which the simulated world does not have."""


def hold(table, declared):
    """Every column is declared with its type, in its place; the key tells rows apart; what is not nullable is there."""
    assert {f.name: f.type for f in table.schema} == {f.name: f.type for f in declared.arrow}, declared.name
    assert table.column_names == declared.arrow.names, declared.name
    assert table.group_by(list(declared.key)).aggregate([]).num_rows == table.num_rows, declared.name
    for column in declared.columns:
        assert column.nullable or not table[column.name].null_count, f"{declared.name}.{column.name}"


def test_every_table_of_every_study_is_declared(demonstration):
    results = demonstration.results
    assert set(results.studies) == set(STUDY_TABLES)
    seen = set()
    for study in results.studies:
        for name in results.study(study).tables:
            assert name in STUDY_TABLES[study], (
                f"{study} writes {name}, which studies/tables does not declare"
            )
            hold(results.read(name), STUDY_TABLES[study][name])
            seen.add(name)
    assert set(RESULT_TABLES) - seen == UNSIMULATED


def test_tables_that_need_real_data_are_declared_too(shared, tmp_path):
    lake = Lake.create(tmp_path / "lake")
    pull(lake, shared / "data" / "compute")
    tables = compute.run(lake.latest(), Engine.duckdb(threads=1)).tables
    assert set(tables) == set(STUDY_TABLES["compute"])
    for name, table in tables.items():
        hold(table, result_table(name))


def test_every_column_says_what_it_means():
    for table in RESULT_TABLES.values():
        assert table.meaning
        for column in table.columns:
            assert len(column.meaning) > 3, f"{table.name}.{column.name}"
            assert not column.meaning.endswith("."), f"{table.name}.{column.name}"


def test_names_are_unique_over_studies():
    assert sum(len(t) for t in STUDY_TABLES.values()) == len(RESULT_TABLES)


def test_an_unknown_table_is_refused_by_name():
    with pytest.raises(NotThereError, match="no result table 'leeds'; there are adoption"):
        result_table("leeds")

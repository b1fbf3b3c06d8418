"""The matcher travels to the data: Spark, in one process and with several workers, finds the works found here."""

from __future__ import annotations

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.studies.memberships import match
from primacy.technologies.portfolio import load_portfolio

pytestmark = pytest.mark.filterwarnings("ignore")  # of PySpark and pandas among themselves

FILE = """
id = "{id}"
name = "{id}"
domain = "d"
definition = "d"
[queries]
strict = '{strict}'
broad = '{broad}'
"""


@pytest.fixture
def lake(demonstration, tmp_path):
    """A lake to write to, with what a query may ask about: words, topics and sources."""
    shutil.copytree(demonstration.lake.path, tmp_path / "lake")
    return Lake.open(tmp_path / "lake")


@pytest.fixture
def technologies(lake, tmp_path):
    directory = tmp_path / "portfolio"
    directory.mkdir()
    topic = pq.read_table(lake.files("work_topics")[0], columns=["topic_id"])["topic_id"][0]
    source = pq.read_table(lake.files("works")[0], columns=["source_id"])["source_id"].drop_null()[0]
    queries = {
        "words": ("batter* AND NOT title:solid", "(batter* OR neural) NEAR/5 (method* OR model*)"),
        "tags": (f"topic:T{topic}", f"topic:T{topic} OR source:S{source}"),
        "all": ("NOT zz", "zz"),
    }
    for name, (strict, broad) in queries.items():
        (directory / f"{name}.toml").write_text(FILE.format(id=name, strict=strict, broad=broad))
    return load_portfolio(directory)


def memberships(lake: Lake) -> list[tuple[str, str, int]]:
    rows = pa.concat_tables(map(pq.read_table, lake.latest().files("memberships"))).to_pylist()
    return sorted((r["technology"], r["query"], r["work_id"]) for r in rows)


@pytest.mark.parametrize("engine", ["spark", "workers"])
def test_a_match_and_its_refresh(engine, lake, technologies, request):
    engine = request.getfixturevalue(engine)
    match(lake, technologies, full=True)
    wanted = memberships(lake)
    assert {(t, q) for t, q, _ in wanted} > {("words", "strict"), ("words", "broad"), ("tags", "strict")}
    match(lake, technologies, engine=engine, full=True)
    assert memberships(lake) == wanted
    changed = pa.Table.from_pylist(
        [{"work_id": wanted[0][2], "title": "A neural model", "abstract": None}], declared("texts").arrow
    )
    with lake.transaction("pull") as tx:
        tx.upsert("texts", changed, key="work_id")
    match(lake, technologies, engine=engine)
    refreshed = memberships(lake)
    match(lake, technologies, full=True)
    assert memberships(lake) == refreshed != wanted

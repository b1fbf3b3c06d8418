"""Matching a lake: which rows it writes, and that a refresh equals a match from nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from primacy.errors import LakeError, NotThereError
from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.studies.memberships import MatchSummary, match
from primacy.technologies.portfolio import Portfolio, load_portfolio

FILE = """
id = "{id}"
name = "{id}"
domain = "d"
definition = "d"
[queries]
strict = '{strict}'
broad = '{broad}'
"""

CELLS = {"strict": "title:batter* AND solid", "broad": "batter* OR topic:T7"}
LIGHT = {"strict": "laser*", "broad": "laser* OR photon* OR source:S5"}


def portfolio(directory: Path, **queries: dict[str, str]) -> Portfolio:
    directory.mkdir(exist_ok=True)
    for old in directory.glob("*.toml"):
        old.unlink()
    for name, pair in queries.items():
        (directory / f"{name}.toml").write_text(FILE.format(id=name, **pair), encoding="utf-8")
    return load_portfolio(directory)


def rows(name: str, *values: tuple[object, ...]) -> pa.Table:
    """Rows of a lake table from their first columns; the others are null, false or zero."""
    schema = declared(name).arrow
    filler = {pa.string(): "", pa.bool_(): False}
    return pa.Table.from_pylist(
        [
            {f.name: v for f, v in zip(schema, [*value, *([None] * len(schema))], strict=False)}
            | {f.name: filler.get(f.type, 0) for f in list(schema)[len(value) :]}
            for value in values
        ],
        schema=schema,
    )


def work(work_id: int, source: int | None) -> dict[str, object]:
    plain = {f.name: {pa.string(): "", pa.bool_(): False}.get(f.type, 0) for f in declared("works").arrow}
    return {**plain, "work_id": work_id, "source_id": source}


def fill(
    lake: Lake,
    texts: dict[int, tuple[str | None, str | None]],
    topics: dict[int, list[int]],
    sources: dict[int, int],
) -> None:
    with lake.transaction("pull") as tx:
        tx.overwrite("texts", rows("texts", *((i, *text) for i, text in texts.items())))
        tx.overwrite("work_topics", rows("work_topics", *((i, t) for i, ts in topics.items() for t in ts)))
        tx.overwrite(
            "works", pa.Table.from_pylist([work(i, sources.get(i)) for i in texts], declared("works").arrow)
        )


def memberships(lake: Lake) -> list[tuple[str, str, int]]:
    files = lake.latest().files("memberships")
    table = pa.concat_tables(map(pq.read_table, files))
    found = [(r["technology"], r["query"], r["work_id"]) for r in table.to_pylist()]
    assert len(found) == len(set(found))
    return sorted(found)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake.create(tmp_path / "lake")
    fill(
        lake,
        {
            1: ("Batteries", "all solid"),
            2: ("battery", None),
            3: (None, "a laser"),
            4: ("x", "y"),
            5: (None, None),
        },
        {4: [7, 8], 5: [8]},
        {1: 5, 5: 6},
    )
    return lake


ALL = [
    ("cells", "broad", 1),
    ("cells", "broad", 2),
    ("cells", "broad", 4),
    ("cells", "strict", 1),
    ("light", "broad", 1),
    ("light", "broad", 3),
    ("light", "strict", 3),
]


def test_rows_of_both_queries_by_hand(lake: Lake, tmp_path: Path) -> None:
    technologies = portfolio(tmp_path / "p", cells=CELLS, light=LIGHT, none={"strict": "zz", "broad": "zz"})
    summary = match(lake, technologies, query="broad")
    assert memberships(lake) == ALL
    assert summary == MatchSummary("broad", technologies=3, texts=5, read=5, memberships=5, empty=("none",))
    assert lake.latest().labels["query"] == "broad"
    assert match(lake, technologies, query="strict").memberships == 2
    assert lake.latest().labels["query"] == "strict"


def test_definitions_are_kept_with_the_lake(lake: Lake, tmp_path: Path) -> None:
    technologies = portfolio(tmp_path / "p", cells=CELLS, light=LIGHT)
    match(lake, technologies)
    kept = pa.concat_tables(map(pq.read_table, lake.latest().files("technologies"))).to_pylist()
    assert [row["technology"] for row in kept] == ["cells", "light"]
    again = Portfolio.of_texts(tmp_path, [(row["technology"], row["toml"]) for row in kept])
    assert again.technologies == technologies.technologies
    assert again.digest == technologies.digest


def test_a_second_match_changes_nothing(lake: Lake, tmp_path: Path) -> None:
    technologies = portfolio(tmp_path / "p", cells=CELLS, light=LIGHT)
    match(lake, technologies)
    version = lake.latest().version
    assert match(lake, technologies).read == 0
    assert lake.latest().version == version
    assert match(lake, technologies, full=True).read == 5
    assert memberships(lake) == ALL


def test_only_a_changed_query_is_matched_anew(lake: Lake, tmp_path: Path) -> None:
    match(lake, portfolio(tmp_path / "p", cells=CELLS, light=LIGHT))
    match(
        lake,
        portfolio(tmp_path / "p", cells={**CELLS, "strict": "y"}, sound={"strict": "x", "broad": "NOT x"}),
    )
    assert memberships(lake) == [
        *[row for row in ALL if row[:2] == ("cells", "broad")],
        ("cells", "strict", 4),
        *[("sound", "broad", work) for work in (1, 2, 3, 5)],
        ("sound", "strict", 4),
    ]


def test_a_lake_without_texts_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotThereError, match="primacy pull openalex"):
        match(Lake.create(tmp_path / "lake"), portfolio(tmp_path / "p", cells=CELLS))


@pytest.mark.parametrize("seed", range(3))
def test_a_refresh_equals_a_match_from_nothing(lake: Lake, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    words = ["battery", "solid", "laser", "photon", "x"]
    queries = {"cells": dict(CELLS), "light": dict(LIGHT)}
    for _ in range(6):
        with lake.transaction("pull") as tx:
            ids = chance.sample(range(1, 12), 3)
            texts = [(i, *(" ".join(chance.choices(words, k=2)) for _ in "ta")) for i in ids]
            tx.upsert("texts", rows("texts", *texts), key="work_id")
            if chance.random() < 0.5:
                tx.delete("work_topics", "work_id", ids)
                tx.append("work_topics", rows("work_topics", *((i, chance.choice([7, 8])) for i in ids)))
            if chance.random() < 0.5:
                changed = pa.Table.from_pylist(
                    [work(i, chance.choice([5, 6, None])) for i in ids], declared("works").arrow
                )
                tx.upsert("works", changed, key="work_id")
            if chance.random() < 0.3:
                gone = chance.sample(range(1, 12), 2)
                tx.delete("texts", "work_id", gone)
        if chance.random() < 0.3:
            queries["light"]["strict"] = chance.choice(words)
        technologies = portfolio(tmp_path / "p", **queries)
        match(lake, technologies, threads=chance.choice([1, 2]))
        refreshed = memberships(lake)
        match(lake, technologies, full=True)
        assert memberships(lake) == refreshed


def test_others_may_write_during_a_match_which_begins_anew_where_texts_changed(lake, tmp_path):
    technologies = portfolio(tmp_path / "p", cells=CELLS, light=LIGHT)
    written = []

    def pull(read: int, total: int) -> None:
        if not written:
            written.append(read)
            with lake.transaction("pull meanwhile") as tx:
                tx.append("texts", rows("texts", (6, "another laser", None)))
                tx.append("works", pa.Table.from_pylist([work(6, None)], declared("works").arrow))

    match(lake, technologies, advance=pull)
    assert written
    assert memberships(lake) == sorted([*ALL, ("light", "broad", 6), ("light", "strict", 6)])


def test_a_lake_that_never_rests_is_refused(lake, tmp_path):
    technologies = portfolio(tmp_path / "p", light=LIGHT)

    def pull(read: int, total: int) -> None:
        with lake.transaction("pull meanwhile") as tx:
            tx.append("texts", rows("texts", (100 + lake.latest().version, "another laser", None)))

    with pytest.raises(LakeError, match="changed 3 times during the match; match again when pulls are done"):
        match(lake, technologies, advance=pull)

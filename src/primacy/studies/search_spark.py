"""Search the texts of a lake on a Spark cluster: the matcher travels to the data, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from primacy.lake.engine import Engine
from primacy.lake.store import Lake
from primacy.studies.search import Key, Works
from primacy.technologies.matcher import Matcher
from primacy.technologies.query import Query

__all__ = ["search_on_spark"]

_FOUND = pa.schema({"query": pa.int32(), "work_id": pa.int64()})


def search_on_spark(
    engine: Engine, lake: Lake, queries: Mapping[Key, Query], *, only: Works | None = None
) -> dict[Key, Works]:
    """Find the works that each query matches; the rows are those of `primacy.studies.search.search_texts`.

    Parameters
    ----------
    engine
        An engine on Spark Connect; primacy must be installed where its workers run.
    lake
        The lake, on storage that the workers can read.
    queries
        The queries by key.
    only
        Search the texts of these works alone.
    """
    session = engine.backend.session
    numbered = Matcher(dict(enumerate(queries.values())))
    texts = _with_tags(engine, lake, numbered)
    if only is not None:
        wanted = session.createDataFrame(pa.table({"work_id": pa.array(only, pa.int64())}))
        texts = texts.join(wanted, "work_id", "leftsemi")
    rows = texts.mapInArrow(_search(numbered), "query int, work_id bigint").toArrow()
    number, work = np.asarray(rows["query"]), np.asarray(rows["work_id"])
    return {key: np.sort(work[number == index]).astype(np.int64) for index, key in enumerate(queries)}


def _with_tags(engine: Engine, lake: Lake, matcher: Matcher[int]) -> Any:
    """Return the texts as a Spark data frame, with the topics and sources that queries ask about."""
    from pyspark.sql import functions as f

    read = engine.backend.session.read
    texts = read.parquet(*engine.files(lake, "texts")).select("work_id", "title", "abstract")
    if matcher.topics and lake.has("work_topics"):
        topics = read.parquet(*engine.files(lake, "work_topics")).filter(
            f.col("topic_id").isin(sorted(matcher.topics))
        )
        listed = topics.groupBy("work_id").agg(f.collect_list("topic_id").alias("topics"))
        texts = texts.join(listed, "work_id", "left")
    if matcher.sources and lake.has("works"):
        works = read.parquet(*engine.files(lake, "works")).filter(
            f.col("source_id").isin(sorted(matcher.sources))
        )
        texts = texts.join(works.select("work_id", "source_id"), "work_id", "left")
    return texts


def _search(matcher: Matcher[int]) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the function that workers run over their batches."""

    def search(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            columns = {name: batch[name] for name in batch.schema.names}
            matches = matcher.match(
                columns["title"],
                columns["abstract"],
                topics=columns.get("topics"),
                sources=columns.get("source_id"),
            )
            works = pc.take(columns["work_id"], pa.array(matches.text))
            yield pa.record_batch([matches.query.astype(np.int32), works.cast(pa.int64())], schema=_FOUND)

    return search

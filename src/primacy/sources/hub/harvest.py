"""Gathers the records of one snapshot into the rows of the lake's tables, each model once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from primacy.lake.schema import Table
from primacy.lake.tables.hub import MODEL_PARENTS, MODEL_SNAPSHOTS, MODELS
from primacy.sources.hub.dump import RawRecord
from primacy.sources.hub.records import Model, RejectedError, read_record

__all__ = ["TALLIED", "Defect", "Harvest", "gather"]

BATCH = 20_000
TALLIED = ("card_only_parents", "invalid_parents", "repeated_parents", "unreadable_fields")
"""What is counted over the records that are kept."""


@dataclass(frozen=True, slots=True)
class Defect:
    """A record that was not loaded."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Harvest:
    """A snapshot as rows, its column ``snapshot`` still empty, and what was met on the way.

    Parameters
    ----------
    models, counters, parents
        Rows of ``models``, ``model_snapshots`` and ``model_parents``, in the order of the models' ids.
    defects
        Records for the quarantine.
    read
        Records read.
    repeated
        Records dropped because the same model came again (only where repetition is expected).
    newest
        The latest commit, or creation where no commit is known, of any model: ISO 8601, None if nothing says.
    tally
        The counts of :data:`TALLIED`.
    """

    models: pa.Table
    counters: pa.Table
    parents: pa.Table
    defects: Sequence[Defect]
    read: int
    repeated: int
    newest: str | None
    tally: Counter[str]


class _Columns:
    """Rows on their way to Arrow: Python lists that are turned into batches before they grow large."""

    def __init__(self, table: Table, extra: Sequence[pa.Field] = ()) -> None:
        self.schema = pa.schema([*table.arrow, *extra])
        self.rows: list[tuple[Any, ...]] = []
        self.batches: list[pa.RecordBatch] = []

    def add(self, row: tuple[Any, ...]) -> None:
        self.rows.append(row)
        if len(self.rows) >= BATCH:
            self.flush()

    def flush(self) -> None:
        if self.rows:
            arrays = [
                pa.array(c, type=f.type)
                for c, f in zip(zip(*self.rows, strict=True), self.schema, strict=True)
            ]
            self.batches.append(pa.record_batch(arrays, schema=self.schema))
            self.rows = []

    def table(self) -> pa.Table:
        self.flush()
        return pa.Table.from_batches(self.batches, schema=self.schema)


_LINE = pa.field("line", pa.int64())


def gather(
    records: Iterable[RawRecord],
    *,
    repeats: bool = False,
    advance: Callable[[int], None] | None = None,
) -> Harvest:
    """Turn records into rows.

    A model that occurs more than once counts once: the record with the latest commit wins, and among equals
    the one that comes last.

    Parameters
    ----------
    records
        In the order of the source.
    repeats
        The source is known to repeat records (pages of the live Hub): losers are counted as ``repeated``
        rather than put into quarantine.
    advance
        Called with the number of records read, now and then.
    """
    models = _Columns(MODELS, [_LINE])
    counters = _Columns(MODEL_SNAPSHOTS, [_LINE])
    parents = _Columns(MODEL_PARENTS, [_LINE])
    defects: list[Defect] = []
    notes: dict[int, Counter[str]] = {}
    best: dict[str, tuple[str, int]] = {}
    losers: list[int] = []
    read = 0
    for record in records:
        read += 1
        if advance is not None and read % BATCH == 0:
            advance(read)
        if record.fields is None:
            defects.append(Defect(record.line, record.reason or "damaged"))
            continue
        try:
            model = read_record(record.fields)
        except RejectedError as error:
            defects.append(Defect(record.line, str(error)))
            continue
        claim = (model.last_modified or "", record.line)
        before = best.get(model.model_id)
        if before is not None and before > claim:
            losers.append(record.line)
            defects.append(_duplicate(record.line, model.model_id, before[1]))
            continue
        if before is not None:
            losers.append(before[1])
            defects.append(_duplicate(before[1], model.model_id, record.line))
        best[model.model_id] = claim
        _add(model, record.line, models, counters, parents)
        noted = Counter(
            card_only_parents=model.card_only_parents,
            invalid_parents=model.parents.invalid,
            repeated_parents=model.parents.repeated,
            unreadable_fields=model.unreadable,
        )
        if noted.total():
            notes[record.line] = noted
    gone = pa.array(losers, type=pa.int64())
    lost = set(losers)
    if repeats:
        defects = [d for d in defects if d.line not in lost]
    described = _finish(models, gone, ["model_id"])
    moments = described["last_modified"]
    newest = pc.max(moments).as_py() or pc.max(described["created"]).as_py()
    return Harvest(
        models=described,
        counters=_finish(counters, gone, ["model_id"]),
        parents=_finish(parents, gone, ["model_id", "position"]),
        defects=sorted(defects, key=lambda d: d.line),
        read=read,
        repeated=len(losers) if repeats else 0,
        newest=newest,
        tally=sum((n for line, n in notes.items() if line not in lost), Counter()),
    )


def _duplicate(line: int, model_id: str, kept: int) -> Defect:
    return Defect(line, f"duplicate of model {model_id}: the record at {kept} is kept")


def _add(model: Model, line: int, models: _Columns, counters: _Columns, parents: _Columns) -> None:
    declared = model.parents
    models.add(
        (
            model.model_id,
            model.namespace,
            "",
            model.created,
            model.last_modified,
            model.task,
            model.library,
            model.license,
            model.size.parameters,
            model.size.source,
            model.size.precision,
            declared.relation,
            len(declared.ids),
            line,
        )
    )
    counters.add(("", model.model_id, model.downloads_30d, model.downloads_all, model.likes, line))
    for position, parent in enumerate(declared.ids, start=1):
        parents.add((model.model_id, parent, position, declared.relation, declared.declared_in, line))


def _finish(columns: _Columns, gone: pa.Array, order: Sequence[str]) -> pa.Table:
    table = columns.table()
    if len(gone):
        table = table.filter(pc.invert(pc.is_in(table["line"], value_set=gone)))
    return table.drop_columns("line").sort_by([(name, "ascending") for name in order])

"""What a lake says, whatever files it lies in: a digest of the rows of every table."""

from __future__ import annotations

from primacy.lake.embedded import connect
from primacy.lake.store import Lake

__all__ = ["digests"]

_DIGEST = """
SELECT coalesce(sha256(string_agg(row, '' ORDER BY row)), '')
FROM (SELECT sha256(to_json(t)) AS row FROM read_parquet(?) t)
"""


def digests(lake: Lake) -> dict[str, str]:
    """Return the SHA-256 of the rows of every table, in whatever order they lie: equal where the content is.

    Parameters
    ----------
    lake
        At the version that is meant.

    Examples
    --------
    >>> import pyarrow as pa, tempfile
    >>> one, other = (Lake.create(tempfile.mkdtemp() + "/lake") for _ in range(2))
    >>> for lake, rows in ((one, [[1, 2]]), (other, [[2], [1]])):
    ...     with lake.transaction("example") as tx:
    ...         for cited in rows:
    ...             _ = tx.append("references", pa.table({"work_id": cited, "cited_id": cited}))
    >>> digests(one.latest()) == digests(other.latest()) != {}
    True
    """
    found = {}
    with connect(threads=1) as connection:
        for name in lake.versions():
            files = lake.files(name)
            found[name] = connection.execute(_DIGEST, [files]).fetchall()[0][0] if files else ""
    return found

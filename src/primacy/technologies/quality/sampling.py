"""The sheet to label: a random sample of what the queries find and of what they may miss."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from primacy.technologies.technology import Variant

Works = npt.NDArray[np.int64]

SHEET = pa.schema({"work_id": pa.int64(), "stratum": pa.string(), "population": pa.int64()})


def strata(hits: Mapping[Variant, Works], topical: Works) -> dict[str, Works]:
    """Divide works into strata that do not overlap.

    Parameters
    ----------
    hits
        For each variant, the works that its query finds.
    topical
        The works whose topic is one that the technology maps.

    Returns
    -------
    dict
        ``strict``: what the strict query finds; ``broad-only``: what only the broad one does; ``topic-only``:
        what neither finds, though the topic suggests it.

    Examples
    --------
    >>> found = strata({"strict": np.array([1, 2]), "broad": np.array([2, 3])}, np.array([3, 4]))
    >>> {name: works.tolist() for name, works in found.items()}
    {'strict': [1, 2], 'broad-only': [3], 'topic-only': [4]}
    """
    strict, broad = np.unique(hits["strict"]), np.unique(hits["broad"])
    broad_only = np.setdiff1d(broad, strict)
    return {
        "strict": strict,
        "broad-only": broad_only,
        "topic-only": np.setdiff1d(topical, np.union1d(strict, broad_only)),
    }


def sample_sheet(technology: str, populations: Mapping[str, Works], *, n: int, seed: int = 0) -> pa.Table:
    """Draw works to label, as many from each stratum as from the next where it has them.

    Parameters
    ----------
    technology
        Its id; each technology has its own draw.
    populations
        The works of each stratum.
    n
        How many to draw.
    seed
        Of the draw.

    Returns
    -------
    Table
        work_id, stratum and population (the size of the stratum), in random order, so that whoever labels does
        not see one stratum after the other.
    """
    chance = np.random.default_rng([seed, zlib.crc32(technology.encode())])
    parts = [
        (np.sort(chance.choice(np.sort(works), size, replace=False)), name, len(works))
        for (name, works), size in zip(populations.items(), _allocate(populations, n), strict=True)
    ]
    table = pa.concat_tables(
        pa.table([works, pa.repeat(name, len(works)), pa.repeat(size, len(works))], schema=SHEET)
        for works, name, size in parts
    )
    return table.take(chance.permutation(table.num_rows))


def _allocate(populations: Mapping[str, Works], n: int) -> list[int]:
    """Share n out evenly; what a small stratum leaves goes to the others, in their order."""
    sizes = [len(works) for works in populations.values()]
    given = [0] * len(sizes)
    while (left := min(n, sum(sizes)) - sum(given)) > 0:
        open_ = [index for index, size in enumerate(sizes) if given[index] < size]
        each, extra = divmod(left, len(open_))
        for place, index in enumerate(open_):
            given[index] += min(each + (place < extra), sizes[index] - given[index])
    return given

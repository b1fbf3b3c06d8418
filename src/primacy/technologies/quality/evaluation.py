"""Precision and recall of a technology's queries, from works that people labelled."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from primacy.errors import InputError
from primacy.technologies.technology import VARIANTS, Variant

Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""

_WORK_COLUMNS = ("work_id", "work", "id")
_LABEL_COLUMNS = ("relevant", "label")
_WORDS = {
    **dict.fromkeys(("1", "true", "yes", "y", "relevant"), True),
    **dict.fromkeys(("0", "false", "no", "n", "irrelevant"), False),
}

_SCHEMA = pa.schema(
    {
        "technology": pa.string(),
        "query": pa.string(),
        "measure": pa.string(),
        "stratum": pa.string(),
        "labelled": pa.int64(),
        "hits": pa.int64(),
        "estimate": pa.float64(),
        "low": pa.float64(),
        "high": pa.float64(),
    }
)


@dataclass(frozen=True)
class Labels:
    """Works that were read and judged.

    Attributes
    ----------
    work
        Their ids, ascending.
    relevant
        Whether each belongs to the technology.
    stratum
        The stratum that each was drawn from; "all" where the sheet has none.
    population
        How many works that stratum has; not a number where the sheet does not say.
    blank
        How many rows had no label.
    """

    work: npt.NDArray[np.int64]
    relevant: npt.NDArray[np.bool_]
    stratum: npt.NDArray[np.str_]
    population: npt.NDArray[np.float64]
    blank: int = 0

    @property
    def weight(self) -> npt.NDArray[np.float64]:
        """How many works of its stratum each stands for; 1 where the sheet does not say."""
        if np.isnan(self.population).any():
            return np.ones(len(self.work))
        _, place, counts = np.unique(self.stratum, return_inverse=True, return_counts=True)
        return self.population / counts[place]

    def among(self, works: npt.NDArray[np.int64]) -> Labels:
        """Return the labels of some works only."""
        kept = np.isin(self.work, works)
        return Labels(
            self.work[kept], self.relevant[kept], self.stratum[kept], self.population[kept], self.blank
        )


def read_labels(path: Path) -> Labels:
    """Read a labelled sheet, as ``technologies sample`` writes it.

    Parameters
    ----------
    path
        A CSV file with the columns ``work_id`` (W123 or 123) and ``relevant`` (1, 0, yes, no; a row left blank
        counts as not labelled), and, to weigh a stratified sample, ``stratum`` and ``population``.

    Raises
    ------
    InputError
        A column is missing or a value cannot be read; the error has the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = {str(name).strip().lower(): name for name in reader.fieldnames or ()}
            work = _column(path, columns, _WORK_COLUMNS)
            label = _column(path, columns, _LABEL_COLUMNS)
            return _labels(path, reader, work, label, columns.get("stratum"), columns.get("population"))
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8; save it as UTF-8") from None
    except csv.Error as error:
        raise InputError(f"{path}: not a CSV file: {error}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def _column(path: Path, columns: Mapping[str, str], names: tuple[str, ...]) -> str:
    for name in names:
        if name in columns:
            return columns[name]
    raise InputError(f"{path}: the column {names[0]!r} is missing; there are {', '.join(columns) or 'none'}")


def _labels(
    path: Path,
    reader: csv.DictReader[str],
    work: str,
    label: str,
    stratum: str | None,
    population: str | None,
) -> Labels:
    found: dict[int, tuple[bool, str, float]] = {}
    blank = 0
    for row in reader:
        line = reader.line_num
        word = (row[label] or "").strip().lower()
        if not word:
            blank += 1
            continue
        if word not in _WORDS:
            raise InputError(f"{path}:{line}: {label}: {row[label]!r} is not one of 1, 0, yes, no")
        number = (row[work] or "").strip().removeprefix("https://openalex.org/").lstrip("Ww")
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            raise InputError(f"{path}:{line}: {work}: {row[work]!r} is not a work id such as W123")
        size = float("nan")
        if population is not None:
            try:
                size = float(row[population] or "nan")
            except ValueError:
                raise InputError(f"{path}:{line}: population: {row[population]!r} is not a number") from None
        entry = _WORDS[word], (row[stratum] or "").strip() if stratum else "all", size
        if found.setdefault(int(number), entry)[0] != entry[0]:
            raise InputError(f"{path}:{line}: {row[work]} is labelled twice, once each way")
    if not found:
        raise InputError(f"{path}: no row is labelled; write 1 or 0 into the column {label!r}")
    works = sorted(found)
    return Labels(
        np.array(works, np.int64),
        np.array([found[each][0] for each in works], bool),
        np.array([found[each][1] for each in works], np.str_),
        np.array([found[each][2] for each in works], np.float64),
        blank,
    )


def evaluate(technology: str, labels: Labels, hits: Mapping[Variant, npt.NDArray[np.int64]]) -> pa.Table:
    """Estimate the precision and the recall of each query.

    Parameters
    ----------
    technology
        Its id.
    labels
        The labelled works.
    hits
        For each variant, the works that its query finds.

    Returns
    -------
    Table
        For each query, ``precision`` (of the labelled works that it finds, how many are relevant) and ``recall``
        (of the relevant labelled works, how many it finds), over all labels and, for precision, by stratum.
        ``labelled`` is the number of works of the denominator, ``hits`` of the numerator; ``estimate`` weighs
        each work by how many of its stratum it stands for; ``low`` and ``high`` are Wilson's 95 % interval,
        with Kish's effective number of labels where the weights differ. Null where nothing was labelled.

    Notes
    -----
    Recall is relative to what was sampled: a relevant work outside every stratum is seen by nobody.
    """
    rows = []
    for variant in VARIANTS:
        found = np.isin(labels.work, hits[variant])
        cases = [("precision", "all", found, labels.relevant), ("recall", "all", labels.relevant, found)]
        cases += [
            ("precision", stratum, found & (labels.stratum == stratum), labels.relevant)
            for stratum in sorted({*labels.stratum.tolist()} - {"all"})
        ]
        for measure, stratum, base, success in cases:
            if stratum != "all" and not base.any():
                continue
            estimate, low, high = _proportion(labels.weight[base], success[base])
            values = (technology, variant, measure, stratum, int(base.sum()), int((base & success).sum()))
            rows.append(dict(zip(_SCHEMA.names, (*values, estimate, low, high), strict=True)))
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _proportion(
    weight: npt.NDArray[np.float64], success: npt.NDArray[np.bool_]
) -> tuple[float, float, float] | tuple[None, None, None]:
    total = float(weight.sum())
    if not total:
        return None, None, None
    share = float(weight[success].sum()) / total
    effective = total**2 / float((weight**2).sum())
    return (share, *wilson(share * effective, effective))


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """Return Wilson's 95 % score interval of a proportion.

    Parameters
    ----------
    successes, trials
        Their numbers; fractions are allowed, for an effective number of trials. At least some trial.

    Notes
    -----
    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212.

    Examples
    --------
    >>> [round(bound, 4) for bound in wilson(18, 20)]
    [0.699, 0.9721]
    >>> [round(bound, 4) for bound in wilson(0, 10)]
    [0.0, 0.2775]
    """
    share = successes / trials
    centre = share + Z**2 / (2 * trials)
    half = Z * math.sqrt(share * (1 - share) / trials + Z**2 / (4 * trials**2))
    scale = 1 + Z**2 / trials
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)

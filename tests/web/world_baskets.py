"""Results of the institutions study written by hand: one list, two years, a name that attacks the pages."""

from __future__ import annotations

import pyarrow as pa

from tests.web.world_models import HOSTILE

YEARS = (2023, 2024)
UNITS = {
    "country": {
        "CN": ("China", "CN", 60.0),
        "US": ("United States", "US", 30.0),
        "unassigned": (None, None, 10.0),
    },
    "institution": {
        "I1": ("Simulated University CN-001", "CN", 6.5),
        "I2": (HOSTILE, "US", 3.5),
        "unassigned": (None, None, 90.0),
    },
    "bloc": {"EU27": ("European Union", None, 20.0)},
    "sector": {"academic": ("academic", None, 100.0)},
    "subject": {"Chemistry": ("Chemistry", None, 100.0)},
}
LIST = {
    "basket": "simulated",
    "split": "institution",
    "rollup": "none",
    "division": "before",
    "basket_version": "a1",
}


def _rows(kinds: tuple[str, ...], subject: str) -> list[dict]:
    return [
        {
            **LIST, "year": year, "unit_kind": kind, "unit": unit, "name": name, "country": country,
            "count": int(share) + 1,
            "share": share, "rank": None if unit == "unassigned" else rank, "articles": 100,
            "adjusted_change": None if year == 2023 or unit == "unassigned" else 10.0 * rank - 15.0,
            "low": 0.8 * share, "high": 1.2 * share, "rank_low": 1, "rank_high": 3,
            "change_low": None if year == 2023 else -20.0, "change_high": None if year == 2023 else 20.0,
            "subject": subject, "period": str(year), "previous_share": share, "adjusted_share": share,
            "equalised_share": share,
        }
        for year in YEARS
        for kind in kinds
        for rank, (unit, (name, country, share)) in enumerate(UNITS[kind].items(), start=1)
    ]  # fmt: skip


def tables() -> dict[str, pa.Table]:
    decomposition = [
        {**LIST, "year": 2024, "unit_kind": "country", "unit": u, "share": 60.0, "change": 3.0, "volume": 1.0,
         "within": 2.5, "mix": -0.5}
        for u in ("CN", "US")
    ]  # fmt: skip
    journals = [
        {**LIST, "year": 2024, "unit_kind": "country", "unit": "US", "venue": HOSTILE, "rank": 2, "rank_without": 5,
         "rank_change": 3}
    ]  # fmt: skip
    lists = [
        {**LIST, "other_basket": "mine.csv", "year": 2024, "unit_kind": "country", "unit": "CN", "name": "China",
         "country": "CN", "count": 61, "share": 60.0, "rank": 1, "part": 60.0, "other_count": 40, "other_share": 35.5,
         "other_rank": None, "other_part": 50.0, "of_list": 24.5, "of_units": 3.0}
    ]  # fmt: skip
    venues = [
        {**LIST, "venue": HOSTILE, "issns": ["9900-0008"], "status": "found", "articles": 90, "first_year": 2003,
         "last_year": 2024},
        {**LIST, "venue": "Simulated Journal", "issns": ["9900-0024"], "status": "not found", "articles": 0,
         "first_year": None, "last_year": None},
    ]  # fmt: skip
    return {
        "basket": pa.Table.from_pylist(_rows(tuple(UNITS), "all")),
        "basket_subjects": pa.Table.from_pylist(_rows(("country", "institution"), "Chemistry")),
        "basket_decomposition": pa.Table.from_pylist(decomposition),
        "basket_journals": pa.Table.from_pylist(journals),
        "basket_lists": pa.Table.from_pylist(lists),
        "basket_venues": pa.Table.from_pylist(venues),
    }


def manifest() -> dict:
    return {
        "code": {"primacy": "0", "source": "0"}, "inputs": {}, "settings": {}, "simulated": True,
        "basket": {"id": "simulated", "title": "the simulated world's basket"},
    }  # fmt: skip

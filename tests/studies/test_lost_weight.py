"""The manifest of the research study says how much credit resolves to no country."""

from __future__ import annotations

import pyarrow as pa
import pytest

from primacy.studies.research.run import lost_weight


def test_lost_credit_is_summed_over_years_by_technology_and_in_all():
    covered = pa.table(
        {
            "technology": ["a", "a", "b"],
            "year": [2019, 2020, 2020],
            "works": [4, 6, 10],
            "lost": [0.5, 0.0, 0.3],
        }
    )
    found = lost_weight(covered)
    assert found["by_technology"]["a"] == {"works": 10, "weight": 2.0, "share": 0.2}
    assert found["by_technology"]["b"] == {"works": 10, "weight": 3.0, "share": pytest.approx(0.3)}
    assert (found["works"], found["weight"], found["share"]) == (20, 5.0, 0.25)


def test_without_works_no_share_is_lost():
    covered = pa.table({"technology": [], "year": [], "works": [], "lost": []})
    assert lost_weight(covered) == {"works": 0, "weight": 0.0, "share": None, "by_technology": {}}

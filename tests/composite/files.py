"""Index files for the tests: a small table in long form and a TOML file beside it, with any line changed."""

from __future__ import annotations

from pathlib import Path

ROWS = """country,pillar,sector,value,pw,sw
A,People,AI,1.0,3,0.6
A,Money,AI,0.6,1,0.6
A,People,Space,0.5,1,0.4
B,People,AI,0.2,3,0.6
B,Money,AI,,1,0.6
B,People,Space,1.0,1,0.4
C,People,Space,0.8,1,0.4
"""

DATA = """file = "rows.csv"
unit = "country"
levels = ["pillar", "sector"]
value = "value"
weights = { pillar = "pw", sector = "sw" }
"""


def write_index(
    folder: Path,
    *,
    rows: str = ROWS,
    data: str = DATA,
    method: str = "",
    uncertainty: str = "replicates = 50",
    top: str = "",
) -> Path:
    """Write ``index.toml`` and ``rows.csv``; each argument is the text of a section."""
    (folder / "rows.csv").write_text(rows, encoding="utf-8")
    path = folder / "index.toml"
    path.write_text(
        f"{top}\n[data]\n{data}\n[method]\n{method}\n[uncertainty]\n{uncertainty}\n", encoding="utf-8"
    )
    return path

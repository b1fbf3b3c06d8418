"""A workspace made from a small simulated world, with every study run: what a new user has after the demonstration."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from primacy.cli import run_quietly
from primacy.simulate import world
from primacy.workspace import Workspace

TECHNOLOGIES = ("advanced-batteries", "artificial-intelligence")
SETTINGS = """portfolio = "../portfolio"
[method]
replicates = 20
[research]
windows = ["2015-2019", "2020-2024"]
"""


def workspace(directory: Path) -> Workspace:
    made, place = directory / "world", directory / "workspace"
    world.simulate(made, works=2000)
    (directory / "portfolio").mkdir()
    for name in TECHNOLOGIES:
        file = files("primacy.technologies") / "portfolios" / "article-10" / f"{name}.toml"
        shutil.copy(str(file), directory / "portfolio")
    Workspace.init(place)
    (place / "primacy.toml").write_text(SETTINGS, encoding="utf-8")
    dumps = sorted((made / "hub").glob("models_*.parquet"))
    organizations = str(made / "hub" / "organizations.csv")
    for words in (
        ["pull", "openalex", str(made / "openalex")],
        *(["pull", "hub", str(d), "--organizations", organizations] for d in (dumps[0], dumps[-1])),
        ["pull", "compute", str(made / "compute")],
        ["match"],
        ["run"],
    ):
        run_quietly(["--workspace", str(place), *words])
    return Workspace.open(place)

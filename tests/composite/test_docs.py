"""The page on composite indicators says what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import primacy.composite as composite
from primacy.composite import audit as audit_of
from primacy.composite import load_index, options, scores_table, sensitivity_table
from primacy.composite.reader import load_index as read

from .builders import flat
from .files import write_index

PAGE = Path(__file__).resolve().parents[2] / "docs" / "composite.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_option_is_on_the_page():
    for values in (
        options.MISSING,
        options.TREATMENTS,
        options.NORMALISATIONS,
        options.WEIGHTINGS,
        options.AGGREGATIONS,
        options.WEIGHT_NOISE,
    ):
        for value in values:
            assert re.search(rf'[`"| ]{value}[`"| \n]', TEXT), value


def test_every_check_of_the_audit_is_on_the_page():
    rows = [[float(v), v * v % 7, None if v < 3 else 1.0 * v] for v in range(9)]
    checks = {f.check for f in audit_of(flat(rows, treat="winsorise").run())} | {"treated", "screened"}
    for check in checks - {"with_group"}:
        assert f"`{check}`" in TEXT, check


def test_every_key_of_the_file_is_on_the_page(tmp_path):
    path = write_index(tmp_path, data="when = 1")
    path.write_text(path.read_text(encoding="utf-8") + "x = 1\n", encoding="utf-8")
    from primacy.composite import reader

    for key in re.findall(r"^    ([a-z_]+) = ", reader.__doc__ or "", flags=re.MULTILINE):
        assert re.search(rf"\b{key}\b", TEXT), key


def test_the_example_file_is_read_with_the_defaults_it_shows(tmp_path):
    block = re.search(r"```toml\n(name = .*?)```", TEXT, flags=re.DOTALL)
    assert block is not None
    shown = tomllib.loads(block.group(1))
    header = "country,pillar,sector,value_0_1,pillar_weight,sector_weight\n"
    (tmp_path / "pillars.csv").write_text(header + "A,x,y,1,1,1\nB,x,y,0.5,1,1\n", encoding="utf-8")
    (tmp_path / "shown.toml").write_text(block.group(1), encoding="utf-8")
    spec = load_index(tmp_path / "shown.toml")
    bare = "[data]\n" + "\n".join(
        f"{key} = {shown['data'][key]!r}" for key in ("file", "unit", "levels", "value")
    )
    (tmp_path / "bare.toml").write_text(bare, encoding="utf-8")
    assert spec.index.method == read(tmp_path / "bare.toml").index.method
    assert spec.uncertainty == read(tmp_path / "bare.toml").uncertainty


def table_after(heading):
    rows = TEXT.split(heading)[1].split("\n\n")[0].strip().splitlines()
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows[2:]]


def test_every_counterpart_that_the_page_names_exists():
    known = {*composite.__all__, *options.NORMALISATIONS, *options.MISSING, "audit", "scale", "parquet"}
    known |= {"missing_values", "log_GII", "at"}
    section = TEXT.split("## COINr counterparts\n\n")[1].split("\n\n")[0]
    for row in section.splitlines()[2:]:
        ours = row.split("|")[2]
        for name in re.findall(r"`([A-Za-z_]+)`", ours):
            assert name in known, name


@pytest.fixture(scope="module")
def indices(shared, tmp_path_factory):
    block = re.search(r"```toml\n(name = .*?)```", TEXT, flags=re.DOTALL)
    assert block is not None
    folder = tmp_path_factory.mktemp("belfer")
    stated = block.group(1).replace("pillars.csv", str(shared / "data" / "belfer_pillars.csv"))
    (folder / "stated.toml").write_text(stated, encoding="utf-8")
    other = stated.replace(
        "[method]", 'missing_values = [0]\napart = ["Europe"]\n[method]\nscreen = { units = 0.6 }'
    )
    (folder / "other.toml").write_text(other, encoding="utf-8")
    return load_index(folder / "stated.toml"), load_index(folder / "other.toml")


def interval(row):
    return "–" if row["rank_low"] is None else f"{row['rank_low']}–{row['rank_high']}"


def test_the_table_of_the_example_is_what_is_computed(indices):
    stated, other = ({r["unit"]: r for r in scores_table(spec).to_pylist()} for spec in indices)
    shown = table_after("concentration 50):\n\n")
    assert len(shown) == 26
    for name, score, rank, low_high, other_score, other_rank, other_low_high, coverage in shown:
        one, two = stated[name], other[name]
        assert (score, rank, low_high) == (f"{one['score']:.1f}", str(one["rank"]), interval(one))
        assert other_score == ("–" if two["score"] is None else f"{two['score']:.1f}")
        assert (other_rank, other_low_high) == (str(two["rank"] or "–"), interval(two))
        assert coverage == f"{100 * two['coverage']:.0f} %"


def test_the_effects_of_the_example_are_what_is_computed(indices):
    stated, other = ({r["input"]: r for r in sensitivity_table(spec).to_pylist()} for spec in indices)
    for name, *cells in table_after("mean rank shift:\n\n"):
        for found, first, total in ((stated, *cells[:2]), (other, *cells[2:])):
            if first == "–":
                assert name not in found
            else:
                assert float(first) == pytest.approx(found[name]["first_order"], abs=0.015)
                assert float(total) == pytest.approx(found[name]["total"], abs=0.015)

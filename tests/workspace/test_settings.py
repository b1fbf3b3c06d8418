from __future__ import annotations

import tomllib

import pytest

from primacy.errors import InputError, UsageError
from primacy.measures.method import Method, Window
from primacy.studies.institutions import Choices
from primacy.workspace.settings import TEMPLATE, InstitutionSettings, Settings


def read(tmp_path, text):
    path = tmp_path / "primacy.toml"
    path.write_text(text, encoding="utf-8")
    return Settings.read(path)


def test_the_template_states_the_defaults(tmp_path):
    assert read(tmp_path, TEMPLATE) == Settings()
    lines = [
        line.removeprefix("# ").split("   #")[0]
        for line in TEMPLATE.splitlines()
        if line.startswith("[") or (line.startswith("# ") and " = " in line)
    ]
    stated = tomllib.loads("\n".join(lines))
    assert Method.from_options(stated["method"]) == Method()


def test_everything_can_be_set(tmp_path):
    settings = read(
        tmp_path,
        """
        portfolio = "mine"
        [method]
        top = 0.05
        types = ["article"]
        exclude_domestic = true
        [research]
        windows = ["2020-2024", "2015-2019"]
        [institutions]
        basket = "mine.csv"
        split = "affiliation"
        rollup = "parents"
        attribution = "moves.csv"
        compare = ["nature-index-82", "other.toml"]
        [engine]
        name = "spark"
        remote = "sc://host:15002"
        """,
    )
    assert settings.portfolio == tmp_path / "mine"
    assert settings.method == Method(top=0.05, types=("article",), exclude_domestic=True)
    assert settings.windows == (Window(2015, 2019), Window(2020, 2024))
    assert settings.institutions == InstitutionSettings(
        basket=tmp_path / "mine.csv",
        choices=Choices(split="affiliation", rollup="parents"),
        attribution=tmp_path / "moves.csv",
        compare=("nature-index-82", tmp_path / "other.toml"),
    )
    assert settings.engine.remote == "sc://host:15002"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "tops = 1",
            "unknown key 'tops'; there are assessment, engine, institutions, lake, method, openalex, ",
        ),
        ("[method]\ntop = 0.2", r"\[method\] top '0.2': takes 0.01, 0.05, 0.1, 0.25"),
        ("[method]\ntypo = 1", r"method option 'typo'"),
        ("[method]\ntypes = ['paper']", "'paper': not a work type"),
        ("[method]\nseed = true", "seed 'True': takes a whole number"),
        ("[research]\nwindow = ['2020']", "unknown key 'window'; there are windows"),
        ("[research]\nwindows = ['20-24']", "write two years as 2019-2023"),
        ("[research]\nwindows = []", "takes a list"),
        ("[institutions]\nlist = 'x'", "unknown key 'list'; there are basket, split"),
        ("[institutions]\nbasket = 82", "basket 82: takes a text"),
        ("[institutions]\nrollup = 'top'", "rollup 'top': takes none, parents, systems"),
        ("[institutions]\ncompare = 'nature-index-82'", "compare 'nature-index-82': takes a list"),
        ("[engine]\nname = 'polars'", "takes duckdb or spark"),
        ("[engine]\nthreads = 0", "takes a whole number from 1"),
        ("[engine]\nremote = 'http://x'", 'takes "sail"'),
        ("[engine]\ncopy = 3", "copy 3: takes a text"),
        ("method = 3", "write it as a section"),
        ("portfolio = 3", "takes a text"),
        ("a = [", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named_with_the_file(tmp_path, text, reason):
    with pytest.raises(InputError, match=reason) as caught:
        read(tmp_path, text)
    assert "primacy.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["2024-2020", "abc", "2020-", ""])
def test_windows_are_two_years_in_order(text):
    with pytest.raises(UsageError, match="window"):
        Window.parse(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# " + "x" * (64 << 10), "has more than 64 KiB"),
        ("a = " + "[" * 5000, "not valid TOML .nested too deeply."),
    ],
)
def test_settings_that_would_take_long_or_deep_reading_are_refused(tmp_path, text, reason):
    with pytest.raises(InputError, match=reason):
        read(tmp_path, text)

from __future__ import annotations

import random

import pytest

from primacy.composite import Uncertainty, load_index
from primacy.errors import InputError

from .builders import listed
from .files import DATA, ROWS, write_index


def scores(path):
    result = load_index(path).run()
    return dict(zip(result.units, listed(result.score), strict=True))


def test_a_file_in_the_documented_form(tmp_path):
    spec = load_index(
        write_index(
            tmp_path,
            method='normalise = "none"\nmissing = "drop"\naggregate = "arithmetic"\nscale = 100',
            uncertainty='replicates = 20\nweights = "dirichlet"\nconcentration = 50\nseed = 0',
        )
    )
    assert spec.index.values.units == ("A", "B", "C")
    assert spec.index.definition.names == ("AI / Money", "AI / People", "Space / People")
    assert spec.uncertainty == Uncertainty(replicates=20)
    assert scores(spec.path) == pytest.approx({"A": 74.0, "B": 52.0, "C": 80.0})
    assert listed(spec.run().coverage) == pytest.approx([1.0, 0.85, 0.4])


def test_everything_but_the_data_has_a_default(tmp_path):
    path = tmp_path / "bare.toml"
    write_index(tmp_path)
    path.write_text(
        '[data]\nfile = "rows.csv"\nunit = "country"\nlevels = ["pillar", "sector"]\nvalue = "value"\n'
    )
    spec = load_index(str(path))
    assert spec.uncertainty == Uncertainty()
    assert spec.name == "bare"
    # Equal weights: A has (1 + 0.6) / 2 and 0.5.
    assert scores(path)["A"] == pytest.approx(65.0)


def test_the_order_of_the_rows_changes_nothing(tmp_path):
    header, *rows = ROWS.splitlines()
    plain = load_index(write_index(tmp_path)).run()
    random.Random(3).shuffle(rows)
    other = load_index(write_index(tmp_path, rows="\n".join([header, *rows]) + "\n")).run()
    assert other.units == plain.units
    assert other.score.tobytes() == plain.score.tobytes()


@pytest.mark.parametrize(
    "weights",
    [
        "weights = { pillar = { People = 3, Money = 1 }, sector = { AI = 0.6, Space = 0.4 } }",
        'weights = { pillar = "pw", sector = { AI = 6, Space = 4 } }',
        "[data.weights.pillar]\nPeople = 3\nMoney = 1\n[data.weights.sector]\nAI = 0.6\nSpace = 0.4",
        "[data.weights.pillar]\nPeople = 9\n[data.weights.pillar.AI]\nMoney = 1\nPeople = 3\n"
        "[data.weights.sector]\nAI = 0.6\nSpace = 0.4",
    ],
)
def test_weights_are_columns_or_tables_of_numbers(tmp_path, weights):
    data = "\n".join(DATA.splitlines()[:-1]) + "\n" + weights
    assert scores(write_index(tmp_path, data=data)) == pytest.approx({"A": 74.0, "B": 52.0, "C": 80.0})


def test_a_weight_on_some_rows_of_a_node_is_enough(tmp_path):
    rows = ROWS.replace("B,People,AI,0.2,3,0.6", "B,People,AI,0.2,,0.6")
    assert scores(write_index(tmp_path, rows=rows))["B"] == pytest.approx(52.0)


def test_a_list_of_aggregations_is_innermost_first(tmp_path):
    found = scores(write_index(tmp_path, method='aggregate = ["geometric", "arithmetic"]'))
    assert found["A"] == pytest.approx(100 * (0.6 * 0.6**0.25 + 0.4 * 0.5))


def test_goalposts_and_targets_are_for_all_or_for_each(tmp_path):
    one = scores(write_index(tmp_path, method='normalise = "goalposts"\ngoalposts = [0, 2]'))
    assert one["A"] == pytest.approx(37.0)
    method = 'normalise = "goalposts"\n[method.goalposts]\nMoney = [0, 0.6]\nPeople = [0, 1]\n'
    each = scores(write_index(tmp_path, method=method))
    assert each["A"] == pytest.approx(100 * (0.6 * 1.0 + 0.4 * 0.5))
    method += "[method.goalposts.Space]\nPeople = [0, 0.5]\n"
    assert scores(write_index(tmp_path, method=method))["A"] == pytest.approx(100.0)
    assert scores(write_index(tmp_path, method='normalise = "distance-to-target"\ntarget = 2'))


def test_directions_are_a_column_or_a_table(tmp_path):
    table = scores(write_index(tmp_path, data=DATA + "direction = { Money = -1 }"))
    assert table["A"] == pytest.approx(100 * (0.6 * (0.75 - 0.15) + 0.2))
    header, *rows = ROWS.splitlines()
    signs = [f"{row},{-1 if 'Money' in row else 1}" for row in rows]
    path = write_index(tmp_path, rows="\n".join([header + ",sign", *signs]), data=DATA + 'direction = "sign"')
    assert scores(path) == table


def test_numbers_that_mean_missing(tmp_path):
    spec = load_index(write_index(tmp_path, data=DATA + "missing_values = [0.8, -99]"))
    assert listed(spec.run().score)[2] is None
    assert listed(spec.run().coverage)[2] == 0.0


def test_a_bloc_is_set_apart(tmp_path):
    result = load_index(write_index(tmp_path, data=DATA + 'apart = ["C"]')).run()
    assert listed(result.rank) == [1, 2, None]
    assert listed(result.score)[2] == pytest.approx(80.0)


def test_values_are_divided_by_a_column(tmp_path):
    header, *rows = ROWS.splitlines()
    by = [f"{row},{2 if row[0] == 'A' else 1}" for row in rows]
    path = write_index(tmp_path, rows="\n".join([header + ",gdp", *by]), data=DATA + 'denominator = "gdp"')
    assert scores(path)["A"] == pytest.approx(37.0)


YEARS = """country,pillar,value,year,w,region
A,x,1,2022,1,north
A,x,9,2020,5,north
B,x,,2022,1,north
B,x,4,2021,5,north
B,x,3,2020,5,north
C,x,7,2023,1,south
D,x,5,2021,1,south
"""
PANEL = 'file = "rows.csv"\nunit = "country"\nlevels = ["pillar"]\nvalue = "value"\nyear = "year"\n'


def test_a_panel_is_an_index_of_one_year_and_earlier_ones_fill_gaps(tmp_path):
    path = write_index(tmp_path, rows=YEARS, data=PANEL + "at = 2022", method='missing = "panel"\nscale = 1')
    # D has no row of 2022 at all; C has none up to 2022, so it is not in that year's index.
    assert scores(path) == {"A": 1.0, "B": 4.0, "D": 5.0}
    dropped = write_index(tmp_path, rows=YEARS, data=PANEL + "at = 2022", method="scale = 1")
    assert scores(dropped) == {"A": 1.0, "B": None, "D": None}
    latest = write_index(tmp_path, rows=YEARS, data=PANEL, method='missing = "panel"\nscale = 1')
    assert scores(latest) == {"A": 1.0, "B": 4.0, "C": 7.0, "D": 5.0}


def test_a_weight_may_change_from_year_to_year_and_the_latest_counts(tmp_path):
    data = PANEL + 'weights = { pillar = "w" }\nat = 2022'
    definition = load_index(write_index(tmp_path, rows=YEARS, data=data)).index.definition
    assert definition.indicators[0].weight == 1.0


def test_units_have_groups_for_imputation(tmp_path):
    data = PANEL + 'at = 2022\nunit_group = "region"'
    path = write_index(tmp_path, rows=YEARS, data=data, method='missing = "group-mean"\nscale = 1')
    assert scores(path) == {"A": 1.0, "B": 1.0, "D": None}


def test_every_setting_of_the_method_and_the_uncertainty_can_be_stated(tmp_path):
    method = """missing = "knn"
neighbours = 2
treat = "winsorise"
most_winsorised = 3
normalise = "percentile-rank"
weighting = ["equal", "given"]
aggregate = ["generalised", "arithmetic"]
power = 0.5
floor = 0.02
scale = 1
screen = { units = 0.1, indicators = 0.2 }"""
    uncertainty = """replicates = 5
weights = "flat"
concentration = 10
normalise = ["minmax", "rank"]
missing = ["drop", "median"]
aggregate = ["arithmetic", ["geometric", "arithmetic"]]
floor = 0.03
interval = 0.9
split_weights = true
seed = 4"""
    spec = load_index(write_index(tmp_path, method=method, uncertainty=uncertainty, top='name = "Test"'))
    assert spec.name == "Test"
    stated = spec.index.method
    assert (stated.missing, stated.neighbours, stated.treat, stated.most_winsorised) == (
        "knn",
        2,
        "winsorise",
        3,
    )
    assert (stated.normalise, stated.weighting) == ("percentile-rank", ("equal", "given"))
    assert (stated.aggregate, stated.power) == (("generalised", "arithmetic"), 0.5)
    assert (stated.floor, stated.scale) == (0.02, 1.0)
    assert (stated.screen_units, stated.screen_indicators) == (0.1, 0.2)
    assert spec.uncertainty == Uncertainty(
        replicates=5,
        weights="flat",
        concentration=10,
        normalise=("minmax", "rank"),
        missing=("drop", "median"),
        aggregate=("arithmetic", ("geometric", "arithmetic")),
        floor=0.03,
        interval=0.9,
        split_weights=True,
        seed=4,
    )


TWICE = ROWS + "A,Money,AI,0.7,1,0.6\n"
ALL_MISSING = ROWS.replace("A,Money,AI,0.6", "A,Money,AI,")


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        # The file itself.
        ({"top": "colour = 1"}, "unknown key 'colour'; the file takes data, method, uncertainty, name"),
        ({"method": 'normalize = "none"'}, r"unknown key 'normalize'; \[method\] takes .*normalise"),
        ({"data": DATA + "when = 1"}, r"unknown key 'when'; \[data\] takes file, unit, levels"),
        ({"uncertainty": "draws = 9"}, r"unknown key 'draws'; \[uncertainty\] takes replicates"),
        (
            {"method": "screen = { rows = 1 }"},
            r"unknown key 'rows'; \[method.screen\] takes units, indicators",
        ),
        ({"data": 'unit = "country"'}, "data.file is not given"),
        ({"data": DATA.replace('value = "value"\n', "")}, "data.value is not given"),
        (
            {"data": DATA.replace('["pillar", "sector"]', '"pillar"')},
            "data.levels is 'pillar': a list of texts",
        ),
        ({"data": DATA.replace('["pillar", "sector"]', "[]")}, "data.levels is '.*': a list of texts"),
        ({"data": DATA.replace('"sector"]', '"pillar"]')}, "data.levels names 'pillar' twice"),
        ({"data": DATA.replace('"country"', "7")}, "data.unit is '7': a text is needed"),
        ({"top": "data = 1", "data": ""}, "not TOML"),
        # Columns.
        (
            {"data": DATA.replace('"country"', '"land"')},
            "data.unit is 'land', which is no column of rows.csv",
        ),
        ({"data": DATA.replace('"pillar",', '"theme",')}, "data.levels is 'theme', which is no column"),
        (
            {"data": DATA.replace('value = "value"', 'value = "score"')},
            "data.value is 'score', which is no column",
        ),
        ({"data": DATA.replace('"pw"', '"weight"')}, "data.weights.pillar is 'weight', which is no column"),
        ({"data": DATA + 'year = "when"'}, "data.year is 'when', which is no column"),
        ({"data": DATA + 'unit_group = "where"'}, "data.unit_group is 'where', which is no column"),
        ({"data": DATA + 'denominator = "gdp"'}, "data.denominator is 'gdp', which is no column"),
        ({"data": DATA.replace("rows.csv", "gone.csv")}, "there is no file .*gone.csv"),
        # Rows.
        ({"rows": ""}, "rows.csv is empty"),
        ({"rows": TWICE}, "rows.csv: 'A' has 'AI / Money' twice, on line 3 and line 9"),
        (
            {"rows": ROWS.replace("1.0,3", "one,3", 1)},
            "rows.csv, line 2: 'value' is 'one', which is no number",
        ),
        (
            {"rows": ROWS.replace("1.0,3", "inf,3", 1)},
            "rows.csv, line 2: 'value' is 'inf', which is not finite",
        ),
        ({"rows": ALL_MISSING}, "no unit has a value of indicator 'AI / Money'"),
        ({"rows": ROWS.replace("A,People,AI", ",People,AI")}, "rows.csv, line 2: 'country' is empty"),
        # Weights.
        (
            {"rows": ROWS.replace(",3,0.6", ",0,0.6").replace(",1,0.6", ",0,0.6")},
            "of pillar in 'AI' sum to 0",
        ),
        ({"rows": ROWS.replace("0.6\n", "0\n").replace("0.4\n", "0\n")}, "of sector in the index sum to 0"),
        (
            {"rows": ROWS.replace(",1,0.4", ",-1,0.4")},
            "the weight of 'Space / People' is -1: weights cannot be",
        ),
        (
            {"rows": ROWS.replace("1.0,3,", "1.0,2,", 1)},
            "the weight of 'AI / People' is 2 on line 2 and 3 on line 5",
        ),
        ({"rows": ROWS.replace(",3,0.6", ",,0.6")}, "'AI / People' has no weight"),
        ({"data": DATA.replace('"pw"', "3")}, "data.weights.pillar is '3': a column or a table of numbers"),
        (
            {"data": DATA.replace('"pw"', "{ People = 1 }")},
            "data.weights.pillar has no entry for 'AI / Money'",
        ),
        (
            {"data": DATA.replace('"pw"', "{ People = 1, Money = 1, Luck = 1 }")},
            "data.weights.pillar names 'Luck', which the data does not have",
        ),
        (
            {"data": DATA.replace('"pw"', '{ People = "much", Money = 1 }')},
            "of 'AI / People' is 'much': a number",
        ),
        (
            {"data": DATA.replace("pillar = ", "theme = ")},
            r"unknown key 'theme'; \[data.weights\] takes pillar, sec",
        ),
        # Values of options.
        (
            {"method": 'normalise = "softmax"'},
            "method.normalise is 'softmax'; it takes none, minmax, zscore, rank",
        ),
        ({"method": 'missing = "guess"'}, "method.missing is 'guess'; it takes drop, zero, median"),
        (
            {"method": 'aggregate = "mode"'},
            "method.aggregate is 'mode'; it takes arithmetic, geometric, harmonic",
        ),
        (
            {"method": 'aggregate = ["arithmetic"]'},
            "aggregate lists 1 methods; give one, or one for each of the 2",
        ),
        ({"method": "scale = true"}, "method.scale is 'True': a number is needed"),
        ({"method": "scale = 0"}, "scale is 0.0; it takes a number above 0"),
        ({"method": "scale = nan"}, "method.scale is nan: a finite number is needed"),
        ({"method": "screen = 1"}, "method.screen is '1': a table is needed"),
        ({"method": "goalposts = 3"}, r"method.goalposts is '3': \[low, high\] is needed"),
        (
            {"method": "goalposts = { Luck = [0, 1] }"},
            "method.goalposts names 'Luck', which the data does not",
        ),
        ({"method": "goalposts = [1, 0]"}, "goalposts of 'AI / Money' are"),
        (
            {"data": DATA + "direction = { Money = 2 }"},
            "data.direction of 'AI / Money' is 2; it takes 1 or -1",
        ),
        ({"data": DATA + 'apart = ["Z"]'}, "no unit 'Z' to set apart"),
        ({"data": DATA + "missing_values = 0"}, "data.missing_values is '0': a list of numbers is needed"),
        ({"uncertainty": "replicates = 1.5"}, "uncertainty.replicates is '1.5': a whole number is needed"),
        ({"uncertainty": "replicates = -1"}, "replicates is -1; it takes a whole number from 0"),
        (
            {"uncertainty": 'weights = "gauss"'},
            "uncertainty.weights is 'gauss'; it takes dirichlet, flat, none",
        ),
        ({"uncertainty": "concentration = 0"}, "concentration is 0.0; it takes a number above 0"),
        (
            {"uncertainty": 'normalise = "rank"'},
            "uncertainty.normalise is 'rank': a list of alternatives is needed",
        ),
        ({"uncertainty": 'aggregate = ["mode"]'}, "uncertainty.aggregate is 'mode'; it takes"),
        ({"uncertainty": "split_weights = 1"}, "uncertainty.split_weights is '1': true or false is needed"),
        # Methods that the data does not suit.
        (
            {"method": 'aggregate = "geometric"', "rows": ROWS.replace("0.2", "-0.2")},
            "'AI / People' of 'B': .*negative",
        ),
        (
            {"method": 'aggregate = "geometric"', "rows": ROWS.replace("0.2", "0")},
            "'AI / People' of 'B': .*state a fl",
        ),
        (
            {"method": 'aggregate = "harmonic"', "rows": ROWS.replace("0.2", "0")},
            "the harmonic mean needs values",
        ),
        ({"method": 'normalise = "goalposts"'}, "'AI / Money' has none: give"),
        ({"method": 'missing = "panel"'}, "name the column of the year"),
        ({"data": DATA + "at = 1999"}, "data.at is 1999, of which there is no row"),
    ],
)
def test_a_malformed_index_is_refused_in_one_line_that_names_what_is_wrong(tmp_path, parts, message):
    path = write_index(tmp_path, **parts)
    with pytest.raises(InputError, match=f"^index.toml: .*{message}") as caught:
        load_index(path).run()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such file"),
        (b"", "the file is empty"),
        (b"\n  \n", "the file is empty"),
        (b"[data\n", "not TOML: "),
        (b"\xff\xfe", "not UTF-8 text"),
        (b"[method]\n", "data.file is not given"),
        (b"data = 1\n", "data is '1': a table is needed"),
    ],
)
def test_a_file_that_is_no_index_is_refused_by_name(tmp_path, content, message):
    path = tmp_path / "index.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=f"^index.toml: {message}"):
        load_index(path)


def test_a_folder_is_no_index(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        load_index(tmp_path)


def test_one_unit_has_a_score_where_the_scale_is_absolute(tmp_path):
    rows = "\n".join(ROWS.splitlines()[:4])
    assert scores(write_index(tmp_path, rows=rows)) == pytest.approx({"A": 74.0})
    with pytest.raises(InputError, match="which compares units, and there is one unit to rank"):
        scores(write_index(tmp_path, rows=rows, method='normalise = "minmax"'))


def test_hostile_names_stay_on_one_line(tmp_path):
    rows = ROWS.replace("A,Money", '"A\nB\x1b[31m",Money') + '"A\nB\x1b[31m",Money,AI,1,1,0.6\n'
    with pytest.raises(InputError, match="twice") as caught:
        load_index(write_index(tmp_path, rows=rows))
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)

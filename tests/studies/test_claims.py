"""Claims on results written by hand: every check, every verdict, everything that may be wrong with a file."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import handmade

from primacy.errors import InputError, NotThereError
from primacy.inference.claim import all_of, of_interval, of_probability
from primacy.studies.claims import check_claims, load_claims
from primacy.studies.claims.checks import _seats
from primacy.studies.claims.file import Seats
from primacy.studies.tables import STUDY_TABLES, result_table


def tables(**rows):
    """A function that hands out result tables made of rows, each a column: value mapping."""
    owner = {t: s for s, declared in STUDY_TABLES.items() for t in declared}
    made = {name: handmade.table(owner[name], name, r) for name, r in rows.items()}
    return made.get


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def checked(tmp_path, body, *, simulated=False, **rows):
    text = f'[[claims]]\nid = "one"\ntext = "so it is"\n{body}'
    (row,) = check_claims(load_claims(file(tmp_path, text)), tables(**rows), simulated=simulated).to_pylist()
    return row


SHARE = {
    "technology": "t",
    "unit_kind": "country",
    "unit": "CN",
    "window": "2020-2024",
    "share": 0.48,
    "low": 0.44,
    "high": 0.52,
    "h_index": 30,
    "h_low": 25,
    "h_high": 35,
    "papers": 100.0,
}


# ---------------------------------------------------------------------------- each check, by hand


@pytest.mark.parametrize(
    ("keys", "verdict"),
    [
        ("equals = 0.48\ntolerance = 0.05", "confirmed"),
        ("equals = 0.48\ntolerance = 0.04", "confirmed"),  # the ends may touch
        ("equals = 0.48\ntolerance = 0.03", "cannot be said"),
        ("equals = 0.60\ntolerance = 0.05", "contradicted"),
        ("equals = 0.55\ntolerance = 0.05", "cannot be said"),
        ("at_least = 0.44", "confirmed"),
        ("at_least = 0.5", "cannot be said"),
        ("at_least = 0.53", "contradicted"),
        ("at_most = 0.52", "confirmed"),
        ("at_most = 0.43", "contradicted"),
        ("at_least = 0.4\nat_most = 0.6", "confirmed"),
        ("at_least = 0.45\nat_most = 0.6", "cannot be said"),
    ],
)
def test_a_number_with_an_interval(tmp_path, keys, verdict):
    body = f'check = "value"\ntable = "shares"\nwhere = {{ unit = "CN" }}\ncolumn = "share"\n{keys}'
    row = checked(tmp_path, body, shares=[SHARE, SHARE | {"unit": "US"}])
    assert row["verdict"] == verdict
    assert (row["value"], row["low"], row["high"]) == (0.48, 0.44, 0.52)
    assert row["says"] == "share is 48 % (44 % to 52 %)"
    assert row["needs"] == "the result table shares: `primacy pull openalex`, `match`, `run research`"


def test_a_number_without_an_interval_decides_itself_and_that_is_said(tmp_path):
    body = 'check = "value"\ntable = "shares"\ncolumn = "papers"\nat_least = 99'
    row = checked(tmp_path, body, shares=[SHARE])
    assert (row["verdict"], row["low"]) == ("confirmed", None)
    assert row["says"] == "papers is 100; no interval is known, so the number itself decides"


def test_an_interval_may_be_named(tmp_path):
    body = (
        'check = "value"\ntable = "shares"\ncolumn = "h_index"\ninterval = ["h_low", "h_high"]\nat_least = 26'
    )
    row = checked(tmp_path, body, shares=[SHARE])
    assert (row["verdict"], row["low"], row["high"]) == ("cannot be said", 25, 35)


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [
        ((0.06, 0.05, 0.07), (0.48, 0.46, 0.50), "confirmed"),
        ((0.06, 0.05, 0.07), (0.60, 0.55, 0.65), "contradicted"),
        ((0.06, 0.00, 0.20), (0.48, 0.46, 0.50), "cannot be said"),
        ((0.06, 0.00, 0.20), (0.60, 0.55, 0.65), "contradicted"),
    ],
)
def test_a_change_holds_at_both_ends(tmp_path, first, last, verdict):
    body = (
        'check = "change"\ntable = "overall"\nwhere = { unit = "CN" }\ncolumn = "share"\n'
        'start = "2005-2005"\nend = "2024-2024"\nequals = [0.06, 0.48]\ntolerance = 0.05'
    )
    overall = [
        {"window": w, "unit": "CN", "unit_kind": "country", "share": s, "low": low, "high": high}
        for w, (s, low, high) in (("2005-2005", first), ("2024-2024", last))
    ]
    row = checked(tmp_path, body, overall=overall)
    assert row["verdict"] == verdict
    assert row["value"] == last[0]
    assert "2005-2005: share is 6 %" in row["says"]


LEAD = {
    "technology": "t",
    "window": "w",
    "leader": "US",
    "probability": 0.97,
    "verdict": "leads",
    "papers": 500,
}


@pytest.mark.parametrize(
    ("claimed", "lead", "verdict"),
    [
        ("US", {}, "confirmed"),
        ("US", {"probability": 0.9, "verdict": "ahead, contestable"}, "cannot be said"),
        ("CN", {}, "contradicted"),
        ("CN", {"probability": 0.9, "verdict": "ahead, contestable"}, "cannot be said"),
        ("US", {"probability": 0.04, "verdict": "contested"}, "contradicted"),
        ("US", {"verdict": "too few papers"}, "cannot be said"),
        ("US", {"probability": None, "verdict": "contested"}, "cannot be said"),
    ],
)
def test_who_leads(tmp_path, claimed, lead, verdict):
    body = f'check = "leader"\nwhere = {{ technology = "t", window = "w" }}\nleader = "{claimed}"'
    assert checked(tmp_path, body, leads=[LEAD | lead])["verdict"] == verdict


def test_what_a_verdict_speaks_of_is_said_with_it(tmp_path):
    row = checked(
        tmp_path,
        'check = "leader"\ntable = "assessment"\nwhere = { technology = "t" }\nleader = "US"',
        assessment=[
            {
                "technology": "t",
                "kind": "technology",
                "leader": "US",
                "probability": 0.97,
                "verdict": "leads",
                "speaks_of": "research",
            }
        ],
    )
    assert row["says"] == "US is first, leads (probability 0.97); this speaks of research"


@pytest.mark.parametrize(
    ("count", "tolerance", "verdict"),
    # CN surely 1, possibly 3 of 4: one that US surely leads is out, one is close, one has too few papers.
    [(1, 0, "cannot be said"), (2, 1, "confirmed"), (4, 0, "contradicted"), (0, 0, "contradicted")],
)
def test_how_many_technologies_are_led(tmp_path, count, tolerance, verdict):
    leads = [
        LEAD | {"technology": "a", "leader": "CN"},
        LEAD | {"technology": "b"},
        LEAD | {"technology": "c", "probability": 0.6, "verdict": "contested"},
        LEAD | {"technology": "d", "leader": "CN", "probability": 0.99, "verdict": "too few papers"},
    ]
    body = f'check = "technologies-led"\nleader = "CN"\ncount = {count}\ntolerance = {tolerance}\nof = 4\nwindow = "w"'
    row = checked(tmp_path, body, leads=leads)
    assert row["verdict"] == verdict
    assert (row["value"], row["low"], row["high"]) == (2, 1, 3)
    assert row["says"] == "CN is first in 2 of 4; surely in 1, possibly in 3"


def test_a_count_of_other_technologies_cannot_be_compared(tmp_path):
    body = 'check = "technologies-led"\nleader = "US"\ncount = 1\nof = 74\nwindow = "w"'
    row = checked(tmp_path, body, leads=[LEAD])
    assert row["verdict"] == "cannot be said"
    assert row["reason"] == "the results hold 1 technologies in w, the claim is about 74"


def institution(unit, country, rank, low, high, year=2024):
    return {
        "basket": "b",
        "year": year,
        "unit_kind": "institution",
        "unit": unit,
        "country": country,
        "subject": "all",
        "rank": rank,
        "rank_low": low,
        "rank_high": high,
    }


RANKED = [
    institution("I1", "CN", 1, 1, 1),
    institution("I2", "US", 2, 2, 2),
    institution("I3", "CN", 3, 3, 4),
    institution("I4", "DE", 4, 3, 5),
    institution("I5", "CN", 5, 4, 5),
    institution("I9", "US", 1, 1, 1, year=2023),
]


@pytest.mark.parametrize(
    ("count", "verdict"), [(2, "cannot be said"), (1, "cannot be said"), (3, "contradicted")]
)
def test_seats_among_the_first(tmp_path, count, verdict):
    # Of the first three I1 and I2 are sure; the third is I3 or I4.
    body = f'check = "seats"\nnewest = "year"\ncountry = "CN"\ntop = 3\ncount = {count}'
    row = checked(tmp_path, body, basket=RANKED)
    assert row["verdict"] == verdict
    assert (row["value"], row["low"], row["high"]) == (2, 1, 2)
    assert row["says"] == "2 of the first 3 of 2024 are in CN; surely 1, possibly 2"


def test_seats_that_are_certain_confirm(tmp_path):
    body = 'check = "seats"\nnewest = "year"\ncountry = "US"\ntop = 2\ncount = 1'
    assert checked(tmp_path, body, basket=RANKED)["verdict"] == "confirmed"
    few = 'check = "seats"\nnewest = "year"\ncountry = "US"\ncount = 9'
    assert checked(tmp_path, few, basket=RANKED)["reason"] == (
        "basket ranks 5 institutions, the claim is about the first 10"
    )


@pytest.mark.parametrize(
    ("found", "year", "verdict"),
    [
        ({"status": "crossed", "year": 2017, "low": 2016, "high": 2018}, 2017, "cannot be said"),
        ({"status": "crossed", "year": 2017, "low": 2017, "high": 2017}, 2017, "confirmed"),
        ({"status": "crossed", "year": 2017, "low": 2016, "high": 2018}, 2020, "contradicted"),
        ({"status": "crossed", "year": 2017, "low": 2016, "high": None}, 2017, "cannot be said"),
        ({"status": "not yet"}, 2017, "contradicted"),
        ({"status": "always"}, 2017, "contradicted"),
    ],
)
def test_the_year_of_a_crossing(tmp_path, found, year, verdict):
    body = f'check = "crossing"\nwhere = {{ technology = "t" }}\novertaker = "CN"\novertaken = "US"\nyear = {year}'
    row = checked(
        tmp_path, body, crossings=[{"technology": "t", "overtaker": "CN", "overtaken": "US"} | found]
    )
    assert row["verdict"] == verdict


@pytest.mark.parametrize(
    ("band", "year", "verdict"),
    [
        ({"low": "2025-04", "high": "2025-09", "overtaken_in": 12}, 2025, "confirmed"),
        ({"low": "2024-12", "high": "2025-09", "overtaken_in": 12}, 2025, "cannot be said"),
        ({"low": "2024-04", "high": "2024-09", "overtaken_in": 12}, 2025, "contradicted"),
        # Not by every way to measure: then it cannot be said, and by none it did not happen.
        ({"low": "2025-04", "high": "2025-09", "overtaken_in": 11}, 2025, "cannot be said"),
        ({"low": None, "high": None, "overtaken_in": 0}, 2025, "contradicted"),
    ],
)
def test_the_year_of_an_overtaking_by_every_way_to_measure(tmp_path, band, year, verdict):
    body = (
        'check = "crossing"\ntable = "overtaking_bands"\nwhere = { basis = "creation" }\n'
        f'overtaker = "china"\novertaken = "us"\nyear = {year}'
    )
    row = {"basis": "creation", "measure": "m", "methods": 12, "overtaker": "china", "overtaken": "us"} | band
    assert checked(tmp_path, body, overtaking_bands=[row])["verdict"] == verdict


@pytest.mark.parametrize(
    ("china", "verdict"), [(20, "confirmed"), (19, "confirmed"), (10, "cannot be said"), (1, "contradicted")]
)
def test_what_holds_by_every_way_to_measure(tmp_path, china, verdict):
    rows = [
        {"population": str(i), "measure": "m", "by": "publisher", "denominator": "all", "leader": leader}
        for i, leader in enumerate(["china"] * china + ["us"] * (20 - china))
    ]
    body = (
        'check = "always"\ntable = "attribution"\nwhere = { denominator = "all" }\n'
        'column = "leader"\nequals = "china"'
    )
    row = checked(tmp_path, body, attribution=rows)
    assert (row["verdict"], row["value"]) == (verdict, china / 20)


# ---------------------------------------------------------------------------- what cannot be said


def test_a_table_that_is_not_there_is_named_with_its_command(tmp_path):
    row = checked(tmp_path, 'check = "leader"\nwhere = { technology = "t" }\nleader = "CN"')
    assert (row["verdict"], row["says"], row["value"]) == ("cannot be said", None, None)
    assert (
        row["reason"] == "no result table leads: `primacy run research` makes it where the lake has its data"
    )


def test_no_row_and_several_rows_are_said(tmp_path):
    body = 'check = "value"\ntable = "shares"\nwhere = { technology = "x" }\ncolumn = "share"\nat_least = 0.1'
    assert checked(tmp_path, body, shares=[SHARE])["reason"] == "shares has no row with technology = x"
    body = 'check = "value"\ntable = "shares"\ncolumn = "share"\nat_least = 0.1'
    row = checked(tmp_path, body, shares=[SHARE, SHARE | {"unit": "US"}])
    assert row["reason"] == "2 rows of shares fit; narrow `where` down to one"


def test_what_could_never_be_settled_says_so_whatever_the_results_say(tmp_path):
    body = (
        'check = "leader"\nwhere = { technology = "t" }\nleader = "US"\n'
        'never = "papers build no factory"\nneeds = "production by country"'
    )
    row = checked(tmp_path, body, leads=[LEAD])
    assert row["verdict"] == "cannot be said"
    assert row["says"] == "US is first, leads (probability 0.97)"
    assert row["reason"] == "these data cannot settle it: papers build no factory"
    assert row["needs"] == "production by country"


def test_a_simulated_world_is_marked_on_every_row(tmp_path):
    body = 'check = "leader"\nwhere = { technology = "t" }\nleader = "US"'
    assert checked(tmp_path, body, leads=[LEAD], simulated=True)["simulated"] is True
    assert checked(tmp_path, body, leads=[LEAD])["simulated"] is False


# ---------------------------------------------------------------------------- files


def test_rows_have_the_declared_columns_in_the_files_order():
    found = check_claims(load_claims(), tables())
    assert found.schema.equals(result_table("claims").arrow)
    assert found["claim"].to_pylist() == [c.id for c in load_claims().claims]
    assert set(found["verdict"].to_pylist()) == {"cannot be said"}


def test_the_article_has_every_figure_and_says_where_each_is_from():
    claims = load_claims()
    text = " ".join(c.text for c in claims.claims)
    figures = (
        "66 of 74", "8 of 74", "6 per cent", "48 per cent", "43 per cent", "9 per cent", "Nine of the ten",
        "semiconductors", "synthetic biology", "quantum computing", "batteries", "5G", "drones", "overtaken",
        "electricity", "energy",
    )  # fmt: skip
    assert [f for f in figures if f not in text] == []
    for claim in claims.claims:
        assert (claim.source or claims.source).startswith("https://"), claim.id
        assert claim.never is None or claim.needs, claim.id


def test_the_page_shows_a_file_that_works(tmp_path):
    page = (Path(__file__).resolve().parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
    block = page.split("```toml\n")[1].split("```")[0]
    claims = load_claims(file(tmp_path, block))
    share = SHARE | {"technology": "electric-batteries", "share": 0.6, "low": 0.55, "high": 0.65}
    lead = LEAD | {"technology": "quantum-computing", "window": "2020-2024"}
    found = check_claims(claims, tables(shares=[share], leads=[lead])).to_pylist()
    assert [(r["claim"], r["verdict"]) for r in found] == [
        ("batteries-china", "confirmed"),
        ("quantum-us", "confirmed"),
        ("factories", "cannot be said"),
    ]
    assert found[0]["source"] == "https://example.org/story"
    assert found[1]["source"] == "https://example.org/another"


def test_the_page_explains_every_check_and_every_key_of_a_row():
    page = (Path(__file__).resolve().parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
    for column in result_table("claims").columns:
        assert f"`{column.name}`" in page, column.name
    for check in ("value", "change", "leader", "technologies-led", "seats", "crossing", "always"):
        assert f"| `{check}` |" in page


GOOD = '[[claims]]\nid = "a"\ntext = "t"\ncheck = "leader"\nwhere = { technology = "t" }\nleader = "US"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "claims: a claims file has at least one [[claims]]"),
        ("claims = 3", "claims: a claims file has at least one [[claims]]"),
        ("claims = [3]", "claim 1: write it as a section, [[claims]]"),
        ("[[claims", "not valid TOML"),
        (GOOD.replace('id = "a"', 'id = "A b"'), "claim 'A b': id: String should match pattern"),
        (GOOD.replace('text = "t"\n', ""), "claim 'a': text: Field required"),
        (
            GOOD.replace('check = "leader"', 'check = "guess"'),
            "claim 'a': check: takes always, change, crossing, ",
        ),
        (GOOD.replace('check = "leader"\n', ""), "claim 'a': check: takes always, change, crossing, "),
        ('[[claims]]\nid = "a"\ntext = "t"', "claim 'a': state a check, or with never why these data cannot"),
        ('[[claims]]\nid = "a"\ntext = "t"\nnever = "x"', "claim 'a': never needs beside it needs"),
        (GOOD + GOOD, "claim 'a': is there twice"),
        (GOOD + "colour = 1\n", "claim 'a': colour: Extra inputs are not permitted"),
        (
            GOOD.replace("technology =", "techology ="),
            "claim 'a': table leads has no column 'techology'; it has tech",
        ),
        (GOOD + 'table = "lead"\n', "claim 'a': no result table 'lead'; there are adoption, "),
        (GOOD + 'table = "shares"\n', "claim 'a': table shares has no column 'leader'"),
        ("colour = 1\n" + GOOD, "colour: Extra inputs are not permitted"),
        (
            '[[claims]]\nid = "a"\ntext = "t"\ncheck = "value"\ntable = "shares"\ncolumn = "share"\n',
            "claim 'a': state equals with tolerance, or at_least, at_most or both",
        ),
        (
            '[[claims]]\nid = "a"\ntext = "t"\ncheck = "value"\ntable = "shares"\ncolumn = "share"\nequals = 1.0\n',
            "claim 'a': equals and tolerance go together",
        ),
        (
            '[[claims]]\nid = "a"\ntext = "t"\ncheck = "value"\ntable = "shares"\ncolumn = "share"\nequals = "x"\n',
            "claim 'a': equals: Input should be a valid number",
        ),
        (
            '[[claims]]\nid = "a"\ntext = "t"\ncheck = "technologies-led"\nleader = "US"\ncount = -1\nof = 2\n'
            'window = "w"\n',
            "claim 'a': count: Input should be greater than or equal to 0",
        ),
    ],
)
def test_what_is_wrong_is_named_with_file_claim_and_field(tmp_path, text, message):
    with pytest.raises(InputError) as caught:
        load_claims(file(tmp_path, text))
    assert str(caught.value).startswith(f"{tmp_path / 'mine.toml'}: {message}")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_and_one_that_is_no_text(tmp_path):
    with pytest.raises(NotThereError, match="no claims file there"):
        load_claims(tmp_path / "gone.toml")
    with pytest.raises(NotThereError, match="no claims file there"):
        load_claims(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="cannot be read"):
        load_claims(tmp_path / "bytes.toml")


# ---------------------------------------------------------------------------- properties


NUMBERS = st.floats(-10, 10, allow_nan=False)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
@settings(max_examples=200)
def test_a_verdict_on_an_interval_is_what_every_number_in_it_says(a, b, c, d):
    (low, high), (least, most) = sorted((a, b)), sorted((c, d))
    inside = [least <= low + (high - low) * k / 50 <= most for k in range(51)]
    found = of_interval(low, high, least=least, most=most)
    if found == "confirmed":
        assert all(inside) or min(abs(low - least), abs(high - most)) < 1e-8
    elif found == "contradicted":
        assert not any(inside)
    else:
        assert not all(inside)
    # A wider interval never turns what cannot be said into a verdict.
    wider = of_interval(low - 1, high + 1, least=least, most=most)
    assert wider in (found, "cannot be said")


def test_what_is_not_known_is_not_judged():
    assert of_interval(math.nan, 1.0, least=0, most=1) == "cannot be said"
    assert of_probability(math.nan) == "cannot be said"
    assert all_of(["confirmed", "confirmed"]) == "confirmed"


@given(st.data())
@settings(max_examples=60)
def test_the_bounds_of_seats_hold_for_every_order_that_the_intervals_allow(data):
    size = data.draw(st.integers(2, 5))
    top = data.draw(st.integers(1, size))
    true = data.draw(st.permutations(range(1, size + 1)))
    rows = []
    for unit, rank in enumerate(true):
        low = data.draw(st.integers(1, rank))
        high = data.draw(st.integers(rank, size))
        country = data.draw(st.sampled_from(["CN", "US"]))
        rows.append(institution(f"I{unit}", country, rank, low, high))
    check = Seats(check="seats", country="CN", top=top, count=0)
    least, most = _seats(rows, check)
    for order in itertools.permutations(range(1, size + 1)):
        if all(r["rank_low"] <= rank <= r["rank_high"] for r, rank in zip(rows, order, strict=True)):
            seats = sum(r["country"] == "CN" and rank <= top for r, rank in zip(rows, order, strict=True))
            assert least <= seats <= most


def test_tables_are_handed_out_as_arrow():
    assert isinstance(tables(leads=[LEAD])("leads"), pa.Table)

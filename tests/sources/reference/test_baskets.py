from __future__ import annotations

import csv

import pytest

from primacy.errors import InputError, NotThereError
from primacy.sources.reference.attribution import Override, epochs, read_overrides, shipped_overrides
from primacy.sources.reference.baskets import load_basket, read_basket, shipped_baskets
from primacy.sources.reference.issn import parse_issn


def check_digit(issn):
    """The ISO 3297 rule, stated once more."""
    digits = [10 if c == "X" else int(c) for c in issn.replace("-", "")]
    return sum(d * w for d, w in zip(digits, range(8, 0, -1), strict=True)) % 11 == 0


def write(tmp_path, text, name="mine.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_lists_are_whole_and_every_check_digit_holds():
    found = shipped_baskets()
    assert {b: len(found[b].venues) for b in found} == {
        "nature-index-82": 82,
        "nature-index-145": 145,
        "nature-index-178": 178,
    }
    for basket in found.values():
        issns = [i for v in basket.venues for i in v.issns]
        assert len(issns) == len(set(issns))
        assert all(check_digit(i) for i in issns)
        assert all(v.subjects for v in basket.venues)
        assert basket.source.startswith("https://")
    names = {b: {v.name for v in found[b].venues} for b in found}
    assert names["nature-index-82"] - names["nature-index-145"] == {"eLife"}
    assert len(names["nature-index-145"] - names["nature-index-82"]) == 64
    assert names["nature-index-145"] < names["nature-index-178"]


def test_the_shipped_lists_are_those_of_the_reference(shared):
    with (shared / "facts" / "nature_index_journals.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for size, column in ((82, "in_82_2018_2022"), (145, "in_145_2023_2025"), (178, "in_178_2026")):
        wanted = {
            (r["name"], frozenset(filter(None, (r["issn_print"], r["issn_online"]))))
            for r in rows
            if r[column] == "1"
        }
        venues = shipped_baskets()[f"nature-index-{size}"].venues
        assert {(v.name, frozenset(v.issns)) for v in venues} == wanted


@pytest.mark.parametrize("text", ["0028-0836", "00280836", " 0028–0836 "])
def test_an_issn_may_be_written_in_several_ways(text):
    assert parse_issn(text) == "0028-0836"


def test_every_wrong_last_digit_is_refused():
    for last in "0123456789X":
        if last != "6":
            with pytest.raises(ValueError, match="0028-083 ends in 6"):
                parse_issn(f"0028-083{last}")


def test_a_basket_of_ones_own(tmp_path):
    path = write(
        tmp_path,
        "\ufeffname,issn_print,issn_online,note\nNature,0028-0836,1476-4687,x\nACS Nano,,1936-086x,\n",
    )
    basket = read_basket(path)
    assert (basket.id, [(v.name, v.issns) for v in basket.venues], basket.notes) == (
        "mine",
        [("Nature", ("0028-0836", "1476-4687")), ("ACS Nano", ("1936-086X",))],
        (),
    )
    other = read_basket(write(tmp_path, "name,issn_print,issn_online\nNature,0028-0836,\n", "b.csv"))
    assert other.version != basket.version


def test_an_issn_that_stands_twice_belongs_to_the_first_and_is_reported_by_name(tmp_path):
    path = write(
        tmp_path,
        "name,issn_print,issn_online\n"
        "Nature,0028-0836,1476-4687\nNature,0028-0836,1476-4687\nACS Nano,1476-4687,1936-086X\n",
    )
    basket = read_basket(path)
    assert [(v.name, v.issns) for v in basket.venues] == [
        ("Nature", ("0028-0836", "1476-4687")),
        ("ACS Nano", ("1936-086X",)),
    ]
    assert basket.notes == (
        "line 3, Nature: ISSN 0028-0836 already belongs to Nature",
        "line 3, Nature: ISSN 1476-4687 already belongs to Nature",
        "line 4, ACS Nano: ISSN 1476-4687 already belongs to Nature",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name,issn_print,issn_online\nNature,0028-0837,\n", "line 2, Nature: ISSN 0028-0837 has a wrong"),
        ("name,issn_print,issn_online\nNature,28-836,\n", "line 2, Nature: '28-836' is no ISSN"),
        ("name,issn_print,issn_online\nNature,,\n", "line 2, Nature: a venue has a name and at least one"),
        ("name,issn_print,issn_online\n,0028-0836,\n", "line 2, no name: a venue has a name"),
        ("name,issn_print\nNature,0028-0836\n", "column 'issn_online' is missing"),
        ("", "column 'name' is missing"),
        ("name,issn_print,issn_online\n", "no venue in it"),
        ("name,issn_print,issn_online\nNature,0028-0836,,,\n", "line 2 has more fields"),
        ('name,issn_print,issn_online\n"Nature,0028-0836,\n', "is not CSV"),
    ],
)
def test_a_basket_that_is_wrong_is_refused_with_file_and_line(tmp_path, text, reason):
    with pytest.raises(InputError, match=reason) as caught:
        read_basket(write(tmp_path, text))
    assert "mine.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_basket_may_be_a_query(tmp_path):
    path = write(tmp_path, 'title = "Physics"\nnames = "physic*"\nkinds = ["journal"]\n', "q.toml")
    basket = read_basket(path)
    assert (basket.id, basket.title, basket.query.names, basket.query.kinds) == (
        "q",
        "Physics",
        "physic*",
        ("journal",),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("names = 3", "names 3: takes a text"),
        ('title = "x"', "has 'names' or 'publishers'"),
        ('names = "x"\nkind = "journal"', "unknown key 'kind'"),
        ('names = "x"\nkinds = ["paper"]', "takes a list of journal"),
        ("names = [", "not valid TOML"),
    ],
)
def test_a_query_that_is_wrong_is_refused(tmp_path, text, reason):
    with pytest.raises(InputError, match=reason):
        read_basket(write(tmp_path, text, "q.toml"))


def test_an_unknown_basket_is_refused_with_those_that_there_are(tmp_path):
    for name in ("nature-index-99", str(tmp_path / "none.csv"), str(tmp_path)):
        with pytest.raises(NotThereError, match="there are nature-index-82, nature-index-145"):
            load_basket(name)


# ---------------------------------------------------------------------------- attribution


HEADER = "institution,rule,unit,part,first,last,reason\n"


def test_overrides_are_read_with_their_years(tmp_path):
    path = write(tmp_path, HEADER + "I1,own,,,2018,,\nI2,partner,I3,0.5,,2019,\nI2,partner,I4,0.5,,2019,\n")
    rows = read_overrides(path)
    assert rows[0] == Override(1, "own", first=2018)
    assert [(a, b, len(held)) for a, b, held in epochs(rows, [2017, 2020])] == [
        (2017, 2017, 2),
        (2018, 2019, 3),
        (2020, 2020, 1),
    ]
    assert epochs([], []) == []


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("I1,owns,,,,,", "line 2: rule 'owns': takes own, passes, partner"),
        ("1,own,,,,,", "'1' is no institution"),
        ("I1,own,I2,,,,", "unit 'I2': stands with the rule partner"),
        ("I1,partner,,1,,,", "unit '': stands with the rule partner"),
        ("I1,partner,I1,1,,,", "its own partner"),
        ("I1,partner,I2,0,,,", "part '0': takes a number above 0"),
        ("I1,own,,,18,,", "'18' is no year"),
        ("I1,own,,,2020,2019,", "first 2020 is after last 2019"),
        ("I1,partner,I2,0.5,,,", "the parts of its partners sum to 0.5"),
        ("I1,own,,,,,\nI1,passes,,,2020,,", "I1, 2020: more than one rule"),
        ("I1,partner,I2,0.5,,,\nI1,partner,I2,0.5,,,", "a partner stands twice"),
        ("I1,partner,I2,1,,,\nI2,partner,I3,1,,,", "a partner is itself a joint body"),
    ],
)
def test_overrides_that_cannot_be_are_refused(tmp_path, lines, reason):
    with pytest.raises(InputError, match=reason):
        read_overrides(write(tmp_path, HEADER + lines + "\n"))


def test_rules_may_follow_each_other(tmp_path):
    path = write(tmp_path, HEADER + "I1,own,,,,2019,\nI1,passes,,,2020,,\n")
    assert len(read_overrides(path)) == 2
    assert len(shipped_overrides()) == 8

"""`primacy basket`, from files of OpenAlex records to rows."""

from __future__ import annotations

import gzip
import json

import pytest

from primacy.cli import main
from primacy.sources.reference.baskets import shipped_baskets
from tests.oracles import basket as oracle


def workspace_of(directory, source):
    assert main(["init", str(directory)]) == 0
    assert main(["--workspace", str(directory), "--quiet", "pull", "openalex", str(source)]) == 0
    return directory


@pytest.fixture(scope="module")
def sample(shared, tmp_path_factory):
    """A workspace with the real sample, and its records."""
    source = shared / "data" / "openalex"
    directory = workspace_of(tmp_path_factory.mktemp("basket") / "w", source)
    newest = {}
    for file in sorted((source / "data" / "works").glob("*/*.gz")):
        for line in gzip.decompress(file.read_bytes()).decode("utf-8").split("\n")[:-1]:
            record = json.loads(line)
            key = record["id"]
            if key not in newest or record["updated_date"] >= newest[key]["updated_date"]:
                newest[key] = record
    return directory, list(newest.values())


@pytest.fixture
def run(capsys):
    def run(directory, *arguments):
        capsys.readouterr()
        code = main(["--workspace", str(directory), *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.mark.parametrize(
    ("basket", "year", "by", "split"),
    [
        ("nature-index-178", 2020, "institution", "institution"),
        ("nature-index-145", 2020, "country", "affiliation"),
        ("nature-index-82", 2019, "country", "institution"),
    ],
)
def test_the_real_sample_equals_the_oracle(sample, run, basket, year, by, split):
    directory, records = sample
    issns = {i for v in shipped_baskets()[basket].venues for i in v.issns}
    options = ["--basket", basket, "--year", str(year), "--by", by, "--split", split, "--replicates", "0"]
    code, out, _ = run(directory, "basket", *options, "--format", "json")
    assert code == 0
    rows = {r["unit"]: r for r in json.loads(out)}
    wanted = oracle.table(records, issns, year, by, split)
    assert set(rows) == set(wanted)
    for unit, row in wanted.items():
        for key, value in row.items():
            assert rows[unit][key] == pytest.approx(value, abs=1e-9), (unit, key)
    articles = sum(oracle.is_article(r, issns) and r["publication_year"] == year for r in records)
    assert articles > 5
    assert sum(r["share"] for r in rows.values()) == pytest.approx(articles, abs=1e-9)
    assert {(r["basket"], r["year"], r["unit_kind"]) for r in rows.values()} == {(basket, year, by)}


def test_the_shipped_baskets_resolve_with_a_report(sample, run):
    directory, _ = sample
    for name, basket in shipped_baskets().items():
        code, out, err = run(directory, "basket", "venues", "--basket", name, "--format", "json")
        assert (code, err) == (0, "")
        rows = json.loads(out)
        assert [r["venue"] for r in rows] == [v.name for v in basket.venues]
        assert {r["status"] for r in rows} <= {"found", "not found", "ambiguous"}
        by_name = {r["venue"]: r for r in rows}
        assert by_name["Nature"]["status"] == "found"
        assert by_name["Nature"]["sources"] == ["S137773608"]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A workspace with three works: one of them with a host_venue only, one of a journal outside the basket."""
    root = tmp_path_factory.mktemp("small")
    venue = {"id": "https://openalex.org/V9", "display_name": "Nature", "issn_l": "0028-0836", "issn": None}
    source = {"id": "https://openalex.org/S8", "display_name": "ACS Nano", "issn": ["1936-086x", "1936-0851"]}
    author = {"institutions": [{"id": "https://openalex.org/I1", "display_name": "A", "country_code": "HK"}]}
    works = [
        {"id": "https://openalex.org/W1", "host_venue": venue, "type": "journal-article"},
        {"id": "https://openalex.org/W2", "primary_location": {"source": source}, "type": "article"},
        {"id": "https://openalex.org/W3", "primary_location": {"source": None}, "type": "article"},
    ]
    lines = [
        {**w, "title": "Of things", "publication_year": 2023, "cited_by_count": 0, "authorships": [author]}
        for w in works
    ]
    file = root / "works.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return workspace_of(root / "w", file)


def basket_file(tmp_path, *lines):
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(["name,issn_print,issn_online", *lines, ""]), encoding="utf-8")
    return path


def test_a_basket_of_ones_own_finds_old_and_new_records(small, run, tmp_path):
    path = basket_file(tmp_path, "Nature,0028-0836,1476-4687", "Nano,,1936-086X", "Cell,0092-8674,")
    code, out, err = run(small, "basket", "--basket", str(path), "--year", "2023", "--format", "json")
    assert code == 0
    rows = json.loads(out)
    assert [(r["unit"], r["name"], r["country"], r["count"], r["share"]) for r in rows] == [
        ("I1", "A", "CN", 2, 2.0),
        ("unassigned", None, None, 0, 0.0),
    ]
    assert "Cell (0092-8674)" in err


def test_what_is_wrong_with_a_basket_is_said_by_name(small, run, tmp_path):
    twice = basket_file(tmp_path, "Nature,0028-0836,1476-4687", "Nature again,0028-0836,")
    code, out, err = run(small, "basket", "--basket", str(twice), "--year", "2023", "--format", "json")
    assert (code, json.loads(out)[0]["count"]) == (0, 1)
    assert "line 3, Nature again: ISSN 0028-0836 already belongs to Nature" in err
    wrong = basket_file(tmp_path, "Nature,0028-0837,")
    code, out, err = run(small, "basket", "--basket", str(wrong), "--year", "2023")
    assert (code, out) == (1, "")
    assert "line 2, Nature: ISSN 0028-0837 has a wrong check digit" in err


def test_a_query_over_sources_is_a_basket(small, run, tmp_path):
    path = tmp_path / "nano.toml"
    path.write_text('names = "nano"\nkinds = ["journal", "other"]\n', encoding="utf-8")
    code, out, _ = run(small, "basket", "--basket", str(path), "--year", "2023", "--format", "json")
    assert (code, json.loads(out)[0]["unit"]) == (0, "unassigned")  # the sample's source states no type
    path.write_text('names = "nano NEAR"\n', encoding="utf-8")
    code, out, err = run(small, "basket", "--basket", str(path), "--year", "2023")
    assert (code, out) == (1, "")
    assert "NEAR" in err


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["--by", "country"], 2, "--year: name the publication year"),
        (["--year", "2023", "--ending", "2023-06"], 2, "give --year, or --ending"),
        (["--ending", "2023-13"], 2, "write a month as 2024-06"),
        (["--year", "2023", "--by", "city"], 2, "--by"),
        (["--year", "2023", "--split", "author"], 2, "--split"),
        (
            ["--year", "2023", "--basket", "nature-index-99"],
            1,
            "no such list or file; there are nature-index-82",
        ),
        (["--year", "2023", "--subject", "Alchemy"], 2, "subject 'Alchemy': takes Applied sciences"),
        (["--year", "2023", "--without", "Cell Reports"], 1, "venue 'Cell Reports': not in basket"),
        (
            ["--year", "2023", "--division", "after", "--split", "affiliation"],
            2,
            "goes with split 'institution'",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(small, run, arguments, code, reason):
    got, out, err = run(small, "--quiet", "basket", *arguments)
    assert (got, out) == (code, "")
    assert reason in err


def test_an_empty_year_is_the_unassigned_row(small, run):
    code, out, err = run(small, "basket", "--year", "1901", "--format", "json")
    assert (code, [r["unit"] for r in json.loads(out)]) == (0, ["unassigned"])
    assert "no article in 1901" in err


def test_people_get_a_table(small, run):
    code, out, _ = run(small, "basket", "--year", "2023")
    assert code == 0
    assert "2 articles" in out
    assert "Share by institution" in out


def test_a_lake_without_works_says_how_to_fill_it(tmp_path, run):
    assert main(["init", str(tmp_path / "w")]) == 0
    code, _, err = run(tmp_path / "w", "basket", "--year", "2023")
    assert (code, "primacy pull openalex" in err) == (1, True)


# ---------------------------------------------------------------------------- partners, journals, compare


def objects(run, directory, *arguments):
    code, out, _ = run(directory, "basket", *arguments, "--format", "json")
    assert code == 0
    return json.loads(out)


def test_partners_and_journals_of_a_unit(sample, run):
    directory, _ = sample
    partners = objects(run, directory, "partners", "GB", "--year", "2020")
    assert partners[0]["unit"] == "GB"
    assert all(p["score"] == pytest.approx(p["unit_share"] + p["partner_share"]) for p in partners)
    assert [p["rank"] for p in partners] == sorted(p["rank"] for p in partners)
    shares = {r["unit"]: r for r in objects(run, directory, "--year", "2020", "--by", "country")}
    journals = objects(run, directory, "journals", "GB", "--year", "2020")
    assert sum(j["share"] for j in journals) == pytest.approx(shares["GB"]["share"])
    assert {j["rank"] for j in journals} == {shares["GB"]["rank"]}
    code, _, err = run(directory, "basket", "journals", "AQ", "--year", "2020")
    assert (code, "AQ: no article of basket nature-index-178 in 2020" in err) == (1, True)


def test_leaving_a_journal_out_is_what_journals_say(sample, run):
    directory, _ = sample
    first = objects(run, directory, "journals", "GB", "--year", "2020")[0]
    left = objects(run, directory, "--year", "2020", "--by", "country", "--without", first["venue"])
    (row,) = [r for r in left if r["unit"] == "GB"]
    assert (row["share"], row["rank"]) == (pytest.approx(first["share_without"]), first["rank_without"])


def test_a_list_beside_another(sample, run):
    directory, _ = sample
    old = {
        r["unit"]: r["share"]
        for r in objects(run, directory, "--year", "2020", "--by", "country", "--basket", "nature-index-82")
    }
    both = objects(
        run, directory, "compare", "--other", "nature-index-82", "--year", "2020", "--by", "country"
    )
    for row in both:
        assert row["other_share"] == pytest.approx(old.get(row["unit"], 0.0))
        assert row["of_list"] == pytest.approx(row["share"] - row["other_share"])


def test_published_rows_are_compared(sample, shared, run):
    directory, _ = sample
    file = str(shared / "data" / "nature_index" / "published_sample.csv")
    options = ["compare", "--published", file, "--year", "2020", "--basket", "nature-index-82"]
    (summary,) = objects(run, directory, *options)
    assert summary["published"] == 250
    assert 0 < summary["matched"] < 250
    assert -1 <= summary["spearman_share"] <= 1
    assert summary["factor"] == pytest.approx(0.9643, abs=5e-5)
    assert summary["factor_error"] < 0.1
    rows = objects(run, directory, *options, "--rows")
    assert [r["name"] for r in rows][:1] == ["Stanford University"]
    assert sum(r["unit"] is not None for r in rows) == summary["matched"]
    code, out, err = run(directory, "basket", *options[:3], "--year", "2019")
    assert (code, out) == (1, "")
    assert "no row with a share of institution in 2019" in err


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["compare", "--year", "2023"], 2, "--published: name a file"),
        (["compare", "--other", "nature-index-82"], 2, "--year"),
        (["compare", "--published", "none.csv", "--year", "2023"], 1, "none.csv: cannot be read"),
        (["compare", "--published", "none.csv", "--year", "2023", "--by", "bloc"], 2, "by 'bloc'"),
        (["partners", "CN"], 2, "--year"),
        (["journals"], 2, "--year"),
    ],
)
def test_what_is_wrong_in_a_comparison_is_said_in_one_line(small, run, arguments, code, reason):
    got, out, err = run(small, "--quiet", "basket", *arguments)
    assert (got, out) == (code, "")
    assert reason in err


def test_the_lists_that_ship_are_shown(small, run):
    rows = objects(run, small, "lists")
    assert [(r["basket"], r["venues"], r["years"]) for r in rows] == [
        ("nature-index-82", 82, "2017-2021"),
        ("nature-index-145", 145, "2022-2024"),
        ("nature-index-178", 178, "2025-"),
    ]


# ---------------------------------------------------------------------------- the study in a simulated world


def test_the_study_runs_on_a_simulated_world(tmp_path, run):
    assert main(["--quiet", "simulate", str(tmp_path / "world"), "--works", "2000"]) == 0
    directory = workspace_of(tmp_path / "w", tmp_path / "world" / "openalex")
    settings = directory / "primacy.toml"
    settings.write_text("[method]\nreplicates = 20\n", encoding="utf-8")
    code, _, _ = run(directory, "--quiet", "run", "institutions")
    assert code == 0

    def show(table):
        _, out, _ = run(directory, "show", table, "--format", "json")
        return json.loads(out)

    rows = [r for r in show("basket") if r["year"] == 2024 and r["unit_kind"] == "country"]
    assert {r["basket"] for r in rows} == {"simulated"}
    assert rows[0]["unit"] == "CN"
    assert all(r["rank_low"] <= r["rank_high"] for r in rows if r["unit"] != "unassigned")
    for row in show("basket_decomposition"):
        assert row["volume"] + row["within"] + row["mix"] == pytest.approx(row["change"], abs=1e-9)
    carried = [r for r in show("basket_journals") if r["rank_change"]]
    assert {r["venue"][:17] for r in carried} == {"Simulated Journal"}
    own = ["--basket", str(tmp_path / "world" / "basket.csv"), "--year", "2024", "--by", "country"]
    assert [r["share"] for r in objects(run, directory, *own)] == [r["share"] for r in rows]
    settings.write_text(f'[institutions]\nbasket = "{tmp_path}/world/basket.csv"\n', encoding="utf-8")
    assert objects(run, directory, "--year", "2024", "--by", "country")[0]["basket"] == "basket"

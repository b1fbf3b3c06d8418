"""``primacy pull openalex``: rows for programs, lines for people, reasons in one line."""

from __future__ import annotations

import gzip
import io
import json

import pytest

import primacy
from primacy.cli import main
from primacy.sources import backoff
from tests.sources.openalex import apiserver, s3server
from tests.sources.openalex.builders import lines, rows, work, write

KEYS = ["read", "added", "updated", "unchanged", "deleted", "quarantined", "files", "seconds"]


@pytest.fixture
def ws(tmp_path, capsys):
    assert main(["init", str(tmp_path / "ws")]) == 0
    capsys.readouterr()
    return tmp_path / "ws"


def run(capsys, *arguments):
    code = main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_summary_is_one_row(ws, tmp_path, capsys):
    source = write(tmp_path / "w.jsonl", work(1), work(2))
    code, out, _ = run(capsys, "pull", "openalex", source, "--workspace", ws, "--format", "json")
    assert code == 0
    [row] = json.loads(out)
    assert set(KEYS) <= set(row)
    assert (row["read"], row["added"], row["updated"], row["quarantined"], row["files"]) == (2, 2, 0, 0, 1)
    code, out, _err = run(capsys, "--workspace", ws, "--format", "json", "pull", "openalex", source)
    [row] = json.loads(out)
    assert (row["read"], row["added"], row["updated"], row["unchanged"]) == (2, 0, 0, 2)


def test_people_see_the_numbers_whole(ws, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    source = write(tmp_path / "w.jsonl", work(1), "bad")
    code, out, _err = run(capsys, "--workspace", ws, "pull", "openalex", source)
    assert code == 0
    assert all(len(line) <= 80 for line in out.splitlines())
    for key in KEYS:
        assert key in out


def test_quarantined_lines_can_be_looked_at(ws, tmp_path, capsys):
    source = write(tmp_path / "w.jsonl", work(1), "bad", "[]")
    run(capsys, "--workspace", ws, "pull", "openalex", source)
    code, out, _err = run(capsys, "--workspace", ws, "show", "quarantine", "--format", "json")
    assert code == 0
    assert [(r["file"], r["line"]) for r in json.loads(out)] == [("w.jsonl", 2), ("w.jsonl", 3)]


def test_what_the_user_should_know_is_said_on_standard_error(ws, tmp_path, capsys):
    folder = tmp_path / "works/updated_date=2026-01-01"
    folder.mkdir(parents=True)
    (folder / "part_000.gz").write_bytes(gzip.compress(json.dumps(work(1)).encode())[:-3])
    code, out, err = run(capsys, "--workspace", ws, "pull", "openalex", tmp_path, "--format", "json")
    assert code == 0
    assert json.loads(out)[0]["quarantined"] == 1
    assert "part_000.gz: the gzip stream is cut off" in err


@pytest.mark.parametrize("make", ["missing", "empty", "unrelated"])
def test_a_wrong_source_is_refused_in_one_line(make, ws, tmp_path, capsys):
    source = tmp_path / "source"
    if make != "missing":
        source.mkdir()
    if make == "unrelated":
        (source / "models.csv").write_text("a,b\n1,2\n")
    code, out, err = run(capsys, "--workspace", ws, "pull", "openalex", source, "--format", "json")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert str(source) in err
    assert "Traceback" not in err


def test_from_a_bucket(ws, capsys, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    with s3server.running() as server:
        server.client.create_bucket(Bucket="copy")
        server.put(
            "copy", "works/updated_date=2026-01-01/part_000.gz", gzip.compress(lines(work(1), work(2)))
        )
        source = "s3://copy/works/updated_date=2026-01-01"
        arguments = ("pull", "openalex", source, "--workspace", ws, "--format", "json")
        code, out, err = run(capsys, *arguments, "--s3-endpoint", server.endpoint)
        assert (code, json.loads(out)[0]["added"]) == (0, 2)
        assert f"{source}: 0.0 MB fetched, 0 retries" in err
        (ws / "primacy.toml").write_text(f'[openalex]\ns3_endpoint = "{server.endpoint}"\n')
        assert json.loads(run(capsys, *arguments)[1])[0]["unchanged"] == 2
        code, out, err = run(capsys, *arguments, "--s3-signed")
        assert (code, out, err.count("\n")) == (2, "", 1)
        code, out, err = run(capsys, "pull", "openalex", "s3://copy/none", "--workspace", ws)
        assert (code, out, err.count("\n")) == (1, "", 1)
    (ws / "primacy.toml").write_text('[openalex]\ns3_endpoint = "example.org"\n')
    assert "s3_endpoint 'example.org': takes an address" in run(capsys, *arguments)[2]


def test_wrong_usage(ws, tmp_path, capsys):
    source = write(tmp_path / "w.jsonl", work(1))
    code, _, err = run(capsys, "--workspace", ws, "pull", "openalex", source, "--s3-signed")
    assert (code, err) == (2, f"primacy: --s3-signed: {source} is not on S3\n")
    assert run(capsys, "--workspace", ws, "pull", "openalex")[0] == 2
    assert run(capsys, "--workspace", ws, "pull", "nothing")[0] == 2


# ---------------------------------------------------------------- the API


@pytest.fixture
def api(monkeypatch):
    monkeypatch.delenv("OPENALEX_API_KEY", raising=False)
    monkeypatch.setattr(backoff, "FIRST", 0.001)
    works = [
        work(
            n,
            title=("Laser", "Maser", "Grating")[n // 2 % 3] + (" cooling of ions" if n % 5 else " beams"),
            abstract="Ions at rest" if n % 5 else None,
            publication_year=2018 + n % 3,
            topics=[{"id": f"https://openalex.org/T{n % 4}", "score": 0.5}],
        )
        for n in range(1, 61)
    ]
    with apiserver.serving(works) as running:
        running.page_size = 7
        yield running


@pytest.fixture
def technologies(ws, tmp_path):
    folder = tmp_path / "portfolio"
    folder.mkdir()
    queries = {
        "cold": ("laser NEAR/1 cooling", "(title:laser OR topic:T2) NOT beams"),
        "masers": ("maser AND topic:T3", "maser*"),
    }
    for name, (strict, broad) in queries.items():
        (folder / f"{name}.toml").write_text(
            f'id = "{name}"\nname = "{name}"\ndomain = "d"\ndefinition = "d"\n'
            f"[queries]\nstrict = '{strict}'\nbroad = '{broad}'\n"
        )
    (ws / "primacy.toml").write_text(f"portfolio = '{folder}'\n")
    return folder


def ask(capsys, api, ws, *arguments):
    return run(capsys, "pull", "openalex", "--api", "--api-url", api.address, "--workspace", ws, *arguments)


def memberships(ws):
    return rows(primacy.open(ws).lake, "memberships")


def test_a_technology_pulled_from_the_api_matches_as_from_everything(api, ws, technologies, tmp_path, capsys):
    code, out, err = ask(
        capsys, api, ws, "--technology", "cold", "--technology", "masers", "--format", "json"
    )
    assert code == 0
    [row] = json.loads(out)
    assert set(KEYS) | {"retries", "repeated", "truncated", "requests", "credits"} <= set(row)
    assert row["read"] == row["added"] < 60
    assert "wider than asked, cold: NEAR is read as AND" in err
    assert "wider than asked, cold: NOT beams is left out" in err
    assert "works on" in err
    assert run(capsys, "match", "--workspace", ws)[0] == 0
    assert run(capsys, "init", tmp_path / "all")[0] == 0
    (tmp_path / "all/primacy.toml").write_text((ws / "primacy.toml").read_text())
    source = write(tmp_path / "all.jsonl", *api.works)
    assert run(capsys, "pull", "openalex", source, "--workspace", tmp_path / "all")[0] == 0
    assert run(capsys, "match", "--workspace", tmp_path / "all")[0] == 0
    assert memberships(ws) == memberships(tmp_path / "all") != []


def test_a_dry_run_says_what_it_would_cost_and_pulls_nothing(api, ws, technologies, capsys):
    arguments = (
        "--technology",
        "masers",
        "--filter",
        "publication_year:2018",
        "--dry-run",
        "--format",
        "json",
    )
    code, out, err = ask(capsys, api, ws, *arguments)
    assert code == 0
    [row] = json.loads(out)
    assert row == {
        "technology": "masers",
        "filters": 2,  # maser*, and the masers of topic T3
        "works": 15,
        "pages": 2,
        "credits": 20,
        "usd": 0.002,
        "remaining": 9980,
        "free": True,
    }
    assert 'filter title_and_abstract.search.exact:"maser*",publication_year:2018\n' in err
    assert api.cursors == []
    assert rows(primacy.open(ws).lake, "works") == []
    code, out, _ = ask(capsys, api, ws, "--filter", "topics.id:T1", "--dry-run", "--query", "strict")
    assert code == 0
    for name in row:
        assert name in out


def test_most(api, ws, capsys):
    code, out, _ = ask(capsys, api, ws, "--filter", "topics.id:T1|T2", "--max", "9", "--format", "json")
    assert (code, json.loads(out)[0]["read"]) == (0, 9)


def test_more_than_the_days_budget_needs_a_yes(api, ws, capsys, monkeypatch):
    api.page_size = 100
    api.limit = 15
    arguments = ("--filter", 'title_and_abstract.search.exact:("laser" OR "maser")')
    code, out, err = ask(capsys, api, ws, *arguments)
    assert (code, out) == (2, "")
    assert err == (
        "primacy: --yes: 40 works on 1 pages cost 10 credits ($0.0010); 5 are left of today's budget; confirm with "
        "--yes, or take fewer works with --max\n"
    )
    assert api.cursors == []
    asked = []
    monkeypatch.setattr("primacy.cli.pull.sys.stdin", Terminal())
    monkeypatch.setattr("primacy.cli.pull.sys.stderr", Terminal())
    monkeypatch.setattr("primacy.cli.pull.typer.confirm", lambda text, **_: asked.append(text))
    api.limit = api.used + 10 + 9
    assert ask(capsys, api, ws, *arguments)[0] == 0
    assert asked == ["40 works on 1 pages cost 10 credits ($0.0010); 9 are left of today's budget; pull?"]
    monkeypatch.undo()
    api.limit = api.used + 11
    assert ask(capsys, api, ws, *arguments, "--yes")[0] == 0
    api.limit = api.used + 20
    assert ask(capsys, api, ws, *arguments)[0] == 0


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_spent_budget_is_one_line_and_the_next_run_goes_on(api, ws, capsys):
    api.limit = 4
    arguments = ("--filter", "topics.id:T1|T2|T3", "--yes", "--format", "json")
    code, out, err = ask(capsys, api, ws, *arguments)
    assert (code, out) == (1, "")
    assert "the day's budget is spent; it refills in 14 h 53 min" in err.splitlines()[-1]
    api.limit = 100
    code, out, _ = ask(capsys, api, ws, *arguments)
    assert (code, json.loads(out)[0]["read"]) == (0, 45)
    assert api.cursors == ["*", "c-7", "c-14", "c-21", "c-21", "c-28", "c-35", "c-42"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--api"], "--api: name what to pull, with --technology ID or --filter F"),
        (["--api", "x.jsonl"], "--api: takes no SOURCE"),
        (["--api", "--s3-signed", "--filter", "a:b"], "--api: takes no option of S3"),
        (["x.jsonl", "--technology", "lasers"], "--technology: only with --api"),
        (["x.jsonl", "--dry-run"], "--dry-run: only with --api"),
        (["--api", "--filter", " "], "--filter ' ': takes a filter"),
        (["--api", "--filter", "a:b", "--api-url", "nowhere"], "--api-url nowhere: takes an address"),
        ([], "pull openalex: name a SOURCE, or --api"),
    ],
)
def test_wrong_usage_of_the_api(arguments, reason, ws, capsys):
    code, out, err = run(capsys, "pull", "openalex", *arguments, "--workspace", ws)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert reason in err


def test_an_unknown_technology_is_named(ws, technologies, capsys):
    code, _, err = run(capsys, "pull", "openalex", "--api", "--technology", "colt", "--workspace", ws)
    assert (code, err.count("\n")) == (1, 1)
    assert "colt" in err


def test_the_settings_name_the_api_and_who_asks(api, ws, capsys):
    (ws / "primacy.toml").write_text(f'[openalex]\napi = "{api.address}"\nmailto = "desk@example.org"\n')
    assert run(capsys, "pull", "openalex", "--api", "--filter", "topics.id:T1", "--workspace", ws)[0] == 0
    assert api.headers[0]["User-Agent"].endswith("(mailto:desk@example.org)")


def test_the_environment_names_the_api(api, ws, capsys, monkeypatch):
    monkeypatch.setenv("OPENALEX_API_URL", api.address)
    assert run(capsys, "pull", "openalex", "--api", "--filter", "topics.id:T1", "--workspace", ws)[0] == 0

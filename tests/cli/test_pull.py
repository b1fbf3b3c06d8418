"""``primacy pull openalex``: rows for programs, lines for people, reasons in one line."""

from __future__ import annotations

import gzip
import json

import pytest

from primacy.cli import main
from tests.sources.openalex import s3server
from tests.sources.openalex.builders import lines, work, write

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

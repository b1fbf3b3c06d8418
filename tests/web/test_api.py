"""The API: the rows of `show`, bounded, tagged, and never a server error."""

from __future__ import annotations

import io
import json
from functools import partial
from urllib.parse import quote

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from primacy.cli import app as cli
from primacy.cli.globals import hoist
from primacy.present.rows import encode
from primacy.present.terminal import SIMULATED


@pytest.mark.parametrize(
    ("table", "query"),
    [
        ("shares", {}), ("shares", {"technology": "supercapacitors"}),
        ("shares", {"unit": "CN", "window": "2015-2019"}),
        ("shares", {"unit": "I2", "limit": 1}), ("shares", {"limit": 0}), ("leads", {"window": "2020-2024"}),
        ("yearly", {"unit": "US"}), ("choices", {"technology": "hostile"}), ("crossings", {}),
        ("leads", {"technology": "nobody's"}),
    ],
)  # fmt: skip
def test_answers_the_rows_of_show(client, workspace, table, query):
    answer = client.get(f"/api/{table}", params=query)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == encode(workspace.show(table, **query), "json")


def test_answers_the_rows_of_the_command(client, workspace):
    words = [
        "show",
        "shares",
        "--technology",
        "hostile",
        "--format",
        "json",
        "--workspace",
        str(workspace.path),
    ]
    printed = CliRunner().invoke(cli, hoist(words))
    assert printed.exit_code == 0
    assert client.get("/api/shares?technology=hostile").json() == json.loads(printed.stdout)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/none", 404), ("/api/leads?unit=CN", 400), ("/api/shares?limit=-1", 422), ("/api/shares?limit=x", 422),
        ("/api/shares?limit=1000001", 422), ("/api/shares?limit=99999999999999999999999", 422),
        ("/api/shares?offset=-1", 422), ("/api/shares?technology=" + "x" * 300, 422), ("/api/", 404),
        ("/api/shares/x", 404),
    ],
)  # fmt: skip
def test_refuses_in_json(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert isinstance(answer.json()["detail"], str)


def test_pages_through_a_table(client, workspace):
    whole = client.get("/api/shares").json()
    parts = [client.get(f"/api/shares?limit=7&offset={start}") for start in range(0, len(whole), 7)]
    assert [r for p in parts for r in p.json()] == whole
    assert parts[0].headers["x-total-count"] == str(len(whole)) == str(workspace.show("shares").num_rows)


def test_not_changed_is_said(client):
    first = client.get("/api/leads")
    again = client.get("/api/leads", headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert again.status_code == 304
    assert not again.content
    assert client.get("/api/leads?limit=1").headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    "path", ["/", "/api/leads", "/static/site.css", "/figures/trend/hostile/years.csv", "/nothing"]
)
def test_head_is_get_without_its_body(client, path):
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert not head.content
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
def test_nothing_writes(client, verb):
    assert getattr(client, verb)("/api/leads").status_code == 405
    assert getattr(client, verb)("/").status_code == 405


def test_the_description_is_served_and_has_the_bounds(client):
    described = client.get("/openapi.json").json()
    limit = next(p for p in described["paths"]["/api/{table}"]["get"]["parameters"] if p["name"] == "limit")
    assert limit["schema"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 100_000,
        "default": 10_000,
        "title": "Limit",
    } | {k: v for k, v in limit["schema"].items() if k == "description"}


# ---------------------------------------------------------------------- files


@pytest.mark.parametrize("kind", ["trend/hostile/years", "countries/hostile/2020-2024",
                                  "institutions/hostile/2015-2019", "blocs/hostile/2020-2024",
                                  "home-bias/hostile/2020-2024",
                                  "choices/hostile/2020-2024", "overall/countries/years", "overall/blocs/years",
                                  "heat-map/CN/years", "compare/CN,US/2020-2024"])  # fmt: skip
def test_a_figure_in_every_format(client, kind):
    rows = client.get(f"/figures/{kind}.json").json()
    assert rows
    assert pq.read_table(io.BytesIO(client.get(f"/figures/{kind}.parquet").content)).to_pylist() == rows
    assert pcsv.read_csv(io.BytesIO(client.get(f"/figures/{kind}.csv").content)).num_rows == len(rows)
    meta = client.get(f"/figures/{kind}.metadata.json").json()
    assert meta["notice"] == SIMULATED
    assert meta["simulated"] is True
    assert {"source", "method", "licence", "cite", "results_version", "inputs"} <= set(meta)
    for ending in ("svg", "narrow.svg"):
        drawn = client.get(f"/figures/{kind}.{ending}")
        assert drawn.headers["content-type"].startswith("image/svg+xml")
        assert "SIMULATED DATA" in drawn.text
        assert "<desc>" in drawn.text
        assert "<script" not in drawn.text.replace("&lt;script", "")


def test_a_figure_as_png(client):
    picture = client.get("/figures/countries/supercapacitors/2020-2024.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("table", ["shares", "yearly", "leads"])
def test_whole_tables(client, workspace, table):
    rows = workspace.show(table)
    rows = rows.append_column("simulated", pa.array([True] * rows.num_rows))
    assert client.get(f"/data/{table}.json").content == encode(rows, "json")
    assert client.get(f"/data/{table}.csv").content == encode(rows, "csv")
    parquet = client.get(f"/data/{table}.parquet")
    assert pq.read_table(io.BytesIO(parquet.content)).equals(rows)
    assert parquet.headers["content-disposition"] == f'attachment; filename="SIMULATED-{table}.parquet"'
    assert client.get(f"/data/{table}.metadata.json").json()["notice"] == SIMULATED
    assert client.get("/data/none.csv").status_code == 404
    assert client.get("/data/shares.exe").status_code == 404


def test_rows_of_simulated_data_say_so_one_by_one(client):
    rows = client.get("/figures/trend/supercapacitors/years.json").json()
    assert rows
    assert all(r["simulated"] is True for r in rows)
    told = client.get("/figures/trend/supercapacitors/years.metadata.json").json()
    assert told["columns"]["simulated"] == "bool"
    lines = client.get("/figures/trend/supercapacitors/years.csv").text.splitlines()
    assert lines[0].endswith(',"simulated"')
    assert all(line.endswith(",true") for line in lines[1:])


def test_large_tables_are_sent_in_parts(workspace, monkeypatch):
    from primacy.web import site

    monkeypatch.setattr(site, "BATCH", 5)
    table = workspace.show("shares")
    parts = list(site._json_parts(table))
    assert len(parts) > 3
    assert b"".join(parts) == encode(table, "json")


# ---------------------------------------------------------------------- hostile addresses

words = st.one_of(
    st.sampled_from(
        ["technology", "country", "institution", "compare", "domain", "figures", "data", "api", "static", "search",
         "hostile", "CN", "CN,US", "US,CN,CN", "I1", "2020-2024", "years", "trend", "choices", "leads", "shares",
         "leads.csv", "years.csv", "2020-2024.json", "overall", "countries", "..", "%00", "%2e%2e%2f", "%ff%fe", "",
         "%F0%9F%98%80", "%0d%0aX: y", "a" * 500, "search.json", ".svg", "x.narrow.svg"]
    ),
    st.text(max_size=8).map(partial(quote, safe="", errors="replace")),
)  # fmt: skip
values = st.one_of(
    st.sampled_from(
        [
            "CN",
            "CN,US",
            ",",
            "2020-2024",
            "-1",
            "0",
            "1e9",
            "99999999999999999999",
            "%00",
            "%ff",
            "%27 OR 1=1",
        ]
    ),
    st.text(max_size=8).map(partial(quote, safe="", errors="replace")),
)
keys = st.sampled_from(["window", "unit", "units", "technology", "limit", "offset", "q", "x"])


@settings(max_examples=1000)
@given(st.lists(words, max_size=5), st.dictionaries(keys, values, max_size=3))
def test_no_address_breaks_it(client, path, query):
    asked = "&".join(f"{k}={v}" for k, v in query.items())
    answer = client.get(
        "/" + "/".join(path).lstrip("/") + (f"?{asked}" if asked else ""), follow_redirects=False
    )
    assert answer.status_code in {200, 304, 400, 404, 405, 422}

"""No address makes the explorer fail: the API by its own description, and a thousand addresses made of odd parts."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from urllib.parse import quote_from_bytes, unquote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from primacy.web.app import create_app

ADDRESSES = 1000
SEED = 9


@pytest.fixture(scope="module")
def app(workspace):
    return create_app(workspace)


@pytest.mark.parametrize("tables", [None, ["shares", "trends", "home_bias"]])
def test_the_api_does_what_its_description_says(app, tables):
    """With names of tables by chance, and with tables that have every column which can be asked for."""
    operation = schemathesis.openapi.from_asgi("/openapi.json", app)["/api/{table}"]["GET"]

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), table=st.sampled_from(tables or [""]))
    def holds(case, table):
        if tables:
            case.path_parameters["table"] = table
        case.call_and_validate()

    holds()


# ---------------------------------------------------------------------- addresses

PATHS = [
    "", "technology/supercapacitors", "technology/hostile/2015-2019", "country/CN", "institution/I1/2015-2019",
    "compare/CN,US", "domain/energy-b-more-b", "scoreboard/2015-2019", "models", "models/origin/downloads_30d/all",
    "compute/h100e/all", "adopt/1e8", "baskets", "baskets-lists/mine-csv/2024", "map/all/2015-2019", "assessment",
    "claims", "search", "method", "figures/trend/hostile/years", "figures/choices/hostile/2020-2024",
    "figures/adoption/origin,region/downloads_30d,all", "figures/clusters/h100e/all", "figures/compare/CN,US/2020-2024",
    "data/leads", "api/shares", "api/leads", "static/site.css", "search.json",
]  # fmt: skip
WORDS = [
    "", "technology", "country", "institution", "compare", "domain", "scoreboard", "figures", "data", "api", "static",
    "models", "compute", "adopt", "baskets", "baskets-lists", "map", "assessment", "claims", "people", "search",
    "search.json", "openapi.json", "method", "about", "supercapacitors", "hostile", "CN", "US", "EU27", "CN,US", "I1",
    "2015-2019", "2020-2024", "years", "trend", "countries", "choices", "heat-map", "overall", "blocs", "shares",
    "leads", "publisher", "origin", "downloads_30d", "all", "h100e", "site.css", "chips", "clusters", "1e8",
]  # fmt: skip
ENDINGS = ["", ".csv", ".json", ".svg", ".pdf", ".metadata.json", ".html", ".exe", ".", "..csv", ".svg.svg"]
NAMES = [
    "window", "units", "technology", "q", "by", "measure", "population", "filter", "basket", "year", "subject", "limit",
    "offset", "unit", "tokens", "task", "gpu", "gpu_hour", "utilization", "country", "licence", "nothing",
]  # fmt: skip
ODD = [
    b"\x00", b"%00", b"..", b"../../etc/passwd", b"%2e%2e%2f", b"-1", b"-99999999999999999999", b"1e999", b"NaN",
    b"inf", b"0", b"0x10", b"' OR 1=1 --", b"<script>alert(1)</script>", b"{{7*7}}", b"${7*7}", b"%s%n", b"\xff\xfe",
    b"\xc3\x28", b"\xed\xa0\x80", "\u202e\u0000".encode(), "\U0001f4a5".encode(), "n\u0303\u0303".encode(),
    "ß".encode(),
    b" ", b"\t", b"\r\nX-Evil: 1", b"CN,CN", b"CN,US,,", b",", b";", b"#", b"?", b"&", b"=", b"%", b"%zz", b"//", b"\\",
    b"a" * 3000, b"2024-2020", b"99999-99999", b"1e13", b"-0.0", "١٢٣".encode(), b"\x1b[31m", b"None", b"null", b"[]",
    b"*", b"I1" * 50,
]  # fmt: skip


def part(chance: random.Random) -> bytes:
    """Return a part of a path or query: a known word, an odd one, bytes by chance, or two of them together."""
    roll = chance.random()
    if roll < 0.5:
        return chance.choice(WORDS).encode()
    if roll < 0.8:
        return chance.choice(ODD)
    if roll < 0.9:
        return chance.randbytes(chance.randint(1, 12))
    return part(chance) + part(chance)


def address(chance: random.Random) -> tuple[bytes, bytes]:
    """Return a path and a query as they come over the wire; most are those of a page, with one thing odd."""
    known = [p.encode() for p in chance.choice(PATHS).split("/")]
    roll = chance.random()
    if roll < 0.4:
        parts = known
    elif roll < 0.8:
        parts = [*known]
        parts[chance.randrange(len(parts))] = part(chance)
    else:
        parts = [part(chance) for _ in range(chance.randint(1, 5))]
    if chance.random() < 0.5:
        parts[-1] += chance.choice(ENDINGS).encode()
    query = "&".join(
        f"{chance.choice(NAMES)}={quote_from_bytes(part(chance))}" for _ in range(chance.randint(0, 3))
    )
    raw = chance.random() < 0.1
    path = "/" + "/".join(quote_from_bytes(p, safe="/%?#&;=" if raw else ",") for p in parts)
    return path.encode(), query.encode()


async def answer(app, path: bytes, query: bytes) -> tuple[int, bytes]:
    """Ask the application as a server does, whatever the address; return status and body."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": unquote(path.decode("ascii")), "raw_path": path, "query_string": query, "root_path": "",
        "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    sent: list[dict] = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:])


def test_a_thousand_addresses_of_odd_parts(app):
    chance = random.Random(SEED)
    asked = [address(chance) for _ in range(ADDRESSES)]

    async def ask_all():
        return [await answer(app, path, query) for path, query in asked]

    answers = asyncio.run(ask_all())
    failed = [(a, status) for a, (status, _) in zip(asked, answers, strict=True) if status >= 500]
    assert failed == []
    statuses = Counter(status for status, _ in answers)
    # Not all of them stop at the first check: many are found, many are not there, some are refused.
    assert min(statuses[200], statuses[404]) > ADDRESSES / 10, statuses
    assert min(statuses[400], statuses[422]) > 0, statuses
    assert not any(b"<script>alert(1)" in body for _, body in answers)


@pytest.mark.parametrize("path", ["/", "/models", "/baskets", "/compare", "/map", "/compute"])
def test_every_query_of_a_page_takes_anything(client, path):
    for name in NAMES:
        for value in ("\x00", "-1", "NaN"):
            assert client.get(path, params={name: value}).status_code < 500, name

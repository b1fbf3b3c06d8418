"""The MCP server, driven by the client of its SDK."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters, stdio_client

from primacy.present.answers import MOST
from primacy.web.assistants import server
from primacy.workspace import Workspace
from tests.web import worlds

QUESTIONS = [
    ("who_leads", {"technology": "supercapacitors"}),
    ("who_leads", {"technology": "supercapacitors", "window": "2015-2019"}),
    ("shares", {"technology": "supercapacitors"}),
    ("shares", {"technology": "supercapacitors", "by": "institution", "limit": 1}),
    ("shares", {"technology": "quantum-sensors", "unit": "CN"}),
    ("robustness", {"technology": "supercapacitors"}),
    ("search_technologies", {"query": "quantum"}),
    ("explain", {"table": "leads", "technology": "supercapacitors"}),
]


def drive(target: Any, use: Callable[[Client], Awaitable[Any]]) -> Any:
    async def go() -> Any:
        async with Client(target) as client:
            return await use(client)

    return anyio.run(go)


@pytest.fixture(scope="module")
def made(workspace):
    return server(workspace)


@pytest.fixture
def ask(made):
    def call(tool: str, **arguments: object) -> Any:
        return drive(made, lambda client: client.call_tool(tool, arguments))

    return call


def test_every_tool_says_what_it_does_and_only_reads(made):
    tools = drive(made, lambda client: client.list_tools()).tools
    assert {t.name for t in tools} == {
        "who_leads", "shares", "robustness", "adoption", "search_technologies", "explain"
    }  # fmt: skip
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.open_world_hint is False


@pytest.mark.parametrize(
    ("tool", "arguments"), QUESTIONS, ids=lambda x: x if isinstance(x, str) else json.dumps(x)
)
def test_every_answer_carries_interval_method_and_source(ask, tool, arguments):
    result = ask(tool, **arguments)
    assert not result.is_error
    found = result.structured_content
    assert found["sentence"].startswith("[SIMULATED DATA] ")
    assert found["sentence"].endswith((".", ")."))
    assert set(found["interval"]) == {"of", "low", "high", "kind"}
    assert found["method"]["text"]
    assert found["source"]["cite"]
    assert "lake_version" in found["source"]
    assert found["simulated"] is True
    assert json.loads(result.content[0].text) == found


def test_who_leads_by_hand(ask):
    found = ask("who_leads", technology="supercapacitors").structured_content
    assert (found["leader"], found["leader_share"], found["window"]) == ("CN", 0.5, "2020-2024")
    between = found["interval"]
    assert (between["of"], between["kind"]) == ("leader_share", "95 %, bootstrap over works")
    assert (between["low"], between["high"]) == pytest.approx((0.4, 0.6))
    assert found["verdict"] == "leads"
    assert (
        "On Supercapacitors, China has 2.0 times the highly cited work of the United States"
        in found["sentence"]
    )
    assert "95 % interval 40 % to 60 %" in found["sentence"]


def test_shares_by_hand(ask):
    found = ask("shares", technology="supercapacitors", limit=2).structured_content
    assert [(r["unit"], r["name"], r["share"]) for r in found["shares"]] == [
        ("CN", "China", 0.5), ("US", "United States", 0.25)
    ]  # fmt: skip
    assert found["shares"][1]["low"] == pytest.approx(0.2)
    assert "China wrote 50 % (95 % interval 40–60 %)" in found["sentence"]


def test_robustness_names_the_choice_that_matters(ask):
    found = ask("robustness", technology="supercapacitors").structured_content
    assert found["robustness"] == 0.88
    assert (found["interval"]["low"], found["interval"]["high"]) == (0.7, 0.95)
    assert "least often with top = 1 % (70 %)" in found["sentence"]


def test_search_finds_by_folded_words_names_first(ask):
    found = ask("search_technologies", query="QUANTUM sensors").structured_content
    assert [t["technology"] for t in found["technologies"]] == ["quantum-sensors"]
    assert found["technologies"][0]["verdict"] == "ahead, contestable"
    assert ask("search_technologies", query="phlogiston").structured_content["found"] == 0


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("who_leads", {"technology": "alchemy"}, "alchemy"),
        ("who_leads", {"technology": "supercapacitors", "window": "1900-1904"}, "1900-1904"),
        ("shares", {"technology": "supercapacitors", "unit": "XX"}, "no row with .*unit XX"),
        ("adoption", {"unit": "planet"}, "unit"),
        ("explain", {"table": "leeds"}, "no result table 'leeds'"),
        ("search_technologies", {"query": "--"}, "give a word"),
        ("shares", {"technology": "supercapacitors", "limit": MOST + 1}, "limit"),
        ("search_technologies", {"query": "x" * 201}, "query"),
        ("shares", {"technology": "supercapacitors", "by": "planet"}, "by"),
    ],
)
def test_what_is_refused_is_named(ask, tool, arguments, said):
    result = ask(tool, **arguments)
    assert result.is_error
    text = result.content[0].text
    assert "Traceback" not in text
    assert re.search(said, text)


def test_resources_are_texts(made):
    async def use(client: Client) -> dict[str, str]:
        names = ["method", "tables", "tables/leads", "technologies/supercapacitors"]
        return {n: (await client.read_resource(f"primacy://{n}")).contents[0].text for n in names}

    texts = drive(made, use)
    assert "contested" in texts["method"]
    assert "- leads (research): one row is the leading country" in texts["tables"]
    assert "- leader_share (double, share): its share" in texts["tables/leads"]
    assert "id = 'supercapacitors'" in texts["technologies/supercapacitors"]


def test_a_resource_that_is_not_there_is_named(made):
    async def use(client: Client) -> str:
        with pytest.raises(MCPError) as refused:
            await client.read_resource("primacy://tables/leeds")
        return str(refused.value)

    assert drive(made, use).startswith("no result table 'leeds'")


def test_answers_are_of_the_newest_results(tmp_path):
    ws = worlds.workspace(tmp_path / "ws")
    made = server(ws)

    def lake_version() -> Any:
        arguments = {"technology": "supercapacitors"}
        return drive(made, lambda c: c.call_tool("who_leads", arguments)).structured_content["source"]

    before = lake_version()
    other = Workspace.open(ws.path)
    manifest = {
        k: v for k, v in other.results.study("research").manifest.items() if k not in ("tables", "format")
    }
    tables = {t: other.results.read(t) for t in other.results.study("research").tables}
    other.results.write("research", tables, {**manifest, "lake_version": 99})
    assert before["lake_version"] != 99
    assert lake_version()["lake_version"] == 99


def test_the_command_serves_over_standard_input_and_output(demonstration):
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from primacy.cli import main; main()", "mcp", "--workspace", str(demonstration.path)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )

    async def use(client: Client) -> tuple[Any, Any]:
        lead = await client.call_tool("who_leads", {"technology": "advanced-batteries"})
        models = await client.call_tool("adoption", {"by": "origin"})
        return lead.structured_content, models.structured_content

    lead, models = drive(stdio_client(parameters), use)
    for found in (lead, models):
        assert found["simulated"] is True
        assert found["sentence"].startswith("[SIMULATED DATA]")
        assert found["notice"].startswith("SIMULATED")
    assert models["interval"]["low"] <= models["shares"][0]["share"] <= models["interval"]["high"]

"""The MCP server: assistants ask, and get numbers with their intervals, methods and sources (`primacy mcp`).

The official SDK, Model Context Protocol, over standard input and output. The server only reads.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Annotated, Any, Literal, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from primacy._version import __version__
from primacy.errors import PrimacyError
from primacy.present import answers
from primacy.workspace import Workspace

__all__ = ["server"]

T = TypeVar("T")
INSTRUCTIONS = (
    "Who leads critical technologies, computed from open data. Quote the field `sentence`, or numbers with their "
    "`interval`, and name `source.cite`. Never state a lead without its verdict or probability. Where `simulated` is "
    "true the numbers are of a made-up world: say so or do not quote them. Find a technology's id with "
    "search_technologies first."
)
Technology = Annotated[str, Field(max_length=100, description="id of a technology, from search_technologies")]
WindowOption = Annotated[
    str | None, Field(max_length=20, description="publication years such as 2020-2024; the newest by default")
]
Limit = Annotated[int, Field(ge=1, le=answers.MOST, description="at most so many rows")]
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False, idempotent_hint=True)


def server(workspace: Workspace) -> MCPServer:
    """Return a server that answers from the results of a workspace; it looks for newer results at every question.

    Parameters
    ----------
    workspace
        Whose results.
    """
    made = MCPServer(
        "primacy", title="primacy", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING"
    )
    ask = _Asking(workspace)

    @made.tool(annotations=READS)
    def who_leads(technology: Technology, window: WindowOption = None) -> dict[str, Any]:
        """Who leads a technology, by how much, and how surely: leader, share with interval, verdict, robustness."""
        return ask(lambda ws: answers.who_leads(ws, technology, window))

    @made.tool(annotations=READS)
    def shares(
        technology: Technology,
        by: Literal["country", "institution", "bloc"] = "country",
        window: WindowOption = None,
        unit: Annotated[str | None, Field(max_length=40, description="only this one: CN, EU27, I123")] = None,
        limit: Limit = 10,
    ) -> dict[str, Any]:
        """Shares of a technology's most cited papers by country, institution or bloc, each with a 95 % interval."""
        return ask(lambda ws: answers.shares(ws, technology, by, window, unit, limit))

    @made.tool(annotations=READS)
    def robustness(technology: Technology, window: WindowOption = None) -> dict[str, Any]:
        """In how many defensible methods the leader leads, and which choice of method the answer hangs on."""
        return ask(lambda ws: answers.robustness(ws, technology, window))

    @made.tool(annotations=READS)
    def adoption(
        by: Literal["publisher", "origin"] = "publisher",
        unit: Literal["region", "country", "owner", "organization"] = "region",
        measure: Literal["downloads_30d", "downloads_all"] = "downloads_30d",
        limit: Limit = 10,
    ) -> dict[str, Any]:
        """Whose open-weights models are downloaded, each share with its range over the populations of models."""
        return ask(lambda ws: answers.adoption(ws, by, unit, measure, limit))

    @made.tool(annotations=READS)
    def search_technologies(
        query: Annotated[
            str, Field(min_length=1, max_length=200, description="words of its name or definition")
        ],
        limit: Limit = 10,
    ) -> dict[str, Any]:
        """Find technologies by words of their name or definition, with the verdict on each."""
        return ask(lambda ws: answers.search_technologies(ws, query, limit))

    @made.tool(annotations=READS)
    def explain(
        table: Annotated[str, Field(max_length=60, description="a result table, such as leads")],
        technology: Annotated[str | None, Field(max_length=100)] = None,
    ) -> dict[str, Any]:
        """Where a table's numbers come from: input versions, settings, code, counts, lost weight."""
        return ask(lambda ws: answers.explain(ws, table, technology))

    @made.resource("primacy://method", mime_type="text/plain")
    def method() -> str:
        """Say how the numbers are made, and what the verdicts mean."""
        return ask.text(lambda _: answers.method_text())

    @made.resource("primacy://tables", mime_type="text/plain")
    def tables() -> str:
        """List the result tables that there are."""
        return ask.text(answers.tables_text)

    @made.resource("primacy://tables/{table}", mime_type="text/plain")
    def columns(table: str) -> str:
        """Say what a result table's columns mean, with units."""
        return ask.text(lambda _: answers.columns_text(table))

    @made.resource("primacy://technologies/{technology}", mime_type="text/plain")
    def definition(technology: str) -> str:
        """Return the definition of a technology with both of its queries."""
        return ask.text(lambda ws: answers.technology_text(ws, technology))

    return made


class _Asking:
    """Asks one question at a time, of the newest results; what is refused reaches the client in one line."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.lock = Lock()

    def __call__(self, question: Callable[[Workspace], answers.Answer]) -> answers.Answer:
        try:
            return self._ask(question)
        except PrimacyError as error:
            raise ToolError(str(error)) from error

    def text(self, question: Callable[[Workspace], str]) -> str:
        """Return a text; what is not there is said to be so."""
        try:
            return self._ask(question)
        except PrimacyError as error:
            raise ResourceNotFoundError(str(error)) from error

    def _ask(self, question: Callable[[Workspace], T]) -> T:
        with self.lock:
            self.workspace.refresh()
            return question(self.workspace)

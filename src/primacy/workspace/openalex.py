"""Works of technologies from OpenAlex's API: what to ask, what it costs, and the pull."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from primacy.errors import UsageError
from primacy.sources.openalex import api
from primacy.sources.openalex.api import ApiSummary, Client, Estimate
from primacy.sources.openalex.api.client import API, MAILTO, URL
from primacy.technologies.openalex_filter import translate
from primacy.technologies.portfolio import Variant, load_portfolio
from primacy.technologies.technology import VARIANTS

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["OpenAlexDesk", "Questions"]


@dataclass(frozen=True)
class Questions:
    """What the API is asked.

    Parameters
    ----------
    filters
        Values of its parameter ``filter``.
    widened
        What the filters cannot say of the technologies' queries, and what stands for it.
    """

    filters: tuple[str, ...]
    widened: tuple[str, ...] = ()


class OpenAlexDesk:
    """Pulls from OpenAlex's API; see :attr:`Workspace.openalex`.

    Parameters
    ----------
    workspace
        Whose lake is filled.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def questions(
        self,
        technologies: Sequence[str] = (),
        *,
        query: Variant | None = None,
        filter: str | None = None,
    ) -> Questions:
        """Return what to ask for the works of some technologies.

        Parameters
        ----------
        technologies
            Their ids.
        query
            ``strict`` or ``broad``; both where None, as :meth:`Workspace.match` needs them.
        filter
            Another filter that all works must pass, such as ``publication_year:2020-2024``; alone where there is no
            technology.

        Raises
        ------
        UsageError
            There is neither a technology nor a filter; or a technology's query has no filter.
        """
        if filter is not None and (not filter.strip() or not filter.isprintable()):
            raise UsageError(f"--filter {filter!r}: takes a filter of OpenAlex's API, on one line")
        extra = (filter.strip().strip(","),) if filter is not None else ()
        if not technologies:
            if not extra:
                raise UsageError("--api: name what to pull, with --technology ID or --filter F")
            return Questions(extra)
        portfolio = load_portfolio(self.workspace.settings.portfolio)
        filters: list[str] = []
        widened: list[str] = []
        for name in dict.fromkeys(technologies):
            found = portfolio.find(name)
            variants = VARIANTS if query is None else (query,)
            translation = translate([found.query(v) for v in variants])
            filters += translation.filters
            widened += [f"{name}: {what}" for what in translation.widened]
        joined = dict.fromkeys(",".join((f, *extra)) for f in filters)
        return Questions(tuple(joined), tuple(widened))

    def client(self, base: str | None = None) -> Client:
        """Return a client of the API, with the key of the environment and the settings of the workspace."""
        settings = self.workspace.settings.openalex
        return Client(
            base or settings.api or os.environ.get(URL) or API,
            mailto=settings.mailto or os.environ.get(MAILTO),
        )

    def estimate(self, client: Client, questions: Questions, *, most: int | None = None) -> Estimate:
        """Return what a pull would cost; the question itself costs a page of each filter."""
        return api.estimate(client, questions.filters, most=most)

    def pull(
        self,
        client: Client,
        questions: Questions,
        *,
        most: int | None = None,
        advance: Callable[[int], None] = lambda records: None,
    ) -> ApiSummary:
        """Bring the works into the lake; see :func:`primacy.sources.openalex.api.pull`."""
        lake = self.workspace.lake
        summary = api.pull(
            lake,
            client,
            questions.filters,
            tapes=lake.path / "_crawl" / "openalex",
            most=most,
            advance=advance,
        )
        self.workspace.refresh()
        return summary

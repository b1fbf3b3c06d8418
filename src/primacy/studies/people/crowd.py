"""The authors of highly cited works, who they are and where they were: shared by all tables on people."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import ibis
import ibis.expr.types as ir

from primacy.lake.engine import Keep
from primacy.measures import affiliations, careers, identity, talent, works
from primacy.measures.identity import Identity
from primacy.measures.method import Window
from primacy.measures.talent import Weighting
from primacy.studies.research.pipeline import Pipeline

__all__ = ["LAKE_TABLES", "STAGE_COLUMNS", "Crowd"]

LAKE_TABLES = ["author_orcids", "educations", "employments", "persons"]
"""What is read beside the tables of the research study."""

STAGE_COLUMNS = ["person", "window", "evidence", "stage", "unit", "part"]


class Crowd:
    """The authors of the highly cited works of every technology and window.

    Parameters
    ----------
    pipeline
        The works, as the research study scores them by country.
    keep
        Computes a step once.
    windows
        Those of the pipeline.
    weighting
        How much an author counts.
    identity
        What makes a person.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        keep: Keep,
        windows: Sequence[Window],
        *,
        weighting: Weighting,
        identity: Identity = "joined",
    ) -> None:
        self.pipeline = pipeline
        self.weighting: Weighting = weighting
        self._keep = keep
        self._tables = pipeline.tables
        self._identity: Identity = identity
        self._windows = windows
        self.windows = works.window_table(windows)
        self.scored = pipeline.cells("country").scored

    def by_profile(self) -> Crowd:
        """Return the same authors with every profile taken for a person."""
        return Crowd(self.pipeline, self._keep, self._windows, weighting=self.weighting, identity="profiles")

    @cached_property
    def authorships(self) -> ir.Table:
        """Authorships of the highly cited works."""
        high = self.scored.filter(self.scored.score > 0).select("work_id").distinct()
        return self._keep(self._tables("authorships").semi_join(high, "work_id"))

    @cached_property
    def profiles(self) -> ir.Table:
        """Who the authors are, all their profiles included: author_id, person, orcid."""
        persons, orcids = self._tables("persons"), self._tables("author_orcids")
        own = self.authorships.filter(self.authorships.author_id.notnull()).select("author_id").distinct()
        known = self._keep(identity.identities(own, orcids, persons, identity=self._identity))
        if self._identity == "profiles":
            return known
        said = identity.statements(orcids, persons).select("author_id", "orcid").distinct()
        theirs = said.semi_join(known.select("orcid").distinct(), "orcid")
        both = ibis.union(own, theirs.select("author_id"), distinct=True)
        every = identity.identities(both, orcids, persons)
        return self._keep(every.semi_join(known.select("person").distinct(), "person"))

    @cached_property
    def parts(self) -> ir.Table:
        """Who wrote which highly cited work; see :func:`primacy.measures.talent.author_parts`."""
        return self._keep(talent.author_parts(self.scored, self.authorships, self.profiles))

    @cached_property
    def weights(self) -> ir.Table:
        """How much each author counts: technology, window, person, weight."""
        return self._keep(talent.author_weights(self.parts, self.weighting))

    @cached_property
    def present(self) -> ir.Table:
        """Where all works of the authors place them: person, year, unit, works."""
        counted = works.counted(self._tables("works"), self.pipeline.method, any_type=True)
        authorships = self._tables("authorships")
        return self._keep(affiliations.presence(authorships, counted, self.profiles, self.pipeline.method))

    @cached_property
    def mains(self) -> ir.Table:
        """The main countries of the authors' years: person, year, unit."""
        return self._keep(affiliations.main_countries(self.present))

    @cached_property
    def moves(self) -> ir.Table:
        """How often the authors moved: person, moves."""
        return self._keep(affiliations.moves(self.mains))

    @cached_property
    def stated(self) -> ir.Table:
        """Where the authors were by ORCID, in :data:`STAGE_COLUMNS`."""
        people = self.profiles.filter(self.profiles.orcid.notnull()).select("person", "orcid").distinct()
        found = careers.career_stages(
            self._tables("persons"),
            self._tables("educations").semi_join(people, "orcid"),
            self._tables("employments").semi_join(people, "orcid"),
            self.windows,
            self.pipeline.method,
        )
        named = found.join(people, "orcid").mutate(evidence=ibis.literal("orcid"))
        return self._keep(named.select(STAGE_COLUMNS))

    @cached_property
    def told(self) -> ir.Table:
        """Where the authors were by their works, all authors, in :data:`STAGE_COLUMNS`."""
        found = affiliations.affiliation_stages(self.mains, self.windows)
        return self._keep(found.mutate(evidence=ibis.literal("affiliations")).select(STAGE_COLUMNS))

    @cached_property
    def stages(self) -> ir.Table:
        """Where the authors were: by ORCID, and by their works for those of whom ORCID tells nothing."""
        others = self.told.anti_join(self.stated, "person")
        return self._keep(ibis.union(self.stated, others))

    @cached_property
    def ways(self) -> ir.Table:
        """Who went where; see :func:`primacy.measures.talent.paths`."""
        return self._keep(talent.paths(self.stages))

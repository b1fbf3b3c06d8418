"""What both engines are asked, and which measures each question must come through.

Every public measure stands here once. A question that no longer calls a measure that is said to be proven by it fails.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from primacy.lake.engine import Engine
from primacy.lake.tables import TABLES
from primacy.measures import flow
from primacy.measures.method import Method, Window
from primacy.measures.rental import rent
from primacy.measures.tokens import self_host_table
from primacy.studies import people
from primacy.studies.versions import lead_changes
from tests import people as authors
from tests import worlds

TECHNOLOGY = "artificial-intelligence"
Tables = Mapping[str, pa.Table]

STUDIES: dict[str, str] = {
    "research": """
        citations.foreign_citations citations.lake_citations citations.stated_citations coverage.coverage
        credit.bloc_credit credit.country_credit credit.country_parts credit.institution_credit
        credit.merge_territories exact.exact_literal hindex.h_index impact.scored lead.leads lead.monopoly_risk
        overall.pooled share.rank_of share.shares share.totals share.units_of_works works.counted works.members
        works.window_table
    """,
    "institutions": """
        basket.articles basket.by_month basket.by_year basket.cells basket.collaboration basket.members
        basket.research_articles basket.shares basket.subjects basket.volumes basket.with_subjects
        basket_credit.country_units basket_credit.institution_units basket_credit.parts basket_credit.sector_units
        basket_credit.subject_units basket_growth.contributions basket_growth.decomposition
        basket_growth.fixed_growth basket_growth.growth basket_growth.list_difference basket_relative.output
        basket_relative.per_thousand exact.exact_sum
    """,
    "models": """
        adoption.adoption adoption.attribution adoption.publishers adoption.unit_of anomalies.anomalies
        anomalies.jumps anomalies.robust_z attribution.attribution_matrix composition.mix composition.size_class
        composition.weighted_sizes concentration.concentration flow.counter_at_age flow.flows overtaking.bands
        overtaking.cumulative overtaking.overtakings relative_adoption.relative_adoption
    """,
    "compute": """
        clusters.capacity clusters.capacity_of clusters.operational clusters.owners clusters.planned
        export_rules.chip_status export_rules.status_counts export_rules.status_timeline export_rules.with_status
        rental.recent_rents token_prices.cheapest token_prices.price_disagreements token_prices.price_events
        token_prices.price_levels tokens.blended tokens.model_key tokens.modelled_energy tokens.tokens
    """,
    "assessment": "",
}
"""The studies that ``primacy run`` runs."""


@dataclass(frozen=True)
class Question:
    """A question that takes options.

    Parameters
    ----------
    ask
        Asks it of a workspace or, of the reference data on compute, of :class:`Compute`.
    measures
        Those that it proves.
    """

    ask: Callable[[Any], Tables | pa.Table]
    measures: str = ""


def _shares(**options: Any) -> Question:
    return Question(lambda w: w.research.shares(TECHNOLOGY, **options))


def _basket(measures: str = "", **options: Any) -> Question:
    return Question(lambda w: w.institutions.shares(year=2022, replicates=20, **options), measures)


QUESTIONS: dict[str, Question] = {
    "shares by country": _shares(replicates=50, split="affiliation", scope="window"),
    "shares by institution": Question(
        lambda w: w.research.shares(
            TECHNOLOGY, by="institution", replicates=0, rollup=True, ties="include", missing="lose"
        ),
        "credit.roots",
    ),
    "shares by bloc": _shares(by="bloc", replicates=20, counting="full", exclude_domestic=True),
    "shares of first authors": _shares(replicates=0, counting="first", top=0.25, territories="separate"),
    "shares of corresponding authors": _shares(replicates=0, counting="corresponding", ties="exclude"),
    "basket by institution": _basket("rollup.attribution", rollup="parents", division="after"),
    "basket by country": _basket(by="country", split="affiliation"),
    "basket by bloc": _basket("basket_credit.bloc_units", by="bloc"),
    "adoption by origin": Question(
        lambda w: w.models.adoption(by="origin", unit="owner", population="no-repacks")
    ),
    "concentration": Question(lambda w: w.models.concentration(by="origin", measure="downloads_all")),
    "releases": Question(lambda w: w.versions.releases(), "releases.described releases.moved"),
}
"""Asked of a simulated world."""

COMPUTE: dict[str, Question] = {
    "chips": Question(lambda c: c.chips(on="2023-06-01", to="AE")),
    "clusters": Question(lambda c: c.clusters(measure="flops16", standard=True)),
    "tokens": Question(
        lambda c: c.tokens(utilization=0.5, gpu_hour=2.0),
        "tokens.break_even_utilization tokens.self_host_usd",
    ),
    "self-host": Question(
        lambda c: c.engine.to_arrow(
            self_host_table(c.table("token_energy"), gpu="H100", gpu_hour=2.0, utilization=0.7)
        ),
        "tokens.best_configurations tokens.self_host_table",
    ),
    "rent": Question(
        lambda c: c.engine.to_arrow(rent(c.table("gpu_prices"), gpu="H100")), "rental.named rental.rent"
    ),
    "adopt": Question(
        lambda c: c.adopt(tokens_per_day=1e9, country="DE"), "choice.frontier choice.hub_facts choice.options"
    ),
    "usable": Question(
        lambda c: {"estimate": c.usable(draws=200).estimate}, "usable_compute.allowed_capacity"
    ),
}
"""Asked of the reference data on compute."""


# ------------------------------------------------------------------ worlds made for one question


def _authors(engine: Engine) -> Tables:
    """Authors with ORCID records, split profiles and moves, which the simulated world has none of."""
    chance = random.Random(5)
    places, profiles = authors.COUNTRIES, {}
    works = []
    for number in range(1, 61):
        team = []
        for profile in chance.sample(range(1, 9), chance.randint(1, 4)):
            orcid = profiles.setdefault(profile, chance.choice([None, *authors.ORCIDS]))
            stated = chance.choice([None, None, orcid, chance.choice(authors.ORCIDS)])
            countries = chance.sample(places, chance.randint(0, 2))
            team.append(authors.author(profile, *countries, orcid=orcid, stated=stated))
        works.append(authors.work(number, chance.randint(2015, 2023), chance.randint(0, 9), *team))
    stages = ["undergraduate", "postgraduate", "unknown"]
    studies = [
        authors.study(o, chance.choice(stages), chance.choice(places), 2000 + n, 2004 + n)
        for n, o in enumerate(authors.ORCIDS * 2)
    ]
    jobs = [authors.study(o, None, chance.choice(places), 2010, None) for o in authors.ORCIDS]
    records = [authors.record(o) for o in authors.ORCIDS[:4]]
    records.append(authors.record(authors.ORCIDS[4], "deprecated", authors.ORCIDS[0]))
    made = authors.world(works, records, studies, jobs)
    outcome = people.run(
        authors.tables(made),
        engine,
        method=Method(top=0.25, replicates=20),
        windows=[Window(2019, 2023)],
        weighting="credit",
    )
    return outcome.tables


def _lead_changes(engine: Engine) -> Tables:
    """A lead that a pull changed."""

    def tables(records: list[dict[str, Any]]) -> Callable[[str], ibis.Table]:
        made = worlds.tables(records, {"t": {int(r["id"][1:]) for r in records}})
        titles = [{"work_id": int(r["id"][1:]), "title": "of things"} for r in records]
        texts = pa.Table.from_pylist(titles, schema=TABLES["texts"].arrow)
        return lambda name: ibis.memtable(texts) if name == "texts" else made(name)

    def work(number: int, country: str, citations: int) -> dict[str, Any]:
        authorships = [{"institutions": [], "countries": [country]}]
        kind = {"type": "article", "publication_year": 2020, "authorships": authorships}
        return {"id": f"W{number}", "cited_by_count": citations, **kind}

    before = [work(1, "US", 10), work(2, "CN", 5), work(3, "CN", 1), work(4, "DE", 0)]
    after = [*before[:3], work(5, "CN", 20)]
    found = lead_changes(
        tables(before), tables(after), engine, method=Method(top=0.25), windows=[Window(2019, 2021)]
    )
    return {"leads": found.leads, "works": found.works}


def _counters(engine: Engine) -> Tables:
    """Counters that fall, and a flow from one day to another."""
    days = ["2024-01-01", "2024-07-01", "2025-01-01"]
    counts = {"a": [5, 9, 20], "b": [8, 6, 7], "c": [None, 3, None], "d": [None, 1, 4]}
    rows = [(day, model, n) for model, ns in counts.items() for day, n in zip(days, ns, strict=True)]
    schema = {"snapshot": "string", "model_id": "string", "downloads_all": "int64"}
    counters = ibis.memtable(
        {name: [r[place] for r in rows] for place, name in enumerate(schema)}, schema=schema
    )
    births = ibis.memtable({"model_id": list("abcd"), "born": ["2020-01-01", *["2024-03-01"] * 3]})
    asked = {
        "fallen": flow.restatements(counters),
        "flows": flow.flow_between(counters, births, start=days[0], end=days[-1]),
    }
    return {name: engine.to_arrow(table.order_by("model_id")) for name, table in asked.items()}


MADE: dict[str, Question] = {
    "authors": Question(
        _authors,
        """
        affiliations.affiliation_stages affiliations.impossible affiliations.main_countries affiliations.moves
        affiliations.presence careers.career_stages identity.identities identity.merged_profiles
        identity.split_persons identity.statements talent.author_parts talent.author_weights talent.balances
        talent.flows talent.paths talent.stocks
        """,
    ),
    "lead changes": Question(_lead_changes, "change.contributions"),
    "counters": Question(_counters, "flow.flow_between flow.restatements"),
}
"""Asked of an engine, with tables made for it."""

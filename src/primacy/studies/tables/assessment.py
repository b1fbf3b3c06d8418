"""Result tables of the assessment."""

from __future__ import annotations

from primacy.lake.schema import Column, Table

TECHNOLOGY = Column("technology", "string", "id of the technology, or of the domain", nullable=False)
STAGE = Column("stage", "string", "research | people | compute | models", nullable=False)
STATE = Column("state", "string", "measured | no data | not about it", nullable=False)
VERDICT = "leads | ahead, contestable | contested | too few papers"

ASSESSMENT = Table(
    "assessment",
    "the verdict on a domain or a technology",
    (
        TECHNOLOGY,
        Column("kind", "string", "domain | technology", nullable=False),
        Column("name", "string", "its name"),
        Column("window", "string", "publication years of the research that is in it"),
        Column("leader", "string", "the country with the highest score; null where none can be named"),
        Column("verdict", "string", f"{VERDICT} | cannot be said", nullable=False),
        Column(
            "probability",
            "double",
            "part of the draws in which the leader has the highest score",
            unit="share",
        ),
        Column("leader_score", "double", "its score, 0 to 100"),
        Column("runner_up", "string", "the country with the second highest score"),
        Column("runner_up_score", "double", "its score, 0 to 100"),
        Column(
            "ahead_of_runner_up", "double", "part of the draws in which the leader is above it", unit="share"
        ),
        Column(
            "agreement",
            "double",
            "weight of the indicators by which the leader is above the runner-up",
            unit="share",
        ),
        Column("challenger", "string", "the other country that has the highest score in most draws"),
        Column("challenger_probability", "double", "part of the draws in which it has", unit="share"),
        Column("speaks_of", "string", "the stages that are in the score, with commas between them"),
        Column("stages_without_data", "string", "the stages that would be in it and have no data"),
        Column("chain", "string", "what becomes of the lead in research, in words"),
        Column("lost_at", "string", "the first stage at which the leader in research does not lead"),
        Column("lost_to", "string", "the country that leads there"),
        Column(
            "chain_probability",
            "double",
            "part of the draws with the same leader in research and the same fate",
            unit="share",
        ),
        Column("research_leader", "string", "the country that leads at the stage of research"),
        Column("research_probability", "double", "part of the draws in which it does", unit="share"),
        Column("research_verdict", "string", f"{VERDICT}; of research, not of capability"),
        Column(
            "coverage",
            "double",
            "part of the weight for which the leader has a value of its own",
            unit="share",
        ),
        Column("driver", "string", "the input on which the lead hangs most"),
        Column("driver_effect", "double", "its total effect on the variance of the lead", unit="share"),
        Column("indicators", "int64", "indicators that are in the score"),
        Column("indicators_without_data", "int64", "indicators that would be in it and have no data"),
        Column("papers", "int64", "works of its technologies in the window", unit="papers"),
        Column("measured_by", "string", "the technologies whose results stand for it"),
        Column("stand_in", "bool", "whether these are others than the technology itself"),
        Column("reason", "string", "why nothing can be said, where that is so"),
    ),
    key=("technology",),
)

SCORES = Table(
    "assessment_scores",
    "a country in the assessment of a domain or technology",
    (
        TECHNOLOGY,
        Column("unit", "string", "ISO 3166-1 alpha-2", nullable=False),
        Column("score", "double", "0 to 100; null with too few indicators"),
        Column("rank", "int64", "1 + number of countries with a higher score"),
        Column("rank_low", "int64", "2.5 percentile of the rank over the draws: the best it may be"),
        Column("rank_high", "int64", "97.5 percentile of the rank over the draws"),
        Column("probability", "double", "part of the draws in which it has the highest score", unit="share"),
        Column("coverage", "double", "part of the weight for which it has a value of its own", unit="share"),
        Column("indicators", "int64", "indicators that it has a value of"),
        Column("note", "string", "what is missing; never counted as zero"),
    ),
    key=("technology", "unit"),
)

CHAIN = Table(
    "assessment_chain",
    "a stage on the way from research to use: who leads there, and where the leader in research stands",
    (
        TECHNOLOGY,
        STAGE,
        Column("place", "int64", "of the stage in the chain, from 1", nullable=False),
        STATE,
        Column("leader", "string", "the country that leads at this stage"),
        Column("probability", "double", "part of the draws in which it does", unit="share"),
        Column("verdict", "string", VERDICT),
        Column("runner_up", "string", "the second country at this stage"),
        Column("research_leader", "string", "the country that leads in research"),
        Column("research_leader_rank", "int64", "its rank at this stage"),
        Column(
            "research_leader_probability",
            "double",
            "part of the draws in which it leads this stage",
            unit="share",
        ),
        Column("indicators", "string", "the indicators of the stage that have data"),
        Column("without_data", "string", "the indicators of the stage that have none"),
        Column("reason", "string", "why those have none"),
    ),
    key=("technology", "stage"),
)

INDICATORS = Table(
    "assessment_indicators",
    "a value that is in an assessment, or an indicator without any; blocs have values and no rank",
    (
        TECHNOLOGY,
        STAGE,
        Column("indicator", "string", "id of the indicator", nullable=False),
        Column("title", "string", "what it measures", nullable=False),
        STATE,
        Column("unit_kind", "string", "country | bloc; null where there is no value"),
        Column("unit", "string", "ISO 3166-1 alpha-2, or id of a bloc"),
        Column("value", "double", "in the unit of counted_in"),
        Column("low", "double", "lower end of its interval"),
        Column("high", "double", "upper end of its interval"),
        Column(
            "probability", "double", "part of the draws in which the country is first by it", unit="share"
        ),
        Column("rank", "int64", "1 + number of countries with a better value; null of a bloc"),
        Column("counted_in", "string", "unit of measurement"),
        Column("direction", "int64", "1: more is better; -1: less is better"),
        Column("weight", "double", "of the indicator in the whole score", unit="share"),
        Column("coverage", "double", "part of what should be counted that was, by its study", unit="share"),
        Column("window", "string", "year, years or day of the value"),
        Column("uncertainty", "string", "what its draws are made of"),
        Column("study", "string", "the study that it is from"),
        Column("table", "string", "the result table that it is from"),
        Column("table_version", "string", "beginning of the digest of that table's file"),
        Column("lake_version", "int64", "version of the lake that the study read"),
        Column("reason", "string", "why it has no value"),
    ),
    key=("technology", "indicator", "unit_kind", "unit"),
)

SENSITIVITY = Table(
    "assessment_sensitivity",
    "an uncertain input of an assessment: how much of the variance of the lead hangs on it",
    (
        TECHNOLOGY,
        Column("input", "string", "weights | values | normalise | missing | aggregate", nullable=False),
        Column("first_order", "double", "part that it explains alone", unit="share"),
        Column("total", "double", "part with its interactions", unit="share"),
        Column("error", "double", "half-width of the 95 % interval of total", unit="share"),
    ),
    key=("technology", "input"),
)

PUBLISHED = Table(
    "assessment_published",
    "a published statement on who leads, beside ours",
    (
        Column(
            "technology", "string", "id of the technology or domain it is about; null where it is about none"
        ),
        Column("source", "string", "who published it", nullable=False),
        Column("year", "int64", "of publication", nullable=False, unit="year"),
        Column("topic", "string", "what it is about, in the source's words", nullable=False),
        Column("measures", "string", "what the source measures"),
        Column("published_leader", "string", "the country that it names, ISO 3166-1 alpha-2"),
        Column("statement", "string", "its words, or what its figures come to"),
        Column("published_score", "double", "the score that it gives the leader, in the source's unit"),
        Column("leader", "string", "the country that we name"),
        Column("probability", "double", "how probably it leads", unit="share"),
        Column("verdict", "string", f"ours: {VERDICT} | cannot be said"),
        Column("speaks_of", "string", "the stages that ours rests on"),
        Column("same_leader", "bool", "whether both name one country"),
        Column("agreement", "string", "agree | differ | not comparable", nullable=False),
        Column("reason", "string", "why they agree, differ or cannot be compared"),
        Column("url", "string", "where it is published"),
        Column("note", "string", "what should be known of it"),
    ),
    key=("technology", "source", "year", "topic"),
)

CLAIMS = Table(
    "claims",
    "a statement of others, held against the results; the file that ships, or one of the user's own",
    (
        Column("claim", "string", "id of the claim", nullable=False),
        Column("file", "string", "the claims file that it stands in", nullable=False),
        Column("text", "string", "what is claimed", nullable=False),
        Column("source", "string", "where it is claimed"),
        Column(
            "check",
            "string",
            "value | leader | technologies-led | change | seats | crossing | always; null where there is none",
        ),
        Column("table", "string", "the result table that it is held against"),
        Column("needs", "string", "what is needed to check it"),
        Column("says", "string", "what the results say; null where they say nothing"),
        Column("value", "double", "the number that the claim is about"),
        Column("low", "double", "lower end of its interval"),
        Column("high", "double", "upper end of its interval"),
        Column("probability", "double", "that the claim is true, where that is known", unit="share"),
        Column("verdict", "string", "confirmed | contradicted | cannot be said", nullable=False),
        Column("reason", "string", "why the verdict is what it is"),
        Column(
            "simulated",
            "bool",
            "whether the results are of a simulated world, which says nothing of the real one",
        ),
        Column("note", "string", "what should be known of the claim"),
    ),
    key=("claim",),
)

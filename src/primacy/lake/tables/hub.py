"""Tables that come from the Hugging Face Hub and from lists of its organisations."""

from __future__ import annotations

from primacy.lake.schema import Column, Table

MODELS = Table(
    "models",
    "one model repository, as the newest snapshot in which it occurs describes it",
    (
        Column(
            "model_id", "string", "repository id, namespace/name; legacy ids have no slash", nullable=False
        ),
        Column(
            "namespace", "string", "what stands before the slash: the publisher's account", nullable=False
        ),
        Column("snapshot", "string", "date of the snapshot that this description comes from", nullable=False),
        Column("created", "string", "day on which the repository was made, ISO 8601 (floor 2022-03-02)"),
        Column("last_modified", "string", "last commit, ISO 8601 to the second, UTC"),
        Column("task", "string", "pipeline_tag"),
        Column("library", "string", "library_name"),
        Column("license", "string", "licence tag, or the card's licence where there is no tag; lower case"),
        Column("parameters", "int64", "number of parameters"),
        Column("parameters_from", "string", "listed | safetensors | gguf | name | packed (a lower bound)"),
        Column("precision", "string", "fp32 | bf16 | fp16 | fp8 | int8 | packed | gguf, of most parameters"),
        Column("relation", "string", "finetune | adapter | quantized | merge; null with no declared parent"),
        Column("parents", "int32", "number of distinct declared parents", nullable=False),
    ),
    key=("model_id",),
)

MODEL_SNAPSHOTS = Table(
    "model_snapshots",
    "the counters of one model on one day",
    (
        Column("snapshot", "string", "day of the snapshot, ISO 8601", nullable=False),
        Column("model_id", "string", "the model", nullable=False),
        Column("downloads_30d", "int64", "downloads of the 30 days before", nullable=False),
        Column("downloads_all", "int64", "downloads since the beginning; restated at times, so it can fall"),
        Column("likes", "int64", "likes"),
    ),
    key=("snapshot", "model_id"),
)

MODEL_PARENTS = Table(
    "model_parents",
    "one declared parent of one model; a model never lists the same parent twice",
    (
        Column("model_id", "string", "the derived model", nullable=False),
        Column(
            "parent_id",
            "string",
            "the model that it declares as its base, in the lake or not",
            nullable=False,
        ),
        Column("position", "int32", "place in the declaration, from 1", nullable=False),
        Column("relation", "string", "finetune | adapter | quantized | merge"),
        Column("declared_in", "string", "hub (baseModels) | tag | card", nullable=False),
    ),
    key=("model_id",),
)

HUB_SNAPSHOTS = Table(
    "hub_snapshots",
    "one snapshot of the Hub: where it came from and what was met while it was read",
    (
        Column("snapshot", "string", "day of the snapshot, ISO 8601", nullable=False),
        Column("dated_by", "string", "option | file name | content | file time | crawl", nullable=False),
        Column("file", "string", "name of the dump, or the Hub's address", nullable=False),
        Column("digest", "string", "SHA-256 of the dump's bytes, or of the crawled pages", nullable=False),
        Column("read", "int64", "records read", nullable=False),
        Column("quarantined", "int64", "records put into quarantine", nullable=False),
        Column("repeated", "int64", "records that the Hub's pages repeated", nullable=False),
        Column("card_only_parents", "int64", "parents that stand in cards but that the Hub did not resolve"),
        Column("invalid_parents", "int64", "declared parents that are no repository id, left out"),
        Column("repeated_parents", "int64", "parents that a model declares more than once, kept once"),
        Column("unreadable_fields", "int64", "optional fields that could not be read, taken as missing"),
    ),
    key=("snapshot",),
)

ORGANIZATIONS = Table(
    "organizations",
    "one account of the Hub whose owner is known; every other account is unattributed",
    (
        Column("namespace", "string", "the account, exactly as the Hub spells it", nullable=False),
        Column(
            "region",
            "string",
            "us | china | europe | other | international, or as the list given at pull says",
        ),
        Column("country", "string", "seat of the owner, ISO 3166-1 alpha-2"),
        Column("kind", "string", "company | lab | university | community"),
        Column("owner", "string", "the firm or body behind the account: several accounts may share one"),
        Column("renamed_to", "string", "the account that succeeded this one"),
        Column("source", "string", "where the fact stands"),
        Column(
            "listing",
            "string",
            "the list: primacy's own with its date, or the file given at pull",
            nullable=False,
        ),
    ),
    key=("namespace",),
)

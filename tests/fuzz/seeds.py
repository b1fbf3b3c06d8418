"""Inputs to begin with, and words that inputs are made of."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from primacy.technologies.portfolio import locate_portfolio
from primacy.workspace.settings import TEMPLATE
from tests.sources.openalex.builders import affiliation, author, institution, work

CORPUS = Path(__file__).parent / "corpus"

RECORD = json.dumps(
    work(
        7,
        abstract_inverted_index={"On": [0], "lasers": [1, 3], "and": [2]},
        authorships=[
            author(institution(1, "DE", lineage=["I1"]), affiliations=[affiliation(1)], countries=["DE"])
        ],
        topics=[{"id": "T1", "display_name": "Lasers", "score": 0.5, "field": {"display_name": "Physics"}}],
        primary_location={"source": {"id": "S1", "issn": ["1234-5678"]}},
        referenced_works=["https://openalex.org/W1"],
        counts_by_year=[{"year": 2020, "cited_by_count": 3}],
        publication_date="2020-02-29",
        doi="https://doi.org/10.1/X",
    )
).encode()

_WORDS = {
    "query": 'AND OR NOT NEAR/ NEAR/3 ( ) " * : title: abstract: topic:T1 source:S2 laser batter* é ß ﬁ 電池 -',
    "technology": 'id name domain definition topics queries strict broad = [ ] [[ ]] " """ \' { } # , lasers 1 .',
    "settings": "portfolio method research institutions openalex engine top = [ ] \" ' 0.1 true windows mailto",
    "records": '{ } [ ] : , " null true 1 -1 1e999 \\u0000 id authorships publication_year updated_date',
    "packed": "\x1f \x8b \x08 \x00",
    "page": '{ } [ ] : , " null id authorships is_authors_truncated authors_count',
    "arguments": """
        pull openalex compute --api --technology --filter --max --dry-run --yes lasers shares match technologies list
        show try search chips tokens clusters adoption concentration basket composite check versions portfolio
        --format json table csv parquet --out x --engine duckdb --workspace . --top --from --to --window 2015-2019
        --limit -1 0 nan -- --help --version --quiet --debug explain works compare export cite people lint
    """,
}

FRAGMENTS = {
    name: [*(words.split() if name == "arguments" else words.split(" ")), "\n"]
    for name, words in _WORDS.items()
}
"""Words of each target's language."""

BEGINNINGS: dict[str, list[bytes]] = {
    "query": [b'(laser* OR "solid state" NEAR/2 cell*) AND title:x NOT topic:T1'],
    "settings": [TEMPLATE.encode(), b'[method]\ntop = 0.1\n[research]\nwindows = ["2015-2019"]\n'],
    "records": [RECORD, RECORD + b"\n" + RECORD + b"\nx\n[]\n"],
    "packed": [gzip.compress(RECORD, mtime=0), gzip.compress(b"a", mtime=0) + gzip.compress(b"b", mtime=0)],
    "page": [RECORD],
    "arguments": [
        b"shares\nlasers\n--top\n0.05",
        b"pull\nopenalex\nx.jsonl",
        b"technologies\nlist",
        b"check",
    ],
}


def beginnings(name: str) -> list[bytes]:
    """Inputs of a target that are nearly right, and those that once were findings."""
    found = list(BEGINNINGS.get(name, []))
    if name == "technology":
        files = sorted(locate_portfolio(None).glob("*.toml"))[:5]
        found += [f.read_bytes().replace(f.stem.encode(), b"lasers", 1) for f in files]
    return found + [p.read_bytes() for p in sorted((CORPUS / name).glob("*"))]


def write(name: str, directory: str) -> None:
    """Write the inputs of a target as files."""
    for number, data in enumerate(beginnings(name)):
        (Path(directory) / f"seed-{number}").write_bytes(data)
